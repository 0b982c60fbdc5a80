import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newKey } from '../../src/api/access/key-text.ts';
import type { Store } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { siteOfEachTest } from '../support/site.ts';

const site = siteOfEachTest('brief-write');
const { id, hash } = newKey();
let writer: Store;
let reader: Store;

beforeEach(async () => {
  writer = await openSqliteStore({ dataDir: site.directory });
  await writer.migrate();
  const key = { id, hash, role: 'admin', customers: [], name: '', createdMs: 1, expiresMs: null } as const;
  await writer.apiKeys.add(key);
  reader = await openSqliteStore({ dataDir: site.directory, readOnly: true });
});

afterEach(async () => {
  await reader.close();
  await writer.close();
});

const note = () => reader.apiKeys.noteUses([{ id, usedMs: 5 }]);

test('a store that was opened for reading can note a use of a key', async () => {
  await note();
  expect(await writer.apiKeys.find(id)).toMatchObject({ lastUsedMs: 5 });
});

test('it fails at once while another process writes, because the thread would stand still', async () => {
  const other = new DatabaseSync(join(site.directory, 'daymark.db'));
  other.exec('begin immediate');
  await expect(note()).rejects.toMatchObject({ code: 'STORE_BUSY' });
  other.exec('rollback');
  other.close();
  await note();
  expect(await reader.apiKeys.find(id)).toMatchObject({ lastUsedMs: 5 });
});

test('it makes no new database where the old one was moved away', async () => {
  const file = join(site.directory, 'daymark.db');
  renameSync(file, `${file}.moved`);
  await expect(note()).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
  expect(existsSync(file)).toBe(false);
  renameSync(`${file}.moved`, file);
});
