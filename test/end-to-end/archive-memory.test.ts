import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

const MIB = 2 ** 20;
/** With TEST_LONG 2 GiB in one line. */
const LINE_MIB = process.env.TEST_LONG ? 2048 : 256;
const PART = Buffer.alloc(64 * MIB, 'a');
const MAX_RSS_MIB = 250;

/** What the program's threads tell of its greatest memory when they end, in KiB. */
const TELL_MEMORY = `data:text/javascript,process.on('exit',()=>process._rawDebug('max rss '+process.resourceUsage().maxRSS))`;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-bomb-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const KINDS = [
  ['gz', (bytes: Uint8Array) => gzipSync(bytes, { level: 9 })],
  ['zst', (bytes: Uint8Array) => zstdCompressSync(bytes)],
  ['bz2', (bytes: Uint8Array) => execFileSync('bzip2', ['-9'], { input: bytes })],
  ['xz', (bytes: Uint8Array) => execFileSync('xz', ['-9'], { input: bytes })],
] as const;

/** A few kilobytes that hold one line of LINE_MIB, and one that counts. */
function bomb(compress: (bytes: Uint8Array) => Buffer): Buffer {
  const part = compress(PART);
  const parts = Array.from({ length: LINE_MIB / 64 }, () => part);
  const line = compress(Buffer.from('\n2024-10-02 05:10:46 cust_40 /a 400 0.316\n'));
  return Buffer.concat([...parts, line]);
}

describe.each(KINDS)('an archive (.%s) with a line of hundreds of megabytes', (ending, compress) => {
  it('takes bounded memory, and the line behind it counts', async () => {
    const path = join(directory, `app.log.${ending}`);
    const archive = bomb(compress);
    writeFileSync(path, archive);
    const env = { DATA_DIR: join(directory, 'data'), NODE_OPTIONS: `--import="${TELL_MEMORY}"` };
    const runs = [
      await run(['ingest', '--json', path], { env }),
      await run(['check', path], { env }),
      await run(['ingest', '--json', '-'], {
        env: { ...env, DATA_DIR: join(directory, 'piped') },
        input: archive,
      }),
    ];
    for (const { stderr } of runs) {
      const told = Array.from(stderr.matchAll(/max rss (\d+)/g), ([, kib]) => Number(kib) / 1024);
      expect(Math.max(...told)).toBeGreaterThan(30);
      expect(Math.max(...told)).toBeLessThan(MAX_RSS_MIB);
    }
    for (const { stdout } of [runs[0], runs[2]])
      expect(JSON.parse(stdout ?? '')).toMatchObject({
        lines_read: 2,
        accepted: 1,
        rejected_by_reason: { line_too_long: 1 },
      });
  });
});
