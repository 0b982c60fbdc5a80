import type { Worker } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import type { WindowDelta } from '../../store/contract.ts';
import type { ScanTask } from '../scan/split-scanner.ts';
import { ClaimCounter } from './claim-counter.ts';
import { type PartialAggregates, PartialAggregatesMerger } from './partial-aggregates.ts';
import type { FlushForm, OfferedSplit, ScanThreadData, WorkerCommand, WorkerMessage } from './scan-worker.ts';

/** Starts a thread that runs a {@link ScanService}. */
export type StartScanThread = (data: ScanThreadData) => Worker;

/** What the threads have flushed. */
export interface FlushedWindows {
  /** The deltas of all windows ({@link PartialAggregatesMerger}), each time from the start. */
  readonly deltas: () => Iterable<WindowDelta>;
  /** Frees the memory of the deltas, when they are committed. Until a garbage collection, it would wait beside the next ones. */
  readonly free: () => void;
  /** Instead of deltas, sorted runs of encoded windows, where these were asked for. */
  readonly runs: readonly PartialAggregates[];
}

export type ScanReport = Extract<WorkerMessage, { readonly kind: 'scanned' }>;

/**
 * The scan threads, as the committing thread sees them. All of them get all splits and claim them one by one
 * ({@link ClaimCounter}), so that no thread waits while a commit blocks this one.
 */
export class WorkerPool {
  readonly claimCounter: ClaimCounter;
  /** True where a batch without room comes as runs. */
  readonly isSpilling: boolean;
  readonly #threads: Worker[] = [];
  #merger: PartialAggregatesMerger | undefined;
  #failure: unknown;
  #reports: ScanReport[] = [];
  #partials: PartialAggregates[] = [];
  #runs: PartialAggregates[] = [];
  /** Replies to the last command to rest, to flush, or to forget. */
  #replies = 0;
  #offered = 0;
  #wake: (() => void) | undefined;

  /**
   * Their start takes some 40 ms; splits may be offered at once.
   * @throws what `startThread` throws: then none of them is left.
   */
  constructor(
    size: number,
    startThread: StartScanThread,
    closingLines: number,
    task: ScanTask,
    isSpilling: boolean,
  ) {
    this.isSpilling = isSpilling;
    this.claimCounter = new ClaimCounter(closingLines);
    this.claimCounter.reset();
    const data = { claimCounter: this.claimCounter.memory, closingLines, task, isSpilling };
    try {
      while (this.#threads.length < size) this.#threads.push(this.#watch(startThread(data)));
    } catch (error) {
      // The caller gets no pool to end, and waiting threads would keep the process alive.
      this.end();
      throw error;
    }
  }

  #watch(thread: Worker): Worker {
    return thread
      .on('message', (message: WorkerMessage) => this.#note(message))
      .on('error', (error) => this.#fail(error))
      .on('exit', () => this.#fail(new Error('A scan thread ended unexpectedly.')));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  #note(message: WorkerMessage): void {
    if (message.kind === 'scanned') this.#reports.push(message);
    else if (message.kind !== 'windows') this.#replies++;
    if (message.kind === 'windows' || message.kind === 'flushed') this.#keep(message);
    this.#wake?.();
  }

  #keep({ windows, form }: { readonly windows: PartialAggregates; readonly form: FlushForm }): void {
    (form === 'run' ? this.#runs : this.#partials).push(windows);
  }

  get size(): number {
    return this.#threads.length;
  }

  /** Splits that no thread has claimed yet. */
  get unclaimed(): number {
    return this.#offered - this.claimCounter.claimed;
  }

  /** Offers splits to the threads; they are numbered from 0 on, in the order in which they were offered. */
  offer(splits: readonly OfferedSplit[]): void {
    this.#offered += splits.length;
    this.#send({ kind: 'splits', splits });
  }

  /** Opens the claim counter again: the threads go on with what was offered. */
  goOn(): void {
    this.claimCounter.open();
    this.#send({ kind: 'splits', splits: [] });
  }

  /** The reports since the last call. @throws what ended a thread. */
  takeReports(): ScanReport[] {
    if (this.#failure !== undefined) throw this.#failure;
    const reports = this.#reports;
    this.#reports = [];
    return reports;
  }

  /** Waits for a report, but not for longer than this. */
  async waitForReport(timeoutMs: number): Promise<void> {
    if (this.#reports.length > 0 || this.#failure !== undefined) return;
    await this.#woken(timeoutMs);
  }

  #woken(timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * Closes the claim counter, and waits until all threads have scanned what they claimed, and flushed it. All reports of it
   * have come by then.
   * @param formOf is asked when nobody scans any more: until then, a thread may have no more room, and hand over a run.
   */
  async flush(formOf: () => FlushForm): Promise<FlushedWindows> {
    this.claimCounter.close();
    if (this.isSpilling) await this.#all({ kind: 'rest' });
    await this.#all({ kind: 'flush', form: formOf() });
    const [partials, runs] = [this.#partials, this.#runs];
    this.#partials = [];
    this.#runs = [];
    if (partials.length > 0 && runs.length > 0) throw bug('a batch is to be committed and to be spilled');
    // Made late, because it has a kernel with memory of its own.
    this.#merger ??= new PartialAggregatesMerger();
    const merger = this.#merger;
    return {
      deltas: () => merger.merge(partials),
      free: () => [...partials, ...runs].forEach(freePieces),
      runs,
    };
  }

  /** Drops everything. After that no thread reads anything. */
  async forget(): Promise<void> {
    this.claimCounter.close();
    await this.#all({ kind: 'forget' });
    this.claimCounter.reset();
    this.#offered = 0;
    this.#reports = [];
    this.#partials = [];
    this.#runs = [];
  }

  async #all(command: Extract<WorkerCommand, { readonly kind: 'rest' | 'flush' | 'forget' }>): Promise<void> {
    this.#replies = 0;
    this.#send(command);
    while (this.#replies < this.size) {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#woken();
    }
  }

  #send(order: WorkerCommand): void {
    for (const thread of this.#threads) thread.postMessage(order);
  }

  /** Ends the threads. There is no need to wait: after {@link forget} they hold nothing but memory. */
  end(): void {
    this.#failure ??= new Error('The scan threads were ended.');
    for (const thread of this.#threads) void thread.terminate();
  }
}

function freePieces(pieces: PartialAggregates): void {
  for (const { buffer } of pieces) buffer.transfer(0);
}
