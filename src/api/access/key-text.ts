/**
 * The text of a key: `daymark_`, its public id, and its secret, such as
 * `daymark_5f0c1d2e3a4b5c6d_` and 64 more hexadecimal digits. Scanners for secrets find it by {@link KEY_TEXT}.
 */

import { hash, randomBytes } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;

/** What every key looks like. */
export const KEY_TEXT = /^daymark_([\da-f]{16})_[\da-f]{64}$/;

/** True of what is to be a key, also of a wrong one. A JWT never begins so: it begins with base64url of `{`. */
export function looksLikeKey(text: string): boolean {
  return text.startsWith('daymark_');
}

/** @returns the public id in a key; undefined if it is no key. */
export function idOfKey(text: string): string | undefined {
  return KEY_TEXT.exec(text)?.[1];
}

/** Makes a key of 256 random bits. @returns its text, which nobody can find again, and what is stored of it. */
export function newKey(): { readonly id: string; readonly text: string; readonly hash: Uint8Array } {
  const id = randomBytes(ID_BYTES).toString('hex');
  const text = `daymark_${id}_${randomBytes(SECRET_BYTES).toString('hex')}`;
  return { id, text, hash: hashOfKey(text) };
}

/**
 * What is stored of a key. A slow hash, as for passwords, makes guessing a weak secret expensive. Nobody can guess 256 random
 * bits, however fast the hash is, and a fast one costs each request a microsecond.
 */
export function hashOfKey(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
