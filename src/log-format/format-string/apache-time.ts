import type { TimestampKind } from '../format.ts';
import { formatFault } from './fault.ts';
import type { Piece, Place } from './pattern.ts';
import { skipped } from './pattern.ts';
import { KNOWN_TIME_FORMS, kindOfTimeForm } from './time-form.ts';

/** `%t`, or `%{form}t`. */
export interface TimePiece {
  readonly form: string | undefined;
  readonly name: string;
  readonly at: number;
}

/** What Apache itself knows beside `strftime`, in the terms of {@link kindOfTimeForm}. */
const OWN_FORMS: Readonly<Record<string, string>> = {
  sec: '%s',
  msec: '%s%3f',
  usec: '%s%6f',
  msec_frac: '%3f',
  usec_frac: '%6f',
};

type AnyPiece = Piece | TimePiece;

/**
 * Finds the time among the pieces. It may be split, as Apache has no other way to write a fraction of a second:
 * `%{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t%{%z}t`.
 */
export function apacheTimes(value: string, pieces: readonly AnyPiece[]): Piece[] {
  const first = pieces.findIndex(isTime);
  if (first < 0) return pieces as Piece[];
  const end = runEnd(pieces, first);
  const run = pieces.slice(first, end);
  const { kind, zulu } = kindOfRun(run, pieces[end]);
  // Where the whole is no time, one of its parts may be.
  if (!kind) return pieces.flatMap((piece) => (isTime(piece) ? alone(value, piece, pieces) : [piece]));
  const rest = apacheRest(pieces.slice(end));
  if (zulu) rest.splice(0, 1, (rest[0] as string).slice(1));
  const name = run.map((piece) => (typeof piece === 'string' ? piece : piece.name)).join('');
  const place = timePlace(kind, name, (run[0] as TimePiece).at);
  const isPlain = run.length === 1 && (run[0] as TimePiece).form === undefined;
  const time = isPlain ? ['[', place, ']'] : [place];
  return [...(pieces.slice(0, first) as Piece[]), ...time, ...rest];
}

/** Times behind the one that counts. */
function apacheRest(pieces: readonly AnyPiece[]): Piece[] {
  return pieces.flatMap((piece) => {
    if (!isTime(piece)) return [piece];
    const skip = skipped(piece.name, piece.at);
    return piece.form === undefined ? ['[', skip, ']'] : [skip];
  });
}

function isTime(piece: AnyPiece | undefined): piece is TimePiece {
  return typeof piece === 'object' && 'form' in piece;
}

/** Where the run of times, with nothing but text between them, ends. */
function runEnd(pieces: readonly AnyPiece[], first: number): number {
  let end = first + 1;
  while (isTime(pieces[end]) || (typeof pieces[end] === 'string' && isTime(pieces[end + 1]))) end++;
  return end;
}

function kindOfRun(
  run: readonly AnyPiece[],
  next: AnyPiece | undefined,
): { readonly kind: TimestampKind | undefined; readonly zulu: boolean } {
  if (run.length === 1 && (run[0] as TimePiece).form === undefined) return { kind: 'clf', zulu: false };
  const form = run.map((piece) => (isTime(piece) ? formOf(piece) : piece)).join('');
  // A `Z` behind it is the time's offset, and must be read with it.
  const zulu = typeof next === 'string' && /^Z(?![A-Za-z])/.test(next) && !form.endsWith('%z');
  return { kind: kindOfTimeForm(zulu ? `${form}Z` : form), zulu };
}

function formOf({ form = '' }: TimePiece): string {
  const own = form.replace(/^(begin|end):/, '');
  return OWN_FORMS[own] ?? own;
}

function alone(value: string, piece: TimePiece, pieces: readonly AnyPiece[]): Piece[] {
  const { name, at, form } = piece;
  if (form === undefined) return ['[', timePlace('clf', name, at), ']'];
  const kind = kindOfTimeForm(formOf(piece));
  if (kind) return [timePlace(kind, name, at)];
  const isOnlyOne = !pieces.some(
    (other) => isTime(other) && (other.form === undefined || kindOfTimeForm(formOf(other))),
  );
  if (isOnlyOne)
    throw formatFault(value, at, `The form of the time is not known. Known: ${KNOWN_TIME_FORMS}.`);
  return [skipped(name, at)];
}

function timePlace(kind: TimestampKind, name: string, at: number): Place {
  return { field: { role: 'timestamp', kind }, name, isOptional: false, rank: 0, at };
}
