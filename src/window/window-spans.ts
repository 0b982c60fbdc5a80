/** The spans of the finest windows that are kept. All other windows are put together of them. */

import { daySpanAt } from './day.ts';
import { hourSpanAt } from './hour.ts';
import type { WindowSpan, ZoneTable } from './types.ts';

/** What the finest windows are, and which span of time holds which. */
export interface WindowSpans {
  /** True where they are hours, and not days. */
  readonly isHourly: boolean;
  /** The span around a time in which one offset holds. */
  at(timeMs: number): WindowSpan;
}

export function windowSpans(zone: ZoneTable, isHourly: boolean): WindowSpans {
  return {
    isHourly,
    at: isHourly
      ? (timeMs) => hourSpanAt(zone, timeMs)
      : (timeMs) => ({ ...daySpanAt(zone, timeMs), parity: 0 }),
  };
}
