/** Responses in the OpenAPI document that several routes share. */

import type { ErrorCode } from '../../../errors.ts';
import { csvOf } from '../../csv.ts';
import { type Row, rowsContent } from '../../forms.ts';
import { problemResponses } from '../../problem.ts';

const ETAG = { type: 'string', description: 'Send it as `If-None-Match` to be told of a change only.' };

const LINK = {
  type: 'string',
  description: 'The next page, with `rel="next"`, relative to this one. Absent on the last page.',
};

interface Answered {
  readonly description: string;
  /** As of a response in OpenAPI. */
  readonly content: object;
  /** Whether it comes in pages. */
  readonly isPaged?: boolean;
}

/** An answer that has an ETag, and the errors in its place. */
export function taggedResponses(
  { description, content, isPaged = false }: Answered,
  codes: readonly ErrorCode[],
): Record<number, object> {
  const paged = isPaged ? { Link: LINK } : {};
  return {
    200: { description, headers: { ETag: ETAG, ...paged }, content },
    304: {
      description: 'Nothing has changed since the answer with this ETag.',
      type: 'null',
      ...(isPaged ? { headers: paged } : {}),
    },
    ...problemResponses(...codes),
  };
}

/** What an answer holds that comes in JSON only. */
export function jsonContent(schema: object, example: unknown): object {
  return { 'application/json': { schema, examples: { usual: { value: example } } } };
}

interface ListExample {
  readonly schema: object;
  /** An answer in JSON, its rows, and these as the cells of CSV. */
  readonly example: unknown;
  readonly rows: readonly Row[];
  readonly cells?: readonly Row[];
  readonly columns: readonly string[];
}

/** What a list holds, in each form. */
export function listContent({ schema, example, rows, cells = rows, columns }: ListExample): object {
  const ndjson = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  return rowsContent({ schema, example, csv: csvOf(cells, columns), ndjson });
}
