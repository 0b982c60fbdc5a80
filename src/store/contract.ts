/**
 * The contract of a store: where statistics and checkpoints live. The pipeline writes through it, the API and
 * the commands read through it. `test/conformance/store.test.ts` runs the same tests on every implementation.
 */

import type { DailyStatistics, ServedStatistics, StatusTotal } from '../statistics/types.ts';
import type { WindowKey } from '../window/types.ts';
import type { DailyStatsTable, PartitionState } from './tables.ts';

/** What became of lines: lines = accepted + rejected + dropped, at every commit. */
export interface LineCounts {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Late events; those that were not dropped are among the accepted lines. */
  readonly late: number;
  readonly dropped: number;
}

/** What a source recognises a partition by. The store only keeps it, and finds partitions by their `headKey`. */
interface PartitionFingerprints {
  readonly headFingerprint: string;
  /** The key of its first bytes; empty where there is none. */
  readonly headKey: string;
  /** Which file of this machine it was last seen as; empty where that is not known, or it is no file. */
  readonly inode: string;
  /** Checksums of its beginnings; null where there are none. */
  readonly prefixChecksums: Uint8Array | null;
}

/** A row a partition: the offset up to which its lines are in the store, and its ledger. */
export interface Checkpoint extends LineCounts, PartitionFingerprints {
  readonly id: string;
  readonly name: string;
  /** The position of the first byte that belongs to it. */
  readonly startOffset: number;
  /** The position after the last byte whose line is in the store. */
  readonly offset: number;
  /** The source's fingerprint of what stands right before the offset; empty where there is none. */
  readonly tailChecksum: string;
  readonly state: PartitionState;
  /** The event-time clock: the watermark plus the wait, in ms since 1970. Null before the first event. */
  readonly clockMs: number | null;
  readonly firstEventMs: number | null;
  readonly lastEventMs: number | null;
  /** When the partition was found; null where that was not noted. */
  readonly addedMs: number | null;
}

/** How many lines of a partition were rejected for a reason, and how many of them are kept. */
export interface RejectionCount {
  readonly reason: string;
  readonly lines: number;
  readonly kept: number;
}

/** All that the store knows of a partition. */
export interface PartitionLedger
  extends Omit<Checkpoint, 'headKey' | 'inode' | 'prefixChecksums' | 'startOffset'> {
  /** When it last changed, by the database's clock. */
  readonly movedMs: number;
  /** By reason; they add up to `rejected`. */
  readonly rejections: readonly RejectionCount[];
}

/** Which kept lines of a partition are asked for: those with offsets in `[fromOffset, toOffset)`. */
export interface RejectedLinesQuery {
  readonly partitionId: string;
  readonly reason?: string | undefined;
  readonly fromOffset: number;
  readonly toOffset: number;
  /** Lines to return at the most. */
  readonly limit: number;
}

/** A partition that the store is to know from now on. */
export interface NewPartition extends PartitionFingerprints {
  readonly id: string;
  readonly name: string;
  /** Where its first line begins: nothing before it is counted. */
  readonly startOffset: number;
  /** The fingerprint of what stands right before that. */
  readonly tailChecksum: string;
  readonly addedMs: number;
}

/** Finds checkpoints without reading all of them: there may be those of many thousand logs that are gone. */
export interface CheckpointLookup {
  /** All of them, by id. */
  all(): Promise<readonly Checkpoint[]>;
  /** Those with these ids. */
  byIds(ids: readonly string[]): Promise<readonly Checkpoint[]>;
  /** Those with one of these keys; an empty key finds those without one. */
  byHeadKeys(keys: readonly string[]): Promise<readonly Checkpoint[]>;
  /** Those that are live, by name. */
  live(): Promise<readonly Pick<Checkpoint, 'id' | 'name'>[]>;
}

/** A rejected line that is kept. */
export interface RejectedLine {
  readonly offset: number;
  readonly reason: string;
  readonly excerpt: string;
}

