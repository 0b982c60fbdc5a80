import { KEY_MAX_AGE_MS, MAX_CACHED_KEYS, MAX_CACHED_READERS_BYTES } from '../../limits.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { Reader } from './reader.ts';

/** What the store said of an id. */
export interface RecentRow<Row> {
  /** When the read of it began, by the clock that never goes back. */
  readonly readMs: number;
  /** Undefined: there is none. */
  readonly row: Row | undefined;
  readonly reader: Reader | undefined;
}

interface Reading<Row> {
  readonly beganMs: number;
  readonly found: Promise<RecentRow<Row>>;
}

interface RowSource<Row> {
  /** Reads the store. */
  readonly find: (id: string) => Promise<Row | undefined>;
  readonly readerOf: (row: Row) => Reader;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
}

/**
 * The rows of credentials, by their public ids. What is known of one is at most KEY_MAX_AGE_MS older than the request, so every
 * process refuses one that was revoked that soon, with either store. A request that must read again waits; requests that come
 * meanwhile share the read. So a busy one costs two reads of one row a second.
 */
export class RecentRows<Row> {
  readonly #source: RowSource<Row>;
  /** Ids without a row included, those first that were read longest ago. */
  readonly #known = new BoundedCache<RecentRow<Row>>(MAX_CACHED_KEYS, MAX_CACHED_READERS_BYTES);
  readonly #readings = new Map<string, Reading<Row>>();

  constructor(source: RowSource<Row>) {
    this.#source = source;
  }

  /** What was known last, however old it is. */
  last(id: string): RecentRow<Row> | undefined {
    return this.#known.get(id);
  }

  /** @returns undefined where it must be read again. */
  fresh(id: string): RecentRow<Row> | undefined {
    const known = this.#known.get(id);
    return known && this.#source.now() - known.readMs < KEY_MAX_AGE_MS ? known : undefined;
  }

  /** @throws what the store throws. */
  read(id: string): Promise<RecentRow<Row>> {
    const beganMs = this.#source.now();
    const underWay = this.#readings.get(id);
    if (underWay && beganMs - underWay.beganMs < KEY_MAX_AGE_MS) return underWay.found;
    const reading = { beganMs, found: this.#readNow(id, beganMs) };
    this.#readings.set(id, reading);
    const done = () => {
      if (this.#readings.get(id) === reading) this.#readings.delete(id);
    };
    reading.found.then(done, done);
    return reading.found;
  }

  async #readNow(id: string, readMs: number): Promise<RecentRow<Row>> {
    const row = await this.#source.find(id);
    const known = { readMs, row, reader: row && this.#source.readerOf(row) };
    if ((this.#known.get(id)?.readMs ?? 0) <= readMs) this.#known.keep(id, known);
    return known;
  }
}
