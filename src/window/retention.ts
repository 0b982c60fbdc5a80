/** Which days are kept where RETENTION_DAYS is set. */

import { dateOfDay, dayAt, endOfDay, FIRST_DAY } from './day.ts';
import type { ZoneTable } from './types.ts';

/** The first day that is kept: today less `retentionDays`. @param retentionDays 1 or more. */
export function oldestKeptDate(nowMs: number, retentionDays: number, zone: ZoneTable): string {
  return dateOfDay(oldestKeptDay(nowMs, retentionDays, zone));
}

/**
 * The bound of event time that goes with {@link oldestKeptDate}: no instant from here on belongs to an earlier day.
 *
 * Where clocks were put back over midnight, a day has an hour before and an hour after the first hour of the next
 * day. Then this is the end of the later one.
 */
export function oldestKeptMs(nowMs: number, retentionDays: number, zone: ZoneTable): number {
  return endOfDay(zone, oldestKeptDay(nowMs, retentionDays, zone) - 1);
}

function oldestKeptDay(nowMs: number, retentionDays: number, zone: ZoneTable): number {
  return Math.max(FIRST_DAY, dayAt(zone, nowMs) - retentionDays);
}
