/** Makes roll-ups of the days that are loaded, so that they are not read again for them. */

import { randomUUID } from 'node:crypto';
import { LEAST_ROLLED_UP_CUSTOMERS, MAX_GROWING_ROLL_UP_NUMBERS, ROLLED_UP_DAYS } from '../../limits.ts';
import { ROLL_UP_DAYS } from '../../statistics/roll-up-part.ts';
import { dayOfDate, FIRST_DATE } from '../../window/day.ts';
import type { Advance } from '../contract.ts';
import { GrowingRollUps } from './growing-roll-ups.ts';
import type { PackedRows } from './roll-up-parts.ts';
import { firstDayOf, type RollUp } from './roll-ups.ts';

/** Is fed with the days of all customers, in the order of keys. */
export class RollUpFeed {
  readonly #rollUps: readonly RollUp[];
  readonly #growing: GrowingRollUps;

  /** @param advances of the commit. The last day that has lines is the last one of the roll-ups. */
  constructor(
    advances: readonly Pick<Advance, 'days' | 'firstEventMs'>[],
    mostNumbers = MAX_GROWING_ROLL_UP_NUMBERS,
  ) {
    this.#rollUps = rollUpsOf(advances);
    this.#growing = new GrowingRollUps(this.#rollUps, mostNumbers);
  }

  /** @param bytes have the state of the day, as it is stored. */
  add(customerId: string, date: string, bytes: Uint8Array, from = 0, end = bytes.length): void {
    this.#growing.add(customerId, date, bytes, from, end);
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
