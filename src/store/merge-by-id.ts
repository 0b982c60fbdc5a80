/** Merges streams that are in the order of customers' ids. */

import { setImmediate } from 'node:timers/promises';
import { MERGED_CUSTOMERS } from '../limits.ts';
import { compareUtf8 } from '../window/key.ts';

interface OfCustomer {
  readonly customerId: string;
}

/** A customer, and what the streams have of it. */
export interface MergedCustomer<T> extends OfCustomer {
  /** By the number of the stream; undefined where it does not have the customer. */
  readonly parts: readonly (T | undefined)[];
}

/** @param streams each has a customer at most once. @returns all customers in the order of ids, in pieces. */
export async function* mergeById<T extends OfCustomer>(
  streams: readonly AsyncIterable<readonly T[]>[],
): AsyncGenerator<readonly MergedCustomer<T>[]> {
  const cursors = streams.map((stream) => new Cursor(stream));
  for (;;) {
    for (const cursor of cursors) await cursor.fill();
    const merged: MergedCustomer<T>[] = [];
    while (merged.length < MERGED_CUSTOMERS && cursors.every((cursor) => cursor.isReady)) {
      const customerId = leastId(cursors);
      if (customerId === undefined) break;
      merged.push({ customerId, parts: cursors.map((cursor) => cursor.take(customerId)) });
    }
    if (merged.length === 0) return;
    yield merged;
    // The embedded store never waits. Without this, the thread would hear nothing until the end.
    await setImmediate();
  }
}

class Cursor<T extends OfCustomer> {
  readonly #pieces: AsyncIterator<readonly T[]>;
  #piece: readonly T[] = [];
  #at = 0;
  #isAtEnd = false;

  constructor(stream: AsyncIterable<readonly T[]>) {
    this.#pieces = stream[Symbol.asyncIterator]();
  }

  /** Reads the next piece, if all of this one was taken. */
  async fill(): Promise<void> {
    while (!this.isReady) {
      const { done, value } = await this.#pieces.next();
      this.#isAtEnd = done === true;
      this.#piece = value ?? [];
      this.#at = 0;
    }
  }

  /** True where the next customer is known, or it is known that there is none. */
  get isReady(): boolean {
    return this.#isAtEnd || this.#at < this.#piece.length;
  }

  /** The next customer; undefined at the end. */
  get id(): string | undefined {
    return this.#piece[this.#at]?.customerId;
  }

  /** Takes the next one, if it is this customer. */
  take(customerId: string): T | undefined {
    return this.id === customerId ? this.#piece[this.#at++] : undefined;
  }
}

function leastId<T extends OfCustomer>(cursors: readonly Cursor<T>[]): string | undefined {
  let least: string | undefined;
  for (const { id } of cursors)
    if (id !== undefined && (least === undefined || (id !== least && compareUtf8(id, least) < 0))) least = id;
  return least;
}
