/** Cursors: where the next page of a ranking begins. They are opaque to clients, and hold nothing that a page does not show. */

import { hash } from 'node:crypto';
import { DaymarkError } from '../../errors.ts';
import { MAX_CURSOR_CHARACTERS } from '../../limits.ts';
import type { Place } from './best.ts';

/** Hexadecimal digits of the fingerprint: enough to notice a cursor of another question. */
const QUESTION_DIGITS = 12;

/** @param question what the ranking was asked for: a cursor is of use for the same only. */
export function encodeCursor(question: readonly unknown[], { value, customerId }: Place): string {
  return Buffer.from(JSON.stringify([shortOf(question), value, customerId])).toString('base64url');
}

/** @throws {DaymarkError} INVALID_REQUEST where it is no cursor, or one of another question. */
export function decodeCursor(question: readonly unknown[], cursor: string): Place {
  const [asked, value, customerId, ...more] = partsOf(cursor);
  const isValue = value === null || (typeof value === 'number' && Number.isFinite(value));
  if (typeof asked !== 'string' || !isValue || typeof customerId !== 'string' || more.length > 0)
    throw invalid('It is not one that an answer gave.');
  if (asked !== shortOf(question))
    throw invalid('It belongs to another question: only `limit` may differ between pages.');
  const place = { value, customerId } as Place;
  // Base64 has several spellings of some bytes, and JSON of some values. Only one of them was given.
  if (encodeCursor(question, place) !== cursor) throw invalid('It is not one that an answer gave.');
  return place;
}

function partsOf(cursor: string): unknown[] {
  if (cursor.length > MAX_CURSOR_CHARACTERS) throw invalid('It is too long.');
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

function shortOf(question: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(question)).slice(0, QUESTION_DIGITS);
}

function invalid(why: string): DaymarkError {
  return new DaymarkError('INVALID_REQUEST', `\`cursor\` cannot be used. ${why}`);
}
