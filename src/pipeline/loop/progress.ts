import { PROGRESS_INTERVAL_MS } from '../../limits.ts';
import type { Assignment } from '../../source/contract.ts';
import type { Progress } from '../types.ts';
import type { InputOutages } from './input-outages.ts';
import type { DiscoveredPartitions } from './partition-discovery.ts';

/** Sizes of what there is to read; undefined where nobody can know. */
type Sizes = readonly (number | undefined)[];

/** What is not stored, whether a scan cycle reads it or not. */
export interface Unstored {
  readonly bytes: Sizes;
  /** As many: undefined, too, where the source has no messages. */
  readonly messages: Sizes;
}

/** Counts what was read, how far the store is behind that, and reports it now and then. */
export class ProgressReporter {
  readonly #send: (progress: Progress) => void;
  readonly #now: () => number;
  readonly #storedBytes: () => number;
  readonly #hasMessages: boolean;
  #reportedMs = 0;
  #bytesTotal: number | undefined = 0;
  #bytesRead = 0;
  #linesRead = 0;
  /** What was not stored when the scan cycle began or ended, and what was by then. */
  #unstoredBytes: number | undefined;
  #unstoredMessages: number | undefined;
  #storedBefore = 0;
  #isAllStored = false;
  #storedThroughMs: number | undefined;

  /** @param storedBytes how many bytes the run has stored. @param hasMessages of the source. */
  constructor(
    send: (progress: Progress) => void,
    now: () => number,
    storedBytes: () => number,
    hasMessages = false,
  ) {
    this.#send = send;
    this.#now = now;
    this.#storedBytes = storedBytes;
    this.#hasMessages = hasMessages;
  }

  /**
   * Begins a scan cycle.
   * @param assignments what it reads.
   * @param unread what is not stored, whether it reads that or not.
   */
  expect(assignments: readonly Pick<Assignment, 'availableBytes'>[], unread: Unstored): void {
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
   * @param unread what is still not stored.
   * @param seenMs when the poll looked by which the cycle read. In ms since 1970.
   */
  settle(unread: Unstored, seenMs: number): void {
    this.#noteUnstored(unread);
    this.#isAllStored = unread.bytes.length === 0;
    this.noteUnchanged(seenMs);
  }

  /** A poll found nothing new. */
  noteUnchanged(seenMs: number): void {
    if (this.#isAllStored) this.#storedThroughMs = seenMs;
    this.report();
  }

  #noteUnstored({ bytes, messages }: Unstored): void {
    this.#unstoredBytes = sumOf(bytes);
    this.#unstoredMessages = this.#hasMessages ? sumOf(messages) : undefined;
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
      messagesBehind: this.#unstoredMessages,
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
 * What a poll found and is not stored, whether it can be read at the moment or not.
 * @param ended partitions that were read to their ends since.
 */
export function unstoredSizes(
  { assignments, problems }: Pick<DiscoveredPartitions, 'assignments' | 'problems'>,
  ended: ReadonlySet<string>,
  { isWaiting }: Pick<InputOutages, 'isWaiting'>,
): Unstored {
  const unread = assignments.filter(({ partition }) => !ended.has(partition.id));
  const bytes = unread.map(({ availableBytes }) => availableBytes);
  const messages = unread.map(({ availableMessages }) => availableMessages);
  // Of an input that is away, the poll may have found nothing.
  const isHidden = problems.some(({ error }) => error.isTransient) || (isWaiting && unread.length === 0);
  return isHidden ? { bytes: [...bytes, undefined], messages: [undefined] } : { bytes, messages };
}
