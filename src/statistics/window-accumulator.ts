import { bug } from '../errors.ts';
import { MAX_BATCH_WINDOWS, RECORD_BATCH_ROWS } from '../limits.ts';
import type { RecordBatch } from '../log-format/types.ts';
import { instantiate, kernelMemory, type WasmGlobal, type WasmMemory } from '../webassembly.ts';
import type { DaySpan } from '../window/types.ts';
import { BUCKET_COUNT } from './duration-buckets.ts';
import { KERNEL_WASM_BASE64 } from './kernel/wasm.generated.ts';
import type { DailyStatistics, StatusTotal } from './types.ts';

/** What `kernel/assembly/kernel.ts` exports; it documents each. Addresses are bytes from the start of `memory`. */
interface KernelExports {
  readonly ROWS: WasmGlobal;
  readonly MAX_WINDOWS: WasmGlobal;
  readonly BUCKETS: WasmGlobal;
  readonly CUSTOMER_COLUMN: WasmGlobal;
  readonly STATUS_COLUMN: WasmGlobal;
  readonly EVENT_TIME_COLUMN: WasmGlobal;
  readonly DURATION_COLUMN: WasmGlobal;
  readonly CELLS: WasmGlobal;
  readonly STATUS_RESULT: WasmGlobal;
  readonly REQUESTS_RESULT: WasmGlobal;
  readonly DURATION_RESULT: WasmGlobal;
  readonly BUCKET_RESULT: WasmGlobal;
  readonly COUNT_RESULT: WasmGlobal;
  readonly POOL: WasmGlobal;
  readonly ENCODED_RESULT: WasmGlobal;
  readonly encodedBytes: WasmGlobal;
  readonly statusResults: WasmGlobal;
  readonly bucketResults: WasmGlobal;
  readonly windows: WasmGlobal;
  setMemory(end: number): void;
  setColumns(customer: number, status: number, eventTime: number, duration: number): void;
  setSpan(fromMs: number, toMs: number, offsetMs: number): void;
  add(row: number, rows: number): number;
  freeBytes(): number;
  fold(): number;
  count(window: number): void;
  clear(): void;
}

const MAX_CHUNK_BYTES = 512;

/** So much must be free before a record batch is taken: each of its records could open a largest chunk. */
const HEADROOM_BYTES = RECORD_BATCH_ROWS * MAX_CHUNK_BYTES;

/** The least budget that lets a batch grow to a few hundred thousand records. */
export const MIN_STATE_BYTES = 4 * HEADROOM_BYTES;

/** Where the kernel's pool begins at the latest. */
const POOL_BYTES = 27 * 1024 * 1024;

/**
 * Records a window, on average, from which on folding them takes less room than keeping them. With fewer, a commit
 * makes room.
 */
const RECORDS_WORTH_FOLDING = 64;

/** What an accumulator takes of a memory; what lies before its part is the scanner's. */
export function accumulatorBytes(stateBytes: number): number {
  return POOL_BYTES + stateBytes;
}

/** 32 bytes a window: customer and day, two addresses, first and last event time. */
const CELL_INTEGERS = 8;
const CELL_DOUBLES = 4;

/**
 * Takes records and keeps them by window (customer and day) until they are committed.
 *
 * Counting each line straight into its window's table misses the cache for nearly every line: a prototype ran
 * 4.4 million lines a second on one core, and 11 to 17 million when lines were first appended to small chunks
 * of their window, as here, and counted window by window ({@link statistics}). Memory is one pool of a fixed size.
 * When it is full, the chunks are counted into a total of each window, if that makes room; else {@link isFull} says
 * that it must be emptied.
 */
export class WindowAccumulator {
  readonly #kernel: KernelExports;
  readonly #memory: WasmMemory;
  readonly #daySpanAt: (timeMs: number) => DaySpan;
  readonly #columns: Omit<RecordBatch, 'rows'>;
  readonly #cells: Int32Array;
  readonly #cellTimes: Float64Array;

  #recordsSinceFold = 0;

