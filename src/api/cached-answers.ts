import { MAX_SHARE_OF_ANSWER_CACHE } from '../limits.ts';
import { type Answer, AnswerCache } from './answer-cache.ts';
import { etagOfLong } from './conditional.ts';
import type { Body } from './rows-writer.ts';
import type { StatsReader } from './stats-reader.ts';
import { VersionGate } from './version-gate.ts';

interface Loading {
  readonly version: string;
  readonly answer: Promise<Answer | undefined>;
}

/** Makes answers, and keeps them while the data are unchanged. */
export class CachedAnswers {
  readonly #gate: VersionGate;
  readonly #cache: AnswerCache;
  readonly #loading = new Map<string, Loading>();

  /** @param maxCacheBytes how much memory cached answers may take. */
  constructor(store: Pick<StatsReader, 'dataVersion'>, maxCacheBytes: number) {
    this.#gate = new VersionGate(store);
    this.#cache = new AnswerCache(maxCacheBytes, maxCacheBytes * MAX_SHARE_OF_ANSWER_CACHE);
  }

  /**
   * @param key one that no other answer has.
   * @param make reads the store, and makes the body. Undefined: there is no answer of this kind.
   * @param owner in whose share of the cache the answer is kept.
   * @returns the answer as of a moment after this call.
   * @throws what `make` and the store throw.
   */
  async find(
    key: string,
    make: () => Promise<Body | undefined>,
    owner?: string,
  ): Promise<Answer | undefined> {
    const version = await this.#gate.nextVersion();
    return this.#cache.get(key, version) ?? this.#load(key, version, make, owner);
  }

  /**
   * Requests that miss the cache at the same time share one read of the rows. A request may join a read that began under
   * the same version: the version is unchanged, so the read has not missed a commit.
   */
  #load(
    key: string,
    version: string,
    make: () => Promise<Body | undefined>,
    owner?: string,
  ): Promise<Answer | undefined> {
    const underWay = this.#loading.get(key);
    if (underWay?.version === version) return underWay.answer;
    const loading = { version, answer: this.#make(key, version, make, owner) };
    this.#loading.set(key, loading);
    const done = () => {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    };
    loading.answer.then(done, done);
    return loading.answer;
  }

  /**
   * The version is read before the rows. A commit in between makes the rows newer than their version, and that version is
   * never current again, so they are never served from the cache. In the other order, old rows would stay in the cache.
   */
  async #make(
    key: string,
    version: string,
    make: () => Promise<Body | undefined>,
    owner?: string,
  ): Promise<Answer | undefined> {
    const body = await make();
    if (body === undefined) return undefined;
    const answer = { body, etag: await etagOfLong(body) };
    this.#cache.put(key, version, answer, owner);
    return answer;
  }
}
