/** Cursors: where the next page of a list begins. Clients send them back as they are, and never look into them. */

import { DaymarkError } from '../errors.ts';

/** The first entry of a page, and the offset in it. It stays right while entries are added and change. */
export interface PagePlace {
  readonly id: string;
  readonly offset: number;
}

/** Where a list begins. */
export const FIRST_PLACE: PagePlace = { id: '', offset: 0 };

/** @param list the name of the list. A cursor of another list is refused. */
export function encodeCursor(list: string, { id, offset }: PagePlace): string {
  return Buffer.from(JSON.stringify([list, id, offset])).toString('base64url');
}

/**
 * @param cursor as a client sent it; undefined: the first page.
 * @throws {DaymarkError} INVALID_REQUEST where it is none of this list.
 */
export function decodeCursor(list: string, cursor: string | undefined): PagePlace {
  if (cursor === undefined) return FIRST_PLACE;
  const place = placeOf(list, Buffer.from(cursor, 'base64url').toString());
  if (place) return place;
  throw new DaymarkError(
    'INVALID_REQUEST',
    '`cursor` is none of this list. Give the `next_cursor` of an answer as it is.',
  );
}

function placeOf(list: string, text: string): PagePlace | undefined {
  try {
    const [name, id, offset] = JSON.parse(text) as unknown[];
    const isPlace = name === list && typeof id === 'string' && Number.isSafeInteger(offset);
    // PostgreSQL takes no NUL.
    return isPlace && !id.includes('\0') ? { id, offset: offset as number } : undefined;
  } catch {
    return undefined;
  }
}
