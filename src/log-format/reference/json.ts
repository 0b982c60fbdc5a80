import type { FieldElement, JsonFormat } from '../format.ts';
import { matchAt, utf8Text } from './byte-text.ts';
import { resolved } from './escapes.ts';
import { inOrder, judge } from './keyed.ts';
import type { LineReader } from './line-reader.ts';
import type { RecordReader } from './record-reader.ts';
import { MISSING, textValue, UNREADABLE, type Value } from './value.ts';

/**
 * Reads lines that are JSON objects (RFC 8259), without building an object. It skips values that the format does not
 * need, but checks their structure.
 */
export function jsonReader(format: JsonFormat, reader: RecordReader): LineReader {
  const fields = inOrder(format.fields);
  const root = treeOf(fields);
  return { read: (line) => judge(reader, fields, new Walk(line, fields.length).run(root)) };
}

/** What the format needs from a value. */
interface Wanted {
  /** The fields that take this value. */
  readonly fields: number[];
  /** What the format needs from its members or elements, by key or index. */
  readonly members: Map<string, Wanted>;
  /** False where a field needs a value. */
  canBeEmpty: boolean;
}

const nothingWanted = (): Wanted => ({ fields: [], members: new Map(), canBeEmpty: true });

function treeOf(fields: readonly (FieldElement & { readonly path: readonly string[] })[]): Wanted {
  const root = nothingWanted();
  for (const [i, { path, isOptional }] of fields.entries()) {
    let place = root;
    for (const key of path.map(utf8Text)) {
      const member = place.members.get(key) ?? nothingWanted();
      place.members.set(key, member);
      place = member;
    }
    place.fields.push(i);
    place.canBeEmpty &&= isOptional;
  }
  return root;
}

const SPACES = /[ \t\r\n]*/y;
const STRING = /"((?:[^"\\]|\\.)*)"/sy;
const SCALAR = /[^,}\] \t\r\n]+/y;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A token of a skipped object or array: a string, a bracket, or anything between. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[[{]|[\]}]|[^"[\]{}]+/sy;

/**
 * Walks over one line. Each method starts at the beginning of something and moves behind it. It returns false where
 * the line is not JSON.
 */
class Walk {
  readonly #line: string;
  readonly #values: Value[];
  #at = 0;

  constructor(line: string, fields: number) {
    this.#line = line;
    this.#values = new Array(fields).fill(MISSING);
  }

  /** The values of the fields. Undefined where the line is no object. */
  run(root: Wanted): Value[] | undefined {
    this.#passSpaces();
    const isObject = this.#next === '{' && this.#value(root);
    this.#passSpaces();
    return isObject && this.#at === this.#line.length ? this.#values : undefined;
  }

  get #next(): string | undefined {
    return this.#line[this.#at];
  }

  #passSpaces(): void {
    this.#at += matchAt(SPACES, this.#line, this.#at)?.[0].length ?? 0;
  }

  /** Skips a character and the spaces around it. */
  #pass(character: string): boolean {
    this.#passSpaces();
    if (this.#next !== character) return false;
    this.#at++;
    this.#passSpaces();
    return true;
  }

  /** nginx writes `"key":,` where a variable is empty and the format has no quotes around it. */
  #nothing(wanted: Wanted | undefined): boolean {
    if (wanted) this.#forget(wanted);
    return wanted?.canBeEmpty ?? true;
  }

  #value(wanted: Wanted | undefined): boolean {
    if (wanted) this.#forget(wanted);
    if (this.#next === '{') return this.#object(wanted);
    if (this.#next === '[') return this.#array(wanted);
    const value = this.#leaf();
    if (value) this.#set(wanted, value);
    return value !== undefined;
  }

  /** The last of equal keys wins, as in JSON.parse. So values under an earlier one are dropped. */
  #forget(wanted: Wanted): void {
    this.#set(wanted, MISSING);
    for (const member of wanted.members.values()) this.#forget(member);
  }

  #set(wanted: Wanted | undefined, value: Value): void {
    for (const field of wanted?.fields ?? []) this.#values[field] = value;
  }

  #object(wanted: Wanted | undefined): boolean {
    this.#set(wanted, UNREADABLE);
    if (!wanted?.members.size) return this.#container();
    return this.#list('}', () => {
      const key = this.#string();
      const name = key === undefined ? undefined : resolved(key, 'json');
      if (key === undefined || !this.#pass(':')) return false;
      const member = name === undefined ? undefined : wanted.members.get(name);
      return this.#next === ',' || this.#next === '}' ? this.#nothing(member) : this.#value(member);
    });
  }

  #array(wanted: Wanted | undefined): boolean {
    if (!wanted) return this.#container();
    let index = 0;
    return this.#list(']', () => {
      if (index === 0) this.#set(wanted, this.#peekLeaf());
      return this.#value(wanted.members.get(String(index++)));
    });
  }

  /** Reads a bracket, items between commas, and a bracket. */
  #list(end: string, item: () => boolean): boolean {
    this.#at++;
    this.#passSpaces();
    if (this.#pass(end)) return true;
    while (item()) {
      if (!this.#pass(',')) return this.#pass(end);
    }
    return false;
  }

  /** The first element of an array as a value. */
  #peekLeaf(): Value {
    if (this.#next === '{' || this.#next === '[') return UNREADABLE;
    const at = this.#at;
    const value = this.#leaf();
    this.#at = at;
    return value ?? UNREADABLE;
  }

  #leaf(): Value | undefined {
    if (this.#next === '"') {
      const raw = this.#string();
      return raw === undefined ? undefined : textValue(raw, 'json');
    }
    const scalar = matchAt(SCALAR, this.#line, this.#at)?.[0];
    if (scalar === undefined) return undefined;
    this.#at += scalar.length;
    return valueOfScalar(scalar);
  }

  /** The text between the quotes. */
  #string(): string | undefined {
    const match = matchAt(STRING, this.#line, this.#at);
    this.#at += match?.[0].length ?? 0;
    return match?.[1];
  }

  /** Skips an object or array. It does not check which kind of bracket closes which. */
  #container(): boolean {
    let depth = 0;
    do {
      const token = matchAt(TOKEN, this.#line, this.#at)?.[0];
      if (token === undefined) return false;
      this.#at += token.length;
      if (token === '{' || token === '[') depth++;
      else if (token === '}' || token === ']') depth--;
    } while (depth > 0);
    return true;
  }
}

function valueOfScalar(scalar: string): Value {
  // nginx writes `-` for a variable that does not exist, also where the format has no quotes around it.
  if (scalar === 'null' || scalar === '-') return MISSING;
  if (scalar === 'true' || scalar === 'false') return textValue(scalar, 'none');
  return NUMBER.test(scalar) ? { raw: scalar, text: scalar, kind: 'number' } : UNREADABLE;
}
