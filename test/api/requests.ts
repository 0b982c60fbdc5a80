/** What tests put into a store. Knows nothing of the test runner: a thread of its own can load it. */

import type { DailyStatistics } from '../../src/statistics/types.ts';
import type { Store, WindowDelta } from '../../src/store/contract.ts';
import { compareKeys, customerDay } from '../../src/window/key.ts';
import { UTC } from '../../src/window/zone.ts';
import { adding, advanceOf } from '../support/batches.ts';
import { histogramOf } from '../support/histogram.ts';

/** A request of a log, as far as statistics go. */
export interface Request {
  readonly status: number;
  /** −1: none. */
  readonly durationUs: number;
}

export const SUCCESS: Request = { status: 200, durationUs: 316_000 };

/** Adds requests of one customer, by day. */
export async function add(
  store: Store,
  customerId: string,
  days: Record<string, readonly Request[]>,
): Promise<void> {
  const deltas = Object.entries(days).map(([date, requests]) => deltaOf(customerId, date, requests));
  await store.commit({
    timeZone: 'UTC',
    advances: [],
    deltas: deltas.sort((a, b) => compareKeys(a.key, b.key)),
  });
}

/** Adds logs of two lines, of which the second one is rejected. */
export async function addLogs(store: Store, ...ids: string[]): Promise<void> {
  await store.addPartitions(() => adding(...ids));
  const change = {
    ...{ lines: 2, accepted: 1, rejected: 1, rejectedByReason: new Map([['empty_line', 1]]) },
    ...{ rejectedLines: [{ offset: 70, reason: 'empty_line', excerpt: '' }], lastEventMs: 5, clockMs: 5 },
  };
  const advances = ids.map((id) => advanceOf(id, 0, 71, change));
  await store.commit({ timeZone: 'UTC', advances, deltas: [] });
}

/** Adds a late request to a day, which is final by then. @param ids of all partitions that there are. */
export async function addLate(
  store: Store,
  customerId: string,
  date: string,
  ids: readonly string[],
): Promise<void> {
  const finality = { nowMs: Date.parse('2024-12-01'), waitMs: 0, zone: UTC };
  const clockMs = Date.parse('2024-11-30');
  const passed = ids.map((id) => advanceOf(id, 71, 71, { clockMs }));
  await store.commit({ timeZone: 'UTC', advances: passed, deltas: [], finality });
  const advances = ids.map((id, i) => {
    const day = { date, lines: 1 + i, fromOffset: 71, toOffset: 80 };
    return advanceOf(id, 71, 80, { lines: 1 + i, accepted: 1 + i, days: [day] });
  });
  const deltas = [deltaOf(customerId, date, [SUCCESS])];
  await store.commit({ timeZone: 'UTC', advances, deltas, finality });
}

/** What requests of one customer and day add to the store. */
export function deltaOf(customerId: string, date: string, requests: readonly Request[]): WindowDelta {
  return { key: customerDay(customerId, date), statistics: statisticsOf(requests, Date.parse(date)) };
}

export function statisticsOf(requests: readonly Request[], eventMs: number): DailyStatistics {
  const byStatus = Map.groupBy(requests, ({ status }) => status);
  const timed = requests.filter(({ durationUs }) => durationUs >= 0);
  return {
    statuses: [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, same]) => ({
        status,
        requests: same.length,
        durationUs: BigInt(same.reduce((sum, { durationUs }) => sum + Math.max(0, durationUs), 0)),
      })),
    histogram: histogramOf(timed.map(({ durationUs }) => durationUs)),
    firstEventMs: eventMs,
    lastEventMs: eventMs,
  };
}
