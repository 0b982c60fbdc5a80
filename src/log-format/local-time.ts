import type { ZoneTable } from '../window/types.ts';
import { offsetIndexAt } from '../window/zone.ts';

/** No zone is or was a day or more away from UTC. */
const MAX_OFFSET_MS = 86_400_000;

/**
 * Converts local time to UTC. A local time that occurs twice, because clocks were set back, means the earlier
 * instant. A local time that never occurs, because clocks were set forward, is moved on by the length of the gap:
 * 02:30 reads as 03:30. RFC 5545 (section 3.3.5) and Temporal's `compatible` define the same.
 * @param localMs the time on the clock, as milliseconds since 1970-01-01T00:00 on the same clock.
 * @returns milliseconds since 1970-01-01T00:00Z.
 */
export function localToUtcMs({ fromMs, offsetMs }: ZoneTable, localMs: number): number {
  // Earlier offsets ended before any clock could show this time.
  let row = offsetIndexAt(fromMs, localMs - MAX_OFFSET_MS);
  while (row + 1 < fromMs.length && localMs - offsetMs[row] >= fromMs[row + 1]) row++;
  const utcMs = localMs - offsetMs[row];
  return utcMs >= fromMs[row] ? utcMs : localMs - offsetMs[row - 1];
}
