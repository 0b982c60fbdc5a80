/** Converts durations to buckets, like `bucketOf` of `statistics/duration-buckets.ts`. */

/** Below this, {@link bucketOfShort} is exact. */
export const SHORT_END: u64 = 1 << 23;
/** For each decade: half the width of its buckets, and 2^40 divided by the width, rounded up. */
const HALVES: usize = memory.data<u32>([0, 5, 50, 500]);
const RECIPROCALS: usize = memory.data<u64>([0x10000000000, 109951162778, 10995116278, 1099511628]);

/**
 * The bucket of a duration below 2^23 µs. It has no branch, because the decade of a duration is a coin toss in real
 * logs. Multiplying by the rounded reciprocal is exact for such numbers.
 */
// @ts-ignore: decorator
@inline
export function bucketOfShort(duration: u32): u32 {
  const decade = u32(duration >= 10_000) + u32(duration >= 100_000) + u32(duration >= 1_000_000);
  const rounded = <u64>(duration + load<u32>(HALVES + (decade << 2)));
  return decade * 9_000 + <u32>((rounded * load<u64>(RECIPROCALS + (decade << 3))) >> 40);
}

export function bucketOfLong(duration: u64): u32 {
  let width: u64 = 1_000;
  let decade: u32 = 3;
  for (; duration >= width * 10_000; width *= 10) decade++;
  return decade * 9_000 + <u32>((duration + width / 2) / width);
}
