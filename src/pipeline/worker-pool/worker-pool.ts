import type { Worker } from 'node:worker_threads';
import type { WindowDelta } from '../../store/contract.ts';
import type { ScanTask } from '../scan/split-scanner.ts';
import { ClaimCounter } from './claim-counter.ts';
import { type PartialAggregates, PartialAggregatesMerger } from './partial-aggregates.ts';
import type { OfferedSplit, ScanNews, ScanOrder, ScanThreadData } from './scan-worker.ts';

/** Starts a thread that runs a {@link ScanService}. */
export type StartScanThread = (data: ScanThreadData) => Worker;

export type ScannedNews = Extract<ScanNews, { readonly kind: 'scanned' }>;

/**
 * The scan threads, told by the thread that commits. All of them get all splits and claim them one by one
 * ({@link ClaimCounter}), so that a commit, which keeps this thread for a while, keeps none of them waiting.
 */
export class WorkerPool {
  readonly claimCounter: ClaimCounter;
  readonly #threads: Worker[] = [];
  #merger: PartialAggregatesMerger | undefined;
  #failure: unknown;
  #news: ScannedNews[] = [];
  #partials: PartialAggregates[] = [];
  /** Answers to the last order to hand over, or to forget. */
  #answers = 0;
  #offered = 0;
  #ring: (() => void) | undefined;

  /**
   * Their start takes some 40 ms; splits may be offered at once.
   * @throws what `startThread` throws: then none of them is left.
   */
  constructor(size: number, startThread: StartScanThread, closingLines: number, task: ScanTask) {
    this.claimCounter = new ClaimCounter(closingLines);
    this.claimCounter.reset();
    const data = { claimCounter: this.claimCounter.memory, closingLines, task };
    try {
      while (this.#threads.length < size) this.#threads.push(this.#watch(startThread(data)));
    } catch (error) {
      // Nobody has this workerPool to end it, and threads that wait for orders would keep the process alive.
      this.end();
      throw error;
    }
  }

  #watch(thread: Worker): Worker {
    return thread
      .on('message', (news: ScanNews) => this.#note(news))
      .on('error', (error) => this.#fail(error))
      .on('exit', () => this.#fail(new Error('A scan thread ended without a word.')));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#ring?.();
  }

  #note(news: ScanNews): void {
    if (news.kind === 'scanned') this.#news.push(news);
    else if (news.kind === 'windows') this.#partials.push(news.windows);
    else this.#answers++;
    if (news.kind === 'handed over') this.#partials.push(news.windows);
    this.#ring?.();
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
    this.#tell({ kind: 'splits', splits });
  }

  /** Opens the claimCounter for what was offered, and for what was not scanned to its end. */
  goOn(): void {
    this.claimCounter.open();
    this.#tell({ kind: 'splits', splits: [] });
  }

  /** What was scanned since this was called before. @throws what ended a thread. */
  takeNews(): ScannedNews[] {
    if (this.#failure !== undefined) throw this.#failure;
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** Waits until something has happened, but not for longer. */
  async heard(timeoutMs: number): Promise<void> {
    if (this.#news.length > 0 || this.#failure !== undefined) return;
    await this.#rung(timeoutMs);
  }

  #rung(timeoutMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
      this.#ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /**
   * Closes the claimCounter, and waits until all have scanned what they claimed and handed it over.
   * @returns gives the deltas of it all ({@link PartialAggregatesMerger}), each time from the start. Its news are there by then.
   */
  async flush(): Promise<() => Iterable<WindowDelta>> {
    this.claimCounter.close();
    await this.#all('hand over');
    const partials = this.#partials;
    this.#partials = [];
    // It has a kernel, with memory of its own: not before there is something to merge.
    this.#merger ??= new PartialAggregatesMerger();
    const merger = this.#merger;
    return () => merger.merge(partials);
  }

  /** Drops everything; no thread reads anything any more then. */
  async forget(): Promise<void> {
    this.claimCounter.close();
    await this.#all('forget');
    this.claimCounter.reset();
    this.#offered = 0;
    this.#news = [];
    this.#partials = [];
  }

  async #all(kind: 'hand over' | 'forget'): Promise<void> {
    this.#answers = 0;
    this.#tell({ kind });
    while (this.#answers < this.size) {
      if (this.#failure !== undefined) throw this.#failure;
      await this.#rung();
    }
  }

  #tell(order: ScanOrder): void {
    for (const thread of this.#threads) thread.postMessage(order);
  }

  /** Ends the threads. Nobody has to wait for that: after {@link forget} they hold nothing but memory. */
  end(): void {
    this.#failure ??= new Error('The scan threads were ended.');
    for (const thread of this.#threads) void thread.terminate();
  }
}
