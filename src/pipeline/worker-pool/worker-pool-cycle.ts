import { bug } from '../../errors.ts';
import { PROGRESS_INTERVAL_MS, SPLITS_AHEAD } from '../../limits.ts';
import type { Assignment, Partition } from '../../source/contract.ts';
import { errorOf } from '../../thread-error.ts';
import { Ledger } from '../scan/ledger.ts';
import {
  type CycleParts,
  CycleTurn,
  commitIntervalMs,
  type ScanCycle,
  verifiedChecksums,
} from '../scan/scan-cycle.ts';
import type { OpenLocation } from '../scan/split.ts';
import { type EnumeratedSplit, SplitEnumerator } from './split-enumerator.ts';
import type { FlushedWindows, ScanReport, WorkerPool } from './worker-pool.ts';

/** Lines are missing in the middle, because a split could not be read to its end. Read that partition as one split. */
export class SplitBroken extends Error {
  readonly partitionId: string;

  constructor({ id, name }: { readonly id: string; readonly name: string }) {
    super(`a split of ${name} broke off`);
    this.partitionId = id;
  }
}

/** What the worker pool has scanned and flushed: one commit. */
interface Batch {
  readonly ledger: Ledger;
  readonly windows: FlushedWindows;
}

/**
 * Reads with a pool of scan threads. While this thread commits one batch, they scan the next one. No more than these two are
 * in memory.
 */
export class WorkerPoolCycle implements ScanCycle {
  readonly #parts: CycleParts;
  readonly #workerPool: WorkerPool;
  readonly #splitBytes: number;
  readonly #uncut: ReadonlySet<string>;
  readonly #openLocation: OpenLocation;
  /** Those that are not done, by number. */
  readonly #splits = new Map<number, EnumeratedSplit>();
  #offered = 0;
  #ledger = new Ledger();
  #counted: { readonly bytes: number; readonly lines: number };

  /** @param uncut partitions that are to be read as one split each. */
  constructor(
    parts: CycleParts,
    workerPool: WorkerPool,
    openLocation: OpenLocation,
    splitBytes: number,
    uncut: ReadonlySet<string>,
  ) {
    this.#parts = parts;
    this.#workerPool = workerPool;
    this.#openLocation = openLocation;
    this.#splitBytes = splitBytes;
    this.#uncut = uncut;
    this.#counted = workerPool.claimCounter.totals;
  }

  async read(assignments: readonly Assignment[]): Promise<boolean> {
    const feed = new SplitEnumerator(assignments, {
      scan: this.#parts.scan,
      headers: this.#parts.headers,
      splitBytes: this.#splitBytes,
      uncut: this.#uncut,
      openLocation: this.#openLocation,
      note: this.#parts.note,
    });
    try {
      await this.#readAll(feed);
      return feed.isDone && !feed.hasMissed;
    } finally {
      // Files are closed when no thread reads them any more.
      this.#parts.spill.drop();
      try {
        await this.#workerPool.forget();
      } finally {
        await feed.close();
      }
    }
  }

  async #readAll(feed: SplitEnumerator): Promise<void> {
    const turn = new CycleTurn(this.#parts);
    let scanned: Batch | undefined;
    do {
      await this.#offer(feed);
      this.#workerPool.goOn();
      // It begins when the threads have enough to do: a commit to the embedded store blocks this thread.
      const committed = this.#commit(scanned);
      const [batch] = await Promise.allSettled([this.#scanBatch(feed), committed]);
      await committed;
      if (batch.status === 'rejected') throw batch.reason;
      scanned = batch.value;
    } while (!feed.isDone && !turn.isOver && !this.#parts.signal.aborted);
    await this.#commit(scanned);
    await this.#parts.spill.commit();
  }

  async #scanBatch(feed: SplitEnumerator): Promise<Batch> {
    await this.#untilDue(feed);
    const { isSpilling, claimCounter } = this.#workerPool;
    const isSpilled = () => this.#parts.spill.isOpen || (isSpilling && claimCounter.isFull);
    const windows = await this.#workerPool.flush(() => (isSpilled() ? 'run' : 'aggregates'));
    await this.#takeReports(feed);
    const ledger = this.#ledger;
    this.#ledger = new Ledger();
    return { ledger, windows };
  }

  async #untilDue(feed: SplitEnumerator): Promise<void> {
    const { signal, now, progress, settings } = this.#parts;
    // Only what has a known size is cut into splits.
    const intervalMs = commitIntervalMs(settings.isFollowing, 0);
    const beganMs = now();
    for (;;) {
      await this.#takeReports(feed);
      const isDue = this.#workerPool.claimCounter.isClosed || now() - beganMs >= intervalMs;
      if (isDue || feed.isDone || signal.aborted) return;
      await this.#offer(feed);
      if (progress.isDue) progress.report();
      await this.#workerPool.waitForReport(PROGRESS_INTERVAL_MS);
    }
  }

  /** Offers as many splits as the threads can scan while a commit blocks this thread. */
  async #offer(feed: SplitEnumerator): Promise<void> {
    const wanted = SPLITS_AHEAD * this.#workerPool.size;
    const splits: EnumeratedSplit[] = [];
    while (this.#workerPool.unclaimed + splits.length < wanted) {
      const split = await feed.next();
      if (!split) break;
      this.#splits.set(this.#offered++, split);
      splits.push(split);
    }
    if (splits.length === 0) return;
    this.#workerPool.offer(
      splits.map(({ location, bytes, takesLastLine, head }) => ({ location, bytes, takesLastLine, head })),
    );
  }

  async #takeReports(feed: SplitEnumerator): Promise<void> {
    for (const report of this.#workerPool.takeReports()) await this.#note(report, feed);
    const { bytes, lines } = this.#workerPool.claimCounter.totals;
    this.#parts.progress.add(bytes - this.#counted.bytes, lines - this.#counted.lines);
    this.#counted = { bytes, lines };
  }

  async #note(
    { split: number, part, isDone, isWhole, error }: ScanReport,
    feed: SplitEnumerator,
  ): Promise<void> {
    const split = this.#splits.get(number);
    if (!split) throw bug(`nobody offered split ${number}`);
    const { assignment, reader } = split.source;
    const { partition } = assignment;
    const hasNothing = !part || (error && part.to === part.from);
    const checksums = hasNothing ? undefined : verifiedChecksums(reader, partition, part);
    // Other threads may have scanned what comes behind it, so nothing of this batch can be used.
    if (isDone && !isWhole) throw new SplitBroken(partition);
    if (part && checksums) this.#ledger.add(partition, part, checksums);
    if (!isDone) return;
    this.#splits.delete(number);
    await feed.done(split);
    if (error) this.#parts.note(errorOf(error), partition);
    else if (split.bytes === undefined) this.#ended(partition);
  }

  #ended(partition: Partition): void {
    if (!this.#parts.settings.isFollowing)
      for (const part of [this.#ledger, this.#parts.spill]) part.finish(partition);
    this.#parts.ended(partition.id);
  }

  async #commit(batch: Batch | undefined): Promise<void> {
    if (!batch) return;
    const { committer, spill } = this.#parts;
    const { ledger, windows } = batch;
    if (windows.runs.length > 0) await spill.add(ledger, windows.runs);
    else await committer.commit(ledger.advances(), windows.deltas, ledger.bytes);
    windows.free();
  }
}
