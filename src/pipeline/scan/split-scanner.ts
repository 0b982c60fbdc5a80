import { bug } from '../../errors.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import { newKernel } from '../../kernel/kernel.ts';
import {
  MAX_BATCH_PARTITION_DAYS,
  MAX_BATCH_REJECTIONS,
  MAX_BATCH_WINDOWS,
  MAX_REJECTED_LINES_KEPT,
  MAX_UNPLACED_BYTES,
} from '../../limits.ts';
import type { ScanStep } from '../../log-format/scan-step.ts';
import { Scanner } from '../../log-format/scanner.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import {
  type Position,
  type PositionedBytes,
  type StandInLine,
  storedPosition,
} from '../../source/contract.ts';
import { encodeWindows } from '../../statistics/encoded-windows.ts';
import { type KeyedWindows, keyedWindows } from '../../statistics/keyed-windows.ts';
import type { DayLines } from '../../statistics/lines-by-day.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../statistics/window-accumulator.ts';
import type { RejectedLine, WindowDelta } from '../../store/contract.ts';
import type { KeptWindows } from '../../window/kind.ts';
import { oldestKeptMs } from '../../window/retention.ts';
import type { ZoneTable } from '../../window/types.ts';
import { windowSpans } from '../../window/window-spans.ts';
import { type LateCounts, LateEvents } from '../finality/late-events.ts';
import type { EventTimeSettings } from '../types.ts';
import type { BatchLimit } from '../worker-pool/claim-counter.ts';
import type { PartialAggregate } from '../worker-pool/partial-aggregates.ts';
import type { ScannedPart } from './ledger.ts';
import { PartDays, type PositionOf, positionsOf } from './part-days.ts';
import type { Split } from './split.ts';

/** The bounds of what a scanner holds. */
export interface ScanBudget {
  readonly windowStateBytes: number;
  /** Windows, at most MAX_BATCH_WINDOWS. */
  readonly windows: number;
  /** Rejected lines to describe before a commit is due. */
  readonly rejections: number;
}

/** What a scanner is made of; plain data, so that it can be sent to a thread. */
export interface ScanTask {
  readonly scan: ScanSettings;
  readonly dayZone: ZoneTable;
  readonly kept: KeptWindows;
  readonly eventTime: EventTimeSettings;
  readonly budget: ScanBudget;
}

/**
 * The budget of one of so many workers. @param windowStateBytes of all workers together. @param windows of each; they take no
 * room of their own.
 */
export function budgetOf(
  windowStateBytes: number,
  workers: number,
  windows: number = MAX_BATCH_WINDOWS,
): ScanBudget {
  return {
    windows,
    windowStateBytes: Math.max(MIN_STATE_BYTES, Math.floor(windowStateBytes / workers)),
    rejections: Math.max(MAX_REJECTED_LINES_KEPT, Math.floor(MAX_BATCH_REJECTIONS / workers)),
  };
}

/**
 * Why scanning stopped: the split is done; there is no room for more before what was scanned is flushed or committed
 * (`full`); a commit is due (`closed`).
 */
export type ScanStop = 'done' | 'full' | 'closed';

/** A {@link ScannedPart} that is still growing. */
interface GrowingPart extends ScannedPart {
  to: Position;
  bytes: number;
  lines: number;
  accepted: number;
  rejected: number;
  late: number;
  dropped: number;
  excluded: number;
  tailChecksum: string;
  clockMs: number | null;
  firstEventMs: number | null;
  lastEventMs: number | null;
  readonly rejectedByReason: Map<string, number>;
  readonly rejectedLines: RejectedLine[];
}

const NOTHING_LATE: LateCounts = { late: 0, dropped: 0 };
const NO_STAND_INS: readonly StandInLine[] = [];
const LF = 0x0a;
const NUL = 0;

/** Scans splits, one after the other, into the windows that they touch. */
export class SplitScanner {
  readonly #scanner: Scanner;
  readonly #accumulator: WindowAccumulator;
  readonly #maxRejections: number;
  readonly #dayZone: ZoneTable;
  readonly #kept: KeptWindows;
  readonly #eventTime: EventTimeSettings;
  readonly #systemTimeMs: () => number;
  /** Undefined where no event is ever late. */
  readonly #lateEvents: LateEvents | undefined;
  #split: Split | undefined;
  #reader: PositionedBytes | undefined;
  /** Bytes of the split that were read. */
  #readBytes = 0;
  /** Those of the lines that were taken. */
  #takenBytes = 0;
  /** Those up to the last position that was asked for. */
  #placedBytes = 0;
  #hasEnded = false;
  #part = emptyPart(storedPosition(0));
  #rejections = 0;
  readonly #partDays = new PartDays();
  /** Days of all parts but the present one since {@link clear}. */
  #pastDays = 0;
  #isCustomerTableFull = false;

