import type { DaymarkError, ErrorCode } from '../errors.ts';
import type { DayCount, LineCounts } from '../store/contract.ts';
import type { KeptWindows } from '../window/kind.ts';
import type { ZoneTable } from '../window/types.ts';
import type { ReadingSettings } from './loop/reading-settings.ts';

/** How far a run has come; counts lines that were read, committed or not. */
export interface Progress {
  readonly bytesRead: number;
  /** Bytes that were there when the present scan cycle began; undefined where nobody can know. */
  readonly bytesTotal: number | undefined;
  readonly linesRead: number;
  /**
   * Bytes that the last poll found in the logs and that are not stored yet; undefined where nobody can know: an archive is
   * being read, or a log is away.
   */
  readonly bytesBehind: number | undefined;
  /**
   * Messages that the last poll found in the partitions that this process reads and that are not stored yet; undefined where nobody
   * can know: a broker is away, or the logs are no messages.
   */
  readonly messagesBehind: number | undefined;
  /** All that stood in the logs at this time is stored. In ms since 1970; undefined where that was not so in this run. */
  readonly storedThroughMs: number | undefined;
}

/** What a run stored. */
export interface Summary extends LineCounts {
  readonly rejectedByReason: Readonly<Record<string, number>>;
  /** Partitions that moved on. */
  readonly partitions: number;
  /** Daily rows written; one that two commits touched counts twice. */
  readonly windowsTouched: number;
  readonly commits: number;
  readonly bytes: number;
  /** False where the run was stopped before it had read everything. */
  readonly isComplete: boolean;
}

/** What one commit stored. */
export interface StoredCommit extends LineCounts {
  readonly rejectedByReason: Readonly<Record<string, number>>;
  /** Daily rows written. */
  readonly windows: number;
  /** Of its lines. */
  readonly bytes: number;
  /** How long the store took, without tries that failed. */
  readonly durationMs: number;
  /** Rows written, of windows of all kinds. */
  readonly rows: number;
  /** Partitions that it moved on. */
  readonly partitions: number;
  /** How often the store was asked. */
  readonly tries: number;
  /** The first of the tries that failed. */
  readonly failures: readonly FailedTry[];
  /** From the beginning of the first try to the end of the last one. */
  readonly totalMs: number;
}

/** A try of a commit that is made again. */
export interface FailedTry {
  /** From the beginning of the first try to its failure. */
  readonly afterMs: number;
  readonly code: ErrorCode;
}

/** What a run waits for. */
export interface Waiting {
  /** An error that passes by itself. */
  readonly error: DaymarkError;
  /** How long it has waited already; 0: it begins to wait. */
  readonly sinceMs: number;
  /** When it tries again. */
  readonly retryInMs: number;
}

/** What is reported of outages of the database. */
export interface OutageEvents {
  /** When one begins, and now and then while it lasts. */
  waiting(waiting: Waiting): void;
  /** The run goes on. @param afterMs how long it waited. */
  recovered(afterMs: number): void;
}

/** An input that cannot be read at the moment. The others are read meanwhile. */
export interface InputWaiting {
  /** Its name, as partitions are named. */
  readonly input: string;
  readonly error: DaymarkError;
  /** When it is tried again. */
  readonly retryInMs: number;
}

/** An input that can be read again. */
export interface InputRecovered {
  readonly input: string;
  /** How long it could not. */
  readonly afterMs: number;
}

/** What is reported of inputs that cannot be read at the moment: once when that begins, and once when it ends. */
export interface InputEvents {
  inputWaiting(waiting: InputWaiting): void;
  inputRecovered(recovered: InputRecovered): void;
}

/** Days that are too old to be kept. */
export interface OldDays extends DayCount {
  /** `RETENTION_DAYS`. */
  readonly retentionDays: number;
}

/** Partitions that this process reads from now on, or does not read any more, where several processes divide them. */
export interface LeaseChange {
  /** Names of partitions, as the source has them. */
  readonly taken: readonly string[];
  readonly lost: readonly string[];
  /** How many it holds now. */
  readonly held: number;
}

/** What the pipeline reports while it runs. */
export interface PipelineEvents extends OutageEvents, InputEvents {
  progress(progress: Progress): void;
  /** Behind each commit. */
  committed(commit: StoredCommit): void;
  /** Once, when following has read everything that was there. */
  caughtUp(summary: Summary): void;
  /** When leases of partitions are taken or lost. */
  leases(change: LeaseChange): void;
  /** Before old days are deleted, where there are any. */
  deletes(days: OldDays): void;
  /** An input that is not read, or an error that ended the reading of one. Reported once, until it is mended. */
  problem(error: DaymarkError): void;
}

/** Bounds of event times. Infinity: no bound. */
export interface EventTimeSettings {
  /** How far the watermark of a partition follows its clock. */
  readonly waitMs: number;
  /** True where late events are dropped, and not merged. */
  readonly isDroppingLate: boolean;
  /** How far event times may lie before and behind the system time. */
  readonly maxAgeMs: number;
  readonly maxAheadMs: number;
  /** How many days before today are kept; 0: all. Lines of earlier days are too old. */
  readonly retentionDays: number;
}

export interface PipelineSettings {
  /** The zone whose days are counted. */
  readonly dayZone: ZoneTable;
  /** The name of this host. */
  readonly host: string;
  /** SOURCE_NAME; empty where it is not set. */
  readonly sourceName: string;
  readonly kept: KeptWindows;
  /** How many days before the last one that has events, or before today, have hours; 0: all. */
  readonly hoursRetentionDays: number;
  readonly eventTime: EventTimeSettings;
  /** Stored with each partition. */
  readonly readingSettings: ReadingSettings;
  /** At most so many lines in one commit. */
  readonly batchLines: number;
  /** Bytes of window state that all workers together hold at the most; each has MIN_STATE_BYTES at the least. */
  readonly windowStateBytes: number;
  /** Windows that each worker holds at the most; MAX_BATCH_WINDOWS unless it is given. */
  readonly batchWindows?: number;
  /** How many threads scan; 1: the pipeline's own. */
  readonly workers: number;
  /** The share of rejected lines above which a partition is not read on. 100: no bound. */
  readonly maxRejectedPercent: number;
  /** Goes on when everything is read: polls again and again for more. */
  readonly isFollowing: boolean;
}
