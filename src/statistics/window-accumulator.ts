import { bug } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { MAX_BATCH_WINDOWS, MAX_WINDOW_KEY_BYTES, RECORD_BATCH_ROWS } from '../limits.ts';
import type { RecordBatch } from '../log-format/types.ts';
import { DAY_MS } from '../window/day.ts';
import type { WindowSpans } from '../window/window-spans.ts';
import { mergeCounted } from './daily-statistics.ts';
import { copyOf } from './histogram.ts';
import { assertSameLevels, resultsOf } from './kernel-results.ts';
import { LinesByDay } from './lines-by-day.ts';
import type { Counted, DailyStatistics } from './types.ts';

const MAX_CHUNK_BYTES = 256;

/** A record batch is added only where so much is free: each of its records could open a chunk of the largest size. */
const HEADROOM_BYTES = RECORD_BATCH_ROWS * MAX_CHUNK_BYTES;

/** The smallest budget. It lets a batch grow to a few hundred thousand records. */
export const MIN_STATE_BYTES = 8 * HEADROOM_BYTES;

/**
 * With at least so many records a window on average, their totals take less room than the records. With fewer, the records
 * take the room of the totals, too, and then only a commit makes room.
 */
const RECORDS_WORTH_COMPACTING = 64;

/** A cell of the kernel has 32 bytes a window: customer, span, two addresses, first and last event time. */
const CELL_INTEGERS = 8;
const CELL_DOUBLES = 4;

/** A customer and the number of a span in one number. Twice the hours of the years 1 to 9999 are fewer than 2^29. */
const lateKey = (customer: number, span: number): number => customer * 2 ** 30 + span + 2 ** 29;

const HOUR_MS = 3_600_000;

/** Asserts that the kernel was compiled with the layout that this file expects. */
function assertSameLayout({ CELL_BYTES, MAX_CHUNK_BYTES: chunkBytes }: Kernel): void {
  const isSame =
    chunkBytes.value === MAX_CHUNK_BYTES &&
    CELL_BYTES.value === CELL_INTEGERS * Int32Array.BYTES_PER_ELEMENT &&
    CELL_BYTES.value === CELL_DOUBLES * Float64Array.BYTES_PER_ELEMENT;
  if (!isSame) throw bug('the kernel lays its windows out in another way than window-accumulator.ts');
}

/** Some windows of an accumulator. */
export type WindowNumbers = readonly number[] | Int32Array;

/** The first and the last event time of a window, in ms since 1970. */
export type EventTimes = Pick<DailyStatistics, 'firstEventMs' | 'lastEventMs'>;

/**
 * Takes records and keeps them by window (customer, and day or hour; customer's endpoint, and day) until they are committed.
 *
 * Records are first appended to small chunks of their window, and counted later, window by window ({@link
 * statistics}). A prototype that counted each record at once missed the cache for nearly every record: it read 4.4
 * million lines a second on one core, and 11 to 17 million with chunks.
 *
 * Memory is one pool of a fixed size. When the pool is full, it is compacted: the records of each window are counted
 * into its total. Where that does not make room, {@link isFull} is true, and the accumulator must be cleared.
 */
export class WindowAccumulator {
  readonly #kernel: Kernel;
  readonly #mostWindows: number;
  readonly #ofEndpoint: Uint8Array;
  /** Where entries begin, and how many bytes of them are enough. */
  readonly #entriesFrom: number;
  readonly #mostEntryBytes: number;
  /** Of all entries. */
  #entryBytes = 0;
  readonly #spans: WindowSpans;
  readonly #cells: Int32Array;
  readonly #cellTimes: Float64Array;
  /** Numbers of late events, for as many windows as have any. */
  readonly #late = new Map<number, number>();
  /** Where the key of the next entry is written. */
  readonly entryKey: Uint8Array;
  /** The lines of the records that were added, by day. Who reads partitions takes those of each. */
  readonly lines: LinesByDay;

  /**
   * @param kernel made for at least {@link MIN_STATE_BYTES} of state. If a scanner shares it, the kernel inserts
   * plain records directly while there is room for a record batch.
   * @param mostWindows at most MAX_BATCH_WINDOWS. With more of them it {@link isFull}.
   */
  constructor(spans: WindowSpans, kernel: Kernel, mostWindows = MAX_BATCH_WINDOWS) {
    assertSameLevels(kernel);
    assertSameLayout(kernel);
    if (kernel.freeBytes() < HEADROOM_BYTES) throw bug('a kernel without room for window state');
    this.#kernel = kernel;
    this.#spans = spans;
    this.#mostWindows = mostWindows;
    this.lines = new LinesByDay(kernel);
    kernel.setHourly(spans.isHourly);
    kernel.setDirectInsert(true);
    const { buffer } = kernel;
    this.#cells = new Int32Array(buffer, kernel.CELLS.value, CELL_INTEGERS * MAX_BATCH_WINDOWS);
    this.#cellTimes = new Float64Array(buffer, kernel.CELLS.value, CELL_DOUBLES * MAX_BATCH_WINDOWS);
    this.#entriesFrom = kernel.ENTRIES.value;
    this.#mostEntryBytes = kernel.ENTRIES_BYTES.value;
    this.#ofEndpoint = new Uint8Array(buffer, kernel.OF_ENDPOINT.value, MAX_BATCH_WINDOWS);
    this.entryKey = new Uint8Array(buffer, kernel.ENTRY_KEY.value, MAX_WINDOW_KEY_BYTES);
  }

