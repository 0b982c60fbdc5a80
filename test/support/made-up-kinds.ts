/** Kinds of windows that daymark does not have, described as a kind is, with tables of their own. */

import type { Kysely } from 'kysely';
import { STATISTICS_COLUMNS } from '../../src/statistics/columns.ts';
import type { StoreDialect } from '../../src/store/dialect.ts';
import type { Tables } from '../../src/store/tables.ts';
import { dayOfDate, endOfDay, startOfDay } from '../../src/window/day.ts';
import { CUSTOMER_DAYS, type Granularity, type WindowKind } from '../../src/window/kind.ts';

const HOUR_MS = 3_600_000;
const hourAt = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 13);

/** Hours of UTC, `2024-10-02T05`. */
const HOURS: Granularity = {
  finalTable: 'final_made_up_hours',
  spansOf: ({ from, to }, zone) => ({
    from: from === undefined ? '0001-01-01T00' : hourAt(startOfDay(zone, dayOfDate(from))),
    to: to === undefined ? '9999-12-31T23' : hourAt(endOfDay(zone, dayOfDate(to)) - 1),
  }),
  startMs: (hour) => Date.parse(`${hour}:00Z`),
  lastOver: (timeMs) => hourAt(Math.floor(timeMs / HOUR_MS) * HOUR_MS - HOUR_MS),
};

export const CUSTOMER_HOURS: WindowKind = {
  name: 'customer-hours',
  table: 'made_up_hourly_stats',
  revisionsTable: 'made_up_hourly_revisions',
  columns: ['customer_id', 'hour'],
  spanColumn: 'hour',
  granularity: HOURS,
  inWords: ([customerId, hour]) => `The customer is ${JSON.stringify(customerId)}, the hour ${hour}.`,
};

/** The days of all customers together: a key of one column, with the granularity of the days of customers. */
export const ALL_DAYS: WindowKind = {
  name: 'all-days',
  table: 'days_of_all',
  revisionsTable: 'revisions_of_all',
  columns: ['date'],
  spanColumn: 'date',
  granularity: CUSTOMER_DAYS.granularity,
  inWords: ([date]) => `The day is ${date}.`,
};

/** The days of the endpoints of a customer: a span in the middle of a key. */
export const ENDPOINT_DAYS: WindowKind = {
  name: 'endpoint-days',
  table: 'endpoint_stats',
  revisionsTable: 'endpoint_revisions',
  columns: ['customer_id', 'date', 'endpoint'],
  spanColumn: 'date',
  granularity: CUSTOMER_DAYS.granularity,
  inWords: ([customerId, date, endpoint]) => `${endpoint} of ${JSON.stringify(customerId)}, the day ${date}.`,
};

/** The same as {@link ALL_DAYS}, shared out over several rows. */
export const SHARDED_DAYS: WindowKind = {
  name: 'sharded-days',
  table: 'sharded_days',
  revisionsTable: 'sharded_revisions',
  columns: ['shard', 'date'],
  spanColumn: 'date',
  shardColumn: 'shard',
  granularity: CUSTOMER_DAYS.granularity,
  inWords: ([shard, date]) => `The day is ${date}, the shard ${shard}.`,
};

/** What a migration does for a kind. */
export async function createTables(dialect: StoreDialect, kind: WindowKind): Promise<void> {
  const { columnTypes: types } = dialect;
  const numbers = [...STATISTICS_COLUMNS.map((column) => [column, types.real] as const)];
  await create(dialect, kind, kind.table, [...numbers, ['state', types.bytes]]);
  await create(dialect, kind, kind.revisionsTable, [
    ['late_events', types.integer],
    ['revised_ms', types.integer],
  ]);
  await dialect.db.schema
    .createTable(kind.granularity.finalTable)
    .ifNotExists()
    .addColumn('through', types.text, (column) => column.primaryKey().notNull())
    .addColumn('since_ms', types.integer, (column) => column.notNull())
    .modifyEnd(types.tableOptions)
    .execute();
}

async function create(
  { db, columnTypes: types }: StoreDialect,
  kind: WindowKind,
  table: string,
  columns: readonly (readonly [name: string, type: StoreDialect['columnTypes']['text']])[],
): Promise<void> {
  let builder = (db as Kysely<Tables>).schema.createTable(table);
  for (const name of kind.columns)
    builder = builder.addColumn(name, name === 'date' ? types.date : types.text, (column) =>
      column.notNull(),
    );
  for (const [name, type] of columns) builder = builder.addColumn(name, type);
  await builder
    .addPrimaryKeyConstraint(`${table}_pkey`, kind.columns as never)
    .modifyEnd(types.tableOptions)
    .execute();
}
