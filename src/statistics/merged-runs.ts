/** Merges sorted runs of encoded windows, so that each window comes once, in the order of keys. The kernel does the work. */

import { bug } from '../errors.ts';
import { type Kernel, newKernel } from '../kernel/kernel.ts';
import { MAX_SPILLED_RUNS, MERGE_BUFFER_BYTES, MERGE_ROW_BYTES } from '../limits.ts';
import type { WindowKey } from '../window/key.ts';
import { columnsOf, STATISTICS_COLUMNS } from './columns.ts';
import {
  decodeStatistics,
  encodeStatistics,
  finalizeStatistics,
  mergeStatistics,
} from './daily-statistics.ts';
import { kindOfDigit } from './encoded-windows.ts';
import { copyOf } from './histogram.ts';
import { assertSameLevels, resultsOf } from './kernel-results.ts';
import { TextInterner } from './text-interner.ts';
import type { DailyStatistics } from './types.ts';

/** Sorted entries, as `encodeWindows` writes them. */
export interface Run {
  readonly bytes: number;
  /** Fills `target` with the bytes from a position on. */
  read(target: Uint8Array, position: number): void;
}

/** A window of all runs together. */
export class MergedWindow {
  readonly key: WindowKey;
  /** Undefined: none. */
  readonly lateEvents: number | undefined;
  /** As `encodeStatistics` writes it. */
  readonly state: Uint8Array;
  /**
   * What a store writes where it has no such window yet: the values of the key, the served numbers in the order of STATISTICS_COLUMNS
   * (null where there is none), and the state.
   */
  readonly row: readonly unknown[];

  constructor(key: WindowKey, lateEvents: number, state: Uint8Array, row: readonly unknown[]) {
    this.key = key;
    this.lateEvents = lateEvents === 0 ? undefined : lateEvents;
    this.state = state;
    this.row = row;
  }

  get statistics(): DailyStatistics {
    return decodeStatistics(this.state);
  }
}

/** What the kernel stops for: see `assembly/merge/merge.ts`. */
const DONE = 0;
const FULL = 1;
const MORE = 2;
const TAKE = 3;
const GROUP = 4;

/** Bytes of a row before its key: two lengths, late events, and the numbers. */
const ROW_WORDS = 2 + STATISTICS_COLUMNS.length;

/** How far a run was read into its buffer. */
interface Reading {
  readonly run: Run;
  /** The cursor of the run. */
  readonly number: number;
  readonly buffer: number;
  readonly bufferBytes: number;
  /** The position in the run of the buffer's first byte. */
  from: number;
}

/** Reads of a run are not longer: all buffers are used at the same time, and larger ones are no faster. */
const MOST_BUFFER_BYTES = 256 * 1024;

/** Behind a buffer, the kernel may look at a few bytes more. */
const BEHIND_BUFFER_BYTES = 64;

/** A kernel with room to merge. It can be used for one merge after the other. */
export class RunMerger {
  readonly #kernel: Kernel;
  readonly #bytes: Uint8Array;
  readonly #interner = new TextInterner();

