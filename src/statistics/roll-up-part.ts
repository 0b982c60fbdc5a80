/** A piece of a roll-up: the requests by day and status of many customers, packed, in the order of their ids. */

import type { StatusCounter } from './status-counts.ts';
import type { StatusCount } from './types.ts';
import { corrupt, VarintReader, VarintWriter } from './varints.ts';

/** The days of one roll-up. A byte tells which of them a customer has. */
export const ROLL_UP_DAYS = 8;

const FORMAT = 1;

/** By day of the roll-up: where its requests are added. Undefined: nowhere. */
export type DayCounters = readonly (StatusCounter | undefined)[];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Packs customers one after the other. */
export class RollUpPartWriter {
  readonly #part = new VarintWriter();
  readonly #days = new VarintWriter();

  /** The number of bytes since {@link take}. */
  get length(): number {
    return this.#part.length;
  }

  /** @param days the requests of each day by status; empty or undefined where there are none. */
  add(customerId: string, days: readonly (readonly StatusCount[] | undefined)[]): void {
    if (this.#part.length === 0) this.#part.byte(FORMAT);
    this.#days.byte(days.reduce((bits, statuses, day) => bits | (statuses?.length ? 1 << day : 0), 0));
    for (const statuses of days) if (statuses?.length) this.#addDay(statuses);
    const id = encoder.encode(customerId);
    this.#part.varint(id.length);
    this.#part.bytes(id);
    this.#part.varint(this.#days.length);
    this.#part.bytes(this.#days.take());
  }

  #addDay(statuses: readonly StatusCount[]): void {
    this.#days.varint(statuses.length);
    for (const { status, requests } of statuses) {
      this.#days.varint(status);
      this.#days.varint(requests);
    }
  }

  /** Returns what was packed, and empties the writer. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#part.take();
  }
}

/** One customer of a part. */
export interface RolledUpCustomer {
  readonly customerId: string;
  /** For {@link addRolledUpDays}. */
  readonly days: Uint8Array;
}

/** @throws {DaymarkError} STORE_CORRUPT. */
export function rolledUpCustomers(part: Uint8Array): RolledUpCustomer[] {
  const reader = new VarintReader(part);
  if (reader.byte() !== FORMAT) throw corrupt('it has an unknown format');
  const customers: RolledUpCustomer[] = [];
  while (reader.remaining > 0) {
    const customerId = decoder.decode(reader.bytes(reader.varint()));
    customers.push({ customerId, days: reader.bytes(reader.varint()) });
  }
  return customers;
}

/** Adds the requests of a customer's days to the counters of these days. @throws {DaymarkError} STORE_CORRUPT. */
export function addRolledUpDays(days: Uint8Array, counters: DayCounters): void {
  const reader = new VarintReader(days);
  const bits = reader.byte();
  for (let day = 0; day < ROLL_UP_DAYS; day++) {
    if ((bits & (1 << day)) === 0) continue;
    const counter = counters[day];
    for (let left = reader.varint(); left > 0; left--) {
      const status = reader.varint();
      const requests = reader.varint();
      counter?.addRequests(status, requests);
    }
  }
}
