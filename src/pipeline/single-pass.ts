import { setImmediate } from 'node:timers/promises';
import type { Assignment, Partition, PartitionReader } from '../source/contract.ts';
import type { ScanGate } from './gate.ts';
import { deltasOf } from './handover.ts';
import { Ledger } from './ledger.ts';
import { commitIntervalMs, LogChanged, type Pass, type PassParts } from './pass.ts';
import { type ByteReader, headFor } from './section.ts';
import { budgetOf, SectionScanner } from './section-scanner.ts';

/**
 * Reads partition by partition in this thread alone. What it scanned goes to the store as it is, and each commit
 * covers exactly as many lines as it may.
 */
export class SinglePass implements Pass {
  readonly #parts: PassParts;
  readonly #scanner: SectionScanner;
  readonly #gate: BatchGate;
  #ledger = new Ledger();

  constructor(parts: PassParts) {
    const { windowStateBytes, dayZone, eventTime } = parts.settings;
    this.#parts = parts;
    this.#scanner = new SectionScanner(
      { scan: parts.scan, dayZone, eventTime, budget: budgetOf(windowStateBytes, 1) },
      parts.systemTimeMs,
    );
    this.#gate = new BatchGate(parts);
  }

  async read(assignments: readonly Assignment[]): Promise<boolean> {
    try {
      let isCaughtUp = true;
      for (const assignment of assignments) isCaughtUp = (await this.#readSafely(assignment)) && isCaughtUp;
      await this.#commit();
      return isCaughtUp;
    } finally {
      this.#clear();
    }
  }

  /** An error of one input ends the reading of that input: what came before it counts. */
  async #readSafely(assignment: Assignment): Promise<boolean> {
    if (this.#parts.signal.aborted) return false;
    try {
      return await this.#readOne(assignment);
    } catch (error) {
      this.#parts.note(error);
      return true;
    }
  }

  /** @returns false where there is more to read of it: it became another one, or the run is to stop. */
  async #readOne(assignment: Assignment): Promise<boolean> {
    const { partition } = assignment;
    const reader = await assignment.open();
    if (!reader) return false;
    try {
      const head = await headFor(this.#parts.scan, assignment);
      // Half a header could name other columns than the whole one.
      const { takesLastLine } = assignment;
      if (!takesLastLine && head && !head.includes(NEWLINE)) return true;
      this.#gate.begin(assignment);
      this.#scanner.begin(
        { from: partition.offset, to: undefined, takesLastLine, head },
        this.#watched(reader),
        this.#parts.clockOf(partition.id),
      );
      return await this.#scanToEnd(assignment, reader);
    } finally {
      await reader.close();
    }
  }

  /** @returns false where the run is to stop. */
  async #scanToEnd({ partition }: Assignment, reader: PartitionReader): Promise<boolean> {
    while ((await this.#scan(partition, reader)) !== 'done') {
      if (this.#parts.signal.aborted) return false;
      await this.#commit();
    }
    if (!this.#parts.settings.isFollowing) this.#ledger.finish(partition);
    this.#parts.ended(partition.id);
    return true;
  }

  async #scan(partition: Partition, reader: PartitionReader) {
    try {
      const stop = await this.#scanner.scan(this.#gate);
      if (!reader.isIntact()) throw new LogChanged(partition);
      return stop;
    } finally {
      const part = this.#scanner.takePart();
      this.#parts.progress.add(0, part.lines);
      this.#ledger.add(partition, part, reader.checksumsUpTo(part.to));
    }
  }

  async #commit(): Promise<void> {
    await this.#parts.committer.commit(this.#ledger.advances(), () => deltasOf(this.#scanner.windows()));
    this.#clear();
  }

  #clear(): void {
    this.#scanner.clear();
    this.#ledger = new Ledger();
    this.#gate.reset();
  }

  /** Tells the progress now and then, and lets the thread hear whether it is to stop. */
  #watched(reader: PartitionReader): ByteReader {
    const { progress } = this.#parts;
    return {
      before: reader.before,
      read: async (target) => {
        if (progress.isDue) await this.#breathe();
        const bytes = await reader.read(target);
        progress.add(bytes, 0);
        return bytes;
      },
      close: () => reader.close(),
    };
  }

  async #breathe(): Promise<void> {
    await setImmediate();
    this.#parts.progress.tell();
  }
}

const NEWLINE = 0x0a;

/** Closes when a commit is due, or the run is to stop. */
class BatchGate implements ScanGate {
  readonly #parts: PassParts;
  #lines = 0;
  #beganMs = 0;
  #intervalMs = 0;

  constructor(parts: PassParts) {
    this.#parts = parts;
  }

  /** Says what is read from now on. */
  begin({ availableBytes }: Assignment): void {
    this.#intervalMs = commitIntervalMs(this.#parts.settings.isFollowing, availableBytes);
  }

  get isClosed(): boolean {
    const { signal, settings, now } = this.#parts;
    if (this.#lines === 0) return signal.aborted;
    return signal.aborted || this.#lines >= settings.batchLines || now() - this.#beganMs >= this.#intervalMs;
  }

  get room(): number {
    return this.#parts.settings.batchLines - this.#lines;
  }

  took(lines: number): void {
    if (this.#lines === 0) this.#beganMs = this.#parts.now();
    this.#lines += lines;
  }

  reset(): void {
    this.#lines = 0;
  }
}
