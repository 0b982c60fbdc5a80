/** Time zones as tables of offsets, for hot loops that cannot ask a calendar for each record. */

import type { Temporal } from 'temporal-polyfill';
import { ZONE_TABLE_END_MS } from '../limits.ts';
import type { ZoneTable } from './types.ts';

export const UTC: ZoneTable = {
  name: 'UTC',
  fromMs: Float64Array.of(Number.NEGATIVE_INFINITY),
  offsetMs: Float64Array.of(0),
};

/** The first instant of Temporal and of `Date`: no zone has changed its offset before it. */
const FIRST_INSTANT_MS = -8.64e15;

/**
 * All offsets of a zone, from the first that the time zone database knows to the end of 2200; the last one holds
 * from then on.
 * @param name as {@link canonicalZone} knows it.
 * @param calendar given, because it takes 12 ms to load and most runs need none.
 */
export function zoneTable(name: string, calendar: { readonly Instant: typeof Temporal.Instant }): ZoneTable {
  // Temporal takes fewer spellings than `Intl`: not the typographic minus of an offset, for one.
  const zone = canonicalZone(name) ?? name;
  let time = calendar.Instant.fromEpochMilliseconds(FIRST_INSTANT_MS).toZonedDateTimeISO(zone);
  const fromMs = [Number.NEGATIVE_INFINITY];
  const offsetMs = [offsetMsOf(time)];
  for (;;) {
    const next = time.getTimeZoneTransition('next');
    if (next === null || next.epochMilliseconds >= ZONE_TABLE_END_MS) break;
    fromMs.push(next.epochMilliseconds);
    offsetMs.push(offsetMsOf(next));
    time = next;
  }
  return { name, fromMs: Float64Array.from(fromMs), offsetMs: Float64Array.from(offsetMs) };
}

function offsetMsOf({ offsetNanoseconds }: Temporal.ZonedDateTime): number {
  return offsetNanoseconds / 1e6;
}

/** Which entry of a table holds at a time. */
export function offsetIndexAt(fromMs: Float64Array, timeMs: number): number {
  let index = 0;
  for (let end = fromMs.length; end - index > 1; ) {
    const middle = (index + end) >>> 1;
    if (fromMs[middle] <= timeMs) index = middle;
    else end = middle;
  }
  return index;
}

/**
 * The one name that the runtime's time zone database has for a zone and for all names that mean the same one:
 * `Asia/Calcutta` and `Asia/Kolkata`, `UTC` and `Etc/Zulu`. Fixed offsets such as `+02:00` are zones, too.
 * @returns undefined where there is no such zone.
 */
export function canonicalZone(name: string): string | undefined {
  if (name === UTC.name) return name;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