  /** @param systemTimeMs the system time, in ms since 1970. */
  constructor({ scan, dayZone, kept, eventTime, budget }: ScanTask, systemTimeMs: () => number) {
    const kernel = newKernel(budget.windowStateBytes);
    this.#scanner = new Scanner(scan, kernel);
    this.#accumulator = new WindowAccumulator(windowSpans(dayZone, kept.hasHours), kernel, budget.windows);
    this.#maxRejections = budget.rejections;
    this.#dayZone = dayZone;
    this.#kept = kept;
    this.#eventTime = eventTime;
    this.#systemTimeMs = systemTimeMs;
    if (eventTime.waitMs === Number.POSITIVE_INFINITY) return;
    this.#lateEvents = new LateEvents(dayZone, eventTime, this.#accumulator);
    // Each record is judged before it is added to its window.
    kernel.setDirectInsert(false);
  }

  /**
   * Scans this split from now on. What was scanned before is kept.
   * @param reader stands at the beginning of the split.
   * @param clockMs the event-time clock of the partition there: needed where events can be late.
   */
  begin(split: Split, reader: PositionedBytes, clockMs: number | null): void {
    const { before } = reader;
    this.#split = split;
    this.#reader = reader;
    this.#readBytes = 0;
    this.#takenBytes = 0;
    this.#placedBytes = 0;
    this.#hasEnded = false;
    this.#part = emptyPart(reader.positionAt(0));
    this.#accumulator.takeTimes();
    this.#accumulator.lines.take();
    this.#partDays.take();
    this.#lateEvents?.begin(clockMs);
    const last = before.at(-1);
    // NULs stand before a line where a log was truncated while it was written, or where a machine lost its power.
    const isInsideLine = before.length > 0 && last !== LF && last !== NUL;
    // The scanner's count of bytes includes those before. So it is 0 only at the very beginning of the content.
    this.#scanner.start(before.length, isInsideLine, split.head, before);
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
      if (limit.isClosed && this.#present.bytes === undefined) return 'closed';
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

  get #presentReader(): PositionedBytes {
    if (!this.#reader) throw bug('no split to scan');
    return this.#reader;
  }

  /** True where all lines of a split of so many bytes were taken. */
  get isWhole(): boolean {
    return this.#present.bytes === undefined || this.#takenBytes === this.#present.bytes;
  }

  get #roomForRejections(): number {
    return MAX_REJECTED_LINES_KEPT - this.#part.rejectedLines.length;
  }

  async #fill(): Promise<void> {
    const { bytes: splitBytes = Number.POSITIVE_INFINITY } = this.#present;
    const target = this.#scanner.space().subarray(0, splitBytes - this.#readBytes);
    const bytes = target.length === 0 ? 0 : await this.#presentReader.read(target);
    this.#readBytes += bytes;
    if (bytes === 0) this.#hasEnded = true;
    else this.#scanner.filled(bytes);
  }

  #add(step: ScanStep): void {
    const { batch } = this.#scanner;
    const { late, dropped } = this.#lateEvents?.judge(batch) ?? NOTHING_LATE;
    this.#accumulator.add(batch);
    const part = this.#part;
    part.late += late;
    part.dropped += dropped;
    part.lines += step.lines;
    part.accepted += batch.rows + step.directRecords;
    part.rejected += step.rejected;
    part.excluded += step.excluded;
    const takenBytes = this.#bytesAt(this.#scanner.offset);
    const standIns = this.#presentReader.standIns?.(this.#takenBytes, takenBytes) ?? NO_STAND_INS;
    part.bytes += takenBytes - this.#takenBytes;
    this.#takenBytes = takenBytes;
    // Of most steps there is nothing to note yet: where a reader forgets nothing, days are noted once a part.
    const { hasBytePositions, isHoldingMuch = false } = this.#presentReader;
    const isDue =
      !hasBytePositions && (isHoldingMuch || takenBytes - this.#placedBytes >= MAX_UNPLACED_BYTES);
    if (step.rejections.length > 0 || isDue)
      this.#place(step.rejections, standIns, hasBytePositions ? [] : this.#accumulator.lines.take());
    for (const [reason, lines] of step.rejectedByReason) addTo(part.rejectedByReason, reason, lines);
    for (const { reason } of standIns) {
      addTo(part.rejectedByReason, STAND_IN_REASON, -1);
      addTo(part.rejectedByReason, reason, 1);
    }
    this.#rejections += step.rejections.length;
    this.#isCustomerTableFull = step.isCustomerTableFull;
  }

