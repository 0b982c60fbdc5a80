/** Claims of a JSON Web Token (RFC 7519) that stands in a log. Nothing is verified. */

import { isUtf8 } from 'node:buffer';
import { utf8Text } from './byte-text.ts';

/** A token, with or without the scheme of RFC 6750, and with or without its signature. */
const TOKEN = /^(?:bearer +)?([\w-]+)\.([\w-]+)(?:\.[\w-]*)?$/i;

/**
 * A claim of a token.
 * @param value byte text. @param path the names that lead to the claim.
 * @returns the claim's text; the digits of a whole number. Empty where the value has not the form of a token, or the token
 * has no such claim. Undefined where the token is damaged, or where the claim is neither a text nor a whole
 * number.
 */
export function claimOf(value: string, path: readonly string[]): string | undefined {
  const [, header = '', payload = ''] = TOKEN.exec(value) ?? [];
  if (objectOf(header) === undefined) return '';
  const claims = objectOf(payload);
  return claims === undefined ? undefined : textOf(memberOf(claims, path));
}

/** The object that a part of a token encodes. Undefined where it encodes none. */
function objectOf(part: string): object | undefined {
  const bytes = Buffer.from(part, 'base64url');
  // Buffer skips what is no base64url, and what is left over at the end.
  if (bytes.length === 0 || bytes.toString('base64url') !== part || !isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function memberOf(object: object, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const name of path) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    value = isThere ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value;
}

/** Larger numbers lose digits, so two customers could become one. */
function textOf(claim: unknown): string | undefined {
  if (claim === undefined || claim === null) return '';
  if (typeof claim === 'string') return claim.isWellFormed() ? utf8Text(claim) : undefined;
  return Number.isSafeInteger(claim) ? String(claim) : undefined;
}