/** How far a batch moves one partition, and what it found there. Without checksums they stay as they are. */
export interface Advance extends LineCounts, PartitionFingerprints {
  readonly partitionId: string;
  readonly name: string;
  /** True where the batch has the partition's first lines. */
  readonly isBeginning: boolean;
  /** The offset that the store is expected to hold: compare and set. */
  readonly fromOffset: number;
  readonly toOffset: number;
  /** As in {@link Checkpoint}, at `toOffset`. */
  readonly tailChecksum: string;
  /** True where the partition is read to its end, and nothing comes any more: nobody waits for its watermark then. */
  readonly isFinished: boolean;
  /** The event-time clock at `toOffset`; null where it is as it was. It never goes back. */
  readonly clockMs: number | null;
  /** Of the accepted lines of the batch; null where there is none. */
  readonly firstEventMs: number | null;
  readonly lastEventMs: number | null;
  readonly rejectedByReason: ReadonlyMap<string, number>;
  /** In the order of their offsets, at most MAX_REJECTED_LINES_KEPT; the store keeps the first ones of a partition. */
  readonly rejectedLines: readonly RejectedLine[];
}

/** What a batch adds to one window. */
export interface WindowDelta {
  readonly key: WindowKey;
  /** Computed when it is read, and holds until that of another delta is read. */
  readonly statistics: DailyStatistics;
  /** How many of its events were late; undefined: none. Where the day is final, the store counts all of them. */
  readonly lateEvents?: number | undefined;
}

/** When a batch is committed, and how days become final then. */
export interface Finality {
  /** The system time, in ms since 1970. */
  readonly nowMs: number;
  /**
   * The last day that is over where the clock of every live partition has come so far; undefined: none. Absent where
   * days stay open for ever.
   */
  lastFinalDay?(clockMs: number): string | undefined;
}

/** One batch: everything in it is stored, or nothing. */
export interface Commit {
  /** The IANA name of the time zone whose days the keys are. The first commit sets that of the store. */
  readonly timeZone: string;
  readonly advances: readonly Advance[];
  /**
   * The settings with which the lines were read, a text that the store only keeps: for the partitions of which this is
   * the first batch. Undefined: they are not noted.
   */
  readonly readingSettings?: string | undefined;
  /** Undefined as for days that stay open for ever. */
  readonly finality?: Finality | undefined;
  /**
   * In key order (customer id by its UTF-8 bytes, then date), each key once. Iterated lazily, and again from
   * the start where a commit is tried again.
   */
  readonly deltas: Iterable<WindowDelta>;
}

/** A partition that was read with other settings than those asked for. */
export interface PartitionReading {
  readonly partitionId: string;
  /** As in {@link Commit}. */
  readonly settings: string;
  /** The reasons for which lines of it were rejected. */
  readonly rejectedFor: readonly string[];
}

/** A served row. */
export interface DailyStatsRow extends WindowKey, ServedStatistics {
  /** Its requests by status, ascending. */
  readonly statuses: readonly StatusTotal[];
  /** When the window began, in ms since 1970. */
  readonly startMs: number;
  /** Events that were merged into the window when they were late, or the day was final. */
  readonly lateEvents: number;
  /** When the last of them were; null where there is none. */
  readonly revisedMs: number | null;
  /** Since when the day is final; null while it is open. */
  readonly finalSinceMs: number | null;
}

/** Which rows are asked for. Dates are `YYYY-MM-DD`, both ends included. */
export interface DailyStatsQuery {
  readonly customerId: string;
  readonly from: string;
  readonly to?: string;
  /** Rows to return at the most. */
  readonly limit: number;
}

