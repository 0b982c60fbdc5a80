/**
 * What the rooms of the pure core hand to each other, and what a store keeps. Everything here is plain data.
 */

/**
 * Counts of durations by bucket, sparse: `buckets` ascending without repetition, `counts[i]` the number of
 * durations in `buckets[i]`, each at least 1. Which durations a bucket holds: `duration-buckets.ts`.
 */
export interface Histogram {
  readonly buckets: Int32Array;
  /** Integers below 2^53. */
  readonly counts: Float64Array;
  /** What `VarintWriter.histogram` would write of it, where that is known already. */
  readonly encoded?: Uint8Array;
}

/** What one status code adds to a window. */
export interface StatusTotal {
  /** 100 to 599. */
  readonly status: number;
  /** An integer from 1 below 2^53. */
  readonly requests: number;
  /** The summed duration of those that have one. Grows past 2^53 µs, hence the type. */
  readonly durationUs: bigint;
}

/**
 * The mergeable statistics of one window: from these, and only from these, come the numbers that are served.
 */
export interface DailyStatistics {
  /** By status, ascending. */
  readonly statuses: readonly StatusTotal[];
  /** Of the requests that have a duration: it may hold fewer than there are requests. */
  readonly histogram: Histogram;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly firstEventMs: number;
  readonly lastEventMs: number;
}

/**
 * The numbers that are served for one window. Defined in `docs/definitions.md`. Those of durations are null where no
 * request of the window has one: 0 would be a claim.
 */
export interface ServedStatistics {
  readonly successRequests: number;
  readonly failedRequests: number;
  readonly durationMeanS: number | null;
  readonly durationP50S: number | null;
  readonly durationP99S: number | null;
  /** 0 to 100. */
  readonly uptimePercentage: number | null;
  /** 0 to 100. */
  readonly successPercentage: number;
}
