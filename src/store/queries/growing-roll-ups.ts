/** Roll-ups that are being made of days in the order of keys. */

import { ROLL_UP_PART_CUSTOMERS } from '../../limits.ts';
import { ROLL_UP_DAYS, RollUpPartWriter } from '../../statistics/roll-up-part.ts';
import { StatusReader, StatusSums } from '../../statistics/status-counts.ts';
import { dateOfDay, dayOfDate } from '../../window/day.ts';
import { type PackedRows, packed } from './roll-up-parts.ts';
import { DAYS_PART, type RollUp } from './roll-ups.ts';

interface Growing extends RollUp {
  readonly writer: RollUpPartWriter;
  readonly sums: StatusSums;
  part: number;
  lastId: string;
  /** How many numbers its writer holds. */
  numbers: number;
}

/** A day of a roll-up. */
interface Place {
  readonly growing: Growing;
  readonly at: number;
}

/** Takes the days of all customers, customer by customer. It has no database: whoever uses it stores the parts. */
export class GrowingRollUps {
  readonly #periods: ReadonlyMap<number, Growing>;
  readonly #mostNumbers: number;
  readonly #reader = new StatusReader();
  /** Of dates; null where no roll-up has them. */
  readonly #places = new Map<string, Place | null>();
  #customerId: string | undefined;
  #customers = 0;
  /** How many numbers all writers hold. */
  #numbers = 0;
  #complete: PackedRows[] = [];

  /** @param mostNumbers with so many, parts are complete before they have as many customers as they may. */
  constructor(rollUps: readonly RollUp[], mostNumbers: number) {
    this.#mostNumbers = mostNumbers;
    this.#periods = new Map(
      rollUps.map((rollUp) => [
        rollUp.period,
        {
          ...{ ...rollUp, writer: new RollUpPartWriter(), sums: new StatusSums() },
          ...{ part: 0, lastId: '', numbers: 0 },
        },
      ]),
    );
  }

  /** The customers that were added; before {@link end}, the last one is not counted. */
  get customers(): number {
    return this.#customers;
  }

  /**
   * Adds a day of the same customer as before or of one behind it, if a roll-up has its date.
   * @param bytes have its state, as it is stored, or the beginning of it.
   */
  add(customerId: string, date: string, bytes: Uint8Array, from = 0, end = bytes.length): void {
    if (customerId !== this.#customerId) this.#endCustomer();
    this.#customerId = customerId;
    const place = this.#placeOf(date);
    if (!place) return;
    const { growing, at } = place;
    if (growing.lastId !== customerId || growing.writer.length === 0)
      this.#beginCustomer(growing, customerId);
    const reader = this.#reader;
    reader.read(bytes, from, end);
    growing.writer.addDay(at, reader);
    growing.numbers += reader.length;
    this.#numbers += reader.length;
  }

  #beginCustomer(growing: Growing, customerId: string): void {
    if (growing.writer.length === ROLL_UP_PART_CUSTOMERS) this.#endPart(growing);
    growing.writer.begin(customerId);
    growing.lastId = customerId;
  }

  #placeOf(date: string): Place | null {
    let place = this.#places.get(date);
    if (place === undefined) {
      const day = dayOfDate(date);
      const growing = this.#periods.get(Math.floor(day / ROLL_UP_DAYS));
      place = growing && day <= growing.lastDay ? { growing, at: day - growing.period * ROLL_UP_DAYS } : null;
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
    const { id, lastId, period, sums, writer } = growing;
    const taken = writer.take();
    for (const [at, counts] of taken.days.entries())
      if (counts.length > 0) sums.add(dateOfDay(period * ROLL_UP_DAYS + at), counts);
    this.#complete.push(packed({ id, part: growing.part++, lastId }, taken));
    this.#numbers -= growing.numbers;
    growing.numbers = 0;
  }

  /** The parts that are complete since the last call. */
  take(): readonly PackedRows[] {
    const complete = this.#complete;
    this.#complete = [];
    return complete;
  }

  /** Ends with the last customer. {@link take} gives the rest then, and the parts with the sums of days. */
  end(): void {
    this.#endCustomer();
    this.#customerId = undefined;
    for (const growing of this.#periods.values()) {
      const { id, writer, sums } = growing;
      if (writer.length > 0) this.#endPart(growing);
      for (const date of sums.ids.sort()) writer.add(date, [sums.of(date)]);
      this.#complete.push(packed({ id, part: DAYS_PART, lastId: '' }, writer.take()));
    }
  }
}
