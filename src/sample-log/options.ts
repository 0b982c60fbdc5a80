/** What a sample log is made from. The same options give the same bytes, on every machine. */
export interface SampleLogOptions {
  /** Lines of the log. */
  readonly lines: number;
  /** Where the random numbers begin. */
  readonly seed: number;
  /** Customers, `cust_1` to `cust_N`. */
  readonly customers: number;
  /** Length of the time that the log covers, in days of 24 hours. */
  readonly days: number;
  /** The end of that time, which no line reaches. Milliseconds since 1970-01-01T00:00Z. */
  readonly untilMs: number;
}

/** The least and the greatest value of each option, both included. */
export const SAMPLE_LOG_BOUNDS = {
  lines: { least: 0, greatest: Number.MAX_SAFE_INTEGER },
  seed: { least: 0, greatest: Number.MAX_SAFE_INTEGER },
  /** A table of 16 bytes a customer is held in memory. */
  customers: { least: 1, greatest: 1_000_000 },
  /** A hundred years. */
  days: { least: 1, greatest: 36_600 },
  /** The years that the log format can write: 1 to 9999. */
  untilMs: { least: Date.UTC(102, 0, 1), greatest: Date.UTC(10_000, 0, 1) },
} as const satisfies Record<keyof SampleLogOptions, { least: number; greatest: number }>;
