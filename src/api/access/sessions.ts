import type { Reader } from './reader.ts';
import type { TokenClaims, Verified } from './signed-token.ts';
import type { TokenSigner } from './token-signer.ts';

/** A session of a key says which one, and the key says what it reads. One of a JWT says what the JWT was accepted for. */
interface SessionClaims extends TokenClaims {
  readonly key?: string | undefined;
  readonly jwt?: Pick<Reader, 'id' | 'role' | 'customers'> | undefined;
}

/** `over`: it was a session, and has expired, or its key is not valid any more. `forged`: nobody here signed it. */
export type FoundSession =
  | { readonly state: 'valid'; readonly reader: Reader; readonly expiresMs: number }
  | { readonly state: 'over' | 'forged' };

/** A session that has begun. */
export interface NewSession {
  readonly token: string;
  readonly expiresMs: number;
}

interface SessionParts {
  readonly signer: TokenSigner;
  /** How long a session lasts at the most, in ms. */
  readonly maxMs: number;
  /** The reader of a key that is valid now. */
  readonly readerOfKey: (id: string) => Reader | undefined | Promise<Reader | undefined>;
  readonly acceptsJwts: boolean;
}

const OVER: FoundSession = { state: 'over' };

/**
 * Sessions of browsers. Nothing is stored of them: a session is a signed token, so each process accepts what any other one began. It
 * holds no key. With each request its key is looked up as the key itself would be, so it ends with its key.
 */
export class Sessions {
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** @returns undefined where a JWT names more customers than a cookie can hold. @throws {DaymarkError} STORE_*. */
  async begin({ id, keyId, role, customers, expiresMs }: Reader): Promise<NewSession | undefined> {
    const endMs = Math.min(Date.now() + this.#parts.maxMs, expiresMs ?? Number.POSITIVE_INFINITY);
    const exp = Math.floor(endMs / 1000);
    const claims: SessionClaims =
      keyId === undefined ? { exp, jwt: { id, role, customers } } : { exp, key: keyId };
    const token = await this.#parts.signer.sign('session', claims);
    return token === undefined ? undefined : { token, expiresMs: exp * 1000 };
  }

  /** @param mayAsk false: it comes from where too many came that were not valid. @throws {DaymarkError} STORE_*. */
  find(token: string, mayAsk: boolean): FoundSession | Promise<FoundSession> {
    const verified = this.#parts.signer.verify<SessionClaims>('session', token, mayAsk);
    return verified instanceof Promise ? verified.then((known) => this.#judge(known)) : this.#judge(verified);
  }

  #judge(verified: Verified<SessionClaims>): FoundSession | Promise<FoundSession> {
    if (verified.state !== 'valid') return verified.state === 'expired' ? OVER : { state: 'forged' };
    const { exp, key, jwt } = verified.claims;
    const expiresMs = exp * 1000;
    const found = (reader: Reader | undefined): FoundSession =>
      reader ? { state: 'valid', reader, expiresMs } : OVER;
    if (key === undefined) return found(jwt && this.#parts.acceptsJwts ? { ...jwt, expiresMs } : undefined);
    const reader = this.#parts.readerOfKey(key);
    return reader instanceof Promise ? reader.then(found) : found(reader);
  }
}
