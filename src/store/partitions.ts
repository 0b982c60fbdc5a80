/** What a store knows of partitions: a part of its contract. */

import type { PartitionState } from './tables.ts';

/** Counts of lines. At every commit, lines = accepted + rejected + dropped + excluded. */
export interface LineCounts {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Late events; those that were not dropped are among the accepted lines. */
  readonly late: number;
  readonly dropped: number;
  /** Lines that were understood and do not count, as EXCLUDE and INCLUDE say. */
  readonly excluded: number;
}

/** The lines of one day that a partition gave, and where they stand. */
export interface PartitionDay {
  /** `YYYY-MM-DD`, in the time zone of the windows. */
  readonly date: string;
  /** How many of its accepted lines went into the windows of this day. */
  readonly lines: number;
  /** The position of the first of them, and the one behind the last. Lines of other days may stand between them. */
  readonly fromOffset: number;
  readonly toOffset: number;
}

/** A day of a partition as the store keeps it. */
export interface StoredPartitionDay extends PartitionDay {
  /** Empty: lines that were read before the store noted from where. Then the offsets are 0. */
  readonly partitionId: string;
}

/** Asks for the partitions that gave lines of a day, by id. */
export interface DaySourcesQuery {
  readonly date: string;
  /** The first id. Empty: from the first partition on. */
  readonly fromId: string;
  /** Partitions to return at the most. */
  readonly limit: number;
}

/** A partition with its lines of a day. */
export interface DaySource
  extends StoredPartitionDay,
    Pick<Checkpoint, 'name' | 'sourceName' | 'headFingerprint' | 'state'> {}

/** How many lines of a day went into windows. */
export interface DayLineCounts {
  /** Those of which the store knows the partition. */
  readonly lines: number;
  /** Those that were read before the store noted it. */
  readonly unknownLines: number;
}

/** What a source recognises a partition by. The store only keeps it, and finds partitions by their `headKey`. */
export interface PartitionFingerprints {
  readonly headFingerprint: string;
  /** The key of its first bytes; empty where there is none. */
  readonly headKey: string;
  /** The file of this machine that it last was; empty where that is not known, or it is no file. */
  readonly inode: string;
  /** Checksums of its beginnings; null where there are none. */
  readonly prefixChecksums: Uint8Array | null;
}

/** A row a partition: the offset up to which its lines are in the store, and its ledger. */
export interface Checkpoint extends LineCounts, PartitionFingerprints {
  readonly id: string;
  readonly name: string;
  /** The SOURCE_NAME of the host that it is on; empty if that was not set, or any host may read it. */
  readonly sourceName: string;
  /** The host that moved it last; empty if an earlier daymark did. */
  readonly host: string;
  /** The position of its first line. Positions are the source's integers: the store keeps and compares them. */
  readonly startOffset: number;
  /** The position behind the last line that is in the store. */
  readonly offset: number;
  /** The source's fingerprint of the bytes right before the offset; empty where there is none. */
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
interface RejectionCount {
  readonly reason: string;
  readonly lines: number;
  readonly kept: number;
}

/** All that the store knows of a partition. */
export interface PartitionLedger
  extends Omit<Checkpoint, 'headKey' | 'inode' | 'prefixChecksums' | 'startOffset' | 'host'> {
  /** When it last changed, by the database's clock. */
  readonly movedMs: number;
  /** The name of the process that holds its lease; null where none does. */
  readonly reader: string | null;
  /** By reason; they add up to `rejected`. */
  readonly rejections: readonly RejectionCount[];
}

/** Asks for ledgers, by id. An id never changes, so no partition is missed or comes twice from one page to the next. */
export interface LedgerQuery {
  /** The first id. Empty: from the first partition on. */
  readonly fromId: string;
  /** Ledgers to return at the most. */
  readonly limit: number;
  readonly state?: PartitionState | undefined;
  /** Only a partition with this id, or those whose name is this path or ends with `/` and this. */
  readonly source?: string | undefined;
  /** Only those of which lines were rejected. */
  readonly hasRejected?: boolean | undefined;
  /** Only those of which lines were rejected for one of these reasons. There is at least one. */
  readonly reasons?: readonly string[] | undefined;
}

/** As {@link PartitionLedger}, without who reads it and how many rejected lines are kept. */
export interface SourceLedger extends Omit<PartitionLedger, 'reader' | 'rejections'> {
  /** By reason; they add up to `rejected`. */
  readonly rejections: readonly Omit<RejectionCount, 'kept'>[];
}

/** All partitions together, as of one moment. */
export interface StoreStatus extends LineCounts {
  /** How many there are of each state. */
  readonly partitions: Readonly<Record<PartitionState, number>>;
  /** When a ledger last changed, by the database's clock; null before the first partition. */
  readonly movedMs: number | null;
  /** The greatest event time. */
  readonly lastEventMs: number | null;
  /**
   * The event-time clock that decides which spans are final: the least of the live partitions, or the greatest of all where
   * none is live. Null where a live partition has no clock yet, or there is no partition.
   */
  readonly clockMs: number | null;
  /** The last day that is final. */
  readonly finalThrough: string | null;
  /** The IANA name of the time zone of the windows; null before the first commit. */
  readonly timeZone: string | null;
}

/** Asks for the kept lines of a partition with offsets in `[fromOffset, toOffset)`. */
export interface RejectedLinesQuery {
  readonly partitionId: string;
  /** Only lines with one of these reasons. There is at least one. */
  readonly reasons?: readonly string[] | undefined;
  readonly fromOffset: number;
  readonly toOffset: number;
  /** Lines to return at the most. */
  readonly limit: number;
}

/** A partition that the store is to know from now on. */
export interface NewPartition extends PartitionFingerprints {
  readonly id: string;
  readonly name: string;
  /** As in {@link Checkpoint}. Undefined: none. */
  readonly sourceName?: string | undefined;
  /** Where its first line begins: nothing before it is counted. */
  readonly startOffset: number;
  /** The fingerprint of the bytes right before that. */
  readonly tailChecksum: string;
  readonly addedMs: number;
  /** True where no day waits for it, not even before its first line. Undefined: it is live. */
  readonly isFinished?: boolean;
}

/** Finds checkpoints without reading all of them: the store may know many thousand logs that are gone. */
export interface CheckpointLookup {
  /** All of them, by id. */
  all(): Promise<readonly Checkpoint[]>;
  /** Those with these ids. */
  byIds(ids: readonly string[]): Promise<readonly Checkpoint[]>;
  /**
   * Those with one of these keys; an empty key finds those without one.
   * @param sourceNames only partitions with one of these; undefined: all.
   */
  byHeadKeys(keys: readonly string[], sourceNames?: readonly string[]): Promise<readonly Checkpoint[]>;
  /** Those that are live, by name. */
  live(sourceNames?: readonly string[]): Promise<readonly Pick<Checkpoint, 'id' | 'name'>[]>;
}

/** A rejected line that is kept. */
export interface RejectedLine {
  /** The position of the line. Two lines of a partition never have the same one. */
  readonly offset: number;
  readonly reason: string;
  readonly excerpt: string;
}
