import { KEY_MAX_AGE_MS, MAX_CACHED_KEYS, MAX_CACHED_READERS_BYTES } from '../../limits.ts';
import type { Link, LinkKind, Links } from '../../store/contract.ts';
import { BoundedCache } from './bounded-cache.ts';
import type { Authenticator, Reader } from './reader.ts';
import type { TokenClaims, Verified } from './signed-token.ts';
import type { TokenSigner } from './token-signer.ts';

/** What the token of a link says. Whoever has the token can read it, the page among them. */
export interface LinkClaims extends TokenClaims {
  /** The id of the link. */
  readonly lid: string;
  readonly customer: string;
  readonly kind: LinkKind;
}

interface KnownLink {
  /** When the read of it began, by the clock that never goes back. */
  readonly readMs: number;
  /** Undefined: there is no such link any more. */
  readonly link: Link | undefined;
  readonly reader: Reader | undefined;
}

interface Reading {
  readonly beganMs: number;
  readonly known: Promise<KnownLink>;
}

/** What a link is judged by, beside the store. */
export interface LinkRules {
  readonly signer: Pick<TokenSigner, 'verify'>;
  /** Whether a customer was opted in to be shown in frames. @param customerId may be an alias by now. */
  readonly isPublic: (customerId: string) => boolean;
}

/**
 * Accepts the tokens of links. The store is asked only about tokens that daymark signed, and what it said is at most KEY_MAX_AGE_MS
 * older than the request. So every process refuses a revoked link as soon as a revoked key.
 */
export class LinkAuthenticator implements Authenticator {
  readonly #links: Pick<Links, 'find'>;
  readonly #rules: LinkRules;
  readonly #now: () => number;
  readonly #known = new BoundedCache<KnownLink>(MAX_CACHED_KEYS, MAX_CACHED_READERS_BYTES);
  readonly #readings = new Map<string, Reading>();

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(links: Pick<Links, 'find'>, rules: LinkRules, now = () => performance.now()) {
    this.#links = links;
    this.#rules = rules;
    this.#now = now;
  }

  authenticate(token: string, mayAsk: boolean): Reader | undefined | Promise<Reader | undefined> {
    const verified = this.#rules.signer.verify<LinkClaims>('link', token, mayAsk);
    return verified instanceof Promise
      ? verified.then((known) => this.#readerOf(known))
      : this.#readerOf(verified);
  }

  /** Why a link that was just refused does not work. Nobody without the whole token is told. */
  whyNot(token: string): string | undefined {
    const verified = this.#rules.signer.verify<LinkClaims>('link', token, false);
    if (verified instanceof Promise) return undefined;
    if (verified.state === 'expired') return 'The link has expired.';
    if (verified.state !== 'valid') return undefined;
    const { link } = this.#known.get(verified.claims.lid) ?? {};
    if (link?.revokedMs != null) return 'The link was revoked.';
    return link?.kind === 'embed' && !this.#rules.isPublic(link.customer)
      ? 'The customer may not be shown in frames any more.'
      : undefined;
  }

  #readerOf(verified: Verified<LinkClaims>): Reader | undefined | Promise<Reader | undefined> {
    if (verified.state !== 'valid') return undefined;
    const { lid } = verified.claims;
    const known = this.#known.get(lid);
    if (known && this.#now() - known.readMs < KEY_MAX_AGE_MS) return this.#judge(known);
    return this.#read(lid).then((found) => this.#judge(found));
  }

  #judge({ link, reader }: KnownLink): Reader | undefined {
    if (!link || link.revokedMs !== null || link.expiresMs <= Date.now()) return undefined;
    return link.kind === 'page' || this.#rules.isPublic(link.customer) ? reader : undefined;
  }

  /** Requests that come at about the same time share a read. */
  #read(id: string): Promise<KnownLink> {
    const beganMs = this.#now();
    const underWay = this.#readings.get(id);
    if (underWay && beganMs - underWay.beganMs < KEY_MAX_AGE_MS) return underWay.known;
    const reading = { beganMs, known: this.#readNow(id, beganMs) };
    this.#readings.set(id, reading);
    const done = () => {
      if (this.#readings.get(id) === reading) this.#readings.delete(id);
    };
    reading.known.then(done, done);
    return reading.known;
  }

  async #readNow(id: string, readMs: number): Promise<KnownLink> {
    const link = await this.#links.find(id);
    const known = { readMs, link, reader: link && readerOf(link) };
    if ((this.#known.get(id)?.readMs ?? 0) <= readMs) this.#known.keep(id, known);
    return known;
  }
}

/** A link reads what a key of its customer reads. */
function readerOf({ id, customer, expiresMs }: Link): Reader {
  return { id: `link ${id}`, role: 'customer', customers: [customer], expiresMs, isByLink: true };
}
