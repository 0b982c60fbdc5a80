/** daymark's own patterns: `{timestamp} {customer_id} {request_path} {status} {duration:s}`. */

import { nearestHint } from '../../nearest.ts';
import { type Escapes, NEEDED_ROLES, type PatternFormat, TEXT_KINDS, type TextKind } from '../format.ts';
import { formatFault } from './fault.ts';
import {
  type DialectField,
  type Piece,
  partsTogether,
  patternOf,
  skipped,
  themeOf,
} from './pattern-builder.ts';
import { fieldOfRole } from './role.ts';

const CUSTOMER_KINDS = ['host', 'word', 'user'] as const satisfies readonly TextKind[];
const ESCAPES: readonly Escapes[] = ['none', 'backslash', 'json'];

/** A time that stands in two places. */
const PARTS = ['date', 'time'] as const;

/** The options in braces at the beginning. */
interface Preamble {
  commentPrefix?: string;
  escapes: Escapes;
}

/** @throws {DaymarkError} INVALID_LOG_FORMAT. */
export function parseDaymarkPattern(text: string): PatternFormat {
  const preamble: Preamble = { escapes: 'none' };
  const body = readPreamble(text, preamble);
  const isOpenEnded = text.endsWith('{...}');
  const end = isOpenEnded ? text.length - '{...}'.length : text.length;
  const pieces = partsTogether(text, piecesOf(text, body, end));
  refuseTwice(text, pieces);
  const examples = { timestamp: '{timestamp}', status: '{status}' };
  return patternOf(text, pieces, { ...preamble, isOpenEnded, examples });
}

/** Parses `{comments:#}` and `{escapes:backslash}`. @returns where the pattern of the line begins. */
function readPreamble(text: string, preamble: Preamble): number {
  const grammar = /\{(comments|escapes):([^{}]+)\}/y;
  let end = 0;
  for (let match = grammar.exec(text); match; match = grammar.exec(text)) {
    const [, name, value = ''] = match;
    const escapes = ESCAPES.find((known) => known === value);
    if (name === 'comments') preamble.commentPrefix = value;
    else if (escapes) preamble.escapes = escapes;
    else throw formatFault(text, match.index, `escapes can be ${ESCAPES.join(', ')}.`);
    end = grammar.lastIndex;
  }
  return end;
}

function piecesOf(text: string, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  const grammar = /([^{}\\]+)|\{\{|\}\}|\\(.)|\{([^{}]*)\}/sy;
  grammar.lastIndex = from;
  while (grammar.lastIndex < to) {
    const at = grammar.lastIndex;
    const match = grammar.exec(text);
    if (!match)
      throw formatFault(text, at, 'A brace has no partner. Write `{{` or `}}` for the brace itself.');
    const [all, literal, escaped, inner] = match;
    if (inner !== undefined) pieces.push(dialectFieldOf(text, inner, at));
    else pieces.push(literal ?? (escaped === undefined ? all.slice(1) : resolveEscapes(text, escaped, at)));
  }
  return pieces;
}

function resolveEscapes(text: string, letter: string, at: number): string {
  if (letter === 't') return '\t';
  if (/[^A-Za-z0-9]/.test(letter)) return letter;
  throw formatFault(
    text,
    at,
    'Write `\\t` for a tab and `\\\\` for a backslash. There are no other escapes.',
  );
}

/** Parses `-name`, `-name:kind`, `role`, `role:kind` or `role?`. */
function dialectFieldOf(text: string, inner: string, at: number): DialectField {
  if (inner.startsWith('-')) return skippedOf(inner.slice(1), at);
  if (inner === '...') throw formatFault(text, at, '`{...}` (anything may follow) can only be at the end.');
  const [, name = '', kind, optional] = /^([^:?]*)(?::([^?]*))?(\?)?$/.exec(inner) ?? [];
  const part = PARTS.find((known) => known === name);
  const role = part ? 'timestamp' : NEEDED_ROLES.find((known) => known === name);
  if (!role) {
    const known = [...NEEDED_ROLES, ...PARTS].map((each) => `{${each}}`);
    const hint = nearestHint(`{${name}}`, known);
    const message = `{${inner}} is not a field. Known: ${known.join(' ')}, and {-name} for anything else.${hint}`;
    throw formatFault(text, at, message);
  }
  const isOptional = optional !== undefined;
  const textKind = CUSTOMER_KINDS.find((known) => known === kind);
  if (role === 'customer_id' && textKind)
    return { field: { role }, text: textKind, isOptional, name: role, rank: 0, at };
  return { ...fieldOfRole({ text, at, role, kind, isOptional, part }), name: part ?? role, rank: 0, at };
}

/** Other names with a colon are names, such as `client:port`. */
function skippedOf(inner: string, at: number): DialectField {
  const [, name = inner, kind] = /^(.*):([a-z]+)$/.exec(inner) ?? [];
  const text = textKindOf(kind);
  return skipped((text ? name : inner) || '-', at, text);
}

function textKindOf(kind: string | undefined): TextKind | undefined {
  return TEXT_KINDS.find((known) => known === kind);
}

/** Durations add up. Other fields may occur only once. */
function refuseTwice(text: string, pieces: readonly Piece[]): void {
  const seen = new Set<string>();
  for (const piece of pieces) {
    if (typeof piece === 'string' || piece.field.role === 'skip' || piece.field.role === 'duration') continue;
    const { field } = piece;
    const theme = themeOf(field);
    const rivals = theme === 'timestamp' ? PARTS : PARTS.some((part) => part === theme) ? ['timestamp'] : [];
    if ([theme, ...rivals].some((rival) => seen.has(rival)))
      throw formatFault(text, piece.at, `The line already has a {${theme}}; use {-name} here.`);
    seen.add(theme);
  }
}
