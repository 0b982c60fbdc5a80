/** Builds a pattern from the pieces of a format in any dialect. */

import type {
  Escapes,
  Field,
  FieldElement,
  PatternFormat,
  TextKind,
  TimestampKind,
  TimestampPart,
} from '../format.ts';
import { refuseHalfDuration } from './begin-and-end.ts';
import { formatFault } from './fault.ts';

/** A field in the text of a dialect. */
export interface DialectField extends FieldElement {
  /** Its position in the text. */
  readonly at: number;
  /** Among fields with the same role, the lowest rank wins; among equals, the first. */
  readonly rank: number;
}

export type Piece = string | DialectField;

/** A field that daymark does not need. */
export function skipped(name: string, at: number, text?: TextKind): DialectField {
  return { field: { role: 'skip' }, ...textOf(text), name, isOptional: true, rank: 0, at };
}

/** Skips all but the best field of each role, because servers like to write the same thing twice. */
export function withoutRivals(pieces: readonly Piece[]): Piece[] {
  const best = new Map<string, DialectField>();
  for (const piece of pieces) {
    if (typeof piece === 'string') continue;
    const rival = best.get(themeOf(piece.field));
    if (!rival || piece.rank < rival.rank) best.set(themeOf(piece.field), piece);
  }
  return pieces.map((piece) =>
    typeof piece === 'string' || best.get(themeOf(piece.field)) === piece
      ? piece
      : skipped(piece.name, piece.at, piece.text),
  );
}

/**
 * A date and a time are one timestamp, so both must be there, and be of one kind: the kind of the one that names it.
 * @throws {DaymarkError} INVALID_LOG_FORMAT.
 */
export function partsTogether(text: string, pieces: readonly Piece[]): Piece[] {
  const [date, time] = (['date', 'time'] as const).map((part) =>
    pieces.find((piece) => typeof piece === 'object' && isHalf(piece, part)),
  ) as (HalfField | undefined)[];
  if (!date && !time) return [...pieces];
  const only = date ?? time;
  if (!date || !time)
    throw formatFault(text, only?.at, 'A time in two places needs both: {date} and {time}.');
  const kinds = [date, time].map(({ field }) => field.kind).filter((kind) => kind !== DEFAULT_KIND);
  if (new Set(kinds).size > 1)
    throw formatFault(text, time.at, `{date} is ${date.field.kind}, but {time} is ${time.field.kind}.`);
  const kind = kinds[0] ?? DEFAULT_KIND;
  return pieces.map((piece) =>
    piece === date || piece === time ? { ...piece, field: { ...piece.field, kind } } : piece,
  );
}

const DEFAULT_KIND: TimestampKind = 'iso8601';

type HalfField = DialectField & {
  readonly field: { readonly role: 'timestamp'; readonly kind: TimestampKind };
};

function isHalf({ field }: DialectField, part: TimestampPart): boolean {
  return field.role === 'timestamp' && field.part === part;
}

/** What of a line a field tells. A request contains a path, so one of both is enough. A date and a time are two themes. */
export function themeOf(field: Field): Field['role'] | TimestampPart {
  if (field.role === 'timestamp') return field.part ?? 'timestamp';
  return field.role === 'request' ? 'request_path' : field.role;
}

interface PatternRules {
  readonly escapes: Escapes;
  readonly isOpenEnded?: boolean;
  readonly commentPrefix?: string;
  /** See the format. */
  readonly sign?: string;
  /** The dialect's names for a time and a status, for messages. */
  readonly examples: { readonly timestamp: string; readonly status: string };
}

/**
 * Builds the pattern.
 * @param text what the pieces were parsed from.
 * @throws {DaymarkError} INVALID_LOG_FORMAT where nothing separates two fields, or there is no time or status.
 */
export function patternOf(text: string, pieces: readonly Piece[], rules: PatternRules): PatternFormat {
  const joined = join(text, pieces);
  const roles = new Set(joined.map((piece) => (typeof piece === 'string' ? '' : piece.field.role)));
  const fields = joined.filter((piece) => typeof piece !== 'string');
  for (const role of ['timestamp', 'status'] as const) {
    if (roles.has(role) || (role === 'timestamp' && roles.has('begin'))) continue;
    const what = role === 'timestamp' ? 'time' : 'status';
    throw formatFault(text, undefined, `It has no ${what} (such as ${rules.examples[role]}).`);
  }
  refuseHalfDuration(text, fields);
  const { escapes, isOpenEnded = false, commentPrefix, sign } = rules;
  const elements = joined.map((piece) => (typeof piece === 'string' ? piece : elementOf(piece)));
  const comments = commentPrefix === undefined ? {} : { commentPrefix };
  return {
    layout: 'pattern',
    elements,
    isOpenEnded,
    escapes,
    ...comments,
    ...(sign === undefined ? {} : { sign }),
  };
}

function elementOf({ field, text, name, isOptional }: DialectField): FieldElement {
  return { field, ...textOf(text), name, isOptional };
}

function textOf(text: TextKind | undefined): { readonly text?: TextKind } {
  return text === undefined ? {} : { text };
}

/** Joins adjacent texts and adjacent fields. */
function join(text: string, pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece === '') continue;
    if (last === undefined || (typeof last === 'string') !== (typeof piece === 'string')) {
      joined.push(piece);
    } else if (typeof last === 'string' || typeof piece === 'string') {
      joined.splice(-1, 1, `${last as string}${piece as string}`);
    } else {
      joinFields(text, joined, last, piece);
    }
  }
  return joined;
}

/** Nothing separates two adjacent fields. So they must be readable as one. */
function joinFields(text: string, joined: Piece[], last: DialectField, next: DialectField): void {
  const [a, b] = [last.field.role, next.field.role];
  const [scheme, colon] = [joined.at(-3), joined.at(-2)];
  if (b === 'skip' && (a === 'skip' || a === 'request_path')) {
    // `$uri$is_args$args`, `%U%q`: a path and its query.
    const { text: _, ...joint } = last;
    joined.splice(-1, 1, { ...joint, name: `${last.name}${next.name}` });
  } else if (a === 'skip' && b === 'request_path' && colon === '://' && isSkip(scheme)) {
    // `$scheme://$host$request_uri`: a URL.
    joined.splice(-3, 3, { ...next, name: `${scheme.name}://${last.name}${next.name}` });
  } else {
    const message = `Nothing separates ${last.name} from ${next.name}: put text between them.`;
    throw formatFault(text, next.at, message);
  }
}

function isSkip(piece: Piece | undefined): piece is DialectField {
  return typeof piece === 'object' && piece.field.role === 'skip';
}
