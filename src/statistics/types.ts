/** The data that the core's rooms exchange, and that a store keeps. */

/**
 * Counts of durations by bucket, sparse. `buckets` is ascending without repetition. `counts[i]` is the number of
 * durations in `buckets[i]`, at least 1. `duration-buckets.ts` says which durations a bucket holds.
 */
export interface Histogram {
  readonly buckets: Int32Array;
  /** Integers below 2^53. */
  readonly counts: Float64Array;
  /** The histogram as `VarintWriter.histogram` writes it, where that is known already. */
  readonly encoded?: Uint8Array;
}

/** The requests of a window with one status code. */
export interface StatusTotal {
  /** 100 to 599; 0: there was no response. */
  readonly status: number;
  /** An integer from 1 below 2^53. */
  readonly requests: number;
  /** The summed duration of those that have one. A bigint, because it can pass 2^53 µs. */
  readonly durationUs: bigint;
}

/** The mergeable statistics of one window. All served numbers are computed from these, and from nothing else. */
export interface DailyStatistics {
  /** By status, ascending. */
  readonly statuses: readonly StatusTotal[];
  /** The durations. It may hold fewer than there are requests, because some requests have no duration. */
  readonly histogram: Histogram;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly firstEventMs: number;
  readonly lastEventMs: number;
}

/**
 * The numbers that are served for one window. `docs/definitions.md` defines them. Those about durations are null
 * where no request has a duration, because 0 would be false.
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
