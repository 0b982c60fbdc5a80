/** Requests by status, read from the beginnings of encoded states: without durations, and so without their cost. */

import { MAX_STATUSES, skipHeadStart } from './daily-statistics.ts';
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
  readonly #reader = new VarintReader(new Uint8Array());
  #length = 0;

  /** How many statuses the last head had. */
  get length(): number {
    return this.#length;
  }

  /** What the last head had, by status, ascending. */
  counts(): StatusCount[] {
    const counts: StatusCount[] = [];
    for (let i = 0; i < this.#length; i++)
      counts.push({ status: this.statuses[i], requests: this.requests[i] });
    return counts;
  }

  /**
   * Reads a head that stands in some bytes, as for `stateHeadOf`.
   * @throws {DaymarkError} STORE_CORRUPT, also where the beginning is too short.
   */
  read(bytes: Uint8Array, from = 0, end = bytes.length): void {
    const reader = this.#reader;
    reader.open(bytes, from, end);
    skipHeadStart(reader);
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

/** The same as {@link StatusCount}, while it grows. */
interface Growing {
  readonly status: number;
  requests: number;
}

/** Adds requests up by status, for each of several ids. Each has few statuses, so that a list is faster than a map, and smaller. */
export class StatusSums {
  readonly #counts = new Map<string, Growing[]>();

  /** @param counts by status, ascending. */
  add(id: string, counts: readonly StatusCount[]): void {
    const known = this.#counts.get(id);
    if (known) for (const { status, requests } of counts) addTo(known, status, requests);
    else
      this.#counts.set(
        id,
        counts.map(({ status, requests }) => ({ status, requests })),
      );
  }

  get ids(): string[] {
    return [...this.#counts.keys()];
  }

  /** By status, ascending. Empty where nothing was added. */
  of(id: string): readonly StatusCount[] {
    return this.#counts.get(id) ?? [];
  }
}

/** @param counts by status, ascending: so they stay. */
function addTo(counts: Growing[], status: number, requests: number): void {
  let at = 0;
  while (at < counts.length && counts[at].status < status) at++;
  if (counts[at]?.status === status) counts[at].requests += requests;
  else counts.splice(at, 0, { status, requests });
}
