import { DaymarkError } from '../../errors.ts';
import { BULK_COMMIT_INTERVAL_MS, COMMIT_INTERVAL_MS, LOG_TURN_MS, SPILL_TURN_MS } from '../../limits.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import type { Assignment, Partition, PartitionReader } from '../../source/contract.ts';
import type { Committer } from '../loop/committer.ts';
import type { ProgressReporter } from '../loop/progress.ts';
import type { Spill } from '../spill/spill.ts';
import type { PipelineSettings } from '../types.ts';
import type { HeaderTracker } from './header-tracker.ts';
import type { ScannedPart } from './ledger.ts';

/** What a scan cycle works with. */
export interface CycleParts {
  readonly scan: ScanSettings;
  readonly settings: PipelineSettings;
  /** False where a scan cycle reads all that is there: the run ends with that, and nobody waits for partitions. */
  readonly hasTurns: boolean;
  /** For formats whose logs name their columns again and again. */
  readonly headers: HeaderTracker;
  readonly committer: Committer;
  /** Where batches go that have no more room. */
  readonly spill: Spill;
  readonly progress: ProgressReporter;
  readonly signal: AbortSignal;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** The system time, in ms since 1970. */
  readonly systemTimeMs: () => number;
  /** The event-time clock of an assigned partition; null before its first event. */
  readonly clockOf: (partitionId: string) => number | null;
  /** Hears of a partition that was read to its present end. */
  readonly ended: (partitionId: string) => void;
  /** Takes an error that ends the reading of this input alone. Throws any other. */
  readonly note: (error: unknown, input: Pick<Partition, 'name'>) => void;
}

/** One way of reading everything that was assigned. */
export interface ScanCycle {
  /**
   * @returns false where the source must be polled again at once: a log was rotated meanwhile, the turn is over and other
   * inputs may have something to read by now, or the run is to stop.
   * @throws whatever makes the cycle void. What was scanned and not committed is forgotten then.
   */
  read(assignments: readonly Assignment[]): Promise<boolean>;
}

/** Says when a scan cycle is to end with its next commit, so that a run that follows also sees what came meanwhile. */
export class CycleTurn {
  readonly #parts: Pick<CycleParts, 'now' | 'hasTurns' | 'spill'>;
  readonly #beganMs: number;

  constructor(parts: Pick<CycleParts, 'now' | 'hasTurns' | 'spill'>) {
    this.#parts = parts;
    this.#beganMs = parts.now();
  }

  get isOver(): boolean {
    const { now, hasTurns, spill } = this.#parts;
    const turnMs = spill.isOpen ? SPILL_TURN_MS : LOG_TURN_MS;
    return hasTurns && now() - this.#beganMs >= turnMs;
  }
}

/**
 * The age at which a batch is committed.
 * @param availableBytes of what is read; undefined for an archive, and for input that comes as it is written.
 */
export function commitIntervalMs(isFollowing: boolean, availableBytes: number | undefined): number {
  return isFollowing || availableBytes === undefined ? COMMIT_INTERVAL_MS : BULK_COMMIT_INTERVAL_MS;
}

/** What was scanned of a log cannot count: it was rewritten meanwhile, or nobody knows. The scan cycle is void. */
export class LogChanged extends Error {
  readonly input: Pick<Partition, 'name'>;
  /** Why nobody knows; undefined where it was rewritten. */
  override readonly cause: DaymarkError | undefined;

  constructor(input: Pick<Partition, 'name'>, cause?: DaymarkError) {
    super(`${input.name} was rewritten while it was read`, { cause });
    this.input = input;
    this.cause = cause;
  }
}

/**
 * Makes sure that what was scanned may count. Ask behind all that was read.
 * @returns the checksums up to the end of what was scanned.
 * @throws {LogChanged} also where the input cannot be read any more: its lines are scanned, and must not be committed
 * without their position.
 */
export function verifiedChecksums(
  reader: Pick<PartitionReader, 'checksumsUpTo' | 'isIntact'>,
  input: Pick<Partition, 'name'>,
  { to, tailChecksum }: Pick<ScannedPart, 'to' | 'tailChecksum'>,
): Uint8Array {
  try {
    const checksums = reader.checksumsUpTo(to);
    if (reader.isIntact(to, tailChecksum)) return checksums;
  } catch (error) {
    throw error instanceof DaymarkError ? new LogChanged(input, error) : error;
  }
  throw new LogChanged(input);
}
