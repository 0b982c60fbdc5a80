/**
 * The contract of a store: where statistics and checkpoints live. The pipeline writes through it, the API and
 * the commands read through it. `test/conformance/store.test.ts` runs the same tests on every implementation.
 */

import type { StatisticsColumns } from '../statistics/columns.ts';
import type { RowBlock } from '../statistics/row-block.ts';
import type { DailyStatistics, StatusTotal } from '../statistics/types.ts';
import type { WindowKey } from '../window/key.ts';
import type { DayRange, Granularity, SpanRange, WindowKind } from '../window/kind.ts';
import type { ZoneTable } from '../window/types.ts';
import type { ApiKeys } from './api-keys.ts';
import type { CustomerDays, RankedDays } from './customer-days.ts';
import type { DayChange, DayChangesQuery } from './day-changes.ts';
import type { Leases } from './leases.ts';
import type { Links } from './links.ts';
import type {
  Checkpoint,
  CheckpointLookup,
  DayLineCounts,
  DaySource,
  DaySourcesQuery,
  LedgerQuery,
  LineCounts,
  NewPartition,
  PartitionDay,
  PartitionFingerprints,
  PartitionLedger,
  RejectedLine,
  RejectedLinesQuery,
  SourceLedger,
  StoredPartitionDay,
  StoreStatus,
} from './partitions.ts';
import type { Push, Pushes } from './pushes.ts';
import type { SigningKeys } from './signing-keys.ts';
import type { RowValues } from './window-columns.ts';

export type { ApiKey, ApiKeyRole, ApiKeys, NewApiKey, StoredApiKey } from './api-keys.ts';
export type {
  CustomerDays,
  CustomerSearch,
  CustomersAsked,
  RankedDays,
} from './customer-days.ts';
export type { DayChange, DayChangesQuery } from './day-changes.ts';
export type { Division, Leases, Member, Reader } from './leases.ts';
export type { Link, LinkKind, Links, NewLink } from './links.ts';
export type {
  Checkpoint,
  CheckpointLookup,
  DayLineCounts,
  DaySource,
  DaySourcesQuery,
  LedgerQuery,
  LineCounts,
  NewPartition,
  PartitionDay,
  PartitionLedger,
  RejectedLine,
  RejectedLinesQuery,
  SourceLedger,
  StoredPartitionDay,
  StoreStatus,
} from './partitions.ts';
export type { Push, PushAnswer, Pushes, PushKey } from './pushes.ts';
export type { SigningKey, SigningKeys } from './signing-keys.ts';

/** How far a batch moves one partition, and what it found there. If it has no checksums, the stored ones stay. */
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
  /** True where the partition is read to its end, and nothing more comes. Nothing waits for its watermark then. */
  readonly isFinished: boolean;
  /** The event-time clock at `toOffset`; null where it is as it was. It never goes back. */
  readonly clockMs: number | null;
  /** Of the accepted lines of the batch; null where there is none. */
  readonly firstEventMs: number | null;
  readonly lastEventMs: number | null;
  /** Of the accepted lines, by date; they add up to them. */
  readonly days: readonly PartitionDay[];
  readonly rejectedByReason: ReadonlyMap<string, number>;
  /** By offset, at most MAX_REJECTED_LINES_KEPT. The store keeps the first ones of a partition. */
  readonly rejectedLines: readonly RejectedLine[];
}

/** What a batch adds to one window. */
export interface WindowDelta {
  readonly key: WindowKey;
  /**
   * Computed when it is read, and holds until that of another delta is read. To copy it took 8 to 12 µs for a window of
   * 2,000 durations, whose commit takes 110 µs (2026-11-28, two busy cores). And a commit would hold a histogram of up to
   * 1 MB for each row of a statement.
   */
  readonly statistics: DailyStatistics;
  /**
   * How many of its events were late; undefined: none. If the window is final, the store counts all of them as late.
   */
  readonly lateEvents?: number | undefined;
  /**
   * The row of a window that holds nothing but this delta, where that is known already: the values of the key, the served numbers in
   * the order of STATISTICS_COLUMNS, and the state. It stays valid.
   */
  readonly row?: RowValues | undefined;
}

