/** Roll-ups that are made of what is written, where they would hold too many numbers at once. */

import { afterEach, beforeEach, expect, test } from 'vitest';
import { RowBlock } from '../../src/statistics/row-block.ts';
import type { CustomerCounts } from '../../src/store/customer-days.ts';
import { RollUpFeed } from '../../src/store/queries/roll-up-feed.ts';
import { insertPart } from '../../src/store/queries/roll-up-parts.ts';
import { replaceRollUp } from '../../src/store/queries/roll-ups.ts';
import type { SqlStore } from '../../src/store/sql-store.ts';
import { openDatabase } from '../../src/store/sqlite/connect.ts';
import { sqliteDialect } from '../../src/store/sqlite/dialect.ts';
import { databaseFile } from '../../src/store/sqlite/file.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import { deltasOf } from '../support/batches.ts';
import { SQLITE, type StorePlace } from '../support/sqlite-place.ts';

const DAYS = 20;
const FIRST_DAY = dayOfDate('2024-08-01');
const RANGE = { from: dateOfDay(FIRST_DAY + 1), to: dateOfDay(FIRST_DAY + DAYS - 1) };
const MOST_NUMBERS = 200;

let place: StorePlace;
let store: SqlStore;

beforeEach(async () => {
  place = await SQLITE.createPlace();
  store = (await place.open()) as SqlStore;
  await store.migrate();
});
afterEach(() => place.dispose());

async function commitDays(customers: number): Promise<void> {
  const requests = Array.from({ length: customers }, (_, i) =>
    [0, 7, 8, DAYS - 1].map((day) => {
      const date = dateOfDay(FIRST_DAY + ((day + i) % DAYS));
      return { customerId: `c${i}`, date, status: 200 + (i % 3), durationUs: 1, eventMs: Date.parse(date) };
    }),
  );
  await store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests.flat()) });
}

function blockOf({ customer_id: id, date, state }: Record<string, unknown>): RowBlock {
  return RowBlock.of(Buffer.from(`1${id}\0${date}`), 0, [], state as Uint8Array);
}

/** Feeds what was committed, as a commit into a store without days does. */
async function feedAll(): Promise<void> {
  const { location } = place;
  if (location.kind !== 'sqlite') throw new Error('no SQLite');
  const file = databaseFile(location.dataDir);
  const dialect = sqliteDialect(openDatabase(file, false), file);
  const rows = await place.query(
    'select customer_id, date, state from customer_daily_stats order by customer_id, date',
  );
  const day = { date: RANGE.to, lines: 1, fromOffset: 0, toOffset: 1 };
  await dialect.db.transaction().execute(async (transaction) => {
    const advance = { days: [day], firstEventMs: Date.parse(dateOfDay(FIRST_DAY)) };
    const feed = new RollUpFeed([advance], MOST_NUMBERS);
    for (const row of rows) feed.add(blockOf(row));
    const rollUps = feed.finish();
    if (rollUps.length > 0) for (const part of feed.take()) await insertPart(transaction, part);
    for (const rollUp of rollUps) await replaceRollUp(transaction, rollUp, true);
  });
  await dialect.close();
}

const counts = () =>
  store.readSnapshot(async ({ customers }) => {
    const all: CustomerCounts[] = [];
    for await (const some of customers.counts({}, RANGE)) all.push(...some);
    return all;
  });

const partsOf = (table: string) => place.query(`select distinct roll_up_id, part from ${table}`);

test('have more and smaller parts, and say the same as the rows', async () => {
  await commitDays(1_200);
  const expected = await counts();
  expect(expected).toHaveLength(1_200);
  await feedAll();
  expect((await partsOf('roll_up_parts')).length).toBeGreaterThan((1_200 * 4) / MOST_NUMBERS);
  // Roll-ups are read, and not the rows.
  await place.query('delete from customer_daily_stats');
  expect(await counts()).toEqual(expected);
});

test('leave nothing where there are too few customers for them', async () => {
  await commitDays(400);
  await feedAll();
  expect(await partsOf('roll_up_parts')).toEqual([]);
});
