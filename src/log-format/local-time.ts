import type { ZoneTable } from '../window/types.ts';
import { offsetIndexAt } from '../window/zone.ts';

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
  let row = offsetIndexAt(fromMs, localMs - MAX_OFFSET_MS);
  while (row + 1 < fromMs.length && localMs - offsetMs[row] >= fromMs[row + 1]) row++;
  const utcMs = localMs - offsetMs[row];
  return utcMs >= fromMs[row] ? utcMs : localMs - offsetMs[row - 1];
}
