/** Makes roll-ups of what is written into a store without days, so that it is not read again for them. */

import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { LEAST_ROLLED_UP_CUSTOMERS, MAX_GROWING_ROLL_UP_NUMBERS, ROLLED_UP_DAYS } from '../../limits.ts';
import { ROLL_UP_DAYS } from '../../statistics/roll-up-part.ts';
import { dayOfDate, FIRST_DATE } from '../../window/day.ts';
import type { Advance } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { GrowingRollUps } from './growing-roll-ups.ts';
import { insertPart } from './roll-up-parts.ts';
import { firstDayOf, type RollUp, replaceRollUp } from './roll-ups.ts';

/**
 * Is fed with the days of all customers, in the order of keys, while they are written. It does nothing unless {@link begin} is
 * called: only a store that had no days before gets roll-ups in this way.
 */
export class RollUpFeed {
  readonly #transaction: Transaction<Tables>;
  readonly #first: number;
  readonly #lastDay: number;
  readonly #mostNumbers: number;
  #rollUps: readonly RollUp[] = [];
  #growing: GrowingRollUps | undefined;

  /** @param advances of the commit. The last day that has lines is the last one of the roll-ups. */
  constructor(
    transaction: Transaction<Tables>,
    advances: readonly Pick<Advance, 'days' | 'firstEventMs'>[],
    mostNumbers = MAX_GROWING_ROLL_UP_NUMBERS,
  ) {
    this.#transaction = transaction;
    this.#mostNumbers = mostNumbers;
    const dates = advances.flatMap(({ days }) => days.map(({ date }) => date)).sort();
    this.#lastDay = dayOfDate(dates.at(-1) ?? FIRST_DATE);
    // As far back as the builder of roll-ups looks.
    const firstMs = Math.min(...advances.map(({ firstEventMs }) => firstEventMs ?? Number.POSITIVE_INFINITY));
    const firstDay = Number.isFinite(firstMs) ? firstDayOf(firstMs) : this.#lastDay;
    this.#first = Math.floor(Math.max(firstDay, this.#lastDay - ROLLED_UP_DAYS) / ROLL_UP_DAYS);
  }

  /** Says that the store has no days. */
  begin(): void {
    const rollUps: RollUp[] = [];
    for (let period = this.#first; period * ROLL_UP_DAYS <= this.#lastDay; period++) {
      const lastDay = Math.min((period + 1) * ROLL_UP_DAYS - 1, this.#lastDay);
      rollUps.push({ period, id: randomUUID(), lastDay });
    }
    this.#rollUps = rollUps;
    this.#growing = new GrowingRollUps(rollUps, this.#mostNumbers);
  }

  /** @param state as it is stored. */
  add(customerId: string, date: string, state: Uint8Array): void {
    this.#growing?.add(customerId, date, state);
  }

  /** Writes the parts that are complete. */
  async write(): Promise<void> {
    for (const part of this.#growing?.take() ?? []) await insertPart(this.#transaction, part);
  }

  /** Writes the rest, and makes the roll-ups ready, where there are customers enough. */
  async finish(): Promise<void> {
    const growing = this.#growing;
    if (!growing) return;
    growing.end();
    if (growing.customers < LEAST_ROLLED_UP_CUSTOMERS) return await this.#deleteParts();
    await this.write();
    for (const rollUp of this.#rollUps) await replaceRollUp(this.#transaction, rollUp, true);
  }

  /** Nobody would ask for them. */
  async #deleteParts(): Promise<void> {
    const ids = this.#rollUps.map(({ id }) => id);
    await this.#transaction.deleteFrom('roll_up_parts').where('roll_up_id', 'in', ids).execute();
  }
}
