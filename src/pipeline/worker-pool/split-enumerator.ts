import { bug, DaymarkError } from '../../errors.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import type { Assignment, ByteLocation, PartitionReader } from '../../source/contract.ts';
import type { HeaderTracker } from '../scan/header-tracker.ts';
import { openInput } from '../scan/open-input.ts';
import type { CycleParts } from '../scan/scan-cycle.ts';
import { cut, lineStartFrom, type OpenLocation } from '../scan/split.ts';
import type { OfferedSplit } from './scan-worker.ts';

/** A partition that is open, because splits of it are being scanned. */
interface OpenPartition {
  readonly assignment: Assignment;
  readonly reader: PartitionReader;
  /** As of a split. */
  readonly head: Uint8Array | undefined;
  /** Splits that were handed out and are not done. */
  pending: number;
  isCutUp: boolean;
}

/** A split that was handed out. */
export interface EnumeratedSplit extends OfferedSplit {
  readonly source: OpenPartition;
}

export interface EnumeratorSettings {
  readonly scan: ScanSettings;
  readonly headers: HeaderTracker;
  readonly splitBytes: number;
  /** Partitions that are to be one split each. */
  readonly uncut: ReadonlySet<string>;
  readonly openLocation: OpenLocation;
  /** As in `CycleParts`. */
  readonly note: CycleParts['note'];
}

/** Opens the partitions of a scan cycle, one after the other, and cuts them into splits on demand. */
export class SplitEnumerator {
  readonly #settings: EnumeratorSettings;
  readonly #splits: AsyncGenerator<EnumeratedSplit>;
  readonly #open = new Set<OpenPartition>();
  #isAtEnd = false;
  #hasMissed = false;

  constructor(assignments: readonly Assignment[], settings: EnumeratorSettings) {
    this.#settings = settings;
    this.#splits = this.#all(assignments);
  }

  /** True where all was handed out and is done. */
  get isDone(): boolean {
    return this.#isAtEnd && this.#open.size === 0;
  }

  /** True where an input was no longer what was found: poll again. */
  get hasMissed(): boolean {
    return this.#hasMissed;
  }

  /** @returns undefined where all was handed out. */
  async next(): Promise<EnumeratedSplit | undefined> {
    const { value, done } = await this.#splits.next();
    if (done) this.#isAtEnd = true;
    return value ?? undefined;
  }

  async *#all(assignments: readonly Assignment[]): AsyncGenerator<EnumeratedSplit> {
    for (const assignment of assignments) {
      const source = await this.#openOne(assignment);
      if (source) yield* this.#splitsOf(source);
    }
  }

  async #openOne(assignment: Assignment): Promise<OpenPartition | undefined> {
    try {
      const input = await openInput(assignment, this.#settings.scan, this.#settings.headers);
      this.#hasMissed ||= !input;
      if (!input) return undefined;
      const { reader, head } = input;
      const source = { assignment, reader, head, pending: 0, isCutUp: false };
      this.#open.add(source);
      return source;
    } catch (error) {
      this.#settings.note(error, assignment.partition);
      return undefined;
    }
  }

  async *#splitsOf(source: OpenPartition): AsyncGenerator<EnumeratedSplit> {
    const { partition, takesLastLine, availableBytes = 0 } = source.assignment;
    const { location } = source.reader;
    if (!location) throw bug(`${partition.name} cannot be read by other threads`);
    const { splitBytes, uncut, scan } = this.#settings;
    // What names the columns of a split may stand in any split before it.
    const isWhole = uncut.has(partition.id) || scan.format.layout === 'w3c';
    const { head } = source;
    const lineStart = (at: number) => this.#lineStart(location, at);
    for await (const range of cut(lineStart, location.offset, isWhole ? 0 : availableBytes, splitBytes)) {
      const { from, to } = range;
      const isLast = to === undefined;
      source.pending++;
      source.isCutUp = isLast;
      yield {
        location: { ...location, offset: from },
        bytes: isLast ? undefined : to - from,
        takesLastLine: takesLastLine && isLast,
        ...{ head, source },
      };
    }
  }

  /** Where it cannot be read, the rest is one split: the thread that scans it meets the same error, and reports it. */
  async #lineStart(location: ByteLocation, at: number): Promise<number | undefined> {
    try {
      return await lineStartFrom(this.#settings.openLocation, location, at);
    } catch (error) {
      if (error instanceof DaymarkError) return undefined;
      throw error;
    }
  }

  /** Notes that a split is done. */
  async done({ source }: EnumeratedSplit): Promise<void> {
    source.pending--;
    if (source.pending > 0 || !source.isCutUp) return;
    this.#open.delete(source);
    await source.reader.close();
  }

  /** Closes everything. Call it when no thread reads any more. */
  async close(): Promise<void> {
    for (const { reader } of this.#open) await reader.close();
    this.#open.clear();
  }
}
