import { assertDayChanges } from './day-changes.ts';
import { assertRollUps } from './roll-ups.ts';
import type { StorePlace } from './stores.ts';
import { digestOf } from './table-digest.ts';

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
  await assertLinesOfDays(place, days, isHeld);
  return days;
}

/**
 * The windows of all kinds, in a form that compares across stores. Those of all customers together and the lines of days by
 * partition depend on who wrote them, so they must agree with the others; the history of final days, too.
 * @param isHeld as {@link statisticsRows}.
 */
export async function windowRows(
  place: Pick<StorePlace, 'query'>,
  isHeld: (date: string) => boolean = () => true,
) {
  const days = await statisticsRows(place, isHeld);
  await assertDayChanges(place, days, isHeld);
  return {
    days,
    hours: await digestOf(place, 'hourly_stats', ['customer_id', 'hour']),
    endpoints: await digestOf(place, 'daily_endpoint_stats', ['customer_id', 'date', 'endpoint']),
  };
}

/** Each request of a day is a line of one partition. */
async function assertLinesOfDays(
  place: Pick<StorePlace, 'query'>,
  days: Rows,
  isHeld: (date: string) => boolean,
): Promise<void> {
  const expected = new Map<string, number>();
  for (const { date, success_requests, failed_requests } of days)
    expected.set(
      String(date),
      (expected.get(String(date)) ?? 0) + Number(success_requests) + Number(failed_requests),
    );
  const found = await read(place, 'select date, sum(lines) as lines from partition_days group by date');
  const lines = new Map(found.map((row) => [String(row.date), Number(row.lines)]));
  for (const date of new Set([...expected.keys(), ...lines.keys()])) {
    if (isHeld(date) && lines.get(date) !== expected.get(date))
      throw new Error(`${date}: ${expected.get(date)} requests, ${lines.get(date)} lines of partitions`);
  }
}

/** Where the lines of each day stand, by the names of partitions, which must have one each. */
export function placesOfDays(place: Pick<StorePlace, 'query'>): Promise<Rows> {
  return read(
    place,
    `select name, date, partition_days.lines as lines, from_offset, to_offset from partition_days
      join checkpoints on checkpoints.id = partition_id order by name, date`,
  );
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
