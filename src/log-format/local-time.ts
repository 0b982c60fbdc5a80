import type { ZoneTable } from '../window/types.ts';

/** No zone is or was a day away from UTC. */
const MAX_OFFSET_MS = 86_400_000;

/**
 * The instant that a clock of the zone shows as `localMs`. A time that the clock showed twice, because it was set
 * back, is the earlier of the two instants. A time that it never showed, because it was set forward, is as much
 * later as the clock was set forward: 02:30 reads as 03:30. So do RFC 5545 (section 3.3.5) and Temporal's
 * `compatible`.
 * @param localMs the time on the clock, as milliseconds since 1970-01-01T00:00 on the same clock.
 * @returns milliseconds since 1970-01-01T00:00Z.
 */
export function localToUtcMs({ fromMs, offsetMs }: ZoneTable, localMs: number): number {
  // The offsets before this one ended before any clock could show the time.
  let row = rowAt(fromMs, localMs - MAX_OFFSET_MS);
  while (row + 1 < fromMs.length && localMs - offsetMs[row] >= fromMs[row + 1]) row++;
  const utcMs = localMs - offsetMs[row];
  return utcMs >= fromMs[row] ? utcMs : localMs - offsetMs[row - 1];
}

/** The row that holds at an instant: the last that begins at or before it. */
function rowAt(fromMs: Float64Array, utcMs: number): number {
  let [low, high] = [0, fromMs.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fromMs[middle] <= utcMs) low = middle;
    else high = middle - 1;
  }
  return low;
}