/**
 * Deltas in the order of keys, each key once. They are read lazily, and again from the start if a commit is tried again. Where there
 * are very many, they come in pieces that follow each other: between two of them, the thread may do other things.
 */
export type Deltas = Iterable<WindowDelta> | MergedDeltas;

export interface MergedDeltas extends AsyncIterable<Iterable<WindowDelta>> {
  /** Of the runs that are merged. */
  readonly bytes: number;
  /**
   * The same as rows, for a store that can take them as they are.
   * @param stored what it has already, which is merged with them.
   */
  blocks(stored?: FileRun): AsyncIterable<RowBlock>;
  /** Lets the thread do other things. @throws where the deltas are not to be committed any more. */
  pause(): Promise<void>;
}

/** A run that stands in a file of this process. Any of its threads can read it (`readableRun`), as long as nobody closes the file. */
export interface FileRun {
  readonly descriptor: number;
  /** The directory of the file, for messages. */
  readonly directory: string;
  /** Where it begins in the file. */
  readonly from: number;
  readonly bytes: number;
}

/** How a store takes what was spilled. */
export interface SpillBounds {
  /** When there are so many bytes of runs, they are committed. Whoever waits for the rows of that commit waits for no more. */
  readonly mostBytes: number;
  /** So many are still committed where the run is to stop. */
  readonly stoppingBytes: number;
  /** Merged windows that are handed over at once, at the most, unless one block has more. */
  readonly windowsAtOnce: number;
  /** True where the runs lie on the disk of the store, and so take the room that their commit needs. */
  readonly isBesideStore: boolean;
}

/** A file that only this process can read, and that is gone when it is closed, or the process ends in any way. */
export interface RunFile {
  readonly bounds: SpillBounds;
  /** The bytes are taken before it returns. @throws {DaymarkError} STORE_UNWRITABLE where there is no room. */
  append(bytes: Uint8Array): void;
  /** Fills `target` with the bytes from a position on. @throws {DaymarkError} STORE_UNWRITABLE. */
  read(target: Uint8Array, position: number): void;
  /** Some of its bytes. */
  run(from: number, bytes: number): FileRun;
  /** The bytes that are free on its disk. */
  freeBytes(): number;
  close(): void;
}

/** When a batch is committed, and when windows become final. */
export interface Finality {
  /** The system time, in ms since 1970. */
  readonly nowMs: number;
  /** How far the clocks of all live partitions must have passed the end of a window. Infinity: windows stay open. */
  readonly waitMs: number;
  readonly zone: ZoneTable;
}

/** One batch: everything in it is stored, or nothing. */
export interface Commit {
  /** The IANA name of the time zone of the windows. The first commit sets that of the store. */
  readonly timeZone: string;
  readonly advances: readonly Advance[];
  /**
   * The settings with which the lines were read, a text that the store only keeps. It is kept for the partitions whose
   * first batch this is. Undefined: nothing is kept.
   */
  readonly readingSettings?: string | undefined;
  /** The host that commits, kept for the partitions that move. Undefined: nothing is kept. */
  readonly host?: string | undefined;
  /** Undefined: windows stay open. */
  readonly finality?: Finality | undefined;
  /** The batch is this push, and counts once: it is stored in the same transaction. */
  readonly push?: Push | undefined;
  readonly deltas: Deltas;
}

/** A partition that was read with other settings than those asked for. */
export interface PartitionReading {
  readonly partitionId: string;
  /** As in {@link Commit}. */
  readonly settings: string;
  /** The reasons why lines of it were rejected. */
  readonly rejectedFor: readonly string[];
}

