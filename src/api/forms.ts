/**
 * The forms of an answer that is a list of rows: JSON, CSV and NDJSON. A route adopts them in three steps. It declares
 * {@link FormatSchema} and {@link rowsContent}, finds the form with {@link formOf}, and makes the body with {@link bodyOf}.
 */

import { setImmediate } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { DaymarkError } from '../errors.ts';
import { CSV_PIECE_ROWS, STREAMED_DAYS_PAGE_ROWS } from '../limits.ts';
import { csvOf } from './csv.ts';
import { addVary, preferredMediaType } from './negotiation.ts';

export type Form = 'json' | 'csv' | 'ndjson';

type Row = Readonly<Record<string, unknown>>;

interface FormDefinition {
  readonly mediaType: string;
  readonly contentType: string;
  /** Rows that are written in one piece, in 10 ms at most. */
  readonly pieceRows: number;
  begin(columns: readonly string[]): string;
  write(rows: readonly Row[], columns: readonly string[]): string;
  readonly between: string;
  readonly end: string;
}

const FORMS: Readonly<Record<Form, FormDefinition>> = {
  json: {
    mediaType: 'application/json',
    contentType: 'application/json; charset=utf-8',
    pieceRows: STREAMED_DAYS_PAGE_ROWS,
    begin: () => '[',
    write: (rows) => rows.map((row) => JSON.stringify(row)).join(),
    between: ',',
    end: ']',
  },
  csv: {
    mediaType: 'text/csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    pieceRows: CSV_PIECE_ROWS,
    begin: (columns) => csvOf([], columns),
    write: (rows, columns) => csvOf(rows, columns, { header: false }),
    between: '',
    end: '',
  },
  ndjson: {
    mediaType: 'application/x-ndjson',
    contentType: 'application/x-ndjson; charset=utf-8',
    pieceRows: STREAMED_DAYS_PAGE_ROWS,
    begin: () => '',
    write: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    between: '',
    end: '',
  },
};

const FORM_NAMES = Object.keys(FORMS) as Form[];
const MEDIA_TYPES = FORM_NAMES.map((form) => FORMS[form].mediaType);

/** The parameter `format` of a query. It wins over `Accept`, which a link or a browser's address bar cannot set. */
export const FormatSchema = Type.Optional(
  Type.Unsafe<Form>({
    type: 'string',
    enum: FORM_NAMES,
    description:
      'The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv` and `application/x-ndjson`.',
    examples: ['json'],
  }),
);

/** What a response of rows holds, for the OpenAPI document. @param schema of the JSON array. */
export function rowsContent(schema: object, csvExample: string, ndjsonExample: string) {
  const text = (description: string, value: string) => ({
    schema: { type: 'string', description },
    examples: { rows: { value } },
  });
  return {
    [FORMS.json.mediaType]: { schema },
    [FORMS.csv.mediaType]: text(
      "A line of column names, then a line for each row. A text that a spreadsheet would take for a formula has a `'` before it.",
      csvExample,
    ),
    [FORMS.ndjson.mediaType]: text('A line of JSON for each row.', ndjsonExample),
  };
}

/**
 * The form that a client asks for. The reply gets its `Content-Type`.
 * @param format the parameter of the query, if it is given.
 * @throws {DaymarkError} NOT_ACCEPTABLE if the client accepts none of the forms.
 */
export function formOf(request: FastifyRequest, reply: FastifyReply, format: Form | undefined): Form {
  const form = format ?? formAccepted(request);
  if (form === undefined)
    throw new DaymarkError('NOT_ACCEPTABLE', `This resource comes as ${MEDIA_TYPES.join(', ')}.`);
  addVary(reply.header('content-type', FORMS[form].contentType), 'Accept');
  return form;
}

function formAccepted({ raw }: FastifyRequest): Form | undefined {
  const mediaType = preferredMediaType(raw, MEDIA_TYPES);
  return FORM_NAMES.find((name) => FORMS[name].mediaType === mediaType);
}

/**
 * Writes rows. The pieces together are the body. Other requests have their turn between two pieces.
 * @param columns of CSV, in their order. Rows of JSON have the fields that they have.
 */
export async function* piecesOf(
  form: Form,
  columns: readonly string[],
  pages: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
): AsyncGenerator<string, undefined> {
  const { pieceRows, begin, write, between, end } = FORMS[form];
  let before = begin(columns);
  let isFirst = true;
  for await (const page of pages) {
    for (let at = 0; at < page.length; at += pieceRows) {
      if (!isFirst) await setImmediate();
      yield before + write(page.slice(at, at + pieceRows), columns);
      before = between;
      isFirst = false;
    }
  }
  const last = (isFirst ? before : '') + end;
  if (last !== '') yield last;
  return undefined;
}

/** Writes rows that are all there. */
export async function bodyOf(form: Form, columns: readonly string[], rows: readonly Row[]): Promise<string> {
  let body = '';
  for await (const piece of piecesOf(form, columns, [rows])) body += piece;
  return body;
}
