/** Makes roll-ups of the days that are loaded, so that they are not read again for them. */

import { randomUUID } from 'node:crypto';
import { LEAST_ROLLED_UP_CUSTOMERS, MAX_GROWING_ROLL_UP_NUMBERS, ROLLED_UP_DAYS } from '../../limits.ts';
import { ROLL_UP_DAYS } from '../../statistics/roll-up-part.ts';
import type { RowBlock } from '../../statistics/row-block.ts';
import { TextInterner } from '../../statistics/text-interner.ts';
import { dayOfDate, FIRST_DATE } from '../../window/day.ts';
import type { Advance } from '../contract.ts';
import { GrowingRollUps } from './growing-roll-ups.ts';
import type { PackedRows } from './roll-up-parts.ts';
import { firstDayOf, type RollUp } from './roll-ups.ts';

/** Is fed with the days of all customers, in the order of keys. */
export class RollUpFeed {
  readonly #rollUps: readonly RollUp[];
  readonly #growing: GrowingRollUps;
  readonly #interner = new TextInterner();

  /** @param advances of the commit. The last day that has lines is the last one of the roll-ups. */
  constructor(
    advances: readonly Pick<Advance, 'days' | 'firstEventMs'>[],
    mostNumbers = MAX_GROWING_ROLL_UP_NUMBERS,
  ) {
    this.#rollUps = rollUpsOf(advances);
    this.#growing = new GrowingRollUps(this.#rollUps, mostNumbers);
  }

  /** @param days of customers. */
  add(days: RowBlock): void {
    const { bytes } = days;
    let customerId = '';
    let [idFrom, idEnd] = [0, 0];
    for (let row = 0; row < bytes.length; row = days.next(row)) {
      const from = days.valuesFrom(row);
      const end = days.valueEnd(row, from);
      // Most rows are of the same customer as the row before.
      if (!isSame(bytes, idFrom, idEnd, from, end)) customerId = bytes.toString('utf8', from, end);
      [idFrom, idEnd] = [from, end];
      const stateFrom = days.stateFrom(row);
      const date = this.#interner.text(bytes, end + 1, stateFrom);
      this.#growing.add(customerId, date, bytes, stateFrom, days.stateEnd(row));
    }
  }

  /** The parts that are complete since the last call. */
  take(): readonly PackedRows[] {
    return this.#growing.take();
  }

  /**
   * Ends with the last day. Then {@link take} gives the rest.
   * @returns the roll-ups that the parts are of; none where there are so few customers that nobody would ask for them.
   */
  finish(): readonly RollUp[] {
    this.#growing.end();
    return this.#growing.customers < LEAST_ROLLED_UP_CUSTOMERS ? [] : this.#rollUps;
  }
}

function isSame(bytes: Uint8Array, from: number, end: number, otherFrom: number, otherEnd: number): boolean {
  if (end - from !== otherEnd - otherFrom) return false;
  for (let i = 0; i < end - from; i++) if (bytes[from + i] !== bytes[otherFrom + i]) return false;
  return true;
}

function rollUpsOf(advances: readonly Pick<Advance, 'days' | 'firstEventMs'>[]): readonly RollUp[] {
  const dates = advances.flatMap(({ days }) => days.map(({ date }) => date)).sort();
  const last = dayOfDate(dates.at(-1) ?? FIRST_DATE);
  // As far back as the builder of roll-ups looks.
  const firstMs = Math.min(...advances.map(({ firstEventMs }) => firstEventMs ?? Number.POSITIVE_INFINITY));
  const first = Number.isFinite(firstMs) ? firstDayOf(firstMs) : last;
  const rollUps: RollUp[] = [];
  const firstPeriod = Math.floor(Math.max(first, last - ROLLED_UP_DAYS) / ROLL_UP_DAYS);
  for (let period = firstPeriod; period * ROLL_UP_DAYS <= last; period++) {
    const lastDay = Math.min((period + 1) * ROLL_UP_DAYS - 1, last);
    rollUps.push({ period, id: randomUUID(), lastDay });
  }
  return rollUps;
}
