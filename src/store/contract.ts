/**
 * The contract of a store: where statistics and checkpoints live. The pipeline writes through it, the API and
 * the commands read through it. `test/conformance/store.test.ts` runs the same tests on every implementation.
 */

import type { DailyStatistics, ServedStatistics } from '../statistics/types.ts';
import type { WindowKey } from '../window/types.ts';

/** A row a partition: the offset up to which its lines are in the store, and its ledger. */
export interface Checkpoint {
  readonly id: string;
  readonly name: string;
  /** What the source recognises the partition by; the store only keeps it. */
  readonly identity: string;
  /** The position after the last byte whose line is in the store. */
  readonly offset: number;
  /** lines = accepted + rejected, at every commit. */
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** A partition that the store is to know from now on, at offset 0. */
export interface NewPartition {
  readonly id: string;
  readonly name: string;
  readonly identity: string;
}

/** A rejected line that is kept. */
export interface RejectedLine {
  readonly offset: number;
  readonly reason: string;
  readonly excerpt: string;
}

/** How far a batch moves one partition, and what it found there. */
export interface Advance {
  readonly partitionId: string;
  readonly name: string;
  readonly identity: string;
  /** The offset that the store is expected to hold: compare and set. */
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejectedByReason: ReadonlyMap<string, number>;
  /** In the order of their offsets, at most MAX_REJECTED_LINES_KEPT; the store keeps the first ones of a partition. */
  readonly rejectedLines: readonly RejectedLine[];
}

/** What a batch adds to one window. */
export interface WindowDelta {
  readonly key: WindowKey;
  /** Computed when it is read, and holds until that of another delta is read. */
  readonly statistics: DailyStatistics;
}

/** One batch: everything in it is stored, or nothing. */
export interface Commit {
  /** The IANA name of the time zone whose days the keys are. The first commit sets that of the store. */
  readonly timeZone: string;
  readonly advances: readonly Advance[];
  /**
   * In key order (customer id by its UTF-8 bytes, then date), each key once. Iterated lazily, and again from
   * the start where a commit is tried again.
   */
  readonly deltas: Iterable<WindowDelta>;
}

/** A served row. */
export interface DailyStatsRow extends WindowKey, ServedStatistics {}

/** Which rows are asked for. Dates are `YYYY-MM-DD`, both ends included. */
export interface DailyStatsQuery {
  readonly customerId: string;
  readonly from: string;
  readonly to?: string;
  /** Rows to return at the most. */
  readonly limit: number;
}

export type ChoosePartitions = (
  known: readonly Checkpoint[],
) => readonly NewPartition[] | Promise<readonly NewPartition[]>;

export interface Store {
  /** For people: what and where it is, without a password. */
  readonly description: string;

  /**
   * Creates or upgrades the schema under a lock; safe to run twice, and from two places at once.
   * @returns the names of the migrations that this call applied.
   * @throws {DaymarkError} SCHEMA_NEWER, STORE_*.
   */
  migrate(): Promise<readonly string[]>;

  /** @throws {DaymarkError} SCHEMA_MISSING, SCHEMA_OLDER, SCHEMA_NEWER, STORE_*. */
  checkSchema(): Promise<void>;

  /**
   * Says at once what a commit would say: whether days of this zone can go into the store. Writes nothing.
   * @throws {DaymarkError} TIME_ZONE_DIFFERS where it holds days of another one; STORE_*.
   */
  checkTimeZone(zone: string): Promise<void>;

  /** All checkpoints, by id. */
  checkpoints(): Promise<readonly Checkpoint[]>;

  /**
   * Calls `choose` with all checkpoints under a lock that keeps every other process from adding or changing one,
   * and adds those that it returns, in the same transaction.
   */
  addPartitions(choose: ChoosePartitions): Promise<void>;

  /**
   * Stores a batch in one transaction.
   * @throws {DaymarkError} CHECKPOINT_MOVED where the store holds another offset than expected for any of the
   * partitions, TIME_ZONE_DIFFERS where it holds days of another zone (nothing was stored); STORE_*.
   */
  commit(batch: Commit): Promise<void>;

  /** Rows by date, ascending. */
  dailyStats(query: DailyStatsQuery): Promise<readonly DailyStatsRow[]>;

  /**
   * A value that differs from every earlier one after any commit, by any process, that a later read could see.
   * Equal values mean that reads in between see the same rows; it may also change where nothing did.
   */
  dataVersion(): Promise<string>;

  close(): Promise<void>;
}
