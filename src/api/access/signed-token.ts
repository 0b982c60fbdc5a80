/**
 * Signs short texts that clients hand back later, by HMAC-SHA-256 (RFC 2104): `1.`, the id of the signing key, the claims as
 * base64url of JSON, and the code, such as `1.5f0c1d2e.eyJ….x3Bq…`. The claims can be read by whoever has the token.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { MAX_SIGNED_TOKEN_CHARACTERS } from '../../limits.ts';

/** What a token is for. It is signed with the token, so a token of one purpose is never taken for one of another. */
export type TokenPurpose = 'session' | 'link';

/** What a token says. */
export interface TokenClaims {
  /** When it ends, in seconds since 1970. */
  readonly exp: number;
}

/** A secret, and the public id by which tokens name it. */
export interface TokenKey {
  readonly id: string;
  readonly secret: Uint8Array;
}

/** `forged`: it is no token, was changed, is for another purpose, or was signed with another key. */
export type Verified<T> =
  | { readonly state: 'valid'; readonly claims: T }
  | { readonly state: 'expired' | 'forged' };

const TOKEN = /^(1\.([\da-f]{8})\.([\w-]+))\.([\w-]{43})$/;

/** @returns undefined where the claims do not fit into a token. */
export function signToken(purpose: TokenPurpose, claims: TokenClaims, key: TokenKey): string | undefined {
  const head = `1.${key.id}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  const token = `${head}.${codeOf(purpose, head, key)}`;
  return token.length <= MAX_SIGNED_TOKEN_CHARACTERS ? token : undefined;
}

/** @returns the id of the key that a token names; undefined if it is no token. */
export function keyIdOfToken(token: string): string | undefined {
  return token.length <= MAX_SIGNED_TOKEN_CHARACTERS ? TOKEN.exec(token)?.[2] : undefined;
}

/**
 * @param T what was signed for this purpose. Nobody else can sign, so the claims are not checked again.
 * @param nowMs in ms since 1970.
 */
export function verifyToken<T extends TokenClaims>(
  purpose: TokenPurpose,
  token: string,
  key: TokenKey,
  nowMs: number,
): Verified<T> {
  if (keyIdOfToken(token) !== key.id) return { state: 'forged' };
  const [, head = '', , claims = '', code = ''] = TOKEN.exec(token) ?? [];
  // The texts are compared, not the bytes: several texts of base64url can stand for the same bytes.
  const isOwn = timingSafeEqual(Buffer.from(code), Buffer.from(codeOf(purpose, head, key)));
  if (!isOwn) return { state: 'forged' };
  const told = JSON.parse(Buffer.from(claims, 'base64url').toString()) as T;
  return told.exp * 1000 > nowMs ? { state: 'valid', claims: told } : { state: 'expired' };
}

function codeOf(purpose: TokenPurpose, head: string, { secret }: TokenKey): string {
  return createHmac('sha256', secret).update(`daymark ${purpose} ${head}`).digest('base64url');
}
