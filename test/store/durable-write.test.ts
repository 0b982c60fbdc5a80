/** What must last is written beside a store of SQLite that was opened for reading. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewLink, Store } from '../../src/store/contract.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { siteOfEachTest } from '../support/site.ts';

const site = siteOfEachTest('durable-write');
const LINK: NewLink = {
  ...{ id: '0123456789abcdef', customer: 'a', kind: 'page', name: '', createdBy: '' },
  ...{ createdMs: 1, expiresMs: 2_000_000_000_000 },
};
const BOUNDS = { forgetBeforeMs: { page: 0, embed: 0 }, most: 10 };
let writer: Store;
let reader: Store;

beforeEach(async () => {
  writer = await openSqliteStore({ dataDir: site.directory });
  await writer.migrate();
  reader = await openSqliteStore({ dataDir: site.directory, readOnly: true });
});

afterEach(async () => {
  await reader.close();
  await writer.close();
});

test('it waits while another process writes, and the thread goes on meanwhile', async () => {
  const other = new DatabaseSync(join(site.directory, 'daymark.db'));
  other.exec('begin immediate');
  const added = reader.links.add(LINK, BOUNDS);
  let turns = 0;
  const end = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    if (++turns === 3) end.resolve();
  }, 5);
  await end.promise;
  clearInterval(timer);
  expect(await writer.links.find(LINK.id)).toBeUndefined();
  other.exec('rollback');
  other.close();
  expect(await added).toBe(true);
  expect(await reader.links.find(LINK.id)).toMatchObject({ customer: 'a' });
  expect(await reader.links.revoke(LINK.id, 7)).toBe(true);
  expect(await writer.links.find(LINK.id)).toMatchObject({ revokedMs: 7 });
});
