/** The offsets of a time zone from UTC, and when each begins to hold. Made by `zone.ts`. */
export interface ZoneTable {
  /** `UTC`, or the IANA name: `Europe/Berlin`. */
  readonly name: string;
  /** Ascending, in milliseconds since 1970-01-01T00:00Z; the first is −Infinity. */
  readonly fromMs: Float64Array;
  /** What to add to UTC to get local time, in milliseconds; one for each of `fromMs`. */
  readonly offsetMs: Float64Array;
}

/** From a time to another, the day of a time is the UTC day of that time with an offset added; all in ms. */
export interface DaySpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}
