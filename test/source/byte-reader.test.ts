import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openByteReader } from '../../src/source/byte-reader.ts';
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
