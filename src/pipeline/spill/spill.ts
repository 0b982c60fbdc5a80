import { setImmediate } from 'node:timers/promises';
import { bug, DaymarkError } from '../../errors.ts';
import {
  MAX_BATCH_PARTITION_DAYS,
  MAX_BATCH_REJECTIONS,
  MAX_MERGED_RUNS,
  MAX_SPILLED_LINES,
  MAX_SPILLED_PARTITIONS,
  MERGED_BLOCKS_AT_ONCE,
  SPILL_SHARE_OF_FREE_DISK,
} from '../../limits.ts';
import type { Partition } from '../../source/contract.ts';
import { windowsOf } from '../../statistics/merged-window.ts';
import type { RowBlock } from '../../statistics/row-block.ts';
import { TextInterner } from '../../statistics/text-interner.ts';
import type { FileRun, RunFile, SpillBounds, WindowDelta } from '../../store/contract.ts';
import type { Committer } from '../loop/committer.ts';
import type { ProgressReporter } from '../loop/progress.ts';
import { Ledger } from '../scan/ledger.ts';
import { MergeThreadLost, RemoteMerger, type StartMergeThread } from './remote-merger.ts';

/** Encoded windows, sorted by key, in pieces (`statistics/encoded-windows.ts`). Each may be valid only until the next one. */
export type RunPieces = Iterable<Uint8Array>;

/** The runs could not be kept or merged, for want of disk. They are gone; everything is read again from the last commit. */
export class SpillGivenUp extends Error {
  override readonly cause: DaymarkError;

  constructor(cause: DaymarkError) {
    super('windows cannot be spilled', { cause });
    this.cause = cause;
  }
}

const NO_ROOM: ReadonlySet<string> = new Set(['STORE_UNWRITABLE', 'DATA_DIR_UNUSABLE']);

/** The run is to stop, and there is too much to commit before that. It is read again by the next run. */
export class SpillDropped extends Error {
  constructor() {
    super('the runs are dropped');
  }
}

export interface SpillParts {
  /** Undefined: nothing is spilled. */
  readonly openRunFile: (() => RunFile) | undefined;
  readonly startMergeThread: StartMergeThread;
  readonly committer: Pick<Committer, 'assertMostlyAccepted' | 'commit'>;
  readonly progress: Pick<ProgressReporter, 'isDue' | 'report'>;
  readonly signal: AbortSignal;
  /** False where nobody wants to wait for rows: a run that follows, and has caught up. */
  readonly isAllowed: () => boolean;
}

/**
 * Batches that closed because there was no more room, as sorted runs of windows in a file. They are merged and committed
 * together: each row is written once, in the order of keys. To commit each of them by itself would rewrite the store at random.
 *
 * The store is the truth all the same: a run of the program that ends before the commit has stored nothing of them.
 */
export class Spill {
  readonly #parts: SpillParts;
  #file: RunFile | undefined;
  #bytes = 0;
  #runs: FileRun[] = [];
  /** Its thread starts with the first run, while more is read. */
  #merger: RemoteMerger | undefined;
  #ledger = new Ledger();
  #givenUp: SpillGivenUp | undefined;

  constructor(parts: SpillParts) {
    this.#parts = parts;
  }

  /** True where a batch that has no more room may be spilled. */
  get isPossible(): boolean {
    return this.#parts.openRunFile !== undefined && !this.#givenUp && this.#parts.isAllowed();
  }

  /** True where there are runs that are not committed. What is read now must go the same way: it stands behind them. */
  get isOpen(): boolean {
    return this.#runs.length > 0;
  }

  /**
   * Takes a batch.
   * @param runs what its windows are, once or in several runs.
   * @throws {SpillGivenUp}; {RejectedBatch} where too many lines of a partition are rejected; what a commit throws.
   */
  async add(ledger: Ledger, runs: Iterable<RunPieces>): Promise<void> {
    const both = new Ledger();
    both.absorb(this.#ledger);
    both.absorb(ledger);
    await this.#judge(both);
    this.#onDisk(() => {
      for (const pieces of runs) this.#write(pieces);
    });
    this.#ledger = both;
    if (this.#onDisk(() => this.#isDue())) await this.commit();
  }

