/**
 * nginx's `log_format`: its value, or the whole directive.
 * https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
 */

import { nearestHint } from '../../nearest.ts';
import type { Escapes, Field, PatternFormat, TextKind } from '../format.ts';
import { isCustomerHeader } from './customer-header.ts';
import { formatFault } from './fault.ts';
import { type DialectField, type Piece, patternOf, skipped, withoutRivals } from './pattern-builder.ts';

/** nginx prints `-` (or nothing, depending on `escape`) for an empty variable. */
const VARIABLES: Readonly<
  Record<string, { readonly field: Field; readonly rank?: number; readonly text?: TextKind }>
> = {
  time_local: { field: { role: 'timestamp', kind: 'clf' } },
  time_iso8601: { field: { role: 'timestamp', kind: 'iso8601' } },
  msec: { field: { role: 'timestamp', kind: 'epoch_s' } },
  remote_user: { field: { role: 'customer_id' }, rank: 1, text: 'user' },
  request: { field: { role: 'request' }, text: 'request' },
  request_uri: { field: { role: 'request_path' } },
  uri: { field: { role: 'request_path' }, rank: 1 },
  status: { field: { role: 'status' } },
  request_time: { field: { role: 'duration', unit: 's' } },
  upstream_response_time: {
    field: { role: 'duration', unit: 's', isList: true },
    rank: 1,
    text: 'list',
  },
};

/** Lists of one value for each attempt. Headers, cookies and trailers of a response can be anything. */
const LISTS = /^upstream_(?!http_|cookie_|trailer_)\w+$/;

/** Skipped variables of which nginx says what they hold. Others can hold anything. */
const HOSTS = /^(remote_addr|realip_remote_addr|proxy_protocol_addr|server_addr)$/;
const WORDS =
  /^(hostname|server_name|server_port|server_protocol|remote_port|body_bytes_sent|bytes_sent|request_length|request_method|request_id|scheme|connection|connection_requests|pipe)$/;

const ESCAPES: Readonly<Record<string, Escapes>> = { default: 'backslash', json: 'json', none: 'none' };

/** @throws {DaymarkError} INVALID_LOG_FORMAT. */
export function parseNginx(text: string): PatternFormat {
  const { value, escapes } = /^\s*(log_format\s|')/.test(text)
    ? readDirective(text)
    : { value: text, escapes: 'backslash' as const };
  const pieces = withoutRivals(piecesOf(value));
  return patternOf(value, pieces, {
    escapes,
    sign: '$',
    examples: { timestamp: '$time_local', status: '$status' },
  });
}

function piecesOf(value: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of value.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)) {
    pieces.push(value.slice(end, match.index), dialectFieldOf(match[1] ?? match[2] ?? '', match.index));
    end = match.index + match[0].length;
  }
  const rest = value.slice(end);
  const lost = rest.indexOf('$');
  if (lost >= 0) throw formatFault(value, end + lost, 'A `$` must be followed by the name of a variable.');
  return [...pieces, rest];
}

function dialectFieldOf(name: string, at: number): DialectField {
  const isOptional = !['time_local', 'time_iso8601', 'msec', 'status'].includes(name);
  if (name.startsWith('http_') && isCustomerHeader(name.slice('http_'.length)))
    return { field: { role: 'customer_id' }, name, isOptional, rank: 0, at };
  const known = VARIABLES[name];
  return known ? { name, isOptional, rank: 0, at, ...known } : skipped(name, at, textKindOf(name));
}

function textKindOf(name: string): TextKind | undefined {
  if (HOSTS.test(name)) return 'host';
  if (LISTS.test(name)) return 'list';
  return WORDS.test(name) ? 'word' : undefined;
}

/** Parses `log_format NAME [escape=…] 'text' 'text' …;`. nginx joins the texts without a separator. */
function readDirective(text: string): { readonly value: string; readonly escapes: Escapes } {
  const words = wordsOf(text);
  const isWhole = words[0]?.text === 'log_format';
  const rest = isWhole ? words.slice(2) : words;
  const escaping = rest[0]?.isQuoted === false ? /^escape=(.*)$/.exec(rest[0].text)?.[1] : undefined;
  const escapes = ESCAPES[escaping ?? 'default'];
  if (!escapes) {
    const hint = nearestHint(escaping ?? '', Object.keys(ESCAPES));
    throw formatFault(text, text.indexOf('escape='), `escape can be default, json or none.${hint}`);
  }
  const value = (escaping === undefined ? rest : rest.slice(1)).map((word) => word.text).join('');
  if (value === '') throw formatFault(text, undefined, 'The directive has a name but no format.');
  return { value, escapes };
}

interface Word {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Splits a directive into words up to its `;`, like nginx. */
function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  const grammar = /\s+|#[^\n]*|;|'((?:[^'\\]|\\[\s\S])*)'|"((?:[^"\\]|\\[\s\S])*)"|([^\s;'"][^\s;]*)/y;
  while (grammar.lastIndex < text.length) {
    const at = grammar.lastIndex;
    const match = grammar.exec(text);
    if (!match) throw formatFault(text, at, 'A quote is not closed.');
    if (match[0] === ';') return words;
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) words.push({ text: resolveEscapes(quoted), isQuoted: true });
    else if (match[3] !== undefined) words.push({ text: resolveEscapes(match[3]), isQuoted: false });
  }
  return words;
}

function resolveEscapes(text: string): string {
  const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return text.replace(/\\([nrt"'\\])/g, (_, letter: string) => controls[letter] ?? letter);
}
