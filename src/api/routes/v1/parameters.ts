/** The query parameters of lists. */

import { Type } from 'typebox';
import {
  DEFAULT_PAGE_ITEMS,
  DEFAULT_RANKING_PAGE,
  MAX_CURSOR_CHARACTERS,
  MAX_PAGE_ITEMS,
  MAX_RANKING_PAGE,
  MAX_SOURCE_CHARACTERS,
} from '../../../limits.ts';

/** Requests are checked as they are, so a number in a query is a text. */
export const LimitSchema = Type.String({
  pattern: `^([1-9]\\d{0,2}|${MAX_PAGE_ITEMS})$`,
  description: `The most entries of a page: 1 to ${MAX_PAGE_ITEMS}, ${DEFAULT_PAGE_ITEMS} unless it is given.`,
  examples: ['100'],
});

export function limitOf(limit: string | undefined): number {
  return limit === undefined ? DEFAULT_PAGE_ITEMS : Number(limit);
}

export const CursorSchema = Type.String({
  pattern: '^[\\w-]+$',
  maxLength: MAX_CURSOR_CHARACTERS,
  description: 'The `next_cursor` of the page before. All other parameters but `limit` must be the same.',
  examples: ['WyJzb3VyY2VzIiwiMCIsMF0'],
});

/** @param what of which there are so many, such as `Customers of one answer`. */
export const rankingLimitSchema = (what: string) =>
  Type.String({
    pattern: '^([1-9]\\d{0,2}|1000)$',
    description: `${what} at the most: 1 to ${MAX_RANKING_PAGE}. Without it: ${DEFAULT_RANKING_PAGE}.`,
    examples: ['10'],
  });

/** The parameters of pages of customers that are sorted by their numbers. */
export const RANKING_PAGE = {
  limit: Type.Optional(rankingLimitSchema('Customers of one answer')),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_CURSOR_CHARACTERS,
      pattern: '^[A-Za-z0-9_-]+$',
      description: 'The `next_cursor` of the page before. All other parameters but `limit` must be the same.',
      examples: ['WyIxZTRmIiw5OS4yLCJjdXN0XzQwIl0'],
    }),
  ),
};

export function rankingLimitOf(limit: string | undefined): number {
  return limit === undefined ? DEFAULT_RANKING_PAGE : Number(limit);
}

export const SourceNameSchema = Type.String({
  minLength: 1,
  maxLength: MAX_SOURCE_CHARACTERS,
  // PostgreSQL takes no NUL. A name with control characters is given by its id.
  pattern: '^[^\\u0000-\\u001f\\u007f]*$',
  description: 'Only of this log: its id, its path, or the end of its path behind a `/`.',
  examples: ['api.log'],
});

/** The field of each page by which the next one is asked for. */
export const NextCursorSchema = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  description: 'Send it as `cursor` for the next page. Null on the last page.',
  examples: [null],
});

/** Errors of any answer that is read from the store. */
export const READ_ERRORS = [
  ...(['BAD_REQUEST', 'INVALID_REQUEST', 'RATE_LIMITED', 'INTERNAL', 'OVERLOADED'] as const),
  ...(['STORE_UNREACHABLE', 'STORE_REFUSED', 'STORE_BUSY', 'STORE_FAILED', 'SCHEMA_MISSING'] as const),
] as const;