/** Days, both ends included; where one is missing, that side is open. */
export interface DayRange {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Days that have rows, and how many rows. */
export interface DayCount {
  readonly days: number;
  readonly rows: number;
  /** The first and the last of them, `YYYY-MM-DD`; undefined where there is none. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

/** A row as it is stored: what is served of it, and its state. */
export type StoredDay = Readonly<DailyStatsTable>;

/** What the rows of a day were before and are after a replacement; undefined where there was or is none. */
export interface ReplacedDay {
  readonly key: WindowKey;
  readonly before: StoredDay | undefined;
  readonly after: StoredDay | undefined;
  /** False where both are the same to the last byte. */
  readonly isChanged: boolean;
}

/** Rows and ledgers that were made anew beside the store, and are to take the place of what is in it. */
export interface Replacement {
  readonly range: DayRange;
  /**
   * Under the lock: brings `source` to where these partitions stand. What it throws leaves all as it was.
   * @returns the ids of the partitions whose ledgers are replaced, too: by what the source says of them, or by an empty
   * one. Their offsets stay, so that whoever reads them goes on.
   */
  prepare(known: readonly Checkpoint[]): Promise<readonly string[]>;
  /** Where the new rows and ledgers are. */
  readonly source: Pick<Store, 'storedDays' | 'ledger' | 'rejectedLines'>;
  /** As in {@link Commit}: kept for the partitions whose ledgers are replaced. */
  readonly readingSettings?: string | undefined;
  /** Hears of every row of the range, in key order. */
  note(day: ReplacedDay): void;
  /** Writes nothing. */
  readonly isDryRun: boolean;
}

/** @returns the partitions to add. */
export type ChoosePartitions = (
  known: CheckpointLookup,
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

  readonly checkpoints: CheckpointLookup;

  /**
   * Calls `choose` under a lock that keeps every other process from adding or changing a checkpoint, and adds what it
   * returns, in the same transaction.
   */
  addPartitions(choose: ChoosePartitions): Promise<void>;

  /**
   * Stores a batch in one transaction.
   * @throws {DaymarkError} CHECKPOINT_MOVED where the store holds another offset than expected for any of the
   * partitions, TIME_ZONE_DIFFERS where it holds days of another zone (nothing was stored); STORE_*.
   */
  commit(batch: Commit): Promise<void>;

  /** Those of these partitions of which it is known that they were read with other settings than these. */
  readOtherwise(settings: string, partitionIds: readonly string[]): Promise<readonly PartitionReading[]>;

  /** Rows by date, ascending. */
  dailyStats(query: DailyStatsQuery): Promise<readonly DailyStatsRow[]>;

  /**
   * The same in pages, which are read as they are asked for, all as of one moment. Holds a connection to the database
   * until it is iterated to its end, or left.
   * @throws {DaymarkError} RANGE_TOO_LARGE, before the first page, where there are more rows than `limit`; STORE_*.
   */
  dailyStatsPages(query: DailyStatsQuery): AsyncIterable<readonly DailyStatsRow[]>;

  /** The ledgers of all partitions, by id, as of one moment: so they always add up. */
  ledger(): Promise<readonly PartitionLedger[]>;

  /** Rejected lines that were kept, by offset. */
  rejectedLines(query: RejectedLinesQuery): Promise<readonly RejectedLine[]>;

  /** How much there is that is older than a day, as {@link Store.deleteDaysBefore} would delete it. */
  daysBefore(date: string): Promise<DayCount>;

  /** The number of days for which retention was last confirmed; undefined: it never was. */
  retentionConsentDays(): Promise<number | undefined>;

  /** Remembers that it was confirmed that only so many days are kept. */
  consentToRetention(days: number): Promise<void>;

  /**
   * Deletes what is older than a day: its rows, and what is known of them. In many small transactions, so that
   * commits are not held up; the signal ends it between two of them.
   * @returns how many rows were deleted.
   */
  deleteDaysBefore(date: string, signal: AbortSignal): Promise<number>;

  /** The rows of a range, in key order, read as they are asked for. */
  storedDays(range: DayRange): AsyncIterable<StoredDay>;

  /**
   * Puts other rows, and ledgers, in the place of those that are there, in one transaction, under a lock that keeps
   * all commits and every change of the list of partitions waiting. Rows that are the same are not written.
   * @throws {DaymarkError} STORE_*; what `prepare` throws. Nothing is changed then.
   */
  replace(replacement: Replacement): Promise<void>;

  /**
   * A value that differs from every earlier one after any commit, by any process, that a later read could see.
   * Equal values mean that reads in between see the same rows; it may also change where nothing did.
   */
  dataVersion(): Promise<string>;

  close(): Promise<void>;
}
