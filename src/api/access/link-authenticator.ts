import type { Link, LinkKind, Links } from '../../store/contract.ts';
import type { Authenticator, Reader } from './reader.ts';
import { type RecentRow, RecentRows } from './recent-rows.ts';
import type { TokenClaims, Verified } from './signed-token.ts';
import type { TokenSigner } from './token-signer.ts';

/** What the token of a link says. Whoever has the token can read it, the page among them. */
export interface LinkClaims extends TokenClaims {
  /** The id of the link. */
  readonly lid: string;
  readonly customer: string;
  readonly kind: LinkKind;
}

/** What a link is judged by, beside the store. */
export interface LinkRules {
  readonly signer: Pick<TokenSigner, 'verify'>;
  /** Whether a customer was opted in to be shown in frames. @param customerId may be an alias by now. */
  readonly isPublic: (customerId: string) => boolean;
}

/** Accepts the tokens of links. The store is asked only about those that daymark signed. */
export class LinkAuthenticator implements Authenticator {
  readonly #rows: RecentRows<Link>;
  readonly #rules: LinkRules;

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(links: Pick<Links, 'find'>, rules: LinkRules, now = () => performance.now()) {
    this.#rows = new RecentRows({ find: (id) => links.find(id), readerOf, now });
    this.#rules = rules;
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
    const link = this.#rows.last(verified.claims.lid)?.row;
    if (link?.revokedMs != null) return 'The link was revoked.';
    return link?.kind === 'embed' && !this.#rules.isPublic(link.customer)
      ? 'The customer may not be shown in frames any more.'
      : undefined;
  }

  #readerOf(verified: Verified<LinkClaims>): Reader | undefined | Promise<Reader | undefined> {
    if (verified.state !== 'valid') return undefined;
    const { lid } = verified.claims;
    const fresh = this.#rows.fresh(lid);
    return fresh ? this.#judge(fresh) : this.#rows.read(lid).then((found) => this.#judge(found));
  }

  #judge({ row: link, reader }: RecentRow<Link>): Reader | undefined {
    if (!link || link.revokedMs !== null || link.expiresMs <= Date.now()) return undefined;
    return link.kind === 'page' || this.#rules.isPublic(link.customer) ? reader : undefined;
  }
}

/** A link reads what a key of its customer reads. */
function readerOf({ id, customer, expiresMs }: Link): Reader {
  return { id: `link ${id}`, role: 'customer', customers: [customer], expiresMs, isByLink: true };
}
