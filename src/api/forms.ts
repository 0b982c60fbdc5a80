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
import { parquetWriter } from './parquet.ts';
import type { Body, Row, RowsWriter } from './rows-writer.ts';

export type { Row };

export type Form = 'json' | 'csv' | 'ndjson' | 'parquet';

/** How rows are written. */
export interface RowsWriting {
  /** Columns of CSV and Parquet, in their order. Rows of JSON have the fields that they have. */
  readonly columns: readonly string[];
  /** Makes one line of JSON of a row; by default `JSON.stringify`. */
  readonly asJson?: (row: Row) => string;
  /** Makes a cell of CSV of a text; by default the text itself. */
  readonly asCell?: (text: string) => string;
}

interface FormDefinition {
  readonly mediaType: string;
  readonly contentType: string;
  /** Rows that are written in one piece, in 10 ms at most. */
  readonly pieceRows: number;
  open(writing: RowsWriting): RowsWriter | Promise<RowsWriter>;
}

interface TextForm {
  begin(writing: RowsWriting): string;
  write(rows: readonly Row[], writing: RowsWriting): string;
  readonly between: string;
  readonly end: string;
}

const FORMS: Readonly<Record<Form, FormDefinition>> = {
  json: {
    mediaType: 'application/json',
    contentType: 'application/json; charset=utf-8',
    pieceRows: STREAMED_DAYS_PAGE_ROWS,
    open: textOf({
      begin: () => '[',
      write: (rows, { asJson = JSON.stringify }) => rows.map((row) => asJson(row)).join(),
      between: ',',
      end: ']',
    }),
  },
  csv: {
    mediaType: 'text/csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    pieceRows: CSV_PIECE_ROWS,
    open: textOf({
      begin: ({ columns }) => csvOf([], columns),
      write: (rows, { columns, asCell }) =>
        csvOf(rows, columns, { header: false, ...(asCell && { asCell }) }),
      between: '',
      end: '',
    }),
  },
  ndjson: {
    mediaType: 'application/x-ndjson',
    contentType: 'application/x-ndjson; charset=utf-8',
    pieceRows: STREAMED_DAYS_PAGE_ROWS,
    open: textOf({
      begin: () => '',
      write: (rows, { asJson = JSON.stringify }) => rows.map((row) => `${asJson(row)}\n`).join(''),
      between: '',
      end: '',
    }),
  },
  parquet: {
    mediaType: 'application/vnd.apache.parquet',
    contentType: 'application/vnd.apache.parquet',
    pieceRows: STREAMED_DAYS_PAGE_ROWS,
    open: ({ columns }) => parquetWriter(columns),
  },
};

function textOf({ begin, write, between, end }: TextForm): FormDefinition['open'] {
  return (writing) => {
    let before = begin(writing);
    return {
      *write(rows) {
        yield before + write(rows, writing);
        before = between;
      },
      // Without a row, nothing was begun.
      *end() {
        yield (before === between ? '' : before) + end;
      },
    };
  };
}

/** Whether rows of this form have a value in each column, and none has an object. */
export function isFlat(form: Form): boolean {
  return form === 'csv' || form === 'parquet';
}

const FORM_NAMES = Object.keys(FORMS) as Form[];

/** The parameter `format` of a query. It wins over `Accept`, which a link or a browser's address bar cannot set. */
export const FormatSchema = Type.Optional(
  Type.Unsafe<Form>({
    type: 'string',
    enum: FORM_NAMES,
    description:
      'The form of the answer. Without it, the header `Accept` decides between `application/json` (the default), `text/csv`, `application/x-ndjson` and `application/vnd.apache.parquet`.',
    examples: ['json'],
  }),
);

/** What a response of rows holds, for the OpenAPI document. */
interface RowsExample {
  /** The schema of the answer in JSON, and an example of it. */
  readonly schema: object;
  readonly example?: unknown;
  readonly csv: string;
  readonly ndjson: string;
}

/** @returns the content of a response of rows, for the OpenAPI document. */
export function rowsContent({ schema, example, csv, ndjson }: RowsExample) {
  const text = (description: string, value: string) => ({
    schema: { type: 'string', description },
    examples: { rows: { value } },
  });
  return {
    [FORMS.json.mediaType]: {
      schema,
      ...(example === undefined ? {} : { examples: { usual: { value: example } } }),
    },
    [FORMS.csv.mediaType]: text(
      "A line of column names, then a line for each row. A text that a spreadsheet would take for a formula has a `'` before it.",
      csv,
    ),
    [FORMS.ndjson.mediaType]: text('A line of JSON for each row.', ndjson),
    [FORMS.parquet.mediaType]: {
      schema: {
        type: 'string',
        format: 'binary',
        description:
          'An Apache Parquet file with the columns of CSV: counts are INT64, other numbers DOUBLE, days DATE, instants TIMESTAMP, all else UTF8. What is not known is null.',
      },
    },
  };
}

/**
 * The form that a client asks for. The reply gets its `Content-Type`.
 * @param format the parameter of the query, if it is given.
 * @throws {DaymarkError} NOT_ACCEPTABLE if the client accepts none of the forms.
 */
export function formOf(request: FastifyRequest, reply: FastifyReply, format: Form | undefined): Form {
  return negotiated(request, reply, format, FORM_NAMES);
}

/** For an answer that is one object, which only JSON can write. @throws as {@link formOf}. */
export function assertJsonAccepted(request: FastifyRequest, reply: FastifyReply): void {
  negotiated(request, reply, undefined, ['json']);
}

function negotiated(
  request: FastifyRequest,
  reply: FastifyReply,
  format: Form | undefined,
  forms: readonly Form[],
): Form {
  const form = format ?? formAccepted(request, forms);
  if (form === undefined)
    throw new DaymarkError('NOT_ACCEPTABLE', `This resource comes as ${mediaTypesOf(forms).join(', ')}.`);
  addVary(reply.header('content-type', FORMS[form].contentType), 'Accept');
  return form;
}

function formAccepted({ raw }: FastifyRequest, forms: readonly Form[]): Form | undefined {
  const mediaType = preferredMediaType(raw, mediaTypesOf(forms));
  return forms.find((name) => FORMS[name].mediaType === mediaType);
}

function mediaTypesOf(forms: readonly Form[]): string[] {
  return forms.map((form) => FORMS[form].mediaType);
}

/** Writes rows. The pieces together are the body. Other requests have their turn between two pieces. */
export async function* piecesOf(
  form: Form,
  writing: RowsWriting,
  pages: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
): AsyncGenerator<Body, undefined> {
  const { pieceRows, open } = FORMS[form];
  const writer = await open(writing);
  let isFirst = true;
  for await (const page of pages) {
    for (let at = 0; at < page.length; at += pieceRows) {
      if (!isFirst) await setImmediate();
      isFirst = false;
      yield* writer.write(page.slice(at, at + pieceRows));
    }
  }
  for (const piece of writer.end()) {
    if (piece.length > 0) yield piece;
    // The end of a text takes no time.
    if (typeof piece !== 'string') await setImmediate();
  }
  return undefined;
}

/** Writes rows as one body. */
export async function bodyOf(
  form: Form,
  writing: RowsWriting,
  pages: Parameters<typeof piecesOf>[2],
): Promise<Body> {
  const pieces: Body[] = [];
  for await (const piece of piecesOf(form, writing, pages)) pieces.push(piece);
  return form === 'parquet' ? Buffer.concat(pieces as Buffer[]) : pieces.join('');
}
