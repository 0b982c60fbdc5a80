/** The options of a sample log. The same options give the same bytes on every machine. */
export interface SampleLogOptions {
  /** The number of lines. */
  readonly lines: number;
  /** The seed of the random numbers. */
  readonly seed: number;
  /** The number of customers, `cust_1` to `cust_N`. */
  readonly customers: number;
  /** The length of the covered time, in days of 24 hours. */
  readonly days: number;
  /** The end of the covered time. All lines are before it. Milliseconds since 1970-01-01T00:00Z. */
  readonly untilMs: number;
}

/** The least and the greatest value of each option, both included. */
export const SAMPLE_LOG_BOUNDS = {
  lines: { least: 0, greatest: Number.MAX_SAFE_INTEGER },
  seed: { least: 0, greatest: Number.MAX_SAFE_INTEGER },
  /** Memory holds a table of 16 bytes a customer. */
  customers: { least: 1, greatest: 1_000_000 },
  /** A hundred years. */
  days: { least: 1, greatest: 36_600 },
  /** The years that the log format can write: 1 to 9999. */
  untilMs: { least: Date.UTC(102, 0, 1), greatest: Date.UTC(10_000, 0, 1) },
} as const satisfies Record<keyof SampleLogOptions, { least: number; greatest: number }>;