  /**
   * @param stateBytes the budget, at least {@link MIN_STATE_BYTES}.
   * @param daySpanAt where a day begins: see `window/day.ts`.
   * @param memory of at least {@link accumulatorBytes}; where record batches lie in it, they are not copied.
   */
  constructor(
    stateBytes: number,
    daySpanAt: (timeMs: number) => DaySpan,
    memory: WasmMemory = kernelMemory(accumulatorBytes(stateBytes)),
  ) {
    if (stateBytes < MIN_STATE_BYTES) throw bug(`a state budget of ${stateBytes} bytes`);
    const kernel = instantiate<KernelExports>(KERNEL_WASM_BASE64, memory);
    checkBounds(kernel);
    kernel.setMemory(kernel.POOL.value + stateBytes);
    this.#kernel = kernel;
    this.#memory = memory;
    this.#daySpanAt = daySpanAt;
    const { buffer } = memory;
    this.#columns = {
      eventTimeMs: new Float64Array(buffer, kernel.EVENT_TIME_COLUMN.value, RECORD_BATCH_ROWS),
      customer: new Int32Array(buffer, kernel.CUSTOMER_COLUMN.value, RECORD_BATCH_ROWS),
      status: new Int32Array(buffer, kernel.STATUS_COLUMN.value, RECORD_BATCH_ROWS),
      durationUs: new Float64Array(buffer, kernel.DURATION_COLUMN.value, RECORD_BATCH_ROWS),
    };
    this.#cells = new Int32Array(buffer, kernel.CELLS.value, CELL_INTEGERS * MAX_BATCH_WINDOWS);
    this.#cellTimes = new Float64Array(buffer, kernel.CELLS.value, CELL_DOUBLES * MAX_BATCH_WINDOWS);
  }

  /** How many windows there are, numbered from 0. */
  get windows(): number {
    return this.#kernel.windows.value;
  }

  /** True when the next record batch might not fit. */
  get isFull(): boolean {
    return this.#isPoolFull || this.windows + RECORD_BATCH_ROWS > MAX_BATCH_WINDOWS;
  }

  get #isPoolFull(): boolean {
    return this.#kernel.freeBytes() < HEADROOM_BYTES;
  }

  customer(window: number): number {
    return this.#cells[window * CELL_INTEGERS];
  }

  day(window: number): number {
    return this.#cells[window * CELL_INTEGERS + 1];
  }

  /** Adds all records of a batch. Must not be full. */
  add(batch: RecordBatch): void {
    if (this.isFull) throw bug('a record batch was added to a full accumulator');
    const { rows } = batch;
    const { eventTimeMs, customer, status, durationUs } = this.#columnsOf(batch);
    this.#kernel.setColumns(
      customer.byteOffset,
      status.byteOffset,
      eventTimeMs.byteOffset,
      durationUs.byteOffset,
    );
    for (let row = this.#kernel.add(0, rows); row < rows; row = this.#kernel.add(row, rows)) {
      const { fromMs, toMs, offsetMs } = this.#daySpanAt(eventTimeMs[row]);
      this.#kernel.setSpan(fromMs, toMs, offsetMs);
    }
    this.#recordsSinceFold += rows;
    if (this.#isPoolFull) this.#makeRoom();
  }

  /** The columns of a batch, in this memory. */
  #columnsOf(batch: RecordBatch): Omit<RecordBatch, 'rows'> {
    if (batch.eventTimeMs.buffer === this.#memory.buffer) return batch;
    const { rows } = batch;
    this.#columns.eventTimeMs.set(batch.eventTimeMs.subarray(0, rows));
    this.#columns.customer.set(batch.customer.subarray(0, rows));
    this.#columns.status.set(batch.status.subarray(0, rows));
    this.#columns.durationUs.set(batch.durationUs.subarray(0, rows));
    return this.#columns;
  }

  #makeRoom(): void {
    if (this.#recordsSinceFold < RECORDS_WORTH_FOLDING * this.windows) return;
    if (this.#kernel.fold() !== 0) this.#recordsSinceFold = 0;
  }

  /**
   * The statistics of the records of a window. May be called again. The histogram lies in the kernel's memory and
   * holds until the next call: a commit would make thousands of copies only to throw them away.
   */
  statistics(window: number): DailyStatistics {
    const kernel = this.#kernel;
    const { buffer } = this.#memory;
    kernel.count(window);
    const used = kernel.bucketResults.value;
    return {
      statuses: this.#statuses(),
      histogram: {
        buckets: new Int32Array(buffer, kernel.BUCKET_RESULT.value, used),
        counts: new Float64Array(buffer, kernel.COUNT_RESULT.value, used),
        encoded: new Uint8Array(buffer, kernel.ENCODED_RESULT.value, kernel.encodedBytes.value),
      },
      firstEventMs: this.#cellTimes[window * CELL_DOUBLES + 2],
      lastEventMs: this.#cellTimes[window * CELL_DOUBLES + 3],
    };
  }

  #statuses(): StatusTotal[] {
    const kernel = this.#kernel;
    const { buffer } = this.#memory;
    const length = kernel.statusResults.value;
    const statuses = new Float64Array(buffer, kernel.STATUS_RESULT.value, length);
    const requests = new Float64Array(buffer, kernel.REQUESTS_RESULT.value, length);
    const durationsUs = new BigUint64Array(buffer, kernel.DURATION_RESULT.value, length);
    return Array.from(statuses, (status, i) => ({
      status,
      requests: requests[i],
      durationUs: durationsUs[i],
    }));
  }

  /** Forgets everything. */
  clear(): void {
    this.#kernel.clear();
    this.#recordsSinceFold = 0;
  }
}

/** The kernel cannot import `limits.ts`, so its own bounds are held to them here. */
function checkBounds(kernel: KernelExports): void {
  const same =
    kernel.ROWS.value === RECORD_BATCH_ROWS &&
    kernel.MAX_WINDOWS.value === MAX_BATCH_WINDOWS &&
    kernel.BUCKETS.value === BUCKET_COUNT &&
    kernel.POOL.value <= POOL_BYTES;
  if (!same) throw bug('the kernel was compiled with other bounds than limits.ts');
}
