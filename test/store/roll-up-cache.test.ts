import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { IDS_SLOT, TOTAL_SLOT } from '../../src/statistics/roll-up-part.ts';
import { RollUpCache } from '../../src/store/queries/roll-up-cache.ts';
import { IDS_DIGEST_SLOT, RollUps } from '../../src/store/queries/roll-ups.ts';
import { SqlStore } from '../../src/store/sql-store.ts';
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts';
import { deltasOf, requestOf } from '../support/batches.ts';

const DATES = ['2024-08-01', '2024-08-09', '2024-08-17'];

/** A store with a roll-up for each date. @param customers of each, a letter each. */
async function rolledUpStore(customers = ['abc', 'bcd', 'cde']) {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-cache-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'daymark.db');
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal');
  const dialect = sqliteDialect(database, file);
  const store = new SqlStore(dialect);
  onTestFinished(() => store.close());
  await store.migrate();
  const requests = DATES.flatMap((date, at) => [...customers[at]!].map((id) => requestOf(id, date)));
  await store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests) });
  await store.rollUp({ from: DATES[0], to: DATES[2] }, 100, new AbortController().signal);
  const rollUps = new RollUps(dialect);
  const ids = (await rollUps.ready(dialect.db, { first: 0, last: 1e6 })).map(({ id }) => id);
  expect(ids).toHaveLength(3);
  return { db: dialect.db, rollUps, ids, database };
}

const EACH_STATUS = Array.from({ length: 600 }, (_, status) => status);
const goesOn = () => undefined;

test('customers have one number each, whichever roll-up has them', async () => {
  const { db, rollUps, ids } = await rolledUpStore();
  const cache = new RollUpCache(rollUps);
  const cached = cache.begin(ids, EACH_STATUS)!;
  const found = await Promise.all(ids.map((id) => cache.find(db, cached, id, [TOTAL_SLOT], goesOn)));
  const names = found.map((rollUp) => [...rollUp!.numbers].map((number) => cached.directory.ids[number]));
  expect(names).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'd'],
    ['c', 'd', 'e'],
  ]);
  expect(cached.directory.ids.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await cache.find(db, cached, ids[0]!, [TOTAL_SLOT], goesOn)).toBe(found[0]);
});

test('ids are read of one roll-up only where several have the same customers', async () => {
  const { db, rollUps, ids, database } = await rolledUpStore(['abc', 'abc', 'abd']);
  const cache = new RollUpCache(rollUps);
  const cached = cache.begin(ids, EACH_STATUS)!;
  const namesIn = async (id: string) => {
    const { numbers } = (await cache.find(db, cached, id, [TOTAL_SLOT], goesOn))!;
    return [...numbers].map((number) => cached.directory.ids[number]);
  };
  expect(await namesIn(ids[0]!)).toEqual(['a', 'b', 'c']);
  // Bytes that nobody can read.
  database.exec(`update roll_up_parts set data = x'00' where slot = ${IDS_SLOT} and part = 0`);
  expect(await namesIn(ids[1]!)).toEqual(['a', 'b', 'c']);
  await expect(namesIn(ids[2]!)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
});

test('roll-ups whose ids have no digest are read with their ids', async () => {
  const { db, rollUps, ids, database } = await rolledUpStore(['abc', 'bcd', 'cde']);
  database.exec(`delete from roll_up_parts where slot = ${IDS_DIGEST_SLOT}`);
  const cached = new RollUpCache(rollUps).begin(ids, EACH_STATUS)!;
  const cache = new RollUpCache(rollUps);
  for (const id of ids) await cache.find(db, cached, id, [TOTAL_SLOT], goesOn);
  expect(cached.directory.ids.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('past its bytes it keeps what was used last, and reads the others again', async () => {
  const { db, rollUps, ids } = await rolledUpStore();
  const cache = new RollUpCache(rollUps, { maxBytes: 1, maxCustomers: 100 });
  const cached = cache.begin(ids, EACH_STATUS)!;
  for (const id of [...ids, ...ids]) {
    const found = await cache.find(db, cached, id, [TOTAL_SLOT], goesOn);
    expect(found!.slots.get(TOTAL_SLOT)).toHaveLength(1);
    expect([...cached.rollUps.keys()]).toEqual([id]);
  }
});

test('past its customers it refuses, and remembers for which roll-ups', async () => {
  const { db, rollUps, ids } = await rolledUpStore();
  const cache = new RollUpCache(rollUps, { maxBytes: 1e6, maxCustomers: 4 });
  const [first, second, third] = ids as [string, string, string];
  const cached = cache.begin(ids, EACH_STATUS)!;
  for (const id of [first, second])
    expect(await cache.find(db, cached, id, [TOTAL_SLOT], goesOn)).toBeDefined();
  expect(await cache.find(db, cached, third, [TOTAL_SLOT], goesOn)).toBeUndefined();
  cache.refuse(ids);
  expect(cache.begin(ids, EACH_STATUS)).toBeUndefined();
  // Fewer roll-ups may have fewer customers.
  const fewer = cache.begin([second, third], EACH_STATUS)!;
  for (const id of [second, third])
    expect(await cache.find(db, fewer, id, [TOTAL_SLOT], goesOn)).toBeDefined();
  expect(fewer.directory.ids).toEqual(['b', 'c', 'd', 'e']);
});
