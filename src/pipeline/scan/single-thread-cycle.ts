import { setImmediate } from 'node:timers/promises';
import {
  type Assignment,
  Interrupted,
  type Partition,
  type PartitionReader,
  type Position,
  type PositionedBytes,
  type YieldPoint,
} from '../../source/contract.ts';
import type { BatchLimit } from '../worker-pool/claim-counter.ts';
import { Ledger } from './ledger.ts';
import { openInput } from './open-input.ts';
import {
  type CycleParts,
  CycleTurn,
  commitIntervalMs,
  type ScanCycle,
  verifiedChecksums,
} from './scan-cycle.ts';
import { budgetOf, SplitScanner } from './split-scanner.ts';

type Turn = Pick<CycleTurn, 'isOver'>;

const NO_TURN: Turn = { isOver: false };

/** What is being read, and how far of it is committed. */
export interface ReadingState {
  readonly assignment: Assignment;
  /** Undefined while it is being opened. */
  readonly reader: PartitionReader | undefined;
  readonly offset: Position;
  /** The event-time clock there. */
  readonly clockMs: number | null;
}

function laterClock(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

/**
 * Reads partition by partition in this thread alone. It commits out of its accumulator, and each commit covers at most
 * `batchLines` lines.
 */
export class SingleThreadCycle implements ScanCycle {
  readonly #parts: CycleParts;
  readonly #scanner: SplitScanner;
  readonly #limit: AgeLimit;
  readonly #yieldPoint: YieldPoint;
  /** True where the caller decides when the turn is over. */
  readonly #isHeldInTurns: boolean;
  #ledger = new Ledger();
  /** False where what is read could not be read again. */
  #mayBeSpilled = false;
  #reading: ReadingState | undefined;

  /** @param yieldPoint is called before each `Assignment.open`, and by it. Undefined: a run that is to stop stops there. */
  constructor(parts: CycleParts, yieldPoint?: YieldPoint) {
    const { windowStateBytes, batchWindows, dayZone, kept, eventTime } = parts.settings;
    this.#parts = parts;
    this.#scanner = new SplitScanner(
      { scan: parts.scan, dayZone, kept, eventTime, budget: budgetOf(windowStateBytes, 1, batchWindows) },
      parts.systemTimeMs,
    );
    this.#limit = new AgeLimit(parts);
    this.#isHeldInTurns = yieldPoint !== undefined;
    this.#yieldPoint = yieldPoint ?? (() => this.#stopIfAborted());
  }

  /** What is being read or opened now. */
  get reading(): ReadingState | undefined {
    return this.#reading;
  }

  async read(assignments: Iterable<Assignment>): Promise<boolean> {
    const turn = this.#isHeldInTurns ? NO_TURN : new CycleTurn(this.#parts);
    try {
      let isCaughtUp = true;
      for (const assignment of assignments)
        isCaughtUp = (await this.#readSafely(assignment, turn)) && isCaughtUp;
      await this.#store();
      await this.#parts.spill.commit();
      return isCaughtUp;
    } finally {
      this.#clear();
      this.#parts.spill.drop();
    }
  }

  /** Commits what was scanned, while the work is held at a yield point. */
  async commitScanned(): Promise<void> {
    const reading = this.#reading;
    if (reading?.reader) this.#takePart(reading.assignment.partition, reading.reader);
    await this.#store();
  }

  /** Forgets what was scanned and not committed, while the work is held at a yield point. */
  forgetScanned(): void {
    this.#scanner.takePart();
    this.#clear();
  }

  /** An error of one input ends the reading of that input. What came before the error counts. */
  async #readSafely(assignment: Assignment, turn: Turn): Promise<boolean> {
    if (this.#parts.signal.aborted || turn.isOver) return false;
    try {
      return await this.#readOne(assignment, turn);
    } catch (error) {
      if (error instanceof Interrupted) return false;
      this.#parts.note(error, assignment.partition);
      return true;
    } finally {
      this.#reading = undefined;
    }
  }

  /** @returns false where there is more to read: it is another file now, the turn is over, or the run is to stop. */
  async #readOne(assignment: Assignment, turn: Turn): Promise<boolean> {
    const { partition } = assignment;
    const clockMs = this.#parts.clockOf(partition.id);
    this.#mayBeSpilled = !this.#isHeldInTurns && assignment.isReadOnce !== true;
    if (!this.#mayBeSpilled) await this.#parts.spill.commit();
    this.#reading = { assignment, reader: undefined, offset: partition.offset, clockMs };
    await this.#yieldPoint();
    const input = await openInput(assignment, this.#parts.scan, this.#parts.headers, this.#yieldPoint);
    if (!input) return false;
    const { reader, head, isHeaderUnfinished } = input;
    this.#reading = { ...this.#reading, reader };
    try {
      if (isHeaderUnfinished) return true;
      const { takesLastLine } = assignment;
      this.#limit.begin(assignment);
      const split = { bytes: undefined, takesLastLine, head };
      this.#scanner.begin(split, this.#watched(reader), clockMs);
      return await this.#scanToEnd(assignment, reader, turn);
    } finally {
      await reader.close();
    }
  }

  /** @returns false where the turn is over, or the run is to stop. */
  async #scanToEnd({ partition }: Assignment, reader: PartitionReader, turn: Turn): Promise<boolean> {
    for (;;) {
      const stop = await this.#scan(partition, reader);
      if (stop === 'done') break;
      if (this.#parts.signal.aborted) return false;
      await this.#store(stop === 'full');
      if (turn.isOver) return false;
    }
    if (!this.#parts.settings.isFollowing)
      for (const part of [this.#ledger, this.#parts.spill]) part.finish(partition);
    this.#parts.ended(partition.id);
    return true;
  }

  async #scan(partition: Partition, reader: PartitionReader) {
    try {
      const stop = await this.#scanner.scan(this.#limit);
      this.#takePart(partition, reader);
      return stop;
    } catch (error) {
      // What was scanned before the error counts. It is nothing where the error came from the line above.
      this.#takePart(partition, reader, true);
      throw error;
    }
  }

  #takePart(partition: Partition, reader: PartitionReader, hasFailed = false): void {
    const part = this.#scanner.takePart();
    if (hasFailed && part.to === part.from) return;
    this.#parts.progress.add(0, part.lines);
    this.#ledger.add(partition, part, verifiedChecksums(reader, partition, part));
    const reading = this.#reading;
    if (reading && part.to > part.from)
      this.#reading = { ...reading, offset: part.to, clockMs: laterClock(reading.clockMs, part.clockMs) };
  }

  /** Commits what was scanned, or spills it. @param isFull true where there is no more room for it. */
  async #store(isFull = false): Promise<void> {
    const { committer, spill } = this.#parts;
    if (spill.isOpen || (isFull && this.#mayBeSpilled && spill.isPossible))
      await spill.add(this.#ledger, [this.#scanner.encodedWindows()]);
    else await committer.commit(this.#ledger.advances(), () => this.#scanner.deltas(), this.#ledger.bytes);
    this.#clear();
  }

  #clear(): void {
    this.#scanner.clear();
    this.#ledger = new Ledger();
    this.#limit.reset();
  }

  /** Reports the progress now and then, and lets the thread take messages, such as that it is to stop. */
  #watched(reader: PartitionReader): PositionedBytes {
    const { progress } = this.#parts;
    return {
      before: reader.before,
      hasBytePositions: reader.hasBytePositions,
      get isHoldingMuch() {
        return reader.isHoldingMuch ?? false;
      },
      read: async (target) => {
        if (progress.isDue) await this.#takeMessages();
        const bytes = await reader.read(target);
        progress.add(bytes, 0);
        return bytes;
      },
      positionAt: (bytes) => reader.positionAt(bytes),
      standIns: (from, to) => reader.standIns?.(from, to) ?? [],
      close: () => reader.close(),
    };
  }

  async #stopIfAborted(): Promise<void> {
    if (this.#parts.progress.isDue) await this.#takeMessages();
    if (this.#parts.signal.aborted) throw new Interrupted();
  }

  async #takeMessages(): Promise<void> {
    await setImmediate();
    this.#parts.progress.report();
  }
}

/** Closes when a commit is due, or the run is to stop. */
class AgeLimit implements BatchLimit {
  readonly #parts: CycleParts;
  #lines = 0;
  #beganMs = 0;
  #intervalMs = 0;

  constructor(parts: CycleParts) {
    this.#parts = parts;
  }

  /** Begins with another input. */
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
