/** Converts local time to UTC. The table at ZONE lists spans of local time that have one offset. */

import { ZONE, ZONE_SPAN_BYTES } from './scan-memory';
import { setEventTime } from './record';

let zoneSpans: u32 = 0;
let spanFrom: i64 = 1;
let spanTo: i64 = 0;
let spanShift: i64 = 0;

/*
 * The same span in whole seconds, cut to 32 bits: its first second, how many there are, and what to add to get UTC.
 */
let spanFirst: u32 = 0;
let spanSeconds: u32 = 0;
export let secondShift: u32 = 0;

export function setZoneSpans(spans: u32): void {
  zoneSpans = spans;
  spanFrom = 1;
  spanTo = 0;
  spanSeconds = 0;
}

const NO_MOMENT: i64 = -1;

/** Converts a local time to UTC; NO_MOMENT where that local time occurs twice or never. */
// @ts-ignore: decorator
@inline
function momentOfLocal(ms: i64): i64 {
  if ((ms < spanFrom || ms >= spanTo) && !findSpan(ms)) return NO_MOMENT;
  return ms + spanShift;
}

/**
 * Takes a local time. @returns false where it is not plain. The UTC time -1 is not plain either, since NO_MOMENT has
 * that value.
 */
// @ts-ignore: decorator
@inline
export function setLocalTime(ms: i64): bool {
  const moment = momentOfLocal(ms);
  setEventTime(moment);
  return moment != NO_MOMENT;
}

function findSpan(ms: i64): bool {
  let low: u32 = 0;
  let high = zoneSpans;
  while (low < high) {
    const middle = (low + high) >> 1;
    const span = ZONE + <usize>middle * ZONE_SPAN_BYTES;
    if (ms < load<i64>(span)) {
      high = middle;
    } else if (ms >= load<i64>(span, 8)) {
      low = middle + 1;
    } else {
      spanFrom = load<i64>(span);
      spanTo = load<i64>(span, 8);
      spanShift = load<i64>(span, 16);
      setSecondSpan();
      return true;
    }
  }
  return false;
}

const SECONDS: i64 = 0xffffffff;

/** Cuts the span so that its seconds, and the same seconds in UTC, fit in 32 bits. */
function setSecondSpan(): void {
  const first = (max(spanFrom, max<i64>(0, -spanShift)) + 999) / 1000;
  const end = min(spanTo / 1000, SECONDS - max<i64>(spanShift, 0) / 1000);
  spanFirst = <u32>first;
  spanSeconds = spanShift % 1000 == 0 && end > first ? <u32>(end - first) : 0;
  secondShift = <u32>(spanShift / 1000);
}

/** True where {@link secondShift} converts a second of local time to UTC. */
// @ts-ignore: decorator
@inline
export function isInSecondSpan(second: u32): bool {
  return second - spanFirst < spanSeconds || (findSpan(<i64>second * 1000) && second - spanFirst < spanSeconds);
}
