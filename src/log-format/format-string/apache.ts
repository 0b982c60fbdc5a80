/**
 * Apache's `LogFormat`: its value, or the whole directive.
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats
 */

import type { DurationUnit, Field, PatternFormat, TextKind } from '../format.ts';
import { apacheTimes, type TimePiece } from './apache-time.ts';
import { isCustomerHeader } from './customer-header.ts';
import { formatFault } from './fault.ts';
import { type DialectField, patternOf, skipped, withoutRivals } from './pattern-builder.ts';

/** @throws {DaymarkError} INVALID_LOG_FORMAT. */
export function parseApache(text: string): PatternFormat {
  const value = formatIn(text);
  return patternOf(value, withoutRivals(apacheTimes(value, piecesOf(value))), {
    escapes: 'backslash',
    examples: { timestamp: '%t', status: '%>s' },
  });
}

/** The format without the directive and its quotes, with `\"`, `\t` and `\\` resolved. */
function formatIn(text: string): string {
  const directive = /^\s*(?:LogFormat|CustomLog\s+(?:"[^"]*"|\S+)|GlobalLog\s+\S+)\s+"((?:[^"\\]|\\.)*)"/i;
  const quoted = directive.exec(text)?.[1] ?? /^\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(text)?.[1];
  if (quoted === undefined && /^\s*(LogFormat|CustomLog|GlobalLog)\s/i.test(text))
    throw formatFault(text, undefined, 'Put the format of the directive in double quotes.');
  const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t' };
  return (quoted ?? text).replace(/\\(["\\nt])/g, (_, letter: string) => escapes[letter] ?? letter);
}

/** Skipped directives of which Apache says what they hold. Others can hold anything. */
const TEXT_KIND_OF_LETTER: Readonly<Record<string, TextKind>> = {
  ...{ a: 'host', A: 'host', h: 'host' },
  ...{ l: 'word', b: 'word', B: 'word', I: 'word', O: 'word', S: 'word', H: 'word', m: 'word' },
  ...{ p: 'word', P: 'word', k: 'word', v: 'word', X: 'word', D: 'word', T: 'word', s: 'word' },
};

const LETTERS = 'aAbBCDefhHiIklLmnoOpPqrRsStTuUvVX';

interface Directive {
  readonly name: string;
  readonly at: number;
  readonly letter: string;
  readonly argument: string | undefined;
  readonly modifiers: string;
}

function piecesOf(value: string): (string | DialectField | TimePiece)[] {
  const pieces: (string | DialectField | TimePiece)[] = [];
  // `%%`; or `%`, an argument in braces with conditions and redirects around it, and a letter (or `^` and two
  // letters).
  const grammar =
    /([^%]+)|%%|%(?<before>[!<>,\d]*)(?:\{(?<argument>[^}]*)\})?(?<after>[!<>,\d]*)(?<letter>\^[A-Za-z]{2}|[A-Za-z])/y;
  while (grammar.lastIndex < value.length) {
    const at = grammar.lastIndex;
    const match = grammar.exec(value);
    if (!match)
      throw formatFault(
        value,
        at,
        'A `%` must begin a directive, such as %h. Write `%%` for the sign itself.',
      );
    const { before = '', argument, after = '', letter } = match.groups ?? {};
    if (letter === undefined) pieces.push(match[1] ?? '%');
    else
      pieces.push(dialectFieldOf(value, { name: match[0], at, letter, argument, modifiers: before + after }));
  }
  return pieces;
}

function dialectFieldOf(value: string, directive: Directive): DialectField | TimePiece {
  const { letter, name, argument, at, modifiers } = directive;
  if (letter === 't') return { form: argument, name, at };
  if (letter.length === 1 && !LETTERS.includes(letter))
    throw formatFault(value, at, `${name} is not a directive of Apache. Known: ${[...LETTERS].join(' ')}.`);
  const known = fieldOf(value, directive);
  if (!known) return skipped(name, at, TEXT_KIND_OF_LETTER[letter]);
  // With a condition (`%!200,304D`), Apache writes `-` for other statuses.
  const isOptional =
    known.field.role !== 'status' && (known.field.role !== 'duration' || /\d/.test(modifiers));
  return { ...known, name, isOptional, at };
}

type Ranked = Pick<DialectField, 'field' | 'rank' | 'text'>;

function fieldOf(value: string, directive: Directive): Ranked | undefined {
  const { letter, argument = '', modifiers } = directive;
  switch (letter) {
    case 'u':
      return { field: { role: 'customer_id' }, rank: 1, text: 'user' };
    case 'i':
    case 'C':
    case 'e':
      return isCustomerHeader(argument) ? { field: { role: 'customer_id' }, rank: 0 } : undefined;
    case 'r':
      return { field: { role: 'request' }, rank: 0, text: 'request' };
    case 'U':
      return { field: { role: 'request_path' }, rank: 0 };
    case 's':
      // The client got the status of the last internal redirect.
      return { field: { role: 'status' }, rank: modifiers.includes('>') ? 0 : 1 };
    case 'D':
      return durationOf('us');
    case 'T':
      return durationOf(unitOf(value, directive));
    default:
      return undefined;
  }
}

/** Ranks durations: the finest unit first. */
function durationOf(unit: DurationUnit): Ranked {
  const field: Field = { role: 'duration', unit };
  return { field, rank: ['us', 'ms', 's'].indexOf(unit) };
}

function unitOf(value: string, { argument = 's', name, at }: Directive): DurationUnit {
  if (argument === 's' || argument === 'ms' || argument === 'us') return argument;
  throw formatFault(value, at, `${name}: the unit of %T is s, ms or us.`);
}
