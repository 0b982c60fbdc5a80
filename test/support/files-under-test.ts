/** A source of files, and what a store knows of them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fingerprintOf } from '../../src/fingerprint.ts';
import type { Partition } from '../../src/source/contract.ts';
import { type FilesSettings, FilesSource } from '../../src/source/files/files-source.ts';
import { knowing } from './known.ts';

const LF = 0x0a;

/** The line of a number, in the default format. */
export const line = (i: number): string =>
  `2024-10-02 05:10:46 cust_${i % 7} /api/v1/resource1 200 0.${String(i).padStart(6, '0')}\n`;

export const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => line(from + i)).join('');

export class FilesUnderTest {
  readonly directory = mkdtempSync(join(tmpdir(), 'daymark-which-'));
  source!: FilesSource;
  known: Partition[] = [];
  nowMs = 0;

  constructor() {
    this.look({});
  }

  /** Begins to look at the files anew, as a program that was started. */
  look(settings: Partial<FilesSettings>): void {
    this.source?.close();
    const paths = [this.directory, join(this.directory, 'b')];
    this.source = new FilesSource(paths, { nowMs: () => this.nowMs, ...settings });
  }

  pathOf(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, bytes: string | Uint8Array): void {
    mkdirSync(dirname(this.pathOf(name)), { recursive: true });
    writeFileSync(this.pathOf(name), bytes);
  }

  /** Reads until nothing is left, as a pipeline with a store does. @returns what was read, and what was told. */
  async readAll(): Promise<{ text: string; codes: string[] }> {
    let text = '';
    for (;;) {
      const discovery = await this.source.discover();
      const { assignments: fresh } = await discovery.assign(knowing(this.known));
      this.known.push(...fresh.filter(({ isNew }) => isNew).map(({ partition }) => ({ ...partition })));
      const { assignments, problems } = await discovery.assign(knowing(this.known));
      if (assignments.length === 0)
        return {
          text,
          codes: problems.map(({ error }) => error.code).filter((code) => code !== 'PATH_NOT_FOUND'),
        };
      for (const assignment of assignments) {
        const reader = await assignment.open();
        if (!reader) continue;
        const target = new Uint8Array(1_000_000);
        const read = target.subarray(0, await reader.read(target));
        // A line that has no end yet waits for it.
        const length = read.lastIndexOf(LF) + 1;
        const bytes = read.subarray(0, length);
        const offset = reader.positionAt(length);
        const checksums = reader.checksumsUpTo(offset);
        await reader.close();
        const before = Buffer.concat([reader.before, bytes]).subarray(-64);
        const i = this.known.findIndex(({ id }) => id === assignment.partition.id);
        this.known[i] = { ...assignment.partition, offset, checksums, tailChecksum: fingerprintOf(before) };
        text += Buffer.from(bytes).toString();
      }
    }
  }

  close(): void {
    this.source.close();
    rmSync(this.directory, { recursive: true });
  }
}
