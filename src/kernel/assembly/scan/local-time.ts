/** Local times to moments. The table at ZONE holds the spans of local time with their offsets. */

import { ZONE, ZONE_SPAN_BYTES } from './scan-memory';
import { setEventTime } from './record';

let zoneSpans: u32 = 0;
let spanFrom: i64 = 1;
let spanTo: i64 = 0;
let spanShift: i64 = 0;

/* The same span in whole seconds, as far as those have 32 bits: its first one, how many there are, what to add. */
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

/** The moment of a local time; NO_MOMENT where that occurs twice or never. */
// @ts-ignore: decorator
@inline
function momentOfLocal(ms: i64): i64 {
  if ((ms < spanFrom || ms >= spanTo) && !findSpan(ms)) return NO_MOMENT;
  return ms + spanShift;
}

/** Takes a local time. @returns false where it is not plain; -1 is a moment, too, which the reference reads. */
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

/** So that neither a second of the span nor its moment has more than 32 bits. */
function setSecondSpan(): void {
  const first = (max(spanFrom, max<i64>(0, -spanShift)) + 999) / 1000;
  const end = min(spanTo / 1000, SECONDS - max<i64>(spanShift, 0) / 1000);
  spanFirst = <u32>first;
  spanSeconds = spanShift % 1000 == 0 && end > first ? <u32>(end - first) : 0;
  secondShift = <u32>(spanShift / 1000);
}

/** True where a second of local time, with {@link secondShift} added to it, is a moment. */
// @ts-ignore: decorator
@inline
export function isInSecondSpan(second: u32): bool {
  return second - spanFirst < spanSeconds || (findSpan(<i64>second * 1000) && second - spanFirst < spanSeconds);
}
