/**
 * The text of CUSTOMER_ID: places with `, ` between them, of which the first that has a value counts.
 *
 * A place is a path template (`/customers/{customer_id}`) or the name of a field. Behind a name can stand the item of a list
 * (`[0]`, `[-1]`) and a template for the value (`: Bearer {customer_id}`); behind both, steps (` | address`). The signs count
 * only with a space beside them, so names with commas, colons or bars need no quotes.
 */

import { DaymarkError } from '../../errors.ts';
import { MAX_CUSTOMER_PLACES } from '../../limits.ts';
import { nearestHint } from '../../nearest.ts';
import type { CustomerStep } from '../format.ts';
import { parsePathTemplate } from '../reference/path-template.ts';
import { parseValueTemplate } from '../reference/value-template.ts';
import { pathOf } from './mapping.ts';

/** A place as the operator wrote it. */
export interface WrittenPlace {
  readonly kind: 'path' | 'field';
  /** The path template, or the name of the field. */
  readonly text: string;
  readonly steps: readonly CustomerStep[];
}

/** How many characters of the text an error quotes. */
const QUOTED_CHARACTERS = 40;

/** @throws {DaymarkError} INVALID_SETTING, with the place in the text. */
export function parseCustomerPlaces(text: string): WrittenPlace[] {
  const places: WrittenPlace[] = [];
  const reader = new Reader(text);
  do {
    const { at } = reader;
    if (places.length === MAX_CUSTOMER_PLACES)
      throw customerFault(text, at, `at most ${MAX_CUSTOMER_PLACES} places can be given`);
    places.push(readPlace(reader));
  } while (reader.takes(', '));
  return places;
}

/** An error in the text of CUSTOMER_ID. @param at where it is, from 0. */
function customerFault(text: string, at: number, message: string): DaymarkError {
  const rest = text.length > at + QUOTED_CHARACTERS ? '…' : '';
  const quoted = `${text.slice(at, at + QUOTED_CHARACTERS)}${rest}`;
  const where = quoted === '' ? 'at its end' : `character ${at + 1} (\`${quoted}\`)`;
  return new DaymarkError(
    'INVALID_SETTING',
    `CUSTOMER_ID, ${where}: ${message}${/[.?]$/.test(message) ? '' : '.'}`,
  );
}

/** Walks over the text. */
class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
    this.passSpaces();
  }

  passSpaces(): void {
    while (this.text[this.at] === ' ') this.at++;
  }

  /** Passes over a sign and the spaces behind it. @returns false where another sign is next. */
  takes(sign: string): boolean {
    const isNext = this.text.startsWith(sign, this.at);
    if (isNext) {
      this.at += sign.length;
      this.passSpaces();
    }
    return isNext;
  }

  /** Reads up to the first of the signs: a text in quotes, or one as it is. */
  word(signs: readonly string[]): string {
    const from = this.at;
    if (this.text[from] === '"') return this.#quoted(signs);
    const ends = signs.map((sign) => this.text.indexOf(sign, from)).filter((end) => end >= 0);
    this.at = Math.min(this.text.length, ...ends);
    return this.text.slice(from, this.at).trimEnd();
  }

  #quoted(signs: readonly string[]): string {
    const from = this.at;
    const match = /"((?:[^"\\]|\\.)*)"/sy;
    match.lastIndex = from;
    const text = match.exec(this.text)?.[1];
    if (text === undefined) throw customerFault(this.text, from, 'a quote is not closed');
    this.at = match.lastIndex;
    const isEnd = this.at === this.text.length || this.text[this.at] === '[';
    if (!isEnd && !signs.some((sign) => this.text.startsWith(sign, this.at)))
      throw customerFault(this.text, this.at, `after the quote, ${EXPECTED} must follow`);
    return text.replace(/\\(["\\])/g, '$1');
  }
}

const EXPECTED = '`, `, ` | `, `: ` or nothing';

function readPlace(reader: Reader): WrittenPlace {
  const { text, at } = reader;
  if (text[at] === '/') {
    const template = reader.word([', ', ' | ']);
    parsePathTemplate(template);
    return { kind: 'path', text: template, steps: readSteps(reader) };
  }
  const isQuoted = text[at] === '"';
  const word = reader.word([', ', ' | ', ': ']);
  const item = isQuoted ? quotedItem(reader) : itemBehind(word);
  const name = item && !isQuoted ? word.slice(0, -item.written.length) : word;
  if (name === '') throw customerFault(text, at, 'a name or a path template is missing');
  if (!isQuoted && /[,|:]$/.test(name))
    throw customerFault(text, at, `nothing follows the last sign; put a name that ends so in quotes`);
  const template = reader.takes(': ') ? [readTemplate(reader)] : [];
  const steps = [...(item ? [item.step] : []), ...template, ...readSteps(reader)];
  return { kind: 'field', text: name, steps };
}

interface Item {
  readonly written: string;
  readonly step: CustomerStep;
}

/** `[0]` or `[-1]` at the end of a name. */
function itemBehind(text: string): Item | undefined {
  const [written, digits] = /\[(-?\d{1,4})\]$/.exec(text) ?? [];
  return written === undefined ? undefined : { written, step: { kind: 'item', index: Number(digits) } };
}

function quotedItem(reader: Reader): Item | undefined {
  if (reader.text[reader.at] !== '[') return undefined;
  const { at } = reader;
  const item = itemBehind(reader.word([', ', ' | ', ': ']));
  if (item) return item;
  throw customerFault(reader.text, at, 'an item of a list is `[0]`, `[1]`, … or `[-1]`, `[-2]`, …');
}

function readTemplate(reader: Reader): CustomerStep {
  const { at } = reader;
  const text = reader.word([', ', ' | ']);
  const parsed = parseValueTemplate(text);
  if ('message' in parsed) {
    const quote = reader.text[at] === '"' ? 1 : 0;
    throw customerFault(reader.text, at + quote + parsed.at, parsed.message);
  }
  return { kind: 'template', text };
}

function readSteps(reader: Reader): CustomerStep[] {
  const steps: CustomerStep[] = [];
  while (reader.takes(' | ')) {
    const { at } = reader;
    steps.push(stepOf(reader.text, at, reader.word([', ', ' | '])));
  }
  return steps;
}

const STEPS = ['address', 'address:port', 'jwt.CLAIM', '[INDEX]'];

function stepOf(text: string, at: number, word: string): CustomerStep {
  if (word === 'address' || word === 'address:port')
    return { kind: 'address', hasPort: word === 'address:port' };
  const item = itemBehind(word);
  if (item && item.written === word) return item.step;
  const claim = /^jwt\.(.+)$/s.exec(word)?.[1];
  if (claim !== undefined) return { kind: 'claim', path: pathOf(claim) };
  const hint = nearestHint(word, ['address', 'address:port', 'jwt.sub']);
  throw customerFault(text, at, `\`${word}\` is no step; there are ${STEPS.join(', ')}.${hint}`);
}
