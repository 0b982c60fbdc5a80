/** Links that show one customer's page to whoever has them: how they are made, and how the API and the commands show them. */

import { randomBytes } from 'node:crypto';
import { bug, DaymarkError } from '../errors.ts';
import { LINK_KEPT_MS, MAX_LINKS } from '../limits.ts';
import type { Link, LinkKind, Links } from '../store/contract.ts';
import type { LinkClaims } from './access/link-authenticator.ts';
import type { TokenSigner } from './access/token-signer.ts';

const ID_BYTES = 8;

/** True of what can be the id of a link. */
export function isLinkId(text: string): boolean {
  return /^[\da-f]{16}$/.test(text);
}

/** What is needed to make links. */
export interface LinkParts {
  readonly links: Pick<Links, 'add'>;
  readonly signer: Pick<TokenSigner, 'sign'>;
  /** Whether a customer was opted in to be shown in frames. */
  readonly isPublic: (customerId: string) => boolean;
}

export interface LinkAsked extends Pick<Link, 'customer' | 'kind' | 'name' | 'createdBy'> {
  /** In ms since 1970. */
  readonly expiresMs: number;
}

/** A new link, and what opens it. The token is nowhere kept. */
export interface MadeLink {
  readonly link: Link;
  readonly token: string;
}

/**
 * Makes a link.
 * @param nowMs in ms since 1970. @throws {DaymarkError} CUSTOMER_NOT_PUBLIC, TOO_MANY_LINKS, STORE_*.
 */
export async function makeLink(
  { links, signer, isPublic }: LinkParts,
  asked: LinkAsked,
  nowMs: number,
): Promise<MadeLink> {
  const { customer, kind } = asked;
  if (kind === 'embed' && !isPublic(customer)) throw notPublic(customer);
  // A token tells its end in seconds, and both must end at once.
  const exp = Math.floor(asked.expiresMs / 1000);
  const id = randomBytes(ID_BYTES).toString('hex');
  const link = { ...asked, id, createdMs: nowMs, expiresMs: exp * 1000, revokedMs: null };
  const claims: LinkClaims = { lid: id, customer, kind, exp };
  const token = await signer.sign('link', claims);
  if (token === undefined) throw bug('the claims of a link do not fit into a token');
  const forgetBeforeMs = { page: nowMs - LINK_KEPT_MS.page, embed: nowMs - LINK_KEPT_MS.embed };
  if (await links.add(link, { forgetBeforeMs, most: MAX_LINKS })) return { link, token };
  throw new DaymarkError('TOO_MANY_LINKS', `There are ${MAX_LINKS} links.`);
}

function notPublic(customer: string): DaymarkError {
  const detail = `The customer ${JSON.stringify(customer)} was not opted in to be shown in frames.`;
  return new DaymarkError('CUSTOMER_NOT_PUBLIC', detail);
}

const PATHS: Readonly<Record<LinkKind, string>> = { page: '/customer', embed: '/embed' };

/** Where the page shows what a link opens. The token stands behind `#`: browsers send that part to nobody. */
export function pathOfLink({ customer, kind }: Pick<Link, 'customer' | 'kind'>, token: string): string {
  return `${PATHS[kind]}?${new URLSearchParams({ id: customer })}#link=${token}`;
}

/** The fields of a link, in their order. */
export const LINK_FIELDS = [
  ...(['id', 'customer_id', 'kind', 'name', 'state', 'created', 'created_by', 'expires', 'revoked'] as const),
];

/** A link as answers and commands show it. */
export function shownLink(link: Link, nowMs: number) {
  return {
    ...{ id: link.id, customer_id: link.customer, kind: link.kind, name: link.name },
    ...{ state: stateOf(link, nowMs), created: instant(link.createdMs), created_by: link.createdBy },
    expires: instant(link.expiresMs),
    revoked: link.revokedMs === null ? null : instant(link.revokedMs),
  };
}

export type ShownLink = ReturnType<typeof shownLink>;

function stateOf({ revokedMs, expiresMs }: Link, nowMs: number): 'valid' | 'revoked' | 'expired' {
  if (revokedMs !== null) return 'revoked';
  return expiresMs <= nowMs ? 'expired' : 'valid';
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
