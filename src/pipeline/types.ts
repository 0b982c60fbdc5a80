import type { DaymarkError } from '../errors.ts';
import type { ZoneTable } from '../window/types.ts';

/** How far a run has come; counts lines that were read, committed or not. */
export interface Progress {
  readonly bytesRead: number;
  /** Bytes that were there when the present pass began; undefined where nobody can know. */
  readonly bytesTotal: number | undefined;
  readonly linesRead: number;
}

/** What a run did: only what is committed counts. lines = accepted + rejected. */
export interface Summary {
  readonly lines: number;
  readonly accepted: number;
  readonly rejected: number;
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

/** What the pipeline tells while it runs. */
export interface PipelineEvents {
  progress(progress: Progress): void;
  /** Once, when following has read everything that was there. */
  caughtUp(summary: Summary): void;
  /** An input that is not read, or an error that ended the reading of one. Told once for each. */
  problem(error: DaymarkError): void;
}

export interface PipelineSettings {
  /** The zone whose days are counted. */
  readonly dayZone: ZoneTable;
  /** Lines that one commit covers at the most. */
  readonly batchLines: number;
  /** Bytes of window state that each worker holds at the most. */
  readonly windowStateBytes: number;
  /** How many threads scan; 1: the pipeline's own. */
  readonly workers: number;
  /** The share of rejected lines above which a partition is not read on. 100: no bound. */
  readonly maxRejectedPercent: number;
  /** How many days before today are kept; 0: all. */
  readonly retentionDays: number;
  /** Goes on when everything is read: looks again and again for more. */
  readonly isFollowing: boolean;
}
