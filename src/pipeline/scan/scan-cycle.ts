import { BULK_COMMIT_INTERVAL_MS, COMMIT_INTERVAL_MS, LOG_TURN_MS } from '../../limits.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import type { Assignment } from '../../source/contract.ts';
import type { Committer } from '../loop/committer.ts';
import type { ProgressTeller } from '../loop/progress.ts';
import type { PipelineSettings } from '../types.ts';

/** What a pass over the partitions works with. */
export interface CycleParts {
  readonly scan: ScanSettings;
  readonly settings: PipelineSettings;
  readonly committer: Committer;
  readonly progress: ProgressTeller;
  readonly signal: AbortSignal;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** The system time, in ms since 1970. */
  readonly systemTimeMs: () => number;
  /** Where the event-time clock of a partition stands that was assigned; null before its first event. */
  readonly clockOf: (partitionId: string) => number | null;
  /** Hears of a partition that was read to its present end. */
  readonly ended: (partitionId: string) => void;
  /** Takes an error of one input, which ends the reading of that input alone; throws any other. */
  readonly note: (error: unknown) => void;
}

/** A way of reading all that there is. */
export interface ScanCycle {
  /**
   * @returns false where it must be looked at again: a log was rotated meanwhile, the pass took its turn and others may have
   * something to read by now, or the run is to stop.
   * @throws whatever makes it void. What was scanned and not committed is forgotten then.
   */
  read(assignments: readonly Assignment[]): Promise<boolean>;
}

/** Tells a pass when to end with its next commit, so that what came meanwhile is looked at: a run that follows is fair. */
export class CycleTurn {
  readonly #parts: Pick<CycleParts, 'now' | 'settings'>;
  readonly #beganMs: number;

  constructor(parts: Pick<CycleParts, 'now' | 'settings'>) {
    this.#parts = parts;
    this.#beganMs = parts.now();
  }

  /** Never where the run ends with the files that are there. */
  get isOver(): boolean {
    const { now, settings } = this.#parts;
    return settings.isFollowing && now() - this.#beganMs >= LOG_TURN_MS;
  }
}

/**
 * The age at which a batch is committed.
 * @param availableBytes of what is read; undefined: of an archive, or it may come as it is written.
 */
export function commitIntervalMs(isFollowing: boolean, availableBytes: number | undefined): number {
  return isFollowing || availableBytes === undefined ? COMMIT_INTERVAL_MS : BULK_COMMIT_INTERVAL_MS;
}

/** What was scanned of a log may be of another one, for it was written anew meanwhile: the pass is void. */
export class LogChanged extends Error {
  constructor({ name }: { readonly name: string }) {
    super(`${name} was written anew while it was read`);
  }
}
