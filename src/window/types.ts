/** The offsets of a time zone from UTC, and when each begins. `zone.ts` makes it. */
export interface ZoneTable {
  /** `UTC`, or the IANA name: `Europe/Berlin`. */
  readonly name: string;
  /** Ascending, in milliseconds since 1970-01-01T00:00Z. The first is −Infinity. */
  readonly fromMs: Float64Array;
  /** What to add to UTC to get local time, in milliseconds. One for each of `fromMs`. */
  readonly offsetMs: Float64Array;
}

/** From `fromMs` to before `toMs`, adding `offsetMs` to a time gives the local time, and so the day. */
export interface DaySpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

/** A {@link DaySpan} of hours or days, as the kernel takes it: see `setSpan` in `kernel/assembly/windows/chunks.ts`. */
export interface WindowSpan extends DaySpan {
  readonly parity: number;
}

/** Days, `YYYY-MM-DD`, both ends included. A missing end is open. */
export interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Spans, both ends included. */
export interface SpanRange {
  readonly from: string;
  readonly to: string;
}
