/** Makes roll-ups of what is written into a store without days, so that it is not read again for them. */

import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import {
  LEAST_ROLLED_UP_CUSTOMERS,
  MAX_FED_ROLL_UP_NUMBERS,
  ROLL_UP_PART_CUSTOMERS,
  ROLLED_UP_DAYS,
} from '../../limits.ts';
import { ROLL_UP_DAYS, RollUpPartWriter } from '../../statistics/roll-up-part.ts';
import { StatusSums } from '../../statistics/status-counts.ts';
import { dayOfDate, FIRST_DATE } from '../../window/day.ts';
import type { Advance } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { insertPart, type PackedRows, packed } from './roll-up-parts.ts';
import { DAYS_PART, firstDayOf, replaceRollUp } from './roll-ups.ts';
import { statusesOf } from './state-heads.ts';

/** The roll-up of a period that is being made. */
interface Growing {
  readonly period: number;
  readonly id: string;
  readonly writer: RollUpPartWriter;
  readonly sums: StatusSums;
  part: number;
  lastId: string;
  /** How many numbers its writer holds. */
  numbers: number;
}

/**
 * Is fed with the days of all customers, in the order of keys, while they are written. It does nothing unless {@link begin} is
 * called: only a store that had no days before gets roll-ups in this way.
 */
export class RollUpFeed {
  readonly #transaction: Transaction<Tables>;
  readonly #first: number;
  readonly #lastDay: number;
  #periods = new Map<number, Growing>();
  /** Of dates: a number, and the roll-up that has them. */
  readonly #places = new Map<string, { readonly growing: Growing; readonly at: number } | null>();
  #customerId: string | undefined;
  #customers = 0;
  /** How many numbers all writers hold. */
  #numbers = 0;
  readonly #mostNumbers: number;
  #pending: PackedRows[] = [];

  /** @param advances of the commit. The last day that has lines is the last one of the roll-ups. */
  constructor(
    transaction: Transaction<Tables>,
    advances: readonly Pick<Advance, 'days' | 'firstEventMs'>[],
    mostNumbers = MAX_FED_ROLL_UP_NUMBERS,
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
    for (let period = this.#first; period * ROLL_UP_DAYS <= this.#lastDay; period++)
      this.#periods.set(period, {
        ...{ period, id: randomUUID(), writer: new RollUpPartWriter(), sums: new StatusSums() },
        ...{ part: 0, lastId: '', numbers: 0 },
      });
  }

  /** @param state as it is stored. */
  add(customerId: string, date: string, state: Uint8Array): void {
    if (this.#periods.size === 0) return;
    if (customerId !== this.#customerId) this.#endCustomer();
    this.#customerId = customerId;
    const place = this.#placeOf(date);
    if (!place) return;
    const { growing, at } = place;
    if (growing.lastId !== customerId || growing.writer.length === 0)
      this.#beginCustomer(growing, customerId);
    const statuses = statusesOf(state);
    growing.writer.addDay(at, statuses);
    growing.sums.add(date, statuses);
    growing.numbers += statuses.length;
    this.#numbers += statuses.length;
  }

  #beginCustomer(growing: Growing, customerId: string): void {
    if (growing.writer.length === ROLL_UP_PART_CUSTOMERS) this.#endPart(growing);
    growing.writer.begin(customerId);
    growing.lastId = customerId;
  }

  #placeOf(date: string): { readonly growing: Growing; readonly at: number } | null {
    let place = this.#places.get(date);
    if (place === undefined) {
      const day = dayOfDate(date);
      const growing = this.#periods.get(Math.floor(day / ROLL_UP_DAYS));
      place = growing && day <= this.#lastDay ? { growing, at: day - growing.period * ROLL_UP_DAYS } : null;
      this.#places.set(date, place);
    }
    return place;
  }

  #endCustomer(): void {
    if (this.#customerId === undefined) return;
    this.#customers++;
    if (this.#numbers < this.#mostNumbers) return;
    for (const growing of this.#periods.values()) if (growing.writer.length > 0) this.#endPart(growing);
  }

  #endPart(growing: Growing): void {
    const { id, lastId, writer } = growing;
    this.#pending.push(packed({ id, part: growing.part++, lastId }, writer));
    this.#numbers -= growing.numbers;
    growing.numbers = 0;
  }

  /** Writes the parts that are complete. */
  async write(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const part of pending) await insertPart(this.#transaction, part);
  }

  /** Nobody would ask for them. */
  async #deleteParts(periods: readonly Growing[]): Promise<void> {
    this.#pending = [];
    for (const { id } of periods.filter(({ part }) => part > 0))
      await this.#transaction.deleteFrom('roll_up_parts').where('roll_up_id', '=', id).execute();
  }

  /** Writes the rest, and makes the roll-ups ready, where there are customers enough. */
  async finish(): Promise<void> {
    this.#endCustomer();
    const periods = [...this.#periods.values()];
    if (this.#customers < LEAST_ROLLED_UP_CUSTOMERS) return await this.#deleteParts(periods);
    for (const growing of periods) {
      const { id, writer, sums } = growing;
      if (writer.length > 0) this.#endPart(growing);
      for (const date of sums.ids.sort()) writer.add(date, [sums.of(date)]);
      this.#pending.push(packed({ id, part: DAYS_PART, lastId: '' }, writer));
    }
    await this.write();
    for (const { period, id } of periods) {
      const lastDay = Math.min((period + 1) * ROLL_UP_DAYS - 1, this.#lastDay);
      await replaceRollUp(this.#transaction, { period, id, lastDay }, true);
    }
  }
}
