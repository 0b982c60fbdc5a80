/** How exactly durations are kept, like `statistics/duration-levels.ts`, which explains it. */

const EXACT: u32 = 0;
const FIVE_DIGITS: u32 = 1;
/** The coarsest level here: more than MAX_MILLISECONDS durations do not fit in the counters. */
const FOUR_DIGITS: u32 = 2;

/** Distinct durations that are no whole milliseconds, at the first two levels. */
export const MAX_EXACT_OTHERS: u32 = 8_192;
export const MAX_FIVE_DIGIT_OTHERS: u32 = 16_384;

/** True where so many distinct durations that are no whole milliseconds fit at a level. */
export function fits(level: u32, durations: u32): bool {
  return level == FOUR_DIGITS || durations <= (level == EXACT ? MAX_EXACT_OTHERS : MAX_FIVE_DIGIT_OTHERS);
}

/** The value of a duration at a level after the first. */
// @ts-ignore: decorator
@inline
export function valueAt(level: u32, us: u64): u64 {
  if (us >= 10_000_000) return us - (us % 1000);
  const short = <u32>us;
  if (level == FIVE_DIGITS) return short - (short % unitOf(short, 100_000));
  const unit = unitOf(short, 10_000);
  return ((short + unit / 2) / unit) * unit;
}

/** The power of ten by which a duration below 10 s is above `end`. */
// @ts-ignore: decorator
@inline
function unitOf(us: u32, end: u32): u32 {
  return us < end ? 1 : us < end * 10 ? 10 : us < end * 100 ? 100 : 1000;
}
