import type { TimestampKind, TimestampPart } from '../format.ts';
import { formatFault } from './fault.ts';
import type { DialectField, Piece } from './pattern-builder.ts';
import { skipped } from './pattern-builder.ts';
import { faultOfTimeForm, kindOfTimeForm, plainKindOfTimeForm } from './time-form.ts';

/** `%t` or `%{form}t`. */
export interface TimePiece {
  readonly form: string | undefined;
  readonly name: string;
  readonly at: number;
}

/** Forms that Apache adds to `strftime`, in the terms of {@link kindOfTimeForm}. */
const OWN_FORMS: Readonly<Record<string, string>> = {
  sec: '%s',
  msec: '%s%3f',
  usec: '%s%6f',
  msec_frac: '%3f',
  usec_frac: '%6f',
};

type AnyPiece = Piece | TimePiece;

/**
 * Finds the time among the pieces. It may consist of several, because Apache has no other way to write a fraction of
 * a second: `%{%Y-%m-%dT%H:%M:%S}t.%{msec_frac}t%{%z}t`. The first of several times counts, and those that the kernel
 * reads come before others.
 */
export function apacheTimes(value: string, pieces: readonly AnyPiece[]): Piece[] {
  const firsts = pieces.flatMap((piece, at) => (isTime(piece) ? [at] : []));
  for (const kindOf of [plainKindOfTimeForm, kindOfTimeForm]) {
    for (const first of firsts) {
      for (const end of runEnds(pieces, first)) {
        const time = timeOf(pieces.slice(first, end), pieces[end], kindOf);
        if (time)
          return [...withoutTimes(pieces.slice(0, first)), ...time, ...withoutTimes(pieces.slice(end), time)];
      }
    }
  }
  const halves = halvesOf(pieces, firsts);
  if (halves) return pieces.flatMap((piece, at) => halves.get(at) ?? withoutTimes([piece]));
  const lost = pieces[firsts[0] ?? 0];
  if (!isTime(lost)) return withoutTimes(pieces);
  const why = faultOfTimeForm(formOf(lost));
  throw formatFault(value, lost.at, `daymark cannot read this form of time. ${why}`);
}

function isTime(piece: AnyPiece | undefined): piece is TimePiece {
  return typeof piece === 'object' && 'form' in piece;
}

/** The ends of runs of times with only text between them, the longest run first. */
function runEnds(pieces: readonly AnyPiece[], first: number): number[] {
  const ends = [first + 1];
  for (let at = first + 1; at < pieces.length; at++) {
    if (isTime(pieces[at])) ends.unshift(at + 1);
    else if (typeof pieces[at] !== 'string') break;
  }
  return ends;
}

/**
 * The time of a run, including a `Z` behind it where that is its offset. Undefined where daymark does not know the
 * form.
 */
function timeOf(
  run: readonly AnyPiece[],
  next: AnyPiece | undefined,
  kindOf: typeof kindOfTimeForm,
): Piece[] | undefined {
  const [first] = run;
  if (!isTime(first)) return undefined;
  const name = run.map((piece) => (typeof piece === 'string' ? piece : piece.name)).join('');
  if (run.length === 1 && first.form === undefined) return ['[', timeField('clf', name, first.at), ']'];
  const form = run.map((piece) => (isTime(piece) ? formOf(piece) : piece)).join('');
  const zulu = typeof next === 'string' && /^Z(?![A-Za-z])/.test(next) ? 'Z' : '';
  const kind = kindOf(form + zulu);
  return kind && [timeField(kind, name + zulu, first.at)];
}

/**
 * A date and a time in two places, by their indices. Undefined where there are no two that daymark can read together.
 * @param at the indices of times.
 */
function halvesOf(pieces: readonly AnyPiece[], at: readonly number[]): Map<number, DialectField> | undefined {
  for (const [date, time] of at.flatMap((a) => at.map((b) => [a, b] as const))) {
    const [first, second] = [pieces[date], pieces[time]];
    if (
      !isTime(first) ||
      !isTime(second) ||
      !DATE_FORM.test(formOf(first)) ||
      !TIME_FORM.test(formOf(second))
    )
      continue;
    const joint = formOf(first).includes('%b') ? ':' : ' ';
    const kind = kindOfTimeForm(formOf(first) + joint + formOf(second));
    if (kind)
      return new Map([
        [date, halfOf(first, kind, 'date')],
        [time, halfOf(second, kind, 'time')],
      ]);
  }
  return undefined;
}

const DATE_FORM = /^%(F|Y|d)/;
const TIME_FORM = /^%(H|T|R)/;

function halfOf({ name, at }: TimePiece, kind: TimestampKind, part: TimestampPart): DialectField {
  return { field: { role: 'timestamp', kind, part }, name, isOptional: false, rank: 0, at };
}

function formOf({ form = '' }: TimePiece): string {
  const own = form.replace(/^(begin|end):/, '');
  return OWN_FORMS[own] ?? own;
}

/** Skips all other times, and a `Z` at the beginning that belongs to the time before it. */
function withoutTimes(pieces: readonly AnyPiece[], time: readonly Piece[] = []): Piece[] {
  const [taken] = time;
  const from = typeof taken === 'object' && taken.name.endsWith('Z') ? 1 : 0;
  return pieces.flatMap((piece, i) => {
    if (!isTime(piece)) return [i === 0 && typeof piece === 'string' ? piece.slice(from) : piece];
    const skip = skipped(piece.name, piece.at);
    return piece.form === undefined ? ['[', skip, ']'] : [skip];
  });
}

function timeField(kind: TimestampKind, name: string, at: number): DialectField {
  return { field: { role: 'timestamp', kind }, name, isOptional: false, rank: 0, at };
}
