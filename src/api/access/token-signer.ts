import { bug } from '../../errors.ts';
import { KEY_MAX_AGE_MS } from '../../limits.ts';
import type { SigningKey, SigningKeys } from '../../store/contract.ts';
import {
  keyIdOfToken,
  signToken,
  type TokenClaims,
  type TokenPurpose,
  type Verified,
  verifyToken,
} from './signed-token.ts';

interface Known {
  /** When the read of them began, by the clock that never goes back. */
  readonly readMs: number;
  readonly keys: readonly SigningKey[];
}

/**
 * Signs and verifies tokens with the keys of a store. What it knows of them is at most KEY_MAX_AGE_MS older than the request, so what
 * a key signed ends everywhere within a second when the key is revoked. A token of a key that is not known may be of one that another
 * process has just made: then the keys are read anew.
 */
export class TokenSigner {
  readonly #keys: Pick<SigningKeys, 'list'>;
  readonly #now: () => number;
  #known: Known | undefined;
  #reading: { readonly beganMs: number; readonly known: Promise<Known> } | undefined;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(keys: Pick<SigningKeys, 'list'>, now = () => performance.now()) {
    this.#keys = keys;
    this.#now = now;
  }

  /** @returns undefined where the claims do not fit into a token. @throws {DaymarkError} STORE_*. */
  async sign(purpose: TokenPurpose, claims: TokenClaims): Promise<string | undefined> {
    const [newest] = (this.#fresh() ?? (await this.#read())).keys;
    if (!newest) throw bug('the store has no key to sign with');
    return signToken(purpose, claims, newest);
  }

  /**
   * @param mayAsk false: it comes from where too many came that were not valid. Then the keys are not read because of it.
   * @throws {DaymarkError} STORE_*.
   */
  verify<T extends TokenClaims>(
    purpose: TokenPurpose,
    token: string,
    mayAsk: boolean,
  ): Verified<T> | Promise<Verified<T>> {
    const id = keyIdOfToken(token);
    if (id === undefined) return { state: 'forged' };
    const judge = ({ keys }: Known): Verified<T> => {
      const key = keys.find((one) => one.id === id);
      return key ? verifyToken<T>(purpose, token, key, Date.now()) : { state: 'forged' };
    };
    const fresh = this.#fresh();
    if (fresh && (!mayAsk || fresh.keys.some((key) => key.id === id))) return judge(fresh);
    return (fresh ? this.#readAnew() : this.#read()).then(judge);
  }

  #fresh(): Known | undefined {
    return this.#known && this.#now() - this.#known.readMs < KEY_MAX_AGE_MS ? this.#known : undefined;
  }

  /** A read that began before does not know a key that was made since. */
  async #readAnew(): Promise<Known> {
    await this.#reading?.known.catch(() => undefined);
    return this.#read();
  }

  /** Requests that come at about the same time share a read. */
  #read(): Promise<Known> {
    const beganMs = this.#now();
    if (this.#reading && beganMs - this.#reading.beganMs < KEY_MAX_AGE_MS) return this.#reading.known;
    const reading = { beganMs, known: this.#readNow(beganMs) };
    this.#reading = reading;
    const done = () => {
      if (this.#reading === reading) this.#reading = undefined;
    };
    reading.known.then(done, done);
    return reading.known;
  }

  async #readNow(readMs: number): Promise<Known> {
    const known = { readMs, keys: await this.#keys.list() };
    if ((this.#known?.readMs ?? 0) <= readMs) this.#known = known;
    return known;
  }
}
