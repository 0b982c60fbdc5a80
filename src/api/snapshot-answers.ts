import { MAX_MERGED_CACHE_BYTES, MAX_MERGING_ANSWERS, STREAM_WAIT_MS } from '../limits.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import type { Answer } from './answer-cache.ts';
import { CachedAnswers } from './cached-answers.ts';
import type { Body } from './rows-writer.ts';
import { Slots } from './slots.ts';
import type { StatsReader } from './stats-reader.ts';

/** The part of a store that answers out of one moment need. */
export type SnapshotReader = Pick<StatsReader, 'readSnapshot' | 'dataVersion'>;

interface Bounds {
  /** How many answers are made at once. Others wait. */
  readonly atOnce: number;
  /** How much memory cached answers may take. */
  readonly maxCacheBytes: number;
}

/** Of answers that are merged from the windows of a subject. */
export const MERGING_BOUNDS: Bounds = { atOnce: MAX_MERGING_ANSWERS, maxCacheBytes: MAX_MERGED_CACHE_BYTES };

/** Makes answers, each out of one moment of the store, and keeps them while the data are unchanged. */
export class SnapshotAnswers {
  readonly #store: SnapshotReader;
  readonly #cached: CachedAnswers;
  readonly #slots: Slots;

  /** @param processes how many processes share the memory of kept answers. */
  constructor(store: SnapshotReader, { atOnce, maxCacheBytes }: Bounds, processes = 1) {
    this.#store = store;
    this.#cached = new CachedAnswers(store, maxCacheBytes / processes);
    this.#slots = new Slots(atOnce, 'merging');
  }

  /**
   * @param key one that no other answer has. @param make reads the store, and makes the body.
   * @param owner in whose share of the cache the answer is kept.
   * @throws {DaymarkError} OVERLOADED where no turn comes in time. @throws what `make` and the store throw.
   */
  async find(key: string, make: (snapshot: StoreSnapshot) => Promise<Body>, owner?: string): Promise<Answer> {
    // There is a body of each.
    return (await this.#cached.find(key, () => this.#inTurn(make), owner)) as Answer;
  }

  async #inTurn(make: (snapshot: StoreSnapshot) => Promise<Body>): Promise<Body> {
    await this.#slots.take(STREAM_WAIT_MS);
    try {
      return await this.#store.readSnapshot(make);
    } finally {
      this.#slots.release();
    }
  }
}