/** A window that is served: its numbers, and how far they can be relied on. */
export interface ServedWindow extends Readonly<StatisticsColumns> {
  readonly key: WindowKey;
  /** Its requests by status, ascending. */
  readonly statuses: readonly StatusTotal[];
  /** To how many significant digits the percentiles are exact; null where they are exact. */
  readonly durationPrecision: 5 | 4 | null;
  /** When the window began, in ms since 1970. */
  readonly startMs: number;
  /** Events that were merged into the window although they were late, or the window was final. */
  readonly lateEvents: number;
  /** When the last of them were merged; null where there is none. */
  readonly revisedMs: number | null;
  /** Since when the window is final; null while it is open. */
  readonly finalSinceMs: number | null;
}

/** Asks for the windows of one subject. */
export interface WindowQuery {
  readonly kind: WindowKind;
  /** A value for each column of the key but that of the span, in their order. */
  readonly subject: readonly string[];
  /** The first and the last span; both are included. */
  readonly from: string;
  readonly to?: string;
  /** Windows to return at the most. */
  readonly limit: number;
}

/** Asks for the windows of one subject in some spans, both ends included. */
export interface MergeableQuery extends SpanRange, Pick<WindowQuery, 'kind'> {
  /** A value for each column of the key but those of the span, the member and the shard, in their order. */
  readonly subject: readonly string[];
  /** Only windows of this member, such as an endpoint. Undefined: of all. */
  readonly member?: string | undefined;
}

/** A window with all that it takes to merge it with others. */
export interface MergeableWindow extends Pick<ServedWindow, 'key' | 'lateEvents' | 'revisedMs'> {
  /** As `statistics/` encodes it. */
  readonly state: Uint8Array;
}

/** All spans up to one became final at an instant, unless they were final before. */
export interface FinalSpan {
  readonly through: string;
  readonly sinceMs: number;
}

/** Reads the store as it was at one moment. Valid until the callback of {@link Store.readSnapshot} is done. */
export interface StoreSnapshot {
  /** The days of all customers. */
  readonly customers: CustomerDays;

  /** The days of one endpoint of all customers. A customer that never used it is in none of the answers. */
  customersOf(endpoint: string): RankedDays;

  /** The zone of the windows; undefined where nothing was stored yet. */
  zone(): Promise<ZoneTable | undefined>;

  /**
   * The windows of a subject in pages, in the order of their spans. If the kind has members or shards, a span has several
   * windows that follow each other, by member, also from one page to the next. A page is read when it is asked for. None is
   * empty.
   */
  mergeableWindows(query: MergeableQuery): AsyncIterable<readonly MergeableWindow[]>;

  /** The days of a range with requests that are not in the windows of all customers together, ascending. */
  partialDays(range: SpanRange): Promise<readonly string[]>;

  /** When spans became final, from a span on, in the order of spans. */
  finalSpans(granularity: Granularity, from: string): Promise<readonly FinalSpan[]>;

  /**
   * The first subjects with windows, from a text on, in the order of their UTF-8 bytes. For kinds whose subject is the first
   * column of their key.
   * @param limit subjects to return at the most. Each takes one search of an index.
   */
  subjectsFrom(kind: WindowKind, text: string, limit: number): Promise<readonly string[]>;

  /** The partitions that gave lines of a day, by id. */
  daySources(query: DaySourcesQuery): Promise<readonly DaySource[]>;

  /** All lines of a day that went into windows. */
  dayLines(date: string): Promise<DayLineCounts>;

  /** What changed of final days, by date and number. */
  dayChanges(query: DayChangesQuery): Promise<readonly DayChange[]>;
}

