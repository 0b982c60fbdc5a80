import type {
  Escapes,
  Field,
  FieldElement,
  LogFormat,
  TextKind,
  TimestampKind,
  TimestampPart,
} from '../../src/log-format/format.ts';
import { textKindAt } from '../../src/log-format/text-kind.ts';
import type { Choice } from './random-choice.ts';
import { decimalText, timestampText } from './render-times.ts';
import type { ScannedRecord } from './scanning.ts';

export type Duration = Extract<Field, { role: 'duration' }>;

export function elementsOf(format: LogFormat): readonly FieldElement[] {
  if (format.layout !== 'pattern') return format.fields;
  return format.elements.filter((element) => typeof element !== 'string');
}

/**
 * What each field of the format says of a record, not yet escaped; undefined where it says that there is no value.
 * Times without an offset are UTC.
 */
export function textsOf(format: LogFormat, record: ScannedRecord, choice: Choice): (string | undefined)[] {
  const elements = elementsOf(format);
  const durations = durationTexts(
    elements.filter(({ field }) => field.role === 'duration'),
    record.durationUs,
    choice,
  );
  const bounds = boundTexts(elements, record, choice);
  let written: string | undefined;
  return elements.map((element) => {
    const { field } = element;
    if (field.role === 'timestamp') {
      written ??= timestampText(field.kind, { ms: record.eventTimeMs }, choice);
      return field.part ? halfOf(written, field.kind, field.part) : written;
    }
    if (field.role === 'begin' || field.role === 'end') return bounds[field.role];
    if (field.role === 'customer_id') return record.customerId;
    if (field.role === 'status') return statusText(record.status, choice);
    if (field.role === 'duration') return durations.shift();
    if (field.role === 'skip') return skippedText(textKindIn(format, element), choice);
    if (element.isOptional && !format.customerPath && choice.once(3)) return undefined;
    const path = format.customerPath
      ? pathText(format.customerPath, record.customerId, field.role === 'request', choice)
      : choice.of(PATHS);
    return field.role === 'request_path' ? path : `${choice.of(['GET', 'POST'])} ${path} HTTP/1.1`;
  });
}

/** A beginning and an end with the duration between them, to the microsecond. */
function boundTexts(
  elements: readonly FieldElement[],
  { eventTimeMs, durationUs }: ScannedRecord,
  choice: Choice,
): { readonly begin?: string | undefined; readonly end?: string | undefined } {
  const bounds = elements.filter(({ field }) => field.role === 'begin' || field.role === 'end');
  const missing = durationUs < 0 ? choice.of(bounds.filter(({ isOptional }) => isOptional)) : undefined;
  const beginUs = choice.below(1000);
  const texts = bounds.map((bound) => {
    const { role, kind } = bound.field as Extract<Field, { role: 'begin' | 'end' }>;
    const us = beginUs + (role === 'end' ? Math.max(durationUs, 0) : 0);
    const moment = { ms: eventTimeMs + Math.floor(us / 1000), us: us % 1000 };
    return [role, bound === missing ? undefined : timestampText(kind, moment, choice)] as const;
  });
  return Object.fromEntries(texts);
}

/** As servers write it. 0: there was no response. */
function statusText(status: number, choice: Choice): string {
  return status === 0 ? choice.of(['0', '000', '-1']) : String(status);
}

const PATHS = ['/api/v1/resource1', '/', '/a?x=1&y=/z#top', 'https://api.example.com:443/x', '/%zz', '*'];
const SKIPPED = [
  '',
  '-',
  '::1',
  '"',
  'Mozilla/5.0 (X11; "like" Gecko)',
  'a\\b\\',
  '\\x22',
  'é 漢',
  '{[',
  '0.5, 7',
];