  /** Before a batch is refused, what came before it is committed, as it would be without a spill. */
  async #judge(both: Ledger): Promise<void> {
    try {
      this.#parts.committer.assertMostlyAccepted(both.advances());
    } catch (error) {
      await this.commit();
      throw error;
    }
  }

  #write(pieces: RunPieces): void {
    this.#file ??= this.#parts.openRunFile?.();
    const file = this.#file;
    if (!file) return;
    this.#merger ??= new RemoteMerger(this.#parts.startMergeThread);
    const from = this.#bytes;
    for (const piece of pieces) {
      file.append(piece);
      this.#bytes += piece.length;
    }
    this.#runs.push(file.run(from, this.#bytes - from));
  }

  /** True where more would take too much disk, memory or time. */
  #isDue(): boolean {
    const { lines, rejections, partitions, days } = this.#ledger.size;
    const file = this.#file;
    if (!file) return false;
    return (
      this.#runs.length >= MAX_MERGED_RUNS ||
      this.#bytes >=
        Math.min(file.bounds.mostBytes, (this.#bytes + file.freeBytes()) * SPILL_SHARE_OF_FREE_DISK) ||
      lines >= MAX_SPILLED_LINES ||
      rejections >= MAX_BATCH_REJECTIONS ||
      partitions >= MAX_SPILLED_PARTITIONS ||
      days >= MAX_BATCH_PARTITION_DAYS
    );
  }

  /** As `Ledger.finish`. */
  finish(partition: Partition): void {
    this.#ledger.finish(partition);
  }

  /** Commits everything. Where there is nothing, it does nothing. @throws as {@link add}; {SpillDropped}. */
  async commit(): Promise<void> {
    if (!this.isOpen) return;
    const deltas = () => ({
      bytes: this.#bytes,
      [Symbol.asyncIterator]: () => this.#pieces(),
      blocks: (stored?: FileRun) => this.#blocks(stored),
      pause: () => this.#pause(),
    });
    const ledger = this.#ledger;
    // Where the runs take the room that the commit needs, its failure is theirs.
    const failed = (error: unknown) => (this.#bounds?.isBesideStore ? this.#failed(error) : error);
    await this.#parts.committer.commit(ledger.advances(), deltas, ledger.bytes, failed);
    this.drop();
  }

  /** What is merged, in pieces: as many blocks as have no more windows than the store takes at once, and not too many; one at the least. */
  async *#pieces(): AsyncGenerator<Iterable<WindowDelta>> {
    const interner = new TextInterner();
    const most = this.#bounds?.windowsAtOnce ?? 1;
    let piece: RowBlock[] = [];
    let windows = 0;
    for await (const block of this.#blocks()) {
      const { rows } = block;
      if (piece.length === MERGED_BLOCKS_AT_ONCE || (piece.length > 0 && windows + rows > most)) {
        yield windowsOfAll(piece, interner);
        piece = [];
        windows = 0;
      }
      piece.push(block);
      windows += rows;
    }
    yield windowsOfAll(piece, interner);
  }

  /** The same as rows. Between two blocks, the thread takes messages, such as that it is to stop. */
  async *#blocks(stored?: FileRun): AsyncGenerator<RowBlock> {
    const merger = this.#merger;
    // A commit that is tried again would store nothing, and move the checkpoints.
    if (!merger) throw this.#givenUp ?? bug('there is nothing to merge any more');
    try {
      for await (const block of merger.blocks(this.#runs, stored)) {
        await this.#pause();
        yield block;
      }
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async #pause(): Promise<void> {
    await setImmediate();
    this.#assertGoingOn();
    if (this.#parts.progress.isDue) this.#parts.progress.report();
  }

  #assertGoingOn(): void {
    const { stoppingBytes = 0 } = this.#bounds ?? {};
    if (this.#parts.signal.aborted && this.#bytes > stoppingBytes) throw new SpillDropped();
  }

  get #bounds(): SpillBounds | undefined {
    return this.#file?.bounds;
  }

  /** Forgets everything that is not committed, and frees its disk. */
  drop(): void {
    this.#merger?.end();
    this.#merger = undefined;
    this.#file?.close();
    this.#file = undefined;
    this.#bytes = 0;
    this.#runs = [];
    this.#ledger = new Ledger();
  }

  #onDisk<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** A full disk, above all; or no memory for another thread. */
  #failed(error: unknown): unknown {
    const isNoRoom = error instanceof DaymarkError && NO_ROOM.has(error.code);
    if (!isNoRoom && !(error instanceof MergeThreadLost)) return error;
    this.drop();
    this.#givenUp = new SpillGivenUp(
      new DaymarkError('SPILL_FAILED', `Windows could not be spilled: ${error.message}`, { cause: error }),
    );
    return this.#givenUp;
  }
}

function* windowsOfAll(blocks: readonly RowBlock[], interner: TextInterner): Generator<WindowDelta> {
  for (const block of blocks) yield* windowsOf(block, interner);
}
