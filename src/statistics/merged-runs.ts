/** Merges sorted runs of encoded windows, so that each window comes once, in the order of keys. The kernel does the work. */

import { bug } from '../errors.ts';
import { type Kernel, newKernel } from '../kernel/kernel.ts';
import { MAX_SPILLED_RUNS, MERGE_BUFFER_BYTES, MERGE_ROW_BYTES } from '../limits.ts';
import { columnsOf } from './columns.ts';
import {
  decodeStatistics,
  encodeStatistics,
  finalizeStatistics,
  mergeStatistics,
} from './daily-statistics.ts';
import { copyOf } from './histogram.ts';
import { assertSameLevels, resultsOf } from './kernel-results.ts';
import { RowBlock } from './row-block.ts';
import type { DailyStatistics } from './types.ts';

/** Sorted entries, as `encodeWindows` writes them. */
export interface Run {
  readonly bytes: number;
  /** Fills `target` with the bytes from a position on. */
  read(target: Uint8Array, position: number): void;
}

/** What the kernel stops for: see `assembly/merge/merge.ts`. */
const DONE = 0;
const FULL = 1;
const MORE = 2;
const TAKE = 3;
const GROUP = 4;

/** No run has this number. */
const NO_CURSOR = MAX_SPILLED_RUNS;

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

  /** The windows of all runs, at most MAX_SPILLED_RUNS, as rows. @param stored what a store has already, which is merged with them. */
  *blocks(runs: readonly Run[], stored?: Run): Generator<RowBlock> {
    const kernel = this.#kernel;
    const readings = this.#begin(stored ? [stored, ...runs] : runs, stored);
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
        const block = this.#takeRows();
        if (block.bytes.length > 0) yield block;
        if (stop === DONE) return;
        if (stop === FULL) continue;
        const parts = [taken, counted].filter((part) => part !== undefined);
        taken = undefined;
        yield this.#group(mergeStatistics(parts));
        kernel.groupTaken();
      }
    }
  }

  #begin(runs: readonly Run[], stored: Run | undefined): Reading[] {
    const kernel = this.#kernel;
    if (runs.length > kernel.MAX_RUNS.value) throw bug(`${runs.length} runs are too many to merge`);
    const buffers = kernel.RUN_BUFFERS.value;
    const room = Math.floor((this.#bytes.length - buffers) / Math.max(1, runs.length)) - BEHIND_BUFFER_BYTES;
    const bufferBytes = Math.min(MOST_BUFFER_BYTES, room) & ~63;
    const isStored = stored !== undefined && stored.bytes > 0;
    kernel.beginMerge(isStored ? 0 : NO_CURSOR);
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

  #group(statistics: DailyStatistics): RowBlock {
    const kernel = this.#kernel;
    const at = kernel.MERGE_KEY.value;
    const key = this.#bytes.subarray(at, at + kernel.mergeKeyBytes());
    const numbers = Object.values(columnsOf(finalizeStatistics(statistics)));
    return RowBlock.of(key, kernel.mergeLate(), numbers, encodeStatistics(statistics));
  }

  /** The rows that the kernel has written: in one copy, because the kernel overwrites them. */
  #takeRows(): RowBlock {
    const kernel = this.#kernel;
    const { buffer } = this.#bytes.slice(kernel.MERGED_ROWS.value, kernel.mergedRowsEnd.value);
    kernel.rowsTaken();
    return new RowBlock(buffer);
  }
}

function cutOff(): Error {
  return bug('a run ends inside of an entry');
}
