/**
 * Forms of `strftime`: which conversions daymark reads, and what a time written by them looks like.
 * https://pubs.opengroup.org/onlinepubs/9799919799/functions/strftime.html, https://man7.org/linux/man-pages/man3/strftime.3.html
 */

import { utf8Text } from './byte-text.ts';

export const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Any of some words, in any case. */
function anyOf(words: readonly string[]): string {
  const inAnyCase = (word: string) =>
    word.replace(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
  return words.map(inAnyCase).join('|');
}

const short = (name: string): string => name.slice(0, 3);

/** Each is a part of a regular expression. The name of its group says which part of a time it is. */
const CONVERSIONS: Readonly<Record<string, string>> = {
  '%Y': '(?<year>\\d{4})',
  '%y': '(?<shortYear>\\d\\d)',
  '%m': '(?<month>\\d\\d)',
  '%-m': '(?<month>\\d{1,2})',
  '%b': `(?<month>${anyOf(MONTHS.map(short))})`,
  '%B': `(?<month>${anyOf(MONTHS)})`,
  '%d': '(?<day>\\d\\d)',
  '%-d': '(?<day>\\d{1,2})',
  '%e': '(?<day>[ \\d]\\d)',
  '%j': '(?<yearDay>\\d{3})',
  '%a': `(?<weekday>${anyOf(WEEKDAYS.map(short))})`,
  '%A': `(?<weekday>${anyOf(WEEKDAYS)})`,
  '%H': '(?<hour>\\d\\d)',
  '%-H': '(?<hour>\\d{1,2})',
  '%k': '(?<hour>[ \\d]\\d)',
  '%I': '(?<hour12>\\d\\d)',
  '%-I': '(?<hour12>\\d{1,2})',
  '%l': '(?<hour12>[ \\d]\\d)',
  '%p': `(?<half>${anyOf(['AM', 'PM'])})`,
  '%M': '(?<minute>\\d\\d)',
  '%S': '(?<second>\\d\\d)',
  '%f': '(?<fraction>\\d+)',
  '%L': '(?<fraction>\\d{3})',
  '%z': '(?<offset>[Zz]|[+-]\\d\\d(?::?\\d\\d)?)',
  '%Z': '(?<offset>UTC|GMT|UT|Z)',
  '%t': '\\t',
  '%%': '%',
};

/** Conversions that stand for several others. */
const SHORTHANDS: Readonly<Record<string, string>> = {
  '%F': '%Y-%m-%d',
  '%D': '%m/%d/%y',
  '%T': '%H:%M:%S',
  '%R': '%H:%M',
  '%r': '%I:%M:%S %p',
  '%h': '%b',
};

/** The end of such a number cannot be told from a digit behind it. */
const OPEN_ENDED = ['%-m', '%-d', '%-H', '%-I', '%f', '%z'];

const KNOWN = [...Object.keys(CONVERSIONS), '%1f to %9f', ...Object.keys(SHORTHANDS)].join(' ');

/** A form, taken apart. */
export interface Strftime {
  /** Matches a time at a position. Its groups are the parts of the time. */
  readonly pattern: RegExp;
}

/** @returns the pattern of a form; or, as a sentence, why daymark cannot read it. */
export function parseStrftime(form: string): Strftime | string {
  const tokens = tokensOf(form);
  const unknown = tokens.find((token) => token.startsWith('%') && sourceOf(token) === undefined);
  if (unknown !== undefined) return `${unknown} is not a conversion that daymark reads. Known: ${KNOWN}.`;
  const sources = tokens.map((token) => sourceOf(token) ?? literalSource(token));
  const parts = sources.flatMap((source) => /^\(\?<(\w+)>/.exec(source)?.[1] ?? []);
  return (
    missingPart(new Set(parts)) ??
    repeatedPart(parts) ??
    ambiguousEnd(tokens, sources) ?? { pattern: new RegExp(sources.join(''), 'y') }
  );
}

function tokensOf(form: string): string[] {
  const spelled = form.replace(/%[A-Za-z%]/g, (conversion) => SHORTHANDS[conversion] ?? conversion);
  return spelled.match(/%[-_^#0]?(?:\d?[A-Za-z%])?|[^%]+/gs) ?? [];
}

function sourceOf(token: string): string | undefined {
  const digits = /^%([1-9])f$/.exec(token)?.[1];
  return digits === undefined ? CONVERSIONS[token] : `(?<fraction>\\d{${digits}})`;
}

function literalSource(text: string): string {
  return utf8Text(text).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function missingPart(parts: ReadonlySet<string>): string | undefined {
  const hasDate = parts.has('yearDay') || (parts.has('month') && parts.has('day'));
  const hasHour = parts.has('hour') !== parts.has('hour12') && parts.has('hour12') === parts.has('half');
  if (!parts.has('year') && !parts.has('shortYear')) return 'It has no year (%Y or %y).';
  if (!hasDate) return 'It has no date (%m and %d, or %j).';
  if (!hasHour || !parts.has('minute')) return 'It has no time of day (%H and %M, or %I, %M and %p).';
  return parts.has('fraction') && !parts.has('second') ? 'It has a fraction but no seconds (%S).' : undefined;
}

function repeatedPart(parts: readonly string[]): string | undefined {
  const rivals = parts.map((part) => (part === 'shortYear' ? 'year' : part));
  const repeated = rivals.find((part, i) => rivals.indexOf(part) < i);
  if (repeated !== undefined) return `It has two conversions for one part of the time (${repeated}).`;
  return parts.includes('yearDay') && (parts.includes('month') || parts.includes('day'))
    ? 'It has both a day of the year (%j) and a month or a day.'
    : undefined;
}

function ambiguousEnd(tokens: readonly string[], sources: readonly string[]): string | undefined {
  const at = tokens.findIndex(
    (token, i) => OPEN_ENDED.includes(token) && /^(\d|\(\?<\w+>(\\d|\[ ))/.test(sources[i + 1] ?? ''),
  );
  return at < 0 ? undefined : `A digit may follow ${tokens[at]}, so nobody can tell where that ends.`;
}