export const HOSTS = [
  '192.0.2.9',
  '2001:db8::17',
  'localhost',
  'api.example.com',
  '::1',
  '::ffff:192.0.2.1',
  'fe80::1%eth0',
  '255.255.255.255',
  '1:2:3:4:5:6:7:abCD',
  'a_b-c.1.example.',
  'unix:',
];

/** What the text of a field can be in a format. Undefined: anything. */
export function textKindIn(format: LogFormat, element: FieldElement): TextKind | undefined {
  return format.layout === 'pattern' ? textKindAt(format, format.elements.indexOf(element)) : undefined;
}

function skippedText(kind: TextKind | undefined, choice: Choice): string {
  if (kind === undefined) return choice.of(SKIPPED);
  if (kind === 'host') return choice.of([...HOSTS, '-', '']);
  if (kind === 'list') return listText(choice);
  return choice.of(SKIPPED).replaceAll(/[ [\\]/g, '_');
}

/** Upstreams as nginx writes them. */
function listText(choice: Choice): string {
  const items = Array.from({ length: choice.of([1, 1, 2, 3]) }, () =>
    choice.of(['10.0.0.1:80', '-', '502', 'unix:/run/a.sock', '[::1]:80', 'é']),
  );
  const list = items.reduce((all, item) => all + choice.of([', ', ' : ', ',']) + item);
  return choice.of([list, list, '-', '']);
}

/** The date of a timestamp, or the time behind the character between them. */
function halfOf(text: string, kind: TimestampKind, part: TimestampPart): string {
  const dateEnd = kind === 'clf' ? '02/Oct/2024'.length : '2024-10-02'.length;
  return part === 'date' ? text.slice(0, dateEnd) : text.slice(dateEnd + 1);
}

/** Values that add up to the duration, and to what rounds to it. @param durationUs −1: one of them is missing. */
function durationTexts(
  elements: readonly FieldElement[],
  durationUs: number,
  choice: Choice,
): (string | undefined)[] {
  // In units of 10^-6 µs.
  const rest =
    durationUs > 0 && durationUs < 86_400_000_000 ? choice.of([0, choice.below(1e6) - 500_000]) : 0;
  let left = BigInt(Math.max(durationUs, 0)) * 1_000_000n + BigInt(rest);
  const missing = durationUs < 0 ? choice.of(elements.filter(({ isOptional }) => isOptional)) : undefined;
  const texts = elements.map((element, i) => {
    const share = (left * BigInt(choice.below(101))) / 100n;
    const part = i === elements.length - 1 ? left : share - (share % choice.of([1_000_000n, 1n]));
    left -= part;
    return element === missing ? undefined : durationText(element.field as Duration, part, choice);
  });
  return texts;
}

function durationText({ unit, isList, unitSuffix = '' }: Duration, value: bigint, choice: Choice): string {
  const text = (part: bigint) =>
    unit === 'text' ? textWithUnits(part, choice) : decimalText(part, SCALES[unit], choice) + unitSuffix;
  if (!isList) return text(value);
  const first = value / BigInt(1 + choice.below(3));
  const parts = first === value ? [text(value)] : [text(first), text(value - first)];
  const items = choice.shuffled([...parts, ...choice.of([[], ['-'], ['-', '-']])]);
  return items.reduce((all, item) => all + choice.of([',', ', ', ':', ' : ']) + item);
}

/** How many digits behind the point a picosecond is. */
const SCALES = { s: 12, ms: 9, us: 6, ns: 3 } as const;
const NAMES = {
  s: ['s', ' s', ' sec', 'secs', ' second', ' seconds'],
  ms: ['ms', ' ms', ' msec', ' msecs', 'millis', ' milliseconds'],
  us: ['µs', 'us', 'μs', ' usecs', ' micros', 'microsecond'],
  ns: ['ns', ' ns', ' nsec', ' nanos', ' nanoseconds'],
} as const;

/** @param value in picoseconds. */
function textWithUnits(value: bigint, choice: Choice): string {
  const [hours, minutes] = [value / 3_600_000_000_000_000n, value / 60_000_000_000_000n];
  const larger = choice.of(['', `${hours}h`, `${minutes}m`, `${hours}h${minutes - hours * 60n}m`]);
  const left = larger.endsWith('m')
    ? value % 60_000_000_000_000n
    : larger
      ? value % 3_600_000_000_000_000n
      : value;
  const padding = choice.of(['', '   ']);
  if (value === 0n && choice.once(3)) return `${padding}0`;
  const unit = choice.of(['s', 'ms', 'us', 'ns'] as const);
  return padding + larger + decimalText(left, SCALES[unit], choice) + choice.of(NAMES[unit]);
}

/** A path that the template takes apart: with other segments, a query, an origin, a fragment. */
function pathText(template: string, customerId: string, mayHaveSpaces: boolean, choice: Choice): string {
  const [path = '', query] = template.split('?');
  const isRaw = mayHaveSpaces && !/^ | $/.test(customerId) && choice.once(2);
  const encoded = percentEncoded(customerId, choice);
  const id = isRaw ? encoded.replaceAll('%20', ' ') : encoded;
  const segments = path.replaceAll('*', choice.of(['x', '7', 'a%2Fb', '']));
  const filled = segments.replace('{customer_id}', id) + choice.of(['', '/orders', '/o/1/']);
  const origin = choice.of(['', '', 'https://api.example.com:443', 'h2c+x://[::1]']);
  const parameters = query === undefined ? choice.of(['', '?', '?q=1/2']) : queryText(query, id, choice);
  return origin + filled + parameters + choice.of(['', '#/a?b']);
}

function queryText(query: string, id: string, choice: Choice): string {
  const before = choice.of(['', 'a=1&', 'xkey=2&&flag&']);
  return `?${before}${query.replace('{customer_id}', id)}${choice.of(['', '&', '&z=%'])}`;
}

function percentEncoded(text: string, choice: Choice): string {
  return [...text]
    .map((character) => {
      const isPlain = /[A-Za-z0-9_.~-]/.test(character) || character > '\u007f';
      return isPlain && !choice.once(8) ? character : percents(character, choice);
    })
    .join('');
}

function percents(character: string, choice: Choice): string {
  return [...Buffer.from(character)].map((byte) => `%${hexByte(byte, choice)}`).join('');
}

function hexByte(byte: number, choice: Choice): string {
  const hex = byte.toString(16).padStart(2, '0');
  return choice.of([hex, hex.toUpperCase()]);
}

/**
 * Writes a text with escapes, also where none is needed. @param avoided characters that may not stand in the result;
 * with `isHiding`, they may behind a backslash.
 */
export function escaped(
  text: string,
  escapes: Escapes,
  choice: Choice,
  avoided = '',
  isHiding = false,
): string {
  if (escapes === 'none') return text;
  const write = escapes === 'json' ? jsonEscape : backslashEscape;
  return [...text]
    .map((character) => {
      const isNeeded = character < ' ' || character === '\\' || avoided.includes(character);
      const isShort = isHiding || !avoided.includes(character);
      return isNeeded || choice.once(20) ? write(character, isShort, choice) : character;
    })
    .join('');
}

function backslashEscape(character: string, isShort: boolean, choice: Choice): string {
  if (isShort && (character === '"' || character === '\\') && choice.once(2)) return `\\${character}`;
  return [...Buffer.from(character)].map((byte) => `\\x${hexByte(byte, choice)}`).join('');
}

function jsonEscape(character: string, isShort: boolean, choice: Choice): string {
  if (isShort && '"\\/'.includes(character) && choice.once(2)) return `\\${character}`;
  return Array.from({ length: character.length }, (_, i) => {
    const hex = character.charCodeAt(i).toString(16).padStart(4, '0');
    return `\\u${choice.of([hex, hex.toUpperCase()])}`;
  }).join('');
}
