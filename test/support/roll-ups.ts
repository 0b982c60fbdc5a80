/** Holds hours, endpoints, and the windows of all customers together, against the days of customers. */

import {
  decodeStatistics,
  encodeStatistics,
  mergeStatistics,
} from '../../src/statistics/daily-statistics.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { dayOfHour } from '../../src/window/hour.ts';
import type { Rows } from './rows.ts';
import type { StorePlace } from './stores.ts';
import { tableOf } from './zones.ts';

type Row = Readonly<Record<string, unknown>>;

/** States by the names of what they must add up to. */
type Parts = Map<string, Uint8Array[]>;

/**
 * @param days every row of `daily_stats`.
 * @param isHeld whether a date's windows are compared: those of a day that a test damaged do not agree.
 * @throws where the hours or the endpoints of a customer's day, or the days, hours and endpoints of all customers do not merge
 * to the same bytes.
 */
export async function assertRollUps(
  place: Pick<StorePlace, 'query'>,
  days: Rows,
  isHeld: (date: string) => boolean,
): Promise<void> {
  const zone = tableOf((await factOf(place, 'time_zone')) ?? 'UTC');
  // Older hours were deleted.
  const hoursFrom = (await factOf(place, 'hours_from')) ?? '';
  const daily = days.filter((row) => isHeld(String(row.date)));
  const hasHours = daily.filter((row) => String(row.date) >= hoursFrom);
  const dateOf = (row: Row) => String(row.date ?? dateOfDay(dayOfHour(String(row.hour), zone)));
  const stateOf = (row: Row) => row.state as Uint8Array;
  const dayState = (row: Row) => Buffer.from(String(row.state), 'hex');
  const rowsOf = async (table: string) =>
    (await place.query(`select * from ${table}`)).filter((row) => isHeld(dateOf(row)));
  const hourly = await rowsOf('hourly_stats');
  assertSame(
    partsOf(hourly, (row) => `${row.customer_id} ${dateOf(row)}`, stateOf),
    partsOf(hasHours, (row) => `${row.customer_id} ${row.date}`, dayState),
  );
  assertSame(
    partsOf(await rowsOf('all_daily_stats'), (row) => String(row.date), stateOf),
    partsOf(daily, (row) => String(row.date), dayState),
  );
  assertSame(
    partsOf(await rowsOf('all_hourly_stats'), (row) => String(row.hour), stateOf),
    partsOf(hourly, (row) => String(row.hour), stateOf),
  );
  const endpoints = await rowsOf('daily_endpoint_stats');
  // Not every format has a path.
  const dayOf = (row: Row) => `${row.customer_id} ${row.date}`;
  const withEndpoints = new Set(endpoints.map(dayOf));
  assertSame(
    partsOf(endpoints, dayOf, stateOf),
    partsOf(
      daily.filter((row) => withEndpoints.has(dayOf(row))),
      dayOf,
      dayState,
    ),
  );
  assertSame(
    partsOf(await rowsOf('all_daily_endpoint_stats'), (row) => `${row.date} ${row.endpoint}`, stateOf),
    partsOf(endpoints, (row) => `${row.date} ${row.endpoint}`, stateOf),
  );
}

async function factOf(place: Pick<StorePlace, 'query'>, name: string): Promise<string | undefined> {
  const [row] = await place.query(`select value from facts where name = '${name}'`);
  return row === undefined ? undefined : String(row.value);
}

function partsOf(rows: Rows, nameOf: (row: Row) => string, stateOf: (row: Row) => Uint8Array): Parts {
  const parts: Parts = new Map();
  for (const row of rows) {
    const name = nameOf(row);
    const own = parts.get(name);
    if (own) own.push(stateOf(row));
    else parts.set(name, [stateOf(row)]);
  }
  return parts;
}

function assertSame(found: Parts, expected: Parts): void {
  const names = new Set([...found.keys(), ...expected.keys()]);
  for (const name of names) {
    const [a, b] = [merged(found.get(name)), merged(expected.get(name))];
    if (a !== b) throw new Error(`${name} has other numbers as a whole than in parts: ${a} and ${b}`);
  }
}

function merged(states: readonly Uint8Array[] = []): string {
  if (states.length === 0) return 'nothing';
  return Buffer.from(
    encodeStatistics(mergeStatistics(states.map((state) => decodeStatistics(state)))),
  ).toString('hex');
}
