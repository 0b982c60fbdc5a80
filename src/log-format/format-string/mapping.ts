/**
 * Formats whose lines have named values: `json timestamp=ts:epoch_s status=status …`. The same for `logfmt`, `ltsv`,
 * `w3c`, `csv`, `csv;` and `tsv`. daymark's name is on the left of `=`, the log's name on the right. Two names with `+`
 * between them are a date and a time: `timestamp=date+time`.
 */

import { nearestHint } from '../../nearest.ts';
import {
  type DelimitedFormat,
  type FieldElement,
  type JsonFormat,
  type LogfmtFormat,
  type LtsvFormat,
  NEEDED_ROLES,
  type NeededRole,
  type TimestampPart,
  type W3cFormat,
} from '../format.ts';
import { PART_WORDS, type PartWord } from '../rules/line-rules.ts';
import { refuseHalfDuration } from './begin-and-end.ts';
import { formatFault } from './fault.ts';
import { fieldOfRole } from './role.ts';

const DELIMITERS = { csv: ',', 'csv;': ';', tsv: '\t' } as const;

/** A text that begins with one of these words is a mapping. */
export const MAPPING = /^\s*(json|logfmt|ltsv|w3c|csv;?|tsv)(?=\s|$)/;

interface Entry extends FieldElement {
  /** The part of a request that only rules look at. */
  readonly word?: PartWord;
  readonly at: number;
}

/** @throws {DaymarkError} INVALID_LOG_FORMAT. */
export function parseMapping(
  text: string,
): JsonFormat | LogfmtFormat | LtsvFormat | W3cFormat | DelimitedFormat {
  const [start = '', layout = ''] = MAPPING.exec(text) ?? [];
  const { entries: all, columns } = entriesOf(text, start.length, layout === 'w3c');
  const entries = all.filter(({ word }) => word === undefined);
  refuseIncomplete(text, entries);
  const parts = partsOf(text, all, layout === 'json');
  const elements = entries.map(({ field, name, isOptional }) => ({ field, name, isOptional }));
  if (layout === 'json') {
    const fields = elements.map((element) => ({ ...element, path: pathOf(element.name) }));
    return { layout, escapes: 'json', fields, ...parts };
  }
  const plain = elements.map((element) => ({ ...element, name: resolveEscapes(element.name) }));
  if (layout === 'logfmt') {
    return {
      layout,
      escapes: 'backslash',
      fields: plain.map((element) => ({ ...element, key: element.name })),
      ...parts,
    };
  }
  if (layout === 'ltsv') {
    const fields = plain.map(withoutDash).map((element) => ({ ...element, key: element.name }));
    return { layout, escapes: 'backslash', fields, ...parts };
  }
  const fields = plain.map((element) => ({ ...element, column: element.name }));
  if (layout === 'w3c') {
    const own = columns === undefined ? {} : { columns: columns.split(/\s+/).filter((name) => name !== '') };
    const present = fields.map((field) => (field.isOptional ? { ...field, mayBeAbsent: true } : field));
    return { layout, escapes: 'none', fields: present.map(withoutDash), ...own, ...parts };
  }
  const delimiter = DELIMITERS[layout as keyof typeof DELIMITERS];
  return { layout: 'delimited', delimiter, escapes: 'none', fields, ...parts };
}

/** The keys of the parts of a request that no record needs. */
function partsOf(text: string, entries: readonly Entry[], isJson: boolean): Pick<JsonFormat, 'parts'> {
  const parts: Partial<Record<PartWord, string>> = {};
  for (const { word, name, at } of entries) {
    if (word === undefined) continue;
    if (parts[word] !== undefined) throw formatFault(text, at, `${word} occurs twice.`);
    parts[word] = isJson ? name : resolveEscapes(name);
  }
  return Object.keys(parts).length > 0 ? { parts } : {};
}

/** In these layouts a customer `-` is none, with or without `?`: nobody is called so. */
function withoutDash<E extends FieldElement>(element: E): E {
  return element.field.role === 'customer_id' ? { ...element, isOptional: true } : element;
}

/** The keys that lead to a value. Dots separate them; `\.` is a dot in a key. */
export function pathOf(name: string): string[] {
  return (name.match(/(?:[^.\\]|\\.)+/gs) ?? []).map(resolveEscapes);
}

function resolveEscapes(text: string): string {
  return text.replace(/\\(.)/gs, '$1');
}

interface Entries {
  readonly entries: Entry[];
  /** The columns of lines that no header stands above. */
  columns?: string;
}

/**
 * Parses `role=value`. The value is a word or quoted, with an optional `:kind` or `:"kind"` and `?`.
 * @param canHaveColumns true where `columns="…"` can stand there.
 */