  /**
   * Notes where rejected lines and days stand, and the position behind all that was taken. Not at every step: to ask a reader of a
   * topic for them at each one took a quarter as long as to scan its lines (2026-11-30). What is not asked for yet, it must remember.
   */
  #place(
    rejections: ScanStep['rejections'],
    standIns: readonly StandInLine[],
    days: readonly DayLines[],
  ): void {
    const positionOf = this.#positionsOf([
      ...rejections.map(({ offset }) => offset),
      ...days.flatMap(({ from, to }) => [from, to]),
    ]);
    const reasons = new Map(standIns.map(({ at, reason }) => [at, reason]));
    for (const { offset, reason, excerpt } of rejections) {
      const ownReason = reasons.get(this.#bytesAt(offset)) ?? reason;
      this.#part.rejectedLines.push({ offset: positionOf(offset), reason: ownReason, excerpt });
    }
    this.#partDays.add(days, positionOf);
    // Last: a reader may forget what lies further back.
    if (this.#takenBytes > this.#placedBytes)
      this.#part.to = this.#presentReader.positionAt(this.#takenBytes);
    this.#placedBytes = this.#takenBytes;
  }

  /** @param places as the scanner counts them. */
  #positionsOf(places: readonly number[]): PositionOf {
    const positionOf = positionsOf(
      this.#presentReader,
      places.map((place) => this.#bytesAt(place)),
    );
    return (place) => positionOf(this.#bytesAt(place));
  }

  /** Turns the scanner's count of bytes into bytes of the split. */
  #bytesAt(scannerOffset: number): number {
    return scannerOffset - this.#presentReader.before.length;
  }

  /** True where nothing more may be scanned before {@link clear}. */
  get isFull(): boolean {
    // A day that was noted and came again counts twice.
    const days = this.#pastDays + this.#partDays.size + this.#accumulator.lines.size;
    const hasMany = this.#rejections >= this.#maxRejections || days >= MAX_BATCH_PARTITION_DAYS;
    return this.#accumulator.isFull || this.#isCustomerTableFull || hasMany;
  }

  /** What was scanned of the present split since it began, or since this was called before. */
  takePart(): ScannedPart {
    if (this.#reader) this.#place([], NO_STAND_INS, this.#accumulator.lines.take());
    const part = this.#part;
    this.#part = emptyPart(part.to);
    const times = this.#accumulator.takeTimes();
    const days = this.#partDays.take();
    this.#pastDays += days.length;
    // Also where nothing was taken: it shows whether the input still is what was read before.
    if (this.#reader) part.tailChecksum = fingerprintOf(this.#scanner.before);
    // The clock is the greatest event time, and what was dropped lies before it.
    return { ...part, ...times, days, clockMs: times.lastEventMs };
  }

  /**
   * The deltas of all that was scanned since {@link clear}, in the order of keys. Their statistics lie in the memory of the
   * kernel: those of one window are overwritten by those of the next. With copies, reading 30,000 windows of 100 records
   * each took 84 to 150 ms of processor time, without them 76 to 119 ms (2026-11-28).
   */
  *deltas(): Generator<WindowDelta> {
    const accumulator = this.#accumulator;
    for (const { key, windows } of this.#keyedWindows()) {
      yield {
        key,
        lateEvents: accumulator.lateEvents(windows),
        get statistics() {
          return accumulator.statistics(windows);
        },
      };
    }
  }

  /** The same as partial aggregates: several of a window with very many distinct durations. */
  *partialAggregates(): Generator<PartialAggregate> {
    const accumulator = this.#accumulator;
    for (const { key, windows } of this.#keyedWindows())
      for (const total of accumulator.totals(windows))
        yield { key, ...accumulator.eventTimes(windows), total };
  }

  /** The same as a run, in pieces. Each is valid until the next one. */
  encodedWindows(): Generator<Uint8Array> {
    return encodeWindows(this.#accumulator, this.#scanner, this.#kept, this.#dayZone);
  }

  #keyedWindows(): Generator<KeyedWindows> {
    return keyedWindows(this.#accumulator, this.#scanner, this.#kept, this.#dayZone);
  }

  /** Forgets the windows: they were flushed or committed, or will be scanned again. */
  clear(): void {
    this.#accumulator.clear();
    this.#rejections = 0;
    this.#pastDays = 0;
    if (this.#isCustomerTableFull) this.#scanner.forgetCustomers();
    this.#isCustomerTableFull = false;
  }
}

/** What the scanner says of a line that the source made: it is longer than a line may be. */
const STAND_IN_REASON = 'line_too_long';

/** Adds to a count. None is kept that is 0. */
function addTo(counts: Map<string, number>, reason: string, lines: number): void {
  const count = (counts.get(reason) ?? 0) + lines;
  if (count === 0) counts.delete(reason);
  else counts.set(reason, count);
}

/** Nothing scanned, at a position. */
function emptyPart(position: Position): GrowingPart {
  return {
    from: position,
    to: position,
    bytes: 0,
    lines: 0,
    accepted: 0,
    rejected: 0,
    late: 0,
    dropped: 0,
    excluded: 0,
    tailChecksum: '',
    clockMs: null,
    firstEventMs: null,
    lastEventMs: null,
    days: [],
    rejectedByReason: new Map(),
    rejectedLines: [],
  };
}
