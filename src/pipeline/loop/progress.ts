import { PROGRESS_INTERVAL_MS } from '../../limits.ts';
import type { Assignment } from '../../source/contract.ts';
import type { Progress } from '../types.ts';
import type { InputOutages } from './input-outages.ts';
import type { DiscoveredPartitions } from './partition-discovery.ts';

/** Sizes of what there is to read; undefined where nobody can know. */
type Sizes = readonly (number | undefined)[];

/** Counts what was read, how far the store is behind that, and reports it now and then. */
export class ProgressReporter {
  readonly #send: (progress: Progress) => void;
  readonly #now: () => number;
  readonly #storedBytes: () => number;
  #reportedMs = 0;
  #bytesTotal: number | undefined = 0;
  #bytesRead = 0;
  #linesRead = 0;
  /** What was not stored when the scan cycle began or ended, and what was by then. */
  #unstoredBytes: number | undefined;
  #storedBefore = 0;
  #isAllStored = false;
  #storedThroughMs: number | undefined;

  /** @param storedBytes how many bytes the run has stored. */
  constructor(send: (progress: Progress) => void, now: () => number, storedBytes: () => number) {
    this.#send = send;
    this.#now = now;
    this.#storedBytes = storedBytes;
  }

  /**
   * Begins a scan cycle.
   * @param assignments what it reads.
   * @param unread sizes of what is not stored, whether it reads that or not.
   */
  expect(assignments: readonly Pick<Assignment, 'availableBytes'>[], unread: Sizes): void {
    const bytes = sumOf(assignments.map(({ availableBytes }) => availableBytes));
    this.#bytesTotal = bytes === undefined ? undefined : this.#bytesRead + bytes;
    this.#noteUnstored(unread);
    this.#isAllStored = false;
  }

  add(bytes: number, lines: number): void {
    this.#bytesRead += bytes;
    this.#linesRead += lines;
  }

  /**
   * Ends a scan cycle that has read all that it could.
   * @param unread sizes of what is still not stored.
   * @param seenMs when the poll looked by which the cycle read. In ms since 1970.
   */
  settle(unread: Sizes, seenMs: number): void {
    this.#noteUnstored(unread);
    this.#isAllStored = unread.length === 0;
    this.noteUnchanged(seenMs);
  }

  /** A poll found nothing new. */
  noteUnchanged(seenMs: number): void {
    if (this.#isAllStored) this.#storedThroughMs = seenMs;
    this.report();
  }

  #noteUnstored(unread: Sizes): void {
    this.#unstoredBytes = sumOf(unread);
    this.#storedBefore = this.#storedBytes();
  }

  get isDue(): boolean {
    return this.#now() - this.#reportedMs >= PROGRESS_INTERVAL_MS;
  }

  report(): void {
    this.#reportedMs = this.#now();
    this.#send({
      ...{ bytesRead: this.#bytesRead, bytesTotal: this.#bytesTotal, linesRead: this.#linesRead },
      bytesBehind: this.#bytesBehind,
      storedThroughMs: this.#storedThroughMs,
    });
  }

  /** A log may have grown since the poll, and more of it be stored by now than the poll found. */
  get #bytesBehind(): number | undefined {
    if (this.#unstoredBytes === undefined) return undefined;
    return Math.max(0, this.#unstoredBytes - (this.#storedBytes() - this.#storedBefore));
  }
}

function sumOf(sizes: Sizes): number | undefined {
  if (sizes.includes(undefined)) return undefined;
  return sizes.reduce((sum: number, bytes) => sum + (bytes ?? 0), 0);
}

/**
 * The sizes of what a poll found and is not stored, whether it can be read at the moment or not.
 * @param ended partitions that were read to their ends since.
 */
export function unstoredSizes(
  { assignments, problems }: Pick<DiscoveredPartitions, 'assignments' | 'problems'>,
  ended: ReadonlySet<string>,
  { isWaiting }: Pick<InputOutages, 'isWaiting'>,
): Sizes {
  const unread = assignments.filter(({ partition }) => !ended.has(partition.id));
  const sizes = unread.map(({ availableBytes }) => availableBytes);
  // Of an input that is away, the poll may have found nothing.
  const isHidden = problems.some(({ error }) => error.isTransient) || (isWaiting && unread.length === 0);
  return isHidden ? [...sizes, undefined] : sizes;
}
