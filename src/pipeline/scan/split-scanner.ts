import { bug } from '../../errors.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import { newKernel } from '../../kernel/kernel.ts';
import { MAX_BATCH_REJECTIONS, MAX_REJECTED_LINES_KEPT } from '../../limits.ts';
import { Scanner, type ScanStep } from '../../log-format/scanner.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import { type KeyedWindow, keyedWindows } from '../../statistics/keyed-windows.ts';
import { WindowAccumulator } from '../../statistics/window-accumulator.ts';
import type { RejectedLine, WindowDelta } from '../../store/contract.ts';
import { daySpanAt } from '../../window/day.ts';
import { oldestKeptMs } from '../../window/retention.ts';
import type { ZoneTable } from '../../window/types.ts';
import { type LateCounts, LateEvents } from '../finality/late-events.ts';
import type { EventTimeSettings } from '../types.ts';
import type { BatchLimit } from '../worker-pool/claim-counter.ts';
import type { PartialAggregate } from '../worker-pool/partial-aggregates.ts';
import type { ScannedPart } from './ledger.ts';
import type { ByteReader, Split } from './split.ts';

/** The bounds of what a scanner holds. */
export interface ScanBudget {
  readonly windowStateBytes: number;
  /** Rejected lines to describe before a commit is due. */
  readonly rejections: number;
}

/** What a scanner is made of; plain data, so that it can be sent to a thread. */
export interface ScanTask {
  readonly scan: ScanSettings;
  readonly dayZone: ZoneTable;
  readonly eventTime: EventTimeSettings;
  readonly budget: ScanBudget;
}

/** The budget of one of so many workers. */
export function budgetOf(windowStateBytes: number, workers: number): ScanBudget {
  return {
    windowStateBytes,
    rejections: Math.max(MAX_REJECTED_LINES_KEPT, Math.floor(MAX_BATCH_REJECTIONS / workers)),
  };
}

/**
 * Why scanning stopped: the split is done; what was scanned must be handed over or committed before more is taken
 * (`full`); a commit is due (`closed`).
 */
export type ScanStop = 'done' | 'full' | 'closed';

/** A {@link ScannedPart} that is still growing. */
interface GrowingPart extends ScannedPart {
  from: number;
  to: number;
  lines: number;
  accepted: number;
  rejected: number;
  late: number;
  dropped: number;
  tailChecksum: string;
  clockMs: number | null;
  firstEventMs: number | null;
  lastEventMs: number | null;
  readonly rejectedByReason: Map<string, number>;
  readonly rejectedLines: RejectedLine[];
}

const NOTHING_LATE: LateCounts = { late: 0, dropped: 0 };
const LF = 0x0a;
const NUL = 0;

/** Scans splits, one after the other, into the windows that they touch. */
export class SplitScanner {
  readonly #scanner: Scanner;
  readonly #accumulator: WindowAccumulator;
  readonly #maxRejections: number;
  readonly #dayZone: ZoneTable;
  readonly #eventTime: EventTimeSettings;
  readonly #systemTimeMs: () => number;
  /** Undefined where no event is ever late. */
  readonly #lateEvents: LateEvents | undefined;
  #split: Split | undefined;
  #reader: ByteReader | undefined;
  /** Where the next bytes are read from. */
  #position = 0;
  #hasEnded = false;
  #part = emptyPart(0);
  #rejections = 0;
  #isCustomerTableFull = false;

  /** @param systemTimeMs the system time, in ms since 1970. */
  constructor({ scan, dayZone, eventTime, budget }: ScanTask, systemTimeMs: () => number) {
    const kernel = newKernel(budget.windowStateBytes);
    this.#scanner = new Scanner(scan, kernel);
    this.#accumulator = new WindowAccumulator((timeMs) => daySpanAt(dayZone, timeMs), kernel);
    this.#maxRejections = budget.rejections;
    this.#dayZone = dayZone;
    this.#eventTime = eventTime;
    this.#systemTimeMs = systemTimeMs;
    if (eventTime.waitMs === Number.POSITIVE_INFINITY) return;
    this.#lateEvents = new LateEvents(dayZone, eventTime, this.#accumulator);
    // Each record is judged before it is added to its window.
    kernel.setDirectInsert(false);
  }

  /**
   * Scans this split from now on. What was scanned before is kept.
   * @param clockMs the event-time clock of the partition there: needed where events can be late.
   */
  begin(split: Split, reader: ByteReader, clockMs: number | null): void {
    this.#split = split;
    this.#reader = reader;
    this.#position = split.from;
    this.#hasEnded = false;
    this.#part = emptyPart(split.from);
    this.#accumulator.takeTimes();
    this.#lateEvents?.begin(clockMs);
    const last = reader.before.at(-1);
    // A log that was truncated while it was written, or a machine that lost its power, leaves NULs before a line.
    const isInsideLine = split.from > 0 && last !== LF && last !== NUL;
    this.#scanner.start(split.from, isInsideLine, split.head, reader.before);
  }

