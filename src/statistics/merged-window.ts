/** Windows of merged runs. */

import type { WindowKey } from '../window/key.ts';
import { STATISTICS_COLUMNS } from './columns.ts';
import { decodeStatistics } from './daily-statistics.ts';
import type { RowBlock } from './row-block.ts';
import type { TextInterner } from './text-interner.ts';
import type { DailyStatistics } from './types.ts';

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

/** The windows of a block. What they hold stays valid. */
export function* windowsOf(block: RowBlock, interner: TextInterner): Generator<MergedWindow> {
  const { bytes } = block;
  for (let row = 0; row < bytes.length; row = block.next(row)) {
    const key = { kind: block.kind(row), values: valuesOf(block, row, interner) };
    const state = bytes.subarray(block.stateFrom(row), block.stateEnd(row));
    yield new MergedWindow(key, block.lateEvents(row), state, rowOf(key, block, row, state));
  }
}

function valuesOf(block: RowBlock, row: number, interner: TextInterner): string[] {
  const values: string[] = [];
  const end = block.stateFrom(row);
  for (let from = block.valuesFrom(row); from <= end; ) {
    const valueEnd = block.valueEnd(row, from);
    values.push(interner.text(block.bytes, from, valueEnd));
    from = valueEnd + 1;
  }
  return values;
}

function rowOf({ values }: WindowKey, block: RowBlock, row: number, state: Uint8Array): unknown[] {
  const columns: unknown[] = values.slice();
  for (let i = 0; i < STATISTICS_COLUMNS.length; i++) {
    const number = block.number(row, i);
    columns.push(Number.isNaN(number) ? null : number);
  }
  columns.push(state);
  return columns;
}