/** Days that have rows, and how many rows. */
export interface DayCount {
  readonly days: number;
  readonly rows: number;
  /** The first and the last of them, `YYYY-MM-DD`; undefined where there is none. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

/** A window as it is stored: its numbers, and the state from which they were made. */
export interface StoredWindow extends Readonly<StatisticsColumns> {
  readonly key: WindowKey;
  readonly state: Uint8Array;
}

/** What a window was before a replacement, and what it is after it; undefined where there was none, or is none. */
export interface ReplacedWindow {
  readonly key: WindowKey;
  readonly before: StoredWindow | undefined;
  readonly after: StoredWindow | undefined;
  /** False where both are the same to the last byte. */
  readonly isChanged: boolean;
}

/** Windows and ledgers that were made anew beside the store, to take the place of those in it. */
export interface Replacement {
  readonly range: DayRange;
  /**
   * Brings `source` to where these partitions stand. Called under the lock; if it throws, nothing is changed.
   * @returns the ids of the partitions whose ledgers are replaced, too: by the source's, or by empty ones. Their
   * offsets stay, so that whoever reads them goes on.
   */
  prepare(known: readonly Checkpoint[]): Promise<readonly string[]>;
  /** Where the new windows and ledgers are. */
  readonly source: Pick<Store, 'storedWindows' | 'ledger' | 'rejectedLines' | 'partitionDays'>;
  /** The system time, in ms since 1970. */
  readonly nowMs: number;
  /** As in {@link Commit}: kept for the partitions whose ledgers are replaced. */
  readonly readingSettings?: string | undefined;
  /** Hears of every window of the range, in the order of keys. */
  note(window: ReplacedWindow): void;
  /** Writes nothing. */
  readonly isDryRun: boolean;
}

export type DatabaseProduct = 'SQLite' | 'PostgreSQL';

/** @returns the partitions to add. */
export type ChoosePartitions = (
  known: CheckpointLookup,
) => readonly NewPartition[] | Promise<readonly NewPartition[]>;

export interface Store {
  /** For people: what and where it is, without a password. */
  readonly description: string;
  /** What it is, without where. */
  readonly product: DatabaseProduct;

  /**
   * Creates or upgrades the schema under a lock; safe to run twice, and from two places at once.
   * @returns the names of the migrations that this call applied.
   * @throws {DaymarkError} SCHEMA_NEWER, STORE_*.
   */
  migrate(): Promise<readonly string[]>;

  /** @throws {DaymarkError} SCHEMA_MISSING, SCHEMA_OLDER, SCHEMA_NEWER, STORE_*. */
  checkSchema(): Promise<void>;

  /**
   * Checks that windows of this zone can go into the store, as a commit does. Writes nothing.
   * @throws {DaymarkError} TIME_ZONE_DIFFERS where it holds windows of another zone; STORE_*.
   */
  checkTimeZone(zone: string): Promise<void>;

  readonly checkpoints: CheckpointLookup;

  readonly apiKeys: ApiKeys;

  readonly links: Links;

  readonly pushes: Pushes;

  readonly signingKeys: SigningKeys;

  readonly leases: Leases;

  /**
   * Gives those of these partitions that have no SOURCE_NAME this one: they were read before it was set.
   * @throws {DaymarkError} STORE_*.
   */
  nameSource(partitionIds: readonly string[], sourceName: string): Promise<void>;

  /**
   * Calls `choose`, and adds the partitions that it returns, in one transaction. A lock keeps other processes from
   * adding or changing a checkpoint meanwhile.
   */
  addPartitions(choose: ChoosePartitions): Promise<void>;

  /**
   * Stores a batch in one transaction.
   * @throws {DaymarkError} CHECKPOINT_MOVED where the store holds another offset than expected for any of the
   * partitions, PUSH_KNOWN where the batch is a push that was committed before, TIME_ZONE_DIFFERS where it holds windows of
   * another zone (nothing was stored); STORE_*.
   */
  commit(batch: Commit): Promise<void>;

  /**
   * Opens a file on this machine, for windows that a reader cannot hold in memory until they are committed. Undefined: they are
   * committed as they come.
   * @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE.
   */
  readonly openRunFile?: (() => RunFile) | undefined;

  /** The partitions among these that are known to have been read with other settings. */
  readOtherwise(settings: string, partitionIds: readonly string[]): Promise<readonly PartitionReading[]>;

