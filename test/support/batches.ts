/** Batches for stores, made from plain requests. */

import type { DailyStatistics } from '../../src/statistics/types.ts';
import type { Advance, NewPartition, WindowDelta } from '../../src/store/contract.ts';
import { customerDay } from '../../src/window/key.ts';
import { histogramOf } from './histogram.ts';

/** A window: a day of a customer. */
export interface CustomerDay {
  readonly customerId: string;
  readonly date: string;
}

/** What a store sees of one request. */
export interface Request extends CustomerDay {
  readonly status: number;
  /** −1: none. */
  readonly durationUs: number;
  readonly eventMs: number;
}

/** A request of which only the window matters. */
export function requestOf(customerId: string, date: string): Request {
  return { customerId, date, status: 200, durationUs: 1000, eventMs: Date.parse(date) };
}

/** What these requests add to each window, in key order. */
export function deltasOf(requests: readonly Request[]): WindowDelta[] {
  const windows = Map.groupBy(requests, ({ customerId, date }) => JSON.stringify([customerId, date]));
  const deltas = Array.from(windows.values(), (group) => ({
    key: customerDay(group[0].customerId, group[0].date),
    statistics: statisticsOf(group),
  }));
  return deltas.sort(
    ({ key: a }, { key: b }) =>
      compareBytes(a.values[0], b.values[0]) || compareBytes(a.values[1], b.values[1]),
  );
}

export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function statisticsOf(requests: readonly Request[]): DailyStatistics {
  const byStatus = [...Map.groupBy(requests, ({ status }) => status)].sort(([a], [b]) => a - b);
  const timed = requests.filter(({ durationUs }) => durationUs >= 0);
  return {
    statuses: byStatus.map(([status, group]) => ({
      status,
      requests: group.length,
      durationUs: group.reduce((sum, { durationUs }) => sum + BigInt(Math.max(0, durationUs)), 0n),
    })),
    histogram: histogramOf(timed.map(({ durationUs }) => durationUs)),
    firstEventMs: Math.min(...requests.map(({ eventMs }) => eventMs)),
    lastEventMs: Math.max(...requests.map(({ eventMs }) => eventMs)),
  };
}

/** Moves a partition on, with as many accepted lines as offsets; `change` says what is different. */
export function advanceOf(
  partitionId: string,
  fromOffset: number,
  toOffset: number,
  change: Partial<Advance> = {},
): Advance {
  const lines = toOffset - fromOffset;
  const { accepted = lines } = change;
  const day = { date: '2024-10-02', lines: accepted, fromOffset, toOffset };
  return {
    partitionId,
    name: `/logs/${partitionId}.log`,
    headFingerprint: `headFingerprint of ${partitionId}`,
    ...{ headKey: '', inode: '', prefixChecksums: null },
    isBeginning: fromOffset === 0 && toOffset > 0,
    fromOffset,
    toOffset,
    tailChecksum: '',
    isFinished: false,
    lines,
    accepted: lines,
    rejected: 0,
    late: 0,
    dropped: 0,
    excluded: 0,
    clockMs: null,
    firstEventMs: null,
    lastEventMs: null,
    days: accepted > 0 ? [day] : [],
    rejectedByReason: new Map(),
    rejectedLines: [],
    ...change,
  };
}

/** Adds partitions of these ids, found at the beginning of 1970. */
export function adding(...ids: string[]): NewPartition[] {
  return ids.map((id) => ({
    ...{
      id,
      name: `/logs/${id}.log`,
      headFingerprint: `headFingerprint of ${id}`,
      tailChecksum: '',
      addedMs: 0,
    },
    ...{ headKey: '', inode: '', prefixChecksums: null, startOffset: 0 },
  }));
}
