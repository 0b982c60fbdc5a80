/** The table of customers: their names, the aliases under which their requests stand in logs, and who may be shown to others. */

import { DaymarkError } from '../errors.ts';
import { MAX_CUSTOMERS_FILE_IDS } from '../limits.ts';
import { utf8Text } from './reference/byte-text.ts';
import { customerIdOf } from './reference/customer.ts';
import { cellsOf } from './reference/delimited.ts';

export interface CustomerTable {
  /** The id of the customer, by each of its aliases. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The aliases of each customer that has any, by its id. */
  readonly aliasesOf: ReadonlyMap<string, readonly string[]>;
  /** Names for people, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** The ids of those whose badge everybody may read, and whose page may stand in frames. */
  readonly publicIds: ReadonlySet<string>;
}

/** An entry as it is written. */
interface Entry {
  /** For errors, such as `line 3`. */
  readonly place: string;
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly isPublic: boolean;
}

const COLUMNS = ['id', 'name', 'aliases', 'public'];

/**
 * Reads a table: CSV (RFC 4180) with the columns `id`, `name`, `aliases` (with `;` between them) and `public` (`true` or `false`),
 * or a JSON array of objects with these members (`aliases` is an array, `public` a boolean). All but `id` may be missing.
 * @param bytes UTF-8, with or without a byte order mark. @param file its name, for errors.
 * @throws {DaymarkError} INVALID_SETTING, with the line or the entry.
 */
export function parseCustomerTable(bytes: Uint8Array, file: string): CustomerTable {
  const refuse: Refuse = (place, message) => {
    const where = place === '' ? '' : `, ${place}`;
    throw new DaymarkError('INVALID_SETTING', `CUSTOMERS_FILE ${file}${where}: ${message}.`);
  };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse('', 'it is not UTF-8');
  }
  return tableOf(/^\s*[[{]/.test(text) ? entriesOfJson(text, refuse) : entriesOfCsv(text, refuse), refuse);
}

/** Throws. */
type Refuse = (place: string, message: string) => never;

function tableOf(entries: Iterable<Entry>, refuse: Refuse): CustomerTable {
  const places = new Map<string, string>();
  const [aliases, names] = [new Map<string, string>(), new Map<string, string>()];
  const aliasesOf = new Map<string, readonly string[]>();
  const publicIds = new Set<string>();
  const take = (id: string, place: string): void => {
    if (!id.isWellFormed() || customerIdOf(utf8Text(id)) === undefined || id === '-')
      refuse(
        place,
        `${JSON.stringify(id)} can be no customer id (1 to 255 bytes without control characters, and not "-")`,
      );
    const before = places.get(id);
    if (before !== undefined)
      refuse(place, `${JSON.stringify(id)} stands there twice; the first time in ${before}`);
    if (places.size === MAX_CUSTOMERS_FILE_IDS)
      refuse(place, `it has more than ${MAX_CUSTOMERS_FILE_IDS} ids and aliases`);
    places.set(id, place);
  };
  for (const { place, id, name, aliases: others, isPublic } of entries) {
    take(id, place);
    if (others.length > 0) aliasesOf.set(id, others);
    if (isPublic) publicIds.add(id);
    if (name !== '' && customerIdOf(utf8Text(name)) === undefined)
      refuse(place, `the name ${JSON.stringify(name)} is longer than 255 bytes or holds a control character`);
    if (name !== '') names.set(id, name);
    for (const alias of others) {
      take(alias, place);
      aliases.set(alias, id);
    }
  }
  return { aliases, aliasesOf, names, publicIds };
}

function* entriesOfCsv(text: string, refuse: Refuse): Generator<Entry> {
  let columns: string[] | undefined;
  for (const [i, raw] of text.split('\n').entries()) {
    const place = `line ${i + 1}`;
    const line = raw.replace(/\r$/, '');
    if (line === '') continue;
    const cells = cellsOf(utf8Text(line), ',')?.map(plainText);
    if (!cells)
      return refuse(place, 'a quote is not closed on the line, or something follows a closing quote');
    if (columns === undefined) {
      columns = cells.map((cell) => cell.trim());
      checkNames(columns, place, refuse);
      continue;
    }
    if (cells.length !== columns.length)
      refuse(place, `it has ${cells.length} columns, and the first line names ${columns.length}`);
    const cell = (name: string) => (cells[(columns ?? []).indexOf(name)] ?? '').trim();
    const aliases = cell('aliases')
      .split(';')
      .map((alias) => alias.trim());
    const isPublic = cell('public') === 'true';
    // A typing error must not opt anybody in, nor look as if it did.
    if (!isPublic && !/^(false)?$/.test(cell('public')))
      refuse(place, `public is ${JSON.stringify(cell('public'))}, but must be true or false`);
    yield {
      ...{ place, id: cell('id'), name: cell('name'), isPublic },
      aliases: aliases.filter((alias) => alias !== ''),
    };
  }
}

function plainText(byteCell: string): string {
  return Buffer.from(byteCell, 'latin1').toString();
}

function checkNames(names: readonly string[], place: string, refuse: Refuse): void {
  const unknown = names.find((name, i) => !COLUMNS.includes(name) || names.indexOf(name) < i);
  if (unknown !== undefined)
    refuse(
      place,
      `${JSON.stringify(unknown)} is unknown or stands there twice; there are ${COLUMNS.join(', ')}`,
    );
  if (!names.includes('id')) refuse(place, 'it has no id');
}

function* entriesOfJson(text: string, refuse: Refuse): Generator<Entry> {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch (error) {
    return refuse('', `it is no JSON (${(error as Error).message})`);
  }
  if (!Array.isArray(values)) return refuse('', 'its JSON must be an array of customers');
  const lines = linesOfElements(text);
  for (const [i, value] of values.entries()) yield entryOf(value, `line ${lines[i] ?? 0}`, refuse);
}

function entryOf(value: unknown, place: string, refuse: Refuse): Entry {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse(place, 'a customer must be an object');
  checkNames(Object.keys(value), place, refuse);
  const { id, name = '', aliases = [], public: isPublic = false } = value as Record<string, unknown>;
  const isList = Array.isArray(aliases) && aliases.every((alias) => typeof alias === 'string');
  if (typeof id !== 'string' || typeof name !== 'string' || !isList)
    return refuse(place, 'id and name must be texts, and aliases an array of texts');
  if (typeof isPublic !== 'boolean') return refuse(place, 'public must be true or false');
  return { place, id, name, aliases, isPublic };
}

/** The lines, from 1, on which the elements of a JSON array begin. The text is known to be JSON. */
function linesOfElements(text: string): number[] {
  const lines: number[] = [];
  let [line, depth] = [1, 0];
  let isNext = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]},]|\n|[^\s"[{\]},]+/g)) {
    if (token === '\n') {
      line++;
      continue;
    }
    if (isNext && token !== ']') lines.push(line);
    isNext = depth === 0 || (depth === 1 && token === ',');
    if (token === '[' || token === '{') depth++;
    if (token === ']' || token === '}') depth--;
  }
  return lines;
}

/** A text that is equal for two tables with the same aliases, for their fingerprint. */
export function aliasText({ aliases }: Pick<CustomerTable, 'aliases'>): string {
  return JSON.stringify([...aliases].sort(([a], [b]) => (a < b ? -1 : 1)));
}
