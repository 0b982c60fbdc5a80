/** Finds the ends of texts that hold spaces, where a space or the end of the line follows. */

import { matchAt } from './byte-text.ts';

/** https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_addr */
const LIST = /(?:[^ \t,]+(?:(?:, ?| : )[^ \t,]+)*)?/y;

/** The end of a list of words with `,` or ` : ` between them. */
export function listEnd(line: string, from: number): number {
  return from + (matchAt(LIST, line, from)?.[0].length ?? 0);
}

const PROTOCOL = / HTTP\/\d(?:\.\d)?/g;

/**
 * The end of `GET /a b HTTP/1.1`, `-` or nothing. A client can write anything into a path, also ` HTTP/1.1 ` and what
 * looks like the next fields. So there must be only one place where the request can end.
 * @param behind the text of the format behind the request. Empty at the end of the line.
 * @returns −1 where the request could end at no place, or at several.
 */
export function requestEnd(line: string, from: number, behind: string): number {
  const canEndAt = (at: number) => (behind === '' ? at === line.length : line.startsWith(behind, at));
  const rest = line.slice(from);
  const ends = [...rest.matchAll(PROTOCOL)].map((match) => from + match.index + match[0].length);
  const [end = -1, ...others] = [from, ...(rest.startsWith('-') ? [from + 1] : []), ...ends].filter(canEndAt);
  return others.length === 0 ? end : -1;
}
