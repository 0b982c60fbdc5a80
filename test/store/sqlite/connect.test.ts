import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openToWriteBriefly } from '../../../src/store/sqlite/connect.ts';

/** The files that this process has open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return [];
    }
  });
}

test('a connection for a brief write that cannot be used is closed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-connect-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'daymark.db');
  writeFileSync(file, 'no database '.repeat(1000));
  expect(() => openToWriteBriefly(file, true)).toThrow('is not a database');
  expect(openFiles()).not.toContain(file);
});
