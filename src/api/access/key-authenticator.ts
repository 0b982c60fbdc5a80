import { timingSafeEqual } from 'node:crypto';
import { MAX_WAITING_KEY_READS } from '../../limits.ts';
import type { ApiKeys, StoredApiKey } from '../../store/contract.ts';
import { hashOfKey, idOfKey } from './key-text.ts';
import type { KeyUses } from './key-uses.ts';
import type { Authenticator, Reader } from './reader.ts';
import { type RecentRow, RecentRows } from './recent-rows.ts';

type KnownKey = RecentRow<StoredApiKey>;

/**
 * Accepts the keys of a store.
 *
 * The id of a key is public and looked up as any value. The secret is never compared: its hash is, in constant time, so the
 * time of an answer does not tell how much of a wrong key was right. Where there is no such id, it is compared with a hash that no
 * key has, so the work is the same.
 */
export class KeyAuthenticator implements Authenticator {
  readonly #rows: RecentRows<StoredApiKey>;
  readonly #uses: Pick<KeyUses, 'note'>;
  /** Reads that come one at a time: the end of the last one, and how many are not done. */
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(keys: Pick<ApiKeys, 'find'>, uses: Pick<KeyUses, 'note'>, now = () => performance.now()) {
    this.#rows = new RecentRows({ find: (id) => keys.find(id), readerOf, now });
    this.#uses = uses;
  }

  authenticate(text: string, mayAsk: boolean): Reader | undefined | Promise<Reader | undefined> {
    const id = idOfKey(text);
    if (id === undefined) return undefined;
    const fresh = this.#rows.fresh(id);
    if (fresh) return this.#judge(fresh, text);
    const seen = this.#rows.last(id)?.row;
    const isSeen = seen && isTextOf(seen, text);
    const read = mayAsk || isSeen ? this.#rows.read(id) : this.#readInTurn(id);
    return read.then((found) => found && this.#judge(found, text));
  }

  /** Bounds what wrong keys cost the store. @returns undefined where too many wait already. */
  async #readInTurn(id: string): Promise<KnownKey | undefined> {
    if (this.#waiting >= MAX_WAITING_KEY_READS) return undefined;
    this.#waiting++;
    const turn = this.#turn.then(() => this.#rows.read(id));
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn.finally(() => this.#waiting--);
  }

  /** Who has a key that was shown before, and signed in with. @returns undefined where it is not valid any more. */
  readerOf(id: string): Reader | undefined | Promise<Reader | undefined> {
    const fresh = this.#rows.fresh(id);
    return fresh ? this.#ifValid(fresh) : this.#rows.read(id).then((found) => this.#ifValid(found));
  }

  /** Why a key that was just refused is not valid. Only whoever has the whole key is told. */
  whyNot(text: string): string | undefined {
    const key = this.#rows.last(idOfKey(text) ?? '')?.row;
    if (!key || !isTextOf(key, text)) return undefined;
    if (key.revokedMs !== null) return 'The key was revoked.';
    return isExpired(key, Date.now()) ? 'The key has expired.' : undefined;
  }

  #judge(known: KnownKey, text: string): Reader | undefined {
    const isText = isTextOf(known.row ?? NO_KEY, text);
    return isText ? this.#ifValid(known) : undefined;
  }

  #ifValid({ row: key, reader }: KnownKey): Reader | undefined {
    const nowMs = Date.now();
    if (key === undefined || key.revokedMs !== null || isExpired(key, nowMs)) return undefined;
    this.#uses.note(key, nowMs);
    return reader;
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