  /** The number of windows. They are numbered from 0. */
  get windows(): number {
    return this.#kernel.windows.value;
  }

  /** True where the next record batch might not fit. */
  get isFull(): boolean {
    return this.#isPoolFull || this.windows + RECORD_BATCH_ROWS * this.#cellsOfRecord > this.#mostWindows;
  }

  get #isPoolFull(): boolean {
    return this.#kernel.freeBytes() < HEADROOM_BYTES * this.#cellsOfRecord;
  }

  /** How many windows a record touches: 2 where endpoints are kept. */
  get #cellsOfRecord(): number {
    return this.#kernel.cellsOfRecord.value;
  }

  /** The number of its customer, or of the endpoint of a customer: its span is a day. */
  subject(window: number): number {
    return this.#cells[window * CELL_INTEGERS];
  }

  /** The number of a window's span: that of its day, or as `hourOf` takes it. */
  span(window: number): number {
    return this.#cells[window * CELL_INTEGERS + 1];
  }

  /** Notes that a record that is added now is late. @param endpoint undefined where none are kept. */
  noteLate(customer: number, timeMs: number, endpoint?: number): void {
    const { offsetMs, parity } = this.#spans.at(timeMs);
    const localMs = timeMs + offsetMs;
    const day = Math.floor(localMs / DAY_MS);
    this.#noteLateIn(customer, this.#spans.isHourly ? 2 * Math.floor(localMs / HOUR_MS) + parity : day);
    if (endpoint !== undefined) this.#noteLateIn(endpoint, day);
  }

  #noteLateIn(customer: number, span: number): void {
    const key = lateKey(customer, span);
    this.#late.set(key, (this.#late.get(key) ?? 0) + 1);
  }

  /** How many records of some windows were late; undefined: none. */
  lateEvents(windows: WindowNumbers): number | undefined {
    if (this.#late.size === 0) return undefined;
    let late = 0;
    for (const window of windows)
      late += this.#late.get(lateKey(this.subject(window), this.span(window))) ?? 0;
    return late === 0 ? undefined : late;
  }

  /** Adds all records of a batch. The accumulator must not have been full when the scanner read the batch. */
  add(batch: RecordBatch): void {
    const kernel = this.#kernel;
    const { rows } = batch;
    if (batch.eventTimeMs.buffer !== kernel.buffer) this.#copy(batch);
    const cells = rows * this.#cellsOfRecord;
    if (kernel.freeBytes() < cells * MAX_CHUNK_BYTES || this.windows + cells > MAX_BATCH_WINDOWS)
      throw bug('a record batch was added to a full accumulator');
    for (let row = kernel.add(0, rows); row < rows; row = kernel.add(row, rows)) {
      const { fromMs, toMs, offsetMs, parity } = this.#spans.at(batch.eventTimeMs[row]);
      kernel.setSpan(fromMs, toMs, offsetMs, parity);
    }
    if (this.#isPoolFull) this.#makeRoom();
    this.lines.makeRoom();
  }

  /** Copies a batch of another kernel. */
  #copy(batch: RecordBatch): void {
    const { rows, eventTimeMs, customer, status, durationUs, endpoint, lineBegin, lineEnd } = batch;
    const { buffer, EVENT_TIMES, CUSTOMERS, STATUSES, DURATIONS, ENDPOINTS } = this.#kernel;
    new Float64Array(buffer, this.#kernel.LINE_BEGINS.value).set(lineBegin.subarray(0, rows));
    new Float64Array(buffer, this.#kernel.LINE_ENDS.value).set(lineEnd.subarray(0, rows));
    this.#kernel.setEndpoints(endpoint !== undefined);
    if (endpoint) new Int32Array(buffer, ENDPOINTS.value).set(endpoint.subarray(0, rows));
    new Float64Array(buffer, EVENT_TIMES.value).set(eventTimeMs.subarray(0, rows));
    new Int32Array(buffer, CUSTOMERS.value).set(customer.subarray(0, rows));
    new Int32Array(buffer, STATUSES.value).set(status.subarray(0, rows));
    new Float64Array(buffer, DURATIONS.value).set(durationUs.subarray(0, rows));
  }

  #makeRoom(): void {
    const kernel = this.#kernel;
    if (kernel.records.value >= RECORDS_WORTH_COMPACTING * this.windows) kernel.compact();
    else kernel.extendPool();
  }

  /**
   * The statistics of some windows together. The histogram is a view of the kernel's memory, and valid until the next call:
   * a commit would make thousands of copies only to throw them away. May be called again.
   */
  statistics(windows: WindowNumbers): DailyStatistics {
    return { ...this.#count(windows), ...this.eventTimes(windows) };
  }

  #count(windows: WindowNumbers): Counted {
    const pieces: Counted[] = [];
    for (const _ of this.#countInPieces(windows)) {
      this.#kernel.takeResults();
      const piece = resultsOf(this.#kernel);
      if (pieces.length === 0 && this.#isAllCounted) return piece;
      pieces.push({ ...piece, histogram: copyOf(piece.histogram) });
    }
    return mergeCounted(pieces);
  }

  /**
   * Writes the entry of some windows together behind the others, with the key that stands in {@link entryKey}. They are not
   * full ({@link isEntriesFull}).
   * @returns false, and writes nothing, where their state is left to `encodeStatistics`: it is long, or not exact.
   */
  writeEntry(windows: WindowNumbers, keyBytes: number): boolean {
    if (windows.length === 1) return this.writeEntryOf(windows[0], keyBytes);
    const kernel = this.#kernel;
    const late = this.lateEvents(windows) ?? 0;
    for (const window of windows) if (kernel.addToEntry(window) === 0) return false;
    return this.#noteEntry(kernel.endEntry(keyBytes, late));
  }

  /** The same for one window: a list of its own for each of a hundred thousand windows would take long. */
  writeEntryOf(window: number, keyBytes: number): boolean {
    const late = this.#late.size === 0 ? 0 : (this.lateEvents([window]) ?? 0);
    return this.#noteEntry(this.#kernel.writeEntry(window, keyBytes, late));
  }

  /** @param bytes of all entries. */
  #noteEntry(bytes: number): boolean {
    if (bytes !== 0) this.#entryBytes = bytes;
    return bytes !== 0;
  }

  /** True where the entries must be taken before another one is written. */
  get isEntriesFull(): boolean {
    return this.#entryBytes >= this.#mostEntryBytes;
  }

  /** The entries that were written: a view of the kernel's memory, valid until the next one is written. */
  takeEntries(): Uint8Array {
    const entries = new Uint8Array(this.#kernel.buffer, this.#entriesFrom, this.#entryBytes);
    this.#kernel.entriesTaken();
    this.#entryBytes = 0;
    return entries;
  }

  /** True of a window of an endpoint. */
  isOfEndpoint(window: number): boolean {
    return this.#ofEndpoint[window] !== 0;
  }

  /** Above the numbers of all subjects. */
  get mostSubjects(): number {
    return this.#kernel.MAX_CUSTOMERS.value;
  }

  /** True where nothing comes behind the piece that {@link #countInPieces} gave last. */
  #isAllCounted = false;

  /**
   * Counts windows in the kernel's counters. It yields where they are full, and at the end: nearly always once. The caller
   * takes what was counted before it goes on.
   */
  *#countInPieces(windows: WindowNumbers): Generator<void> {
    const kernel = this.#kernel;
    this.#isAllCounted = false;
    for (const window of windows) {
      if (!kernel.hasRoomFor(window)) yield;
      kernel.begin(window);
      for (kernel.countOn(); !kernel.isCounted.value; kernel.countOn()) yield;
    }
    this.#isAllCounted = true;
    yield;
  }

  /**
   * The same as totals, for {@link TotalSum}: nearly always one. Each is a view of the kernel's memory, and valid until
   * the next.
   */
  *totals(windows: WindowNumbers): Generator<Uint8Array> {
    const kernel = this.#kernel;
    for (const _ of this.#countInPieces(windows)) {
      const bytes = kernel.takeTotal();
      yield new Uint8Array(kernel.buffer, kernel.TOTAL_RESULT.value, bytes);
    }
  }

  eventTimes(windows: WindowNumbers): EventTimes {
    let firstEventMs = Number.POSITIVE_INFINITY;
    let lastEventMs = Number.NEGATIVE_INFINITY;
    for (const window of windows) {
      firstEventMs = Math.min(firstEventMs, this.#cellTimes[window * CELL_DOUBLES + 2]);
      lastEventMs = Math.max(lastEventMs, this.#cellTimes[window * CELL_DOUBLES + 3]);
    }
    return { firstEventMs, lastEventMs };
  }

  /** The first and the last event time of the records added since the last call. Null where there were none. */
  takeTimes(): { readonly firstEventMs: number | null; readonly lastEventMs: number | null } {
    const { firstTime, lastTime } = this.#kernel;
    const hasTimes = firstTime.value <= lastTime.value;
    const times = {
      firstEventMs: hasTimes ? firstTime.value : null,
      lastEventMs: hasTimes ? lastTime.value : null,
    };
    this.#kernel.forgetTimes();
    return times;
  }

  /** Forgets all windows. */
  clear(): void {
    this.#kernel.clear();
    this.#late.clear();
  }
}
