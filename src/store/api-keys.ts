/** The contract of the keys with which clients identify themselves to the API. */

/** What a key may do: read some customers, read everything, or only hand in lines. */
export type ApiKeyRole = 'customer' | 'admin' | 'ingest';

export interface ApiKey {
  /** Public: it names the key in lists and logs. */
  readonly id: string;
  readonly role: ApiKeyRole;
  /**
   * The ids of the customers that it may read, or, where the role is `ingest`, whose lines it may hand in. Then none means all.
   * Empty where the role is `admin`.
   */
  readonly customers: readonly string[];
  /** For people; may be empty. */
  readonly name: string;
  /** These are in ms since 1970. Null: it never expires, was not revoked, is not known to have been used. */
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly revokedMs: number | null;
  /** An hour or two old at the most, and older where nobody who used the key could write. */
  readonly lastUsedMs: number | null;
}

/** A key with the fingerprint of its secret text. The text itself is nowhere stored. */
export interface StoredApiKey extends ApiKey {
  readonly hash: Uint8Array;
}

export type NewApiKey = Omit<StoredApiKey, 'revokedMs' | 'lastUsedMs'>;

/** When a key was last used, in ms since 1970. */
export interface ApiKeyUse {
  readonly id: string;
  readonly usedMs: number;
}

export interface ApiKeys {
  add(key: NewApiKey): Promise<void>;

  /** @returns undefined where there is none. A revoked or expired one is there. */
  find(id: string): Promise<StoredApiKey | undefined>;

  /** All keys, in the order in which they were made. */
  list(): Promise<readonly ApiKey[]>;

  /**
   * Revokes a key for ever. A second time changes nothing.
   * @param nowMs the system time. @returns false where there is no such key.
   */
  revoke(id: string, nowMs: number): Promise<boolean>;

  /**
   * Notes when keys were last used. It also writes where the store was opened for reading, if this user may. It waits for no
   * writer of anything else.
   * @throws {DaymarkError} STORE_*. Then nothing was noted.
   */
  noteUses(uses: readonly ApiKeyUse[]): Promise<void>;
}