  /** The windows of a subject, in the order of their spans. */
  windows(query: WindowQuery): Promise<readonly ServedWindow[]>;

  /**
   * The same in pages, all as of one moment. A page is read when it is asked for. Holds a connection to the database
   * until it is iterated to its end, or left.
   * @throws {DaymarkError} RANGE_TOO_LARGE, before the first page, where there are more windows than `limit`; STORE_*.
   */
  windowPages(query: WindowQuery): AsyncIterable<readonly ServedWindow[]>;

  /**
   * Reads several things, all as of one moment. Holds a connection to the database until `read` is done.
   * @returns what `read` returns. @throws what `read` throws; STORE_*.
   */
  readSnapshot<T>(read: (snapshot: StoreSnapshot) => Promise<T>): Promise<T>;

  /** The ledgers of all partitions, by id. They are of one moment, so they always add up. */
  ledger(): Promise<readonly PartitionLedger[]>;

  /**
   * Some of the ledgers. Each one adds up by itself; two of a page may be of two moments. Thousands of ledgers that are not
   * asked for are passed over in pieces, so that nothing else in this thread waits for long.
   */
  ledgerPage(query: LedgerQuery): Promise<readonly SourceLedger[]>;

  /** All partitions together. Reads them in pieces, too, out of one moment of the database. */
  status(): Promise<StoreStatus>;

  /** How many bytes the database takes on its disk, as far as it knows. */
  sizeBytes(): Promise<number>;

  /** Rejected lines that were kept, by offset. */
  rejectedLines(query: RejectedLinesQuery): Promise<readonly RejectedLine[]>;

  /** Counts the days that {@link Store.deleteDaysBefore} would delete, and their rows. */
  daysBefore(date: string): Promise<DayCount>;

  /** The number of days for which retention was last confirmed; undefined: it never was. */
  retentionConsentDays(): Promise<number | undefined>;

  /** Remembers that somebody confirmed to keep only so many days. */
  consentToRetention(days: number): Promise<void>;

  /**
   * Deletes all windows before a day, and what is known of them. It takes many small transactions, so that commits do
   * not wait for long. The signal ends it between two of them.
   * @returns how many windows were deleted.
   */
  deleteDaysBefore(date: string, signal: AbortSignal): Promise<number>;

  /** The greatest event time of all partitions, in ms since 1970; null where there is none. */
  lastEventMs(): Promise<number | null>;

  /** The same as {@link Store.deleteDaysBefore} for hours alone. Where it was done for this day already, it does nothing. */
  deleteHoursBefore(date: string, signal: AbortSignal): Promise<number>;

  /**
   * Builds roll-ups of days, which make {@link StoreSnapshot.customers} count faster and never otherwise: the last days
   * first, only where there is none. It keeps no commit waiting for long. A commit that changes such a day deletes its
   * roll-up, also the one that is being built.
   * @param limit how many to build at the most. @param signal ends it between two customers' groups.
   * @returns how many were built.
   */
  rollUp(range: DayRange, limit: number, signal: AbortSignal): Promise<number>;

  /** The windows of a kind and of some days, in the order of keys, read as they are asked for. */
  storedWindows(kind: WindowKind, range: DayRange): AsyncIterable<StoredWindow>;

  /** The lines of some days by partition, in pages, by date and id. */
  partitionDays(range: DayRange): AsyncIterable<readonly StoredPartitionDay[]>;

  /**
   * Replaces windows and ledgers in one transaction. All commits and every change of the list of partitions wait for
   * it. Windows that are the same are not written.
   * @throws {DaymarkError} STORE_*; what `prepare` throws. Nothing is changed then.
   */
  replace(replacement: Replacement): Promise<void>;

  /**
   * A value that changes with every commit of any process that a later read could see. If it is the same before and
   * after some reads, they saw the same rows. It may also change where nothing else did.
   */
  dataVersion(): Promise<string>;

  close(): Promise<void>;
}
