/** Requests by status, read from the beginnings of encoded states: without durations, and so without their cost. */

import { decodeHeadStart, MAX_STATUSES } from './daily-statistics.ts';
import type { StatusCount } from './types.ts';
import { corrupt, VarintReader } from './varints.ts';

export const LARGEST_STATUS = 599;

/**
 * Reads how many requests of each status an encoded state has. It makes no object for a status, and no big integer of its
 * summed duration: with `stateHeadOf` the read of a head of five statuses takes several times as long.
 */
export class StatusReader {
  readonly statuses = new Uint16Array(MAX_STATUSES);
  readonly requests = new Float64Array(MAX_STATUSES);
  #length = 0;

  /** How many statuses the last head had. */
  get length(): number {
    return this.#length;
  }

  /** @param head as for `stateHeadOf`. @throws {DaymarkError} STORE_CORRUPT, also where the beginning is too short. */
  read(head: Uint8Array): void {
    const reader = new VarintReader(head);
    decodeHeadStart(reader);
    const length = reader.varint();
    if (length > MAX_STATUSES) throw corrupt('it has too many statuses');
    let status = 0;
    for (let i = 0; i < length; i++) {
      status += reader.varint();
      if (status > LARGEST_STATUS) throw corrupt(`it has no status ${status}`);
      this.statuses[i] = status;
      this.requests[i] = reader.varint();
      reader.skipVarint();
    }
    this.#length = length;
  }
}

/** Adds requests up by status. */
export class StatusCounter {
  readonly #requests = new Float64Array(LARGEST_STATUS + 1);
  #statuses: number[] = [];

  /** Adds what a reader has read last. */
  addHead({ statuses, requests, length }: StatusReader): void {
    for (let i = 0; i < length; i++) this.addRequests(statuses[i], requests[i]);
  }

  add(counts: readonly StatusCount[]): void {
    for (const { status, requests } of counts) this.addRequests(status, requests);
  }

  /** @param status up to 599. */
  addRequests(status: number, requests: number): void {
    if (this.#requests[status] === 0) this.#statuses.push(status);
    this.#requests[status] += requests;
  }

  /** @returns what was added since the last call, by status, ascending. */
  take(): StatusCount[] {
    const counts = this.#statuses
      .sort((a, b) => a - b)
      .map((status) => ({ status, requests: this.#requests[status] }));
    for (const { status } of counts) this.#requests[status] = 0;
    this.#statuses = [];
    return counts;
  }
}

/** Adds requests up by status, for each of several ids. */
export class StatusSums {
  readonly #counts = new Map<string, readonly StatusCount[]>();
  readonly #counter = new StatusCounter();

  /** @param counts by status, ascending. */
  add(id: string, counts: readonly StatusCount[]): void {
    const known = this.#counts.get(id);
    if (known) this.#counter.add(known);
    if (known) this.#counter.add(counts);
    this.#counts.set(id, known ? this.#counter.take() : counts);
  }

  get ids(): string[] {
    return [...this.#counts.keys()];
  }

  /** By status, ascending. Empty where nothing was added. */
  of(id: string): readonly StatusCount[] {
    return this.#counts.get(id) ?? [];
  }
}