function entriesOf(text: string, from: number, canHaveColumns: boolean): Entries {
  const found: Entries = { entries: [] };
  const grammar = /\s+|([^\s=]+)=((?:"(?:[^"\\]|\\.)*"|[^\s"\\]|\\.)+)/sy;
  grammar.lastIndex = from;
  while (grammar.lastIndex < text.length) {
    const at = grammar.lastIndex;
    const match = grammar.exec(text);
    if (!match) throw formatFault(text, at, 'Write a field and where it is, such as status=status.');
    const [, word, value] = match;
    if (word === undefined || value === undefined) continue;
    if (canHaveColumns && word === 'columns') found.columns = value.replace(/^"(.*)"$/s, '$1');
    else found.entries.push(...entriesIn(text, word, value, at));
  }
  return found;
}

/** One entry, or two where a time is written in two places. */
function entriesIn(text: string, word: string, value: string, at: number): Entry[] {
  const halves = word === 'timestamp' ? HALVES.exec(value) : undefined;
  if (!halves) return [entryOf(text, word, value, at)];
  const [, date = '', time = '', kind = ''] = halves;
  return [entryOf(text, word, date + kind, at, 'date'), entryOf(text, word, time + kind, at, 'time')];
}

/** Two names, in quotes or not, with `+` between them; then `:kind` or `:"kind"`, or a `?`, which is refused later. */
const NAME = String.raw`("(?:[^"\\]|\\.)*"|(?:[^"+:\\]|\\.)+?)`;
const HALVES = new RegExp(String.raw`^${NAME}\+${NAME}((?::(?:[^"]*|"(?:[^"\\]|\\.)*"))?\??)$`, 's');

function entryOf(text: string, word: string, value: string, at: number, part?: TimestampPart): Entry {
  const role = NEEDED_ROLES.find((known) => known === word);
  const partWord = PART_WORDS.find((known) => known === word);
  if (partWord) {
    const { name } = takeApart('request', value);
    return { field: { role: 'skip' }, name, isOptional: true, word: partWord, at };
  }
  if (!role) {
    const known = [...NEEDED_ROLES, ...PART_WORDS];
    const message = `${word} is not a field. Known: ${known.join(', ')}.${nearestHint(word, known)}`;
    throw formatFault(text, at, message);
  }
  const { name, kind, isOptional } = takeApart(role, value);
  if (name === '') throw formatFault(text, at, `${word}= needs a name.`);
  const { field, ...rest } = fieldOfRole({ text, at, role, kind, isOptional });
  if (!part || field.role !== 'timestamp') return { field, ...rest, name, at };
  if (field.kind.startsWith('epoch')) throw formatFault(text, at, `${field.kind} has no date and no time.`);
  return { field: { ...field, part }, ...rest, name, at };
}

/** Only times and durations have a kind. In other names a colon is part of the name. */
function takeApart(
  role: NeededRole,
  value: string,
): { readonly name: string; readonly kind: string | undefined; readonly isOptional: boolean } {
  const hasKind = ['timestamp', 'begin', 'end', 'duration'].includes(role);
  const kinds = String.raw`(?::(?:([a-z_+\d]+|%[^"]*?)|"((?:[^"\\]|\\.)*)"))?`;
  const name = String.raw`(?:"((?:[^"\\]|\\.)*)"|((?:[^\\]|\\.)*?))`;
  const grammar = new RegExp(`^${name}${hasKind ? kinds : '()()'}(\\?)?$`, 's');
  const [, quoted, plain = '', word, form, optional] = grammar.exec(value) ?? [];
  const kind = form === undefined ? word : resolveEscapes(form);
  return { name: quoted ?? plain, kind: kind || undefined, isOptional: optional !== undefined };
}

function refuseIncomplete(text: string, entries: readonly Entry[]): void {
  const roles = entries.map(({ field }) => field.role);
  for (const [i, role] of roles.entries()) {
    const isAgain = role !== 'duration' && roles.indexOf(role) < i;
    if (isAgain && !isSecondHalf(entries, i))
      throw formatFault(text, entries[i]?.at, `${role} occurs twice.`);
  }
  for (const role of ['timestamp', 'status'] as const) {
    if (roles.includes(role) || (role === 'timestamp' && roles.includes('begin'))) continue;
    throw formatFault(text, undefined, `It has no ${role}: add ${role}=… to it.`);
  }
  refuseHalfDuration(text, entries);
}

/** True for the time of the first entry for a timestamp: the date stands right before it. */
function isSecondHalf(entries: readonly Entry[], i: number): boolean {
  const [before, present] = [entries[i - 1], entries[i]];
  const isFirst = entries.findIndex(({ field }) => field.role === 'timestamp') === i - 1;
  return isFirst && present?.at === before?.at;
}
