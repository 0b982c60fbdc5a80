/** The tables as queries see them. The migrations create them; ARCHITECTURE.md says what each is for. */

import type { StatisticsColumns } from '../statistics/columns.ts';
import type { Granularity, WindowKind } from '../window/kind.ts';
import type { ApiKeyRole } from './api-keys.ts';
import type { LinkKind } from './links.ts';

export interface Tables {
  checkpoints: CheckpointsTable;
  rejection_counts: RejectionCountsTable;
  rejected_lines: RejectedLinesTable;
  facts: MetadataTable;
  reading_settings: ReadingSettingsTable;
  partition_settings: PartitionSettingsTable;
  /** These three stand for the tables of any kind of windows: see {@link statisticsTable} and the others. */
  statistics: StatisticsTable;
  revisions: RevisionsTable;
  final_spans: FinalSpansTable;
  partial_days: PartialDaysTable;
  roll_ups: RollUpsTable;
  roll_up_parts: RollUpPartsTable;
  partition_days: PartitionDaysTable;
  day_changes: DayChangesTable;
  api_keys: ApiKeysTable;
  links: LinksTable;
  pushes: PushesTable;
  signing_keys: SigningKeysTable;
  members: MembersTable;
  leases: LeasesTable;
}

/** The table of a kind's statistics (`customer_daily_stats`), under the name that queries know. */
export function statisticsTable({ table }: WindowKind): 'statistics' {
  return table as 'statistics';
}

/** The table of a kind's revisions (`revisions`). */
export function revisionsTable({ revisionsTable: table }: WindowKind): 'revisions' {
  return table as 'revisions';
}

/** The table of a granularity's final spans (`final_days`). */
export function finalSpansTable({ finalTable: table }: Granularity): 'final_spans' {
  return table as 'final_spans';
}

/**
 * One row a window: its key (the columns of its kind), the served numbers, and the mergeable state from which they were
 * made.
 */
export interface StatisticsTable extends StatisticsColumns {
  /** What `encodeStatistics` wrote. Last: SQLite reads the columns before it without the pages it overflows to. */
  state: Uint8Array;
}

/** A row a partition. */
interface CheckpointsTable {
  id: string;
  name: string;
  /** The head fingerprint. Databases keep the names that their columns had first. */
  identity: string;
  /** The position up to which the lines are in the store. (`offset` is a reserved word.) */
  next_offset: number;
  lines: number;
  accepted: number;
  rejected: number;
  /** For people. The database's clock sets it; nothing reads it. */
  updated_at: string;
  /** The tail checksum: the source's fingerprint of the bytes right before `next_offset`; empty if there is none. */
  mark: string;
  state: PartitionState;
  /** Late events, and those of them that were dropped: lines = accepted + rejected + dropped + excluded. */
  late: number;
  dropped: number;
  /** The partition's event-time clock: its watermark plus the wait. Null before its first event. */
  clock_ms: number | null;
  first_event_ms: number | null;
  last_event_ms: number | null;
  /** When the partition was found. Null if an earlier daymark found it. */
  added_ms: number | null;
  /**
   * The key by which a source finds partitions; empty if an earlier daymark added it, or its first line was cut off.
   */
  head_key: string;
  /** The file that it last was, `device:inode`; empty if that is not known, or it is no file. */
  inode: string;
  /** The position of the first byte that belongs to the partition. Bytes before it are none of its lines. */
  start_offset: number;
  /** The source's checksums of the partition's beginnings; null where there are none. */
  prefix_checksums: Uint8Array | null;
  /** Lines that do not count, as EXCLUDE and INCLUDE say. 0 for those that an earlier daymark read. */
  excluded: number;
  /** The SOURCE_NAME of the host that it is on; empty if that was not set, or any host may read it. */
  source_name: string;
  /** The host that moved it last; empty if an earlier daymark did. */
  host: string;
}

/**
 * `live`: the partition may grow. `finished`: it is read to its end, and nothing waits for it. `retired`: an earlier
 * daymark saw that its file was rewritten; no file is recognised as it any more.
 */
export type PartitionState = 'live' | 'finished' | 'retired';

