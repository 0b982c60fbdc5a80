import type { ZoneTable } from '../../window/types.ts';

/** The kernel knows the years 1970 to 2099. */
const LAST_MS = 4_102_444_800_000;

/**
 * The spans of local time that the kernel may convert by itself: from, to, and what to add to get UTC, in ms. A local
 * time that occurs twice or never is in no span.
 */
export function compileZone({ fromMs, offsetMs }: ZoneTable, maxSpans: number): Uint8Array {
  const spans: bigint[] = [];
  for (const [i, from] of fromMs.entries()) {
    const [before, offset, after] = [
      offsetMs[i - 1] ?? offsetMs[i],
      offsetMs[i],
      offsetMs[i + 1] ?? offsetMs[i],
    ];
    const to = fromMs[i + 1] ?? Number.POSITIVE_INFINITY;
    const begin = Math.max(0, from + Math.max(offset, before));
    const end = Math.min(LAST_MS, to + Math.min(offset, after));
    if (begin < end) spans.push(BigInt(begin), BigInt(end), BigInt(-offset));
  }
  return new Uint8Array(BigInt64Array.from(spans.slice(0, maxSpans * 3)).buffer);
}
