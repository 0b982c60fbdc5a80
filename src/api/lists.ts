/** Pages of lists. In JSON, an object holds the rows and the next cursor; the other forms have the rows alone. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { CSV_PIECE_ROWS } from '../limits.ts';
import { etagOf, etagOfLong, sendUnlessCurrent } from './conditional.ts';
import { bodyOf, type Form, isFlat, type Row, type RowsWriting } from './forms.ts';
import type { Body } from './rows-writer.ts';

/** A page, ready to be written. */
export interface ListPage extends RowsWriting {
  /** What stands before the rows, in JSON. */
  readonly head?: object;
  /** The name of the rows, in JSON. */
  readonly name: string;
  readonly rows: readonly Row[];
  /** Makes flat rows of CSV and Parquet; by default they are the rows themselves. */
  readonly cellsOf?: (row: Row) => Row;
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

/** Headers of the answers. Clients revalidate each time, and get 304 if their copy is current. */
const HEADERS = { 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' };

/** Sends a page. `Link` names the next one, in each form. */
export async function sendPage(
  request: FastifyRequest,
  reply: FastifyReply,
  form: Form,
  page: ListPage,
): Promise<FastifyReply> {
  const body = await listBody(form, page);
  reply.headers(HEADERS);
  if (page.next !== null) reply.header('link', `<${nextUrl(request, page.next)}>; rel="next"`);
  // A page with the same rows is another one when it is the last no more.
  const etag = etagOf(`${page.next ?? ''}\n${await etagOfLong(body)}`);
  return sendUnlessCurrent(request, reply, { body, etag });
}

/** Relative to the page, so it is right behind any proxy. */
function nextUrl({ query }: FastifyRequest, cursor: string): string {
  return `?${new URLSearchParams({ ...(query as Record<string, string>), cursor })}`;
}

async function listBody(form: Form, page: ListPage): Promise<Body> {
  const { head = {}, name, next } = page;
  const body = await bodyOf(form, page, piecesOfPage(page, isFlat(form)));
  if (form !== 'json') return body;
  const before = JSON.stringify(head).slice(1, -1);
  const list = `${JSON.stringify(name)}:${body},"next_cursor":${JSON.stringify(next)}`;
  return `{${before === '' ? '' : `${before},`}${list}}`;
}

/** Rows are made flat when they are written, so that other requests have their turn between. */
function* piecesOfPage({ rows, cellsOf }: ListPage, areFlat: boolean): Generator<readonly Row[]> {
  for (let at = 0; at < rows.length; at += CSV_PIECE_ROWS) {
    const piece = rows.slice(at, at + CSV_PIECE_ROWS);
    yield areFlat && cellsOf ? piece.map(cellsOf) : piece;
  }
}
