import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/fingerprint.ts';
import { TAIL_BYTES } from '../../src/limits.ts';
import { KNOWS_NOTHING } from '../../src/pipeline/loop/known-partitions.ts';
import { type ByteReader, openByteReader } from '../../src/source/byte-reader.ts';
import type { Position } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import { checkAsync } from '../support/property.ts';

let directory: string;
let path: string;
let descriptor: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-bytes-'));
  path = join(directory, 'app.log');
  writeFileSync(path, '');
  descriptor = openSync(path, 'r');
});

afterEach(() => {
  closeSync(descriptor);
  rmSync(directory, { recursive: true });
});

const anyBytes = fc.uint8Array({ maxLength: 300 });

it('a file that grows while it is read is read once, in reads of any size', () =>
  checkAsync(
    fc.asyncProperty(
      anyBytes,
      fc.nat(300),
      fc.array(fc.tuple(anyBytes, fc.integer({ min: 1, max: 200 })), { maxLength: 12 }),
      async (first, begin, steps) => {
        writeFileSync(path, first);
        const offset = Math.min(begin, first.length);
        const reader = await openByteReader({ descriptor, compression: 'none', offset, name: path });
        const read: Uint8Array[] = [];
        for (const [more, bytes] of [...steps, [new Uint8Array(), 9_999] as const]) {
          appendFileSync(path, more);
          const target = new Uint8Array(bytes);
          read.push(target.subarray(0, await reader.read(target)));
        }
        const all = Buffer.concat([first, ...steps.map(([more]) => more)]);
        expect(Buffer.concat(read)).toEqual(all.subarray(offset));
      },
    ),
  ));

it.each([
  { what: 'shorter', behind: 'new '.repeat(5) },
  { what: 'as long', behind: 'new '.repeat(75) },
  { what: 'longer', behind: 'new '.repeat(200) },
])(
  'a file that is truncated and written anew gives nothing behind what was read of it ($what)',
  async ({ behind }) => {
    const header = 'the same beginning '.repeat(20);
    writeFileSync(path, `${header}${'old '.repeat(75)}`);
    const reader = await openByteReader({ descriptor, compression: 'none', offset: 0, name: path });
    const target = new Uint8Array(header.length + 100);
    expect(await reader.read(target)).toBe(target.length);
    truncateSync(path);
    appendFileSync(path, `${header}${behind}`);
    expect(await reader.read(target)).toBe(0);
  },
);

/** An archive of several pieces, its bytes stored as they are. */
const archiveOf = (text: string): Buffer => gzipSync(text.repeat(100_000), { level: 0 });

/** Reads on to the end. */
async function drain(reader: ByteReader): Promise<void> {
  const target = new Uint8Array(100_000);
  while ((await reader.read(target)) > 0);
}

it('an archive that is written over while it is read is not read on', async () => {
  writeFileSync(path, archiveOf('old line\n'));
  const reader = await openByteReader({ descriptor, compression: 'gzip', offset: 0, name: path });
  expect(await reader.read(new Uint8Array(1_000))).toBe(1_000);
  expect(reader.isIntact()).toBe(true);
  writeFileSync(path, archiveOf('new line\n'));
  await expect(drain(reader)).rejects.toMatchObject({ code: 'READ_FAILED' });
  expect(reader.isIntact()).toBe(false);
  await reader.close();
});

it('an archive that is written over when it was read is not what was read', async () => {
  writeFileSync(path, archiveOf('old line\n'));
  const reader = await openByteReader({ descriptor, compression: 'gzip', offset: 0, name: path });
  await drain(reader);
  expect(reader.isIntact()).toBe(true);
  writeFileSync(path, archiveOf('longer new line\n'));
  expect(reader.isIntact()).toBe(false);
  await reader.close();
});

it('parts of a log count together only while the parts that were verified before stand in it', async () => {
  const header = 'the same beginning\n'.repeat(100);
  const content = (word: string) => `${header}${`${word} line\n`.repeat(200)}`;
  writeFileSync(path, content('old'));
  const { assignments } = await (await new FilesSource([directory]).discover()).assign(KNOWS_NOTHING);
  const reader = await assignments[0]?.open();
  const verify = (text: string, bytes: number) =>
    reader?.isIntact(bytes as Position, fingerprintOf(Buffer.from(text.slice(bytes - TAIL_BYTES, bytes))));
  expect(verify(content('old'), 2_500)).toBe(true);
  expect(verify(content('old'), 3_000)).toBe(true);
  truncateSync(path);
  appendFileSync(path, content('new'));
  // Another thread has read the second part of what stands there now.
  expect(verify(content('new'), 3_500)).toBe(false);
  await reader?.close();
});

it('the first bytes of a log are not taken from another one that has its path by now', async () => {
  writeFileSync(path, 'time,customer\n');
  const { assignments } = await (await new FilesSource([directory]).discover()).assign(KNOWS_NOTHING);
  expect(await assignments[0]?.sample()).toMatchObject({ isWhole: true });
  renameSync(path, join(directory, 'app.log.1'));
  writeFileSync(path, 'customer,time\n');
  expect(await assignments[0]?.sample()).toBeUndefined();
});
