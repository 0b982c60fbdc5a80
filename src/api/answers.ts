import { MAX_ANSWER_CACHE_BYTES, MAX_DAYS_IN_ONE_PIECE, MAX_SHARE_OF_ANSWER_CACHE } from '../limits.ts';
import { pickStatistics } from '../statistics/columns.ts';
import type { ServedWindow, Store, WindowQuery } from '../store/contract.ts';
import { customerDays, fieldsOf } from '../window/key.ts';
import { type Answer, AnswerCache } from './answer-cache.ts';
import { etagOf } from './conditional.ts';
import { VersionGate } from './version-gate.ts';

/** Which days a request asks for. */
export interface DaysAsked extends Pick<WindowQuery, 'from' | 'to'> {
  readonly customerId: string;
}

/** Asks the store for them. */
export function queryOf({ customerId, ...days }: DaysAsked, limit: number): WindowQuery {
  return { ...customerDays(customerId), ...days, limit };
}

type ReadableStore = Pick<Store, 'windows' | 'dataVersion'>;

interface Loading {
  readonly version: string;
  readonly answer: Promise<Answer | undefined>;
}

/** Finished answers for the days of a customer, from the cache where the data have not changed since. */
export class Answers {
  readonly #store: ReadableStore;
  readonly #gate: VersionGate;
  readonly #cache: AnswerCache;
  readonly #loading = new Map<string, Loading>();

  /** @param maxCacheBytes how much memory finished answers may take. */
  constructor(store: ReadableStore, maxCacheBytes = MAX_ANSWER_CACHE_BYTES) {
    this.#store = store;
    this.#gate = new VersionGate(store);
    this.#cache = new AnswerCache(maxCacheBytes, maxCacheBytes * MAX_SHARE_OF_ANSWER_CACHE);
  }

  /**
   * The answer as of a moment after this call; undefined where it has more than MAX_DAYS_IN_ONE_PIECE days.
   * @throws what the store throws.
   */
  async find(asked: DaysAsked): Promise<Answer | undefined> {
    const version = await this.#gate.nextVersion();
    // Dates have a fixed length, so no two questions share a key.
    const key = `${asked.from}/${asked.to ?? ''}/${asked.customerId}`;
    return this.#cache.get(key, version) ?? this.#load(key, version, asked);
  }

  /**
   * Requests that miss together share one reading of the rows. A reading that began under the same version may be
   * joined: as the version has not changed since, nothing that it could have missed has been committed.
   */
  #load(key: string, version: string, asked: DaysAsked): Promise<Answer | undefined> {
    const underWay = this.#loading.get(key);
    if (underWay?.version === version) return underWay.answer;
    const loading = { version, answer: this.#read(key, version, asked) };
    this.#loading.set(key, loading);
    const done = () => {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    };
    loading.answer.then(done, done);
    return loading.answer;
  }

  /**
   * The version was read before the rows: a commit in between makes the rows newer than the version under which
   * they are kept, and that version is never current again. The other way round they would be older, and stay.
   */
  async #read(key: string, version: string, asked: DaysAsked): Promise<Answer | undefined> {
    const rows = await this.#store.windows(queryOf(asked, MAX_DAYS_IN_ONE_PIECE + 1));
    if (rows.length > MAX_DAYS_IN_ONE_PIECE) return undefined;
    const answer = answerOf(rows);
    this.#cache.put(key, version, answer);
    return answer;
  }
}

function answerOf(rows: readonly ServedWindow[]): Answer {
  const body = JSON.stringify(rows.map(dayOf));
  return { body, bytes: Buffer.byteLength(body), etag: etagOf(body) };
}

/** A day as it is answered. The order of the fields is part of the API. */
export function dayOf(row: ServedWindow) {
  return {
    ...fieldsOf(row.key),
    ...pickStatistics(row),
    ...stateOf(row),
    revision: row.lateEvents,
  };
}

/** How far the numbers of a day can be relied on, and since when. */
function stateOf({ startMs, finalSinceMs, revisedMs }: ServedWindow) {
  if (finalSinceMs === null) return { state: 'open', state_since: instant(startMs) };
  if (revisedMs === null) return { state: 'final', state_since: instant(finalSinceMs) };
  return { state: 'revised', state_since: instant(Math.max(finalSinceMs, revisedMs)) };
}

/** RFC 3339, UTC. */
function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