/** How many lines of a partition were rejected for a reason. The number is exact, however few lines are kept. */
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
 * Metadata of the whole store, by name: `time_zone`, an IANA name, the zone of all windows;
 * `retention_consent_days`, the `RETENTION_DAYS` that was last confirmed.
 */
export interface MetadataTable {
  name: string;
  value: string;
}

/** Spans become final in their order. A row for each time that some did: the last of them, and when that was. */
export interface FinalSpansTable {
  through: string;
  since_ms: number;
}

/** One row for each window that late events changed: its key, how many events, and when the last of them came. */
interface RevisionsTable {
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

/** Days with requests that are not in the windows of all customers together. */
interface PartialDaysTable {
  date: string;
}

/**
 * Which roll-ups there are. A row says that the parts with this id hold all customer days of a period as they are now.
 * Whatever changes one of these days deletes the row in the same transaction.
 */
interface RollUpsTable {
  /** The days since 1970, divided by ROLL_UP_DAYS. */
  period: number;
  /** No other roll-up has had it. */
  id: string;
  /** Days since 1970: the last day that it holds. Days of the period after it are read from their rows. */
  last_day: number;
  /** 0 while it is being built. */
  is_ready: number;
}

/** The packed contents of roll-ups. Parts whose roll-up is gone are garbage, which the next build deletes. */
interface RollUpPartsTable {
  roll_up_id: string;
  /** From 0 on, in the order of ids. */
  part: number;
  /** Its ids, the requests of all days, or those of one day: as in `statistics/roll-up-part.ts`. */
  slot: number;
  last_customer_id: string;
  /** What a `RollUpPartWriter` packed. */
  data: Uint8Array;
}

/** A row for each partition that gave accepted lines of a day. */
export interface PartitionDaysTable {
  date: string;
  /** Empty: the lines were read by an earlier daymark, which did not note where. Then the offsets are 0. */
  partition_id: string;
  lines: number;
  /** The position of the first of these lines, and the one behind the last. */
  from_offset: number;
  to_offset: number;
}

/** The last changes of each day of a customer that was final. */
export interface DayChangesTable {
  customer_id: string;
  date: string;
  /** The changes of a day are numbered from 1 on. */
  number: number;
  changed_ms: number;
  cause: DayChangeCause;
  /** JSON of `DayNumbers`; null where the customer had no request of this day, or has none any more. */
  numbers_before: string | null;
  numbers_after: string | null;
  /** JSON of the first `PartitionDay`s that the lines came from, with the ids of the partitions. */
  sources: string;
  source_count: number;
}

/** `late`: late events were merged. `rebuild`: the day was computed anew. */
export type DayChangeCause = 'late' | 'rebuild';

/** The keys of the API. A revoked or expired one stays, so that lists and logs can be understood later. */
export interface ApiKeysTable {
  /** The public part of the key. */
  id: string;
  /** The SHA-256 of the whole key. */
  hash: Uint8Array;
  role: ApiKeyRole;
  /** JSON of the ids of the customers that it may read. */
  customers: string;
  name: string;
  created_ms: number;
  expires_ms: number | null;
  revoked_ms: number | null;
  last_used_ms: number | null;
}

/** The links that show one customer's page. Those that ended long ago are deleted. */
export interface LinksTable {
  id: string;
  customer_id: string;
  kind: LinkKind;
  name: string;
  created_by: string;
  created_ms: number;
  expires_ms: number;
  revoked_ms: number | null;
}

/** What was handed in over HTTP. A row is written with the lines of its push, and deleted when nobody retries it any more. */
export interface PushesTable {
  /** The id of the key of the API that handed it in. */
  scope: string;
  /** The `Idempotency-Key`. */
  idempotency_key: string;
  fingerprint: string;
  answer: string;
  created_ms: number;
}

/** The secrets with which sessions and links are signed: the newest signs, all verify. */
interface SigningKeysTable {
  id: string;
  secret: Uint8Array;
  created_ms: number;
}

/** Processes that divide partitions among them, by a random id. Who does not renew in time is gone, with all of its leases. */
interface MembersTable {
  id: string;
  /** Names what they divide. */
  work: string;
  /** For people. */
  name: string;
  /** By the clock of the database. */
  expires_ms: number;
}

/** Who may read a partition. The row stays when its member is gone, until another one takes it. */
interface LeasesTable {
  partition_id: string;
  member_id: string;
}
