import type { ApiKeyRole } from '../../store/contract.ts';

/** Who asks, and what that one may read. */
export interface Reader {
  /** Tells readers apart for limits and shares. It holds no secret. */
  readonly id: string;
  readonly role: ApiKeyRole;
  /** Ids or aliases of the customers that it may read, or whose lines it may hand in: as of an `ApiKey`. */
  readonly customers: readonly string[];
  /** When its key or token ends, in ms since 1970. Null: it has no end. */
  readonly expiresMs: number | null;
  /** The id of its key in the store. Undefined where it has none, but a JWT. */
  readonly keyId?: string | undefined;
  /** It came by a link, which can be revoked at any time: it begins no session. */
  readonly isByLink?: true;
}

/** Who asks where nobody has to say who it is (`AUTH=off`). */
export const ANYBODY: Reader = { id: '', role: 'admin', customers: [], expiresMs: null };

/** True of a reader that must not learn anything of customers but its own. */
export function isRestricted(reader: Reader | null | undefined): boolean {
  return reader?.role !== 'admin';
}

/** Finds out who shows a credential. */
export interface Authenticator {
  /**
   * @param credential what stands behind `Bearer`.
   * @param mayAsk false: it comes from where too many came that are not valid. Then no identity provider is asked for a key that
   * it may not have, and the reads of the database for such credentials come one at a time.
   * @returns undefined where it is not valid, or where that cannot be known without asking.
   * @throws {DaymarkError} STORE_*, IDENTITY_PROVIDER_UNREACHABLE.
   */
  authenticate(credential: string, mayAsk: boolean): Reader | undefined | Promise<Reader | undefined>;

  /** What can be told to whoever has a credential that was just refused. Undefined: nothing. */
  whyNot?(credential: string): string | undefined;
}
