import { timingSafeEqual } from 'node:crypto';
import {
  KEY_MAX_AGE_MS,
  MAX_CACHED_KEYS,
  MAX_CACHED_READERS_BYTES,
  MAX_WAITING_KEY_READS,
} from '../../limits.ts';
import type { ApiKeys, StoredApiKey } from '../../store/contract.ts';
import { BoundedCache } from './bounded-cache.ts';
import { hashOfKey, idOfKey } from './key-text.ts';
import type { KeyUses } from './key-uses.ts';
import type { Authenticator, Reader } from './reader.ts';

interface KnownKey {
  /** When the read of it began, by the clock that never goes back. */
  readonly readMs: number;
  /** Undefined: there is no such key. */
  readonly key: StoredApiKey | undefined;
  readonly reader: Reader | undefined;
}

interface Reading {
  readonly beganMs: number;
  readonly known: Promise<KnownKey>;
}

/**
 * Accepts the keys of a store. What it knows of a key is at most KEY_MAX_AGE_MS older than the request, so every process
 * refuses a revoked key that soon, with either store. A request that must read again waits; requests that come meanwhile share
 * the read. So a busy key costs two reads of one row a second.
 *
 * The id of a key is public and looked up as any value. The secret is never compared: its hash is, in constant time, so the
 * time of an answer does not tell how much of a wrong key was right. Where there is no such id, it is compared with a hash that no
 * key has, so the work is the same.
 */
export class KeyAuthenticator implements Authenticator {
  readonly #keys: Pick<ApiKeys, 'find'>;
  readonly #uses: Pick<KeyUses, 'note'>;
  readonly #now: () => number;
  /** By id, ids without a key included, those first that were read longest ago. */
  readonly #known = new BoundedCache<KnownKey>(MAX_CACHED_KEYS, MAX_CACHED_READERS_BYTES);
  readonly #readings = new Map<string, Reading>();
  /** Reads that come one at a time: the end of the last one, and how many are not done. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(keys: Pick<ApiKeys, 'find'>, uses: Pick<KeyUses, 'note'>, now = () => performance.now()) {
    this.#now = now;
    this.#keys = keys;
    this.#uses = uses;
  }

  authenticate(text: string, mayAsk: boolean): Reader | undefined | Promise<Reader | undefined> {
    const id = idOfKey(text);
    if (id === undefined) return undefined;
    const known = this.#known.get(id);
    if (known && this.#now() - known.readMs < KEY_MAX_AGE_MS) return this.#judge(known, text);
    const isSeen = known?.key && isTextOf(known.key, text);
    const read = mayAsk || isSeen ? this.#read(id) : this.#readInTurn(id);
    return read.then((found) => found && this.#judge(found, text));
  }

  /** Bounds what wrong keys cost the store. @returns undefined where too many wait already. */
  async #readInTurn(id: string): Promise<KnownKey | undefined> {
    if (this.#waiting >= MAX_WAITING_KEY_READS) return undefined;
    this.#waiting++;
    const turn = this.#turn.then(() => this.#read(id));
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn.finally(() => this.#waiting--);
  }

  /** Who has a key that was shown before, and signed in with. @returns undefined where it is not valid any more. */
  readerOf(id: string): Reader | undefined | Promise<Reader | undefined> {
    const known = this.#known.get(id);
    if (known && this.#now() - known.readMs < KEY_MAX_AGE_MS) return this.#ifValid(known);
    return this.#read(id).then((found) => this.#ifValid(found));
  }

  /** Why a key that was just refused is not valid. Only whoever has the whole key is told. */
  whyNot(text: string): string | undefined {
    const key = this.#known.get(idOfKey(text) ?? '')?.key;
    if (!key || !isTextOf(key, text)) return undefined;
    if (key.revokedMs !== null) return 'The key was revoked.';
    return isExpired(key, Date.now()) ? 'The key has expired.' : undefined;
  }

  #judge(known: KnownKey, text: string): Reader | undefined {
    const isText = isTextOf(known.key ?? NO_KEY, text);
    return isText ? this.#ifValid(known) : undefined;
  }

  #ifValid({ key, reader }: KnownKey): Reader | undefined {
    const nowMs = Date.now();
    if (key === undefined || key.revokedMs !== null || isExpired(key, nowMs)) return undefined;
    this.#uses.note(key, nowMs);
    return reader;
  }

  #read(id: string): Promise<KnownKey> {
    const nowMs = this.#now();
    const underWay = this.#readings.get(id);
    if (underWay && nowMs - underWay.beganMs < KEY_MAX_AGE_MS) return underWay.known;
    const reading = { beganMs: nowMs, known: this.#readNow(id, nowMs) };
    this.#readings.set(id, reading);
    const done = () => {
      if (this.#readings.get(id) === reading) this.#readings.delete(id);
    };
    reading.known.then(done, done);
    return reading.known;
  }

  async #readNow(id: string, readMs: number): Promise<KnownKey> {
    const key = await this.#keys.find(id);
    const known = { readMs, key, reader: key && readerOf(key) };
    if ((this.#known.get(id)?.readMs ?? 0) <= readMs) this.#known.keep(id, known);
    return known;
  }
}

/** No text is known that has this hash. */
const NO_KEY = { hash: new Uint8Array(hashOfKey('').length) };

function isTextOf({ hash }: Pick<StoredApiKey, 'hash'>, text: string): boolean {
  return timingSafeEqual(hashOfKey(text), hash);
}

function isExpired({ expiresMs }: StoredApiKey, nowMs: number): boolean {
  return expiresMs !== null && expiresMs <= nowMs;
}

function readerOf({ id, role, customers, expiresMs }: StoredApiKey): Reader {
  return { id: `key ${id}`, keyId: id, role, customers, expiresMs };
}
