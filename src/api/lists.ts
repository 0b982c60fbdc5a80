/** Pages of lists. In JSON, an object holds the rows and the next cursor; CSV and NDJSON have the rows alone. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf, sendUnlessCurrent } from './conditional.ts';
import { bodyOf, type Form, type Row, type RowsWriting } from './forms.ts';

/** A page, ready to be written. */
export interface ListPage extends RowsWriting {
  /** What stands before the rows, in JSON. */
  readonly head?: object;
  /** The name of the rows, in JSON. */
  readonly name: string;
  readonly rows: readonly Row[];
  /** Makes flat rows of CSV; by default they are the rows themselves. */
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
  return sendUnlessCurrent(request, reply, { body, etag: etagOf(`${page.next ?? ''}\n${body}`) });
}

/** Relative to the page, so it is right behind any proxy. */
function nextUrl({ query }: FastifyRequest, cursor: string): string {
  return `?${new URLSearchParams({ ...(query as Record<string, string>), cursor })}`;
}

async function listBody(form: Form, page: ListPage): Promise<string> {
  const { head = {}, name, rows, cellsOf, next } = page;
  const isFlat = form === 'csv' && cellsOf !== undefined;
  const body = await bodyOf(form, page, [isFlat ? rows.map(cellsOf) : rows]);
  if (form !== 'json') return body;
  const before = JSON.stringify(head).slice(1, -1);
  const list = `${JSON.stringify(name)}:${body},"next_cursor":${JSON.stringify(next)}`;
  return `{${before === '' ? '' : `${before},`}${list}}`;
}