  /**
   * Scans the split on.
   * @throws {DaymarkError} READ_FAILED and the like. What was scanned before stands.
   */
  async scan(limit: BatchLimit): Promise<ScanStop> {
    this.#setTimeBounds();
    for (;;) {
      const stop = this.#takeLines(limit);
      if (stop) return stop;
      if (this.#hasEnded) return this.#takeLastLine(limit);
      await this.#fill();
    }
  }

  #setTimeBounds(): void {
    const { maxAgeMs, maxAheadMs, retentionDays } = this.#eventTime;
    const nowMs = this.#systemTimeMs();
    const oldestMs = retentionDays === 0 ? -Infinity : oldestKeptMs(nowMs, retentionDays, this.#dayZone);
    this.#scanner.setTimeBounds(Math.max(nowMs - maxAgeMs, oldestMs), nowMs + maxAheadMs);
  }

  #takeLines(limit: BatchLimit): ScanStop | undefined {
    for (;;) {
      if (this.isFull) return 'full';
      if (limit.isClosed && this.#present.to === undefined) return 'closed';
      const step = this.#scanner.step(limit.room, this.#roomForRejections);
      this.#add(step);
      limit.took(step.lines);
      if (!step.isCustomerTableFull && step.lines === 0) return undefined;
    }
  }

  #takeLastLine(limit: BatchLimit): ScanStop {
    if (!this.#present.takesLastLine) return 'done';
    const step = this.#scanner.finish(this.#roomForRejections);
    this.#add(step);
    limit.took(step.lines);
    return step.isCustomerTableFull ? 'full' : 'done';
  }

  get #present(): Split {
    if (!this.#split) throw bug('no split to scan');
    return this.#split;
  }

  get #roomForRejections(): number {
    return MAX_REJECTED_LINES_KEPT - this.#part.rejectedLines.length;
  }

  async #fill(): Promise<void> {
    const { to = Number.POSITIVE_INFINITY } = this.#present;
    const target = this.#scanner.space().subarray(0, to - this.#position);
    const bytes = target.length === 0 ? 0 : ((await this.#reader?.read(target)) ?? 0);
    this.#position += bytes;
    if (bytes === 0) this.#hasEnded = true;
    else this.#scanner.filled(bytes);
  }

  #add(step: ScanStep): void {
    const { batch, offset } = this.#scanner;
    const { late, dropped } = this.#lateEvents?.judge(batch) ?? NOTHING_LATE;
    this.#accumulator.add(batch);
    const part = this.#part;
    part.late += late;
    part.dropped += dropped;
    part.to = offset;
    part.lines += step.lines;
    part.accepted += batch.rows + step.directRecords;
    part.rejected += step.rejected;
    part.rejectedLines.push(...step.rejections);
    for (const [reason, lines] of step.rejectedByReason)
      part.rejectedByReason.set(reason, (part.rejectedByReason.get(reason) ?? 0) + lines);
    this.#rejections += step.rejections.length;
    this.#isCustomerTableFull = step.isCustomerTableFull;
  }

  /** True where nothing more may be scanned before {@link clear}. */
  get isFull(): boolean {
    return this.#accumulator.isFull || this.#isCustomerTableFull || this.#rejections >= this.#maxRejections;
  }

  /** What was scanned of the present split since it began, or since this was called before. */
  takePart(): ScannedPart {
    const part = this.#part;
    this.#part = emptyPart(part.to);
    const times = this.#accumulator.takeTimes();
    if (part.to > part.from) part.tailChecksum = fingerprintOf(this.#scanner.before);
    // The clock is the greatest event time, and what was dropped lies before it.
    return { ...part, ...times, clockMs: times.lastEventMs };
  }

  /** What was scanned since {@link clear}, in the order of keys. The statistics of each window hold until the next's. */
  *deltas(): Generator<WindowDelta> {
    const accumulator = this.#accumulator;
    for (const { key, window } of this.#keyedWindows()) {
      yield {
        key,
        lateEvents: accumulator.lateEvents(window),
        get statistics() {
          return accumulator.statistics(window);
        },
      };
    }
  }

  /** The same, to be handed over. */
  *partialAggregates(): Generator<PartialAggregate> {
    const accumulator = this.#accumulator;
    for (const { key, window } of this.#keyedWindows())
      yield { key, ...accumulator.eventTimes(window), total: accumulator.total(window) };
  }

  #keyedWindows(): Generator<KeyedWindow> {
    return keyedWindows(this.#accumulator, (customer) => this.#scanner.customerId(customer));
  }

  /** Forgets the windows: after they were handed over or committed, or to scan them again. */
  clear(): void {
    this.#accumulator.clear();
    this.#rejections = 0;
    if (this.#isCustomerTableFull) this.#scanner.forgetCustomers();
    this.#isCustomerTableFull = false;
  }
}

/** Nothing scanned, at an offset. */
export function emptyPart(offset: number): GrowingPart {
  return {
    from: offset,
    to: offset,
    lines: 0,
    accepted: 0,
    rejected: 0,
    late: 0,
    dropped: 0,
    tailChecksum: '',
    clockMs: null,
    firstEventMs: null,
    lastEventMs: null,
    rejectedByReason: new Map(),
    rejectedLines: [],
  };
}
