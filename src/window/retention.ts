/** Which days are kept, where only the latest ones are. */

import { dateOfDay, dayAt, endOfDay, FIRST_DAY } from './day.ts';
import type { ZoneTable } from './types.ts';

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
  return endOfDay(zone, oldestKeptDay(nowMs, retentionDays, zone) - 1);
}

function oldestKeptDay(nowMs: number, retentionDays: number, zone: ZoneTable): number {
  return Math.max(FIRST_DAY, dayAt(zone, nowMs) - retentionDays);
}
