/** Which days are kept, where only the latest ones are. */

import { dateOfDay, dayAt, FIRST_DAY } from './day.ts';
import type { ZoneTable } from './types.ts';

const DAY_MS = 86_400_000;

/**
 * The first day that is kept: kept are today and as many days before it as `retentionDays` says.
 * @param retentionDays 1 or more.
 */
export function oldestKeptDate(nowMs: number, retentionDays: number, zone: ZoneTable): string {
  return dateOfDay(oldestKeptDay(nowMs, retentionDays, zone));
}

/**
 * The lower bound of event time that goes with {@link oldestKeptDate}: no instant from here on is of a day before it.
 * (Where clocks were put back over midnight, a day has an hour before and an hour behind the first of the next day:
 * then this is the end of the second.)
 */
export function oldestKeptMs(nowMs: number, retentionDays: number, zone: ZoneTable): number {
  const day = oldestKeptDay(nowMs, retentionDays, zone);
  const { fromMs, offsetMs } = zone;
  for (let index = fromMs.length - 1; index > 0; index--) {
    const endMs = Math.min(day * DAY_MS - offsetMs[index], fromMs[index + 1] ?? Number.POSITIVE_INFINITY);
    if (endMs > fromMs[index]) return endMs;
  }
  return Math.min(day * DAY_MS - offsetMs[0], fromMs[1] ?? Number.POSITIVE_INFINITY);
}

function oldestKeptDay(nowMs: number, retentionDays: number, zone: ZoneTable): number {
  return Math.max(FIRST_DAY, dayAt(zone, nowMs) - retentionDays);
}
