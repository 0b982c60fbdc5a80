/** Time zones as tables of offsets, because hot loops cannot ask a calendar for each record. */

import type { Temporal } from 'temporal-polyfill';
import { ZONE_TABLE_END_MS } from '../limits.ts';
import type { ZoneTable } from './types.ts';

export const UTC: ZoneTable = {
  name: 'UTC',
  fromMs: Float64Array.of(Number.NEGATIVE_INFINITY),
  offsetMs: Float64Array.of(0),
};

/** The first instant of Temporal and of `Date`. No zone changed its offset before it. */
const FIRST_INSTANT_MS = -8.64e15;

/**
 * All offsets of a zone, from the first in the time zone database to the end of 2200. The last one holds from then
 * on.
 * @param name a name that {@link canonicalZone} knows.
 * @param calendar passed in, because loading it takes 12 ms and most runs need none.
 */
export function zoneTable(name: string, calendar: { readonly Instant: typeof Temporal.Instant }): ZoneTable {
  // Temporal takes fewer spellings than `Intl`: it refuses the typographic minus of an offset, for example.
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

/** The index of the offset that holds at a time. */
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
 * The one name that the runtime's time zone database has for a zone with several names: `Asia/Calcutta` and
 * `Asia/Kolkata`, `UTC` and `Etc/Zulu`. Fixed offsets such as `+02:00` are zones, too.
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