  /**
   * @param mostRuns that will be merged at once. With few, it takes less memory. V8 collects garbage where 64 MB are asked for: 40 million
   * lines with three runs took 4.09 s with room for all runs, and so 4.03 s (the medians of nine pairs, 2026-11-30).
   */
  constructor(mostRuns = MAX_SPILLED_RUNS) {
    const bufferBytes = mostRuns * (MOST_BUFFER_BYTES + BEHIND_BUFFER_BYTES);
    this.#kernel = newKernel(MERGE_ROW_BYTES + Math.min(MERGE_BUFFER_BYTES, bufferBytes));
    assertSameLevels(this.#kernel);
    this.#bytes = new Uint8Array(this.#kernel.buffer);
  }

  /** The windows of all runs, at most MAX_SPILLED_RUNS. What a window holds stays valid. */
  *merge(runs: readonly Run[]): Generator<MergedWindow> {
    const kernel = this.#kernel;
    const readings = this.#begin(runs);
    /** What was taken of a group, because the kernel does not count it. */
    let taken: DailyStatistics | undefined;
    for (;;) {
      const stop = kernel.mergeRows();
      const reading = readings[kernel.mergeCursor.value];
      if (stop === MORE) {
        this.#readOn(reading);
      } else if (stop === TAKE) {
        const state = this.#stateOf(reading);
        taken = taken ? mergeStatistics([taken, state]) : decodeStatistics(state);
        kernel.entryTaken();
      } else {
        const counted = stop === GROUP && kernel.hasCounts() ? this.#counted() : undefined;
        yield* this.#takeRows();
        if (stop === DONE) return;
        if (stop === FULL) continue;
        const parts = [taken, counted].filter((part) => part !== undefined);
        taken = undefined;
        yield this.#group(mergeStatistics(parts));
        kernel.groupTaken();
      }
    }
  }

  #begin(runs: readonly Run[]): Reading[] {
    const kernel = this.#kernel;
    if (runs.length > kernel.MAX_RUNS.value) throw bug(`${runs.length} runs are too many to merge`);
    const buffers = kernel.RUN_BUFFERS.value;
    const room = Math.floor((this.#bytes.length - buffers) / Math.max(1, runs.length)) - BEHIND_BUFFER_BYTES;
    const bufferBytes = Math.min(MOST_BUFFER_BYTES, room) & ~63;
    kernel.beginMerge();
    const readings: Reading[] = [];
    for (const run of runs.filter(({ bytes }) => bytes > 0)) {
      const number = readings.length;
      const buffer = buffers + number * (bufferBytes + BEHIND_BUFFER_BYTES);
      const reading = { run, number, buffer, bufferBytes, from: 0 };
      readings.push(reading);
      this.#fill(reading, 0);
      if (!kernel.addCursor(number)) throw cutOff();
    }
    return readings;
  }

  #fill(reading: Reading, from: number): void {
    const { run, number, buffer, bufferBytes } = reading;
    const bytes = Math.min(bufferBytes, run.bytes - from);
    run.read(this.#bytes.subarray(buffer, buffer + bytes), from);
    reading.from = from;
    this.#kernel.fillCursor(number, buffer, buffer + bytes);
  }

  /** Reads a run from its next entry on. */
  #readOn(reading: Reading): void {
    const { run, number, buffer, from } = reading;
    const next = from + this.#kernel.nextEntry(number) - buffer;
    // The buffer holds any key, so it cannot lack bytes twice.
    if (next > run.bytes || next === from) throw cutOff();
    if (next === run.bytes) this.#kernel.endCursor();
    else this.#fill(reading, next);
  }

  /** The state of a run's present entry. It may be longer than the buffer. */
  #stateOf({ run, number, buffer, from }: Reading): Uint8Array {
    const state = new Uint8Array(this.#kernel.entryStateBytes(number));
    const position = from + this.#kernel.entryState(number) - buffer;
    if (position + state.length > run.bytes) throw cutOff();
    run.read(state, position);
    return state;
  }

  #counted(): DailyStatistics {
    const kernel = this.#kernel;
    const { statuses, histogram } = resultsOf(kernel);
    const times = { firstEventMs: kernel.mergeFirst(), lastEventMs: kernel.mergeLast() };
    return { statuses, histogram: copyOf(histogram), ...times };
  }

  #group(statistics: DailyStatistics): MergedWindow {
    const kernel = this.#kernel;
    const at = kernel.MERGE_KEY.value;
    const bytes = Buffer.from(this.#bytes.buffer, at, kernel.mergeKeyBytes());
    const key = this.#keyIn(bytes, 0, bytes.length);
    const state = encodeStatistics(statistics);
    const numbers = Object.values(columnsOf(finalizeStatistics(statistics)));
    return new MergedWindow(key, kernel.mergeLate(), state, [...key.values, ...numbers, state]);
  }

  /** The rows that the kernel has written: in one copy, because the kernel overwrites them. */
  *#takeRows(): Generator<MergedWindow> {
    const kernel = this.#kernel;
    const { buffer } = this.#bytes.slice(kernel.MERGED_ROWS.value, kernel.mergedRowsEnd.value);
    kernel.rowsTaken();
    const [words, numbers, bytes] = [new Uint32Array(buffer), new Float64Array(buffer), Buffer.from(buffer)];
    for (let row = 0; row < bytes.length; ) {
      const keyBytes = words[row / 4];
      const stateBytes = words[row / 4 + 1];
      const from = row + 8 * ROW_WORDS;
      const end = from + keyBytes + stateBytes;
      const state = bytes.subarray(from + keyBytes, end);
      const key = this.#keyIn(bytes, from, from + keyBytes);
      yield new MergedWindow(key, numbers[row / 8 + 1], state, rowOf(key, numbers, row / 8 + 2, state));
      row = (end + 7) & ~7;
    }
  }

  #keyIn(bytes: Buffer, from: number, to: number): WindowKey {
    const values: string[] = [];
    for (let begin = from + 1; begin <= to; ) {
      let end = begin;
      while (end < to && bytes[end] !== NUL) end++;
      values.push(this.#interner.text(bytes, begin, end));
      begin = end + 1;
    }
    return { kind: kindOfDigit(bytes[from]), values };
  }
}

const NUL = 0;

/** @param from where its numbers begin. */
function rowOf({ values }: WindowKey, numbers: Float64Array, from: number, state: Uint8Array): unknown[] {
  const row: unknown[] = values.slice();
  for (let i = from; i < from + STATISTICS_COLUMNS.length; i++)
    row.push(Number.isNaN(numbers[i]) ? null : numbers[i]);
  row.push(state);
  return row;
}

function cutOff(): Error {
  return bug('a run ends inside of an entry');
}
