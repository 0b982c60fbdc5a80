import { assertRollUps } from './roll-ups.ts';
import type { StorePlace } from './stores.ts';

/** All that a store says, each value in a form that compares across stores. */
export type Rows = Record<string, unknown>[];

function comparable(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

async function read(place: Pick<StorePlace, 'query'>, sql: string): Promise<Rows> {
  const rows = await place.query(sql);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, comparable(value)])),
  );
}

/**
 * Every row of the statistics of customers and days, its mergeable state included, by key. All other kinds of windows must
 * agree with them to the last byte.
 * @param isHeld on which dates they must. A test that changes rows by hand says no to their dates.
 */
export async function statisticsRows(
  place: Pick<StorePlace, 'query'>,
  isHeld: (date: string) => boolean = () => true,
): Promise<Rows> {
  const days = await daysOfCustomers(place);
  await assertRollUps(place, days, isHeld);
  return days;
}

/** The same for a store with days of which there are no hours: they were read by an earlier daymark. */
export function daysOfCustomers(place: Pick<StorePlace, 'query'>): Promise<Rows> {
  return read(place, 'select * from daily_stats order by customer_id, date');
}

export interface Ledger {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly late: number;
  readonly dropped: number;
  readonly excluded: number;
  readonly bytes: number;
  readonly byReason: number;
}

/** The ledgers of all partitions, added up. */
export async function ledger(place: Pick<StorePlace, 'query'>): Promise<Ledger> {
  const checkpoints = await read(
    place,
    'select lines, accepted, rejected, late, dropped, excluded, next_offset from checkpoints',
  );
  const reasons = await read(place, 'select lines from rejection_counts');
  const sum = (rows: Rows, column: string) => rows.reduce((total, row) => total + Number(row[column]), 0);
  return {
    lines: sum(checkpoints, 'lines'),
    accepted: sum(checkpoints, 'accepted'),
    rejected: sum(checkpoints, 'rejected'),
    late: sum(checkpoints, 'late'),
    dropped: sum(checkpoints, 'dropped'),
    excluded: sum(checkpoints, 'excluded'),
    bytes: sum(checkpoints, 'next_offset'),
    byReason: sum(reasons, 'lines'),
  };
}
