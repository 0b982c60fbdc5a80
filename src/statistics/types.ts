/** The data that the core's rooms exchange, and that a store keeps. */

import type { Level } from './duration-levels.ts';

/** Values with their counts, sparse. `values` is ascending without repetition. */
export interface Counts {
  readonly values: Float64Array;
  /** `counts[i]` is how often `values[i]` occurs: an integer from 1 below 2^53. */
  readonly counts: Float64Array;
  /** The list as `VarintWriter.counts` writes it, where that is known already. */
  readonly encoded?: Uint8Array;
}

/** Durations, as exact as their level says. */
export interface Histogram {
  readonly level: Level;
  /** Those that are whole milliseconds, in ms. Most logs have no others. */
  readonly milliseconds: Counts;
  /** The others, in µs. */
  readonly others: Counts;
}

/** How many requests had one status code. */
export interface StatusCount {
  /** 100 to 599; 0: there was no response. */
  readonly status: number;
  /** An integer from 1 below 2^53. */
  readonly requests: number;
}

/** The requests of a window with one status code. */
export interface StatusTotal extends StatusCount {
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

/** What is counted of a window: all of its statistics but the event times. */
export type Counted = Pick<DailyStatistics, 'statuses' | 'histogram'>;

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
