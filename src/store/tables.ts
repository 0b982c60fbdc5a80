/** The tables as queries see them. The migrations create them; ARCHITECTURE.md says what each is for. */

export interface Tables {
  daily_stats: DailyStatsTable;
  checkpoints: CheckpointsTable;
  rejection_counts: RejectionCountsTable;
  rejected_lines: RejectedLinesTable;
  facts: MetadataTable;
  final_days: FinalDaysTable;
  revisions: RevisionsTable;
  reading_settings: ReadingSettingsTable;
  partition_settings: PartitionSettingsTable;
}

/** A row a window: the served numbers, and the mergeable state from which they were made. */
export interface DailyStatsTable {
  customer_id: string;
  /** `YYYY-MM-DD`. */
  date: string;
  success_requests: number;
  failed_requests: number;
  /** Seconds, as all durations here. Null, with the next three, where no request of the day has a duration. */
  duration_mean: number | null;
  duration_p50: number | null;
  duration_p99: number | null;
  uptime_percentage: number | null;
  success_percentage: number;
  /** What `encodeStatistics` wrote. Last: SQLite reads the columns before it without the pages it overflows to. */
  state: Uint8Array;
}

/** A row a partition. */
interface CheckpointsTable {
  id: string;
  name: string;
  /** The head fingerprint. Databases keep the names that their columns had first. */
  identity: string;
  /** The position behind what is in the store. (`offset` is a reserved word.) */
  next_offset: number;
  lines: number;
  accepted: number;
  rejected: number;
  /** For people. The database's clock sets it; nothing reads it. */
  updated_at: string;
  /** The tail checksum: the source's fingerprint of what stands right before `next_offset`; empty if there is none. */
  mark: string;
  state: PartitionState;
  /** Late events, and those of them that were dropped: lines = accepted + rejected + dropped. */
  late: number;
  dropped: number;
  /** The partition's event-time clock: its watermark plus the wait. Null before its first event. */
  clock_ms: number | null;
  first_event_ms: number | null;
  last_event_ms: number | null;
  /** When the partition was found. Null where an earlier daymark found it. */
  added_ms: number | null;
  /** What a source looks partitions up by; empty where an earlier daymark found it, or its first line was cut off. */
  head_key: string;
  /** The file that it was last seen as, `device:inode`; empty where that is not known, or it is no file. */
  inode: string;
  /** The position of the first byte that belongs to the partition: what stands before it is no line of it. */
  start_offset: number;
  /** The source's checksums of the partition's beginnings; null where there are none. */
  prefix_checksums: Uint8Array | null;
}

/**
 * `live`: it may grow; `finished`: read to its end, and nothing waits for it; `retired`: an earlier daymark took its file for
 * rewritten, and no file is recognised as it any more.
 */
export type PartitionState = 'live' | 'finished' | 'retired';

/** How many lines of a partition were rejected for a reason: exact, whatever was kept of them. */
export interface RejectionCountsTable {
  partition_id: string;
  reason: string;
  lines: number;
}

/** The first rejected lines of a partition. */
export interface RejectedLinesTable {
  partition_id: string;
  line_offset: number;
  reason: string;
  excerpt: string;
}

/**
 * Metadata of the whole store, by name: `time_zone`, that of the days in `daily_stats`, an IANA name;
 * `retention_consent_days`, the `RETENTION_DAYS` that was last confirmed.
 */
export interface MetadataTable {
  name: string;
  value: string;
}

/** Days become final in their order: a row for each time that some did, the last of them, and when that was. */
export interface FinalDaysTable {
  through: string;
  since_ms: number;
}

/** The windows that late events changed: how many of them, and when last. */
export interface RevisionsTable {
  customer_id: string;
  date: string;
  late_events: number;
  revised_ms: number;
}

/** Settings with which lines were read: a text that the store only keeps, by its fingerprint. */
export interface ReadingSettingsTable {
  id: string;
  settings: string;
}

/** The settings with which the first lines of a partition were read, or all of them in a rebuild. */
export interface PartitionSettingsTable {
  partition_id: string;
  settings_id: string;
}
