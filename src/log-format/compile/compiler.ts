/**
 * Compiles a log format to a program of the kernel. `kernel/assembly/scan/instructions.ts` documents its layout.
 * Formats that the kernel cannot run get a program that refuses every line, so the reference parser reads them all.
 */

import { countPlaces, elementsOf, pathPlacesOf } from '../customer-places.ts';
import {
  areQuotesHidden,
  type Field,
  type FieldElement,
  type LogFormat,
  type PatternFormat,
  type TextKind,
  type TimestampKind,
  type TimestampPart,
} from '../format.ts';
import type { LineRules } from '../rules/line-rules.ts';
import { textKindAt } from '../text-kind.ts';
import type { HeaderColumns } from '../types.ts';
import type { LogWrapper } from '../wrapper/types.ts';
import { compileEndpoints, type KeptEndpoints } from './endpoints.ts';
import { instructionOf, literalInstructions, withMarks } from './instructions.ts';
import { ENTRY_BYTES, NameTree, NODE_HEAD_BYTES, NOTED_NODE } from './name-tree.ts';
import {
  CONSUME,
  ESCAPED,
  HAS_COMMENTS,
  HOST,
  LAYOUTS,
  LIST,
  OPCODES,
  OPEN_ENDED,
  OPTIONAL,
  PLAIN,
  SUM,
  USER,
  WORD,
  WRAPPERS,
} from './opcodes.ts';
import { isEndingItself, isEndingWithQuote, QUOTE, withSuffixes } from './pattern-elements.ts';
import { placeByteOf } from './place-byte.ts';
import { isPlainFormat } from './plain-format.ts';
import { compileRules, ESCAPE_BYTES } from './rules.ts';
import { Uncompilable } from './uncompilable.ts';

/** A unit is 10^-exponent seconds. */
const EXPONENTS: Readonly<Record<string, number>> = { s: 0, ms: 3, us: 6, ns: 9 };

/** The reference parser reads times that are written in other ways. */
const TIMESTAMP_OPCODES: Readonly<Record<string, number>> = {
  datetime: OPCODES.datetime,
  iso8601: OPCODES.iso8601,
  clf: OPCODES.clf,
  slashes: OPCODES.slashes,
  epoch_s: OPCODES.epoch,
  epoch_ms: OPCODES.epoch,
  epoch_us: OPCODES.epoch,
  epoch_ns: OPCODES.epoch,
};

const NEWLINE = 0x0a;
const SPACE = 0x20;
const HEAD_BYTES = 64;
const WRAPPER_OFFSET = 36;
/** Where the head has the address of the rules. */
const RULES_AT = 60;
/** The reference parser reads longer names, and formats with more names than a mask has bits. */
const MAX_NAME_BYTES = 63;
const MAX_NAMES = 63;

/** What a program does. */
export interface ProgramSource {
  readonly format: LogFormat;
  /** Undefined: every line counts. */
  readonly rules?: LineRules | undefined;
  /** Undefined: none are kept. */
  readonly endpoints?: KeptEndpoints | undefined;
  /** What another program put around each line. */
  readonly wrapper?: LogWrapper | undefined;
}

/**
 * Compiles a format.
 * @param columns where the log names them. Undefined: it does not, or they are not known yet.
 * @param address where the program will be in memory.
 * @param maxBytes a longer program is replaced by one that refuses every line.
 * @returns the bytes to write there.
 */
export function compileProgram(
  source: ProgramSource,
  columns: HeaderColumns | undefined,
  address: number,
  maxBytes: number,
): Uint8Array {
  try {
    const program = new Program(source, address);
    program.wrap(source.wrapper);
    program.write(columns);
    const bytes = program.bytes();
    if (bytes.length <= maxBytes) return bytes;
  } catch (error) {
    if (!(error instanceof Uncompilable)) throw error;
  }
  return refusal();
}

/** A program that refuses every line: it needs a JSON field that no line has. */
function refusal(): Uint8Array {
  const words = new Uint32Array(HEAD_BYTES / 4 + 4);
  words[0] = LAYOUTS.json;
  words[2] = words[3] = 0xffffffff;
  return new Uint8Array(words.buffer);
}

class Program {
  readonly #format: LogFormat;
  readonly #rules: LineRules | undefined;
  readonly #endpoints: KeptEndpoints | undefined;
  readonly #address: number;
  readonly #head = new DataView(new ArrayBuffer(HEAD_BYTES));
  #instructions = new Uint8Array(0);
  /** What the instructions point to: names, nodes and segments. It follows them. */
  readonly #rest: Uint8Array[] = [];
  #restBytes = 0;
  #instructionBytes = 0;
  #bits = 0;
  #required = 0n;
  #durations = 0n;

  constructor({ format, rules, endpoints }: ProgramSource, address: number) {
    this.#format = format;
    this.#rules = rules;
    this.#endpoints = endpoints;
    this.#address = address;
  }

  bytes(): Uint8Array {
    this.#head.setBigUint64(8, this.#required, true);
    this.#head.setBigUint64(16, this.#durations, true);
    return Buffer.concat([new Uint8Array(this.#head.buffer), this.#instructions, ...this.#rest]);
  }

  wrap(wrapper: LogWrapper | undefined): void {
    const number = wrapper === undefined ? undefined : WRAPPERS[wrapper];
    if (number !== undefined) this.#head.setUint32(WRAPPER_OFFSET, number, true);
  }

  write(columns: HeaderColumns | undefined): void {
    const format = this.#format;
    // The short way of the default format does not look at rules.
    const isPlain = isPlainFormat(format) && !this.#rules;
    const layout = format.layout === 'w3c' ? LAYOUTS.delimited : LAYOUTS[format.layout];
    this.#head.setUint32(0, isPlain ? PLAIN : layout, true);
    this.#head.setUint32(40, countPlaces(format), true);
    if (format.layout === 'pattern') this.#writePattern(format);
    else if (format.layout === 'json') this.#writeNames(format.fields.map((field) => [field.path, field]));
    else if (format.layout === 'logfmt' || format.layout === 'ltsv')
      this.#writeNames(format.fields.map((field) => [[field.key], field]));
    else if (!columns) throw new Uncompilable();
    else {
      if (format.layout === 'w3c') this.#head.setUint32(52, flagsOf(columns), true);
      const fields = new Map(format.fields.map((field) => [field.column, field]));
      // The instruction of a column is that of one field, but the customer id can have several places in a column.
      if (fields.size < format.fields.length) throw new Uncompilable();
      this.#writeColumns(fields, columns);
    }
  }

  /** Reserves the place right behind the head for the instructions. Call it before keeping what they point to. */
  #begin(instructionBytes: number): void {
    this.#instructionBytes = instructionBytes;
    const [place] = pathPlacesOf(this.#format);
    if (place) this.#head.setUint32(24, this.#writeTemplate(place.template), true);
    if (this.#rules || this.#endpoints) this.#head.setUint32(RULES_AT, this.#writeRules(), true);
  }

  /** Keeps bytes behind the instructions. @returns their address. */
  #keep(bytes: Uint8Array): number {
    const address = this.#address + HEAD_BYTES + this.#instructionBytes + this.#restBytes;
    const padded = new Uint8Array((bytes.length + 7) & ~7);
    padded.set(bytes);
    this.#rest.push(padded);
    this.#restBytes += padded.length;
    return address;
  }

  #writeRules(): number {
    const { exclude = [], include = [] } = this.#rules ?? {};
    const keep = (bytes: Uint8Array) => this.#keep(bytes);
    const endpoints = this.#endpoints ? compileEndpoints(this.#endpoints, keep) : 0;
    const { layout, escapes } = this.#format;
    // Every line of a pattern has all fields.
    const slots = layout === 'pattern' ? [] : elementsOf(this.#format).map(({ slot = -1 }) => slot);
    // In JSON and logfmt, no needed field with a backslash is plain anyway.
    const escapeByte = layout === 'pattern' || layout === 'delimited' ? ESCAPE_BYTES[escapes] : 0;
    const judged = { rules: { exclude, include }, endpoints, slots: Math.max(-1, ...slots) + 1, escapeByte };
    return compileRules(judged, keep);
  }

  #writeTemplate(template: string): number {
    if (!/^[!-~]+$/.test(template) || /[?#%\\]/.test(template)) throw new Uncompilable();
    const segments = template.slice(1).replace(/\/$/, '').split('/');
    const view = new DataView(new ArrayBuffer(4 + 12 * segments.length));
    view.setUint32(0, segments.length, true);
    for (const [i, segment] of segments.entries()) {
      const kind = segment === '*' ? 1 : segment === '{customer_id}' ? 2 : 0;
      const bytes = Buffer.from(segment);
      view.setUint32(4 + 12 * i, kind, true);
      view.setUint32(8 + 12 * i, bytes.length, true);
      view.setUint32(12 + 12 * i, this.#keep(bytes), true);
    }
    return this.#keep(new Uint8Array(view.buffer));
  }

  /** The word of an instruction. @param terminator the byte that ends the field. */
  #wordOf({ field, isOptional }: FieldElement, terminator: number, isQuoted: boolean): number {
    // ESCAPED means that an id with a backslash is not plain, and that a backslash in a path hides a quote.
    const isPath = field.role === 'request_path' || field.role === 'request';
    const isEscaped = isPath ? isQuoted : areQuotesHidden(this.#format.escapes);
    // In an id, the kernel knows only the escapes with a backslash. In a path it leaves every `#` to the reference parser.
    if (field.role === 'customer_id' && this.#format.escapes === 'hash') throw new Uncompilable();
    const isList = field.role === 'duration' && field.isList === true;
    // A missing value has no unit behind it, but the kernel would expect one.
    const mayBeMissing = isOptional && !(field.role === 'duration' && field.unitSuffix);
    const flags = (mayBeMissing ? OPTIONAL : 0) | (isEscaped ? ESCAPED : 0) | (isList ? LIST : 0);
    return (
      (this.#opcodeOf(field, isQuoted) | (terminator << 8) | flags | (this.#highByteOf(field) << 24)) >>> 0
    );
  }

  #highByteOf(field: Field): number {
    return exponentOf(field) | placeByteOf(field, this.#format);
  }

  #opcodeOf(field: Field, isQuoted: boolean): number {
    const skip = isQuoted ? OPCODES.quoted : OPCODES.skip;
    switch (field.role) {
      case 'timestamp':
        return field.part ? OPCODES.half : (TIMESTAMP_OPCODES[field.kind] ?? uncompilable());
      case 'begin':
      case 'end':
        return uncompilable();
      case 'customer_id':
        return OPCODES.customer;
      case 'request_path':
        return this.#isCaptured ? OPCODES.capture : OPCODES.path;
      case 'request':
        return this.#isCaptured ? OPCODES.captureRequest : skip;
      case 'status':
        return OPCODES.status;
      case 'duration':
        return OPCODES.duration | (this.#isSum() ? SUM : 0);
      default:
        return skip;
    }
  }

  get #isCaptured(): boolean {
    return pathPlacesOf(this.#format).length > 0;
  }

  #isSum(): boolean {
    return elementsOf(this.#format).filter(({ field }) => field.role === 'duration').length > 1;
  }

  #writePattern(format: PatternFormat): void {
    const { elements, isOpenEnded } = format;
    if (elements.some((each) => typeof each !== 'string' && isHalf(each))) throw new Uncompilable();
    const instructions: Uint8Array[] = [];
    const kinds = elements.flatMap((each, i) => (typeof each === 'string' ? [] : [textKindAt(format, i)]));
    for (const [i, element] of withSuffixes(elements).entries()) {
      const [before, next] = [withSuffixes(elements)[i - 1], withSuffixes(elements)[i + 1]];
      if (typeof element === 'string') {
        // The field before a single byte skips it.
        if (i === 0 || Buffer.byteLength(element) > 1) instructions.push(...literalInstructions(element));
        continue;
      }
      const follower = typeof next === 'string' ? Buffer.from(next) : Buffer.of(NEWLINE);
      const isQuoted =
        areQuotesHidden(this.#format.escapes) &&
        isEndingWithQuote(before) &&
        follower[0] === QUOTE.charCodeAt(0);
      const terminator = follower[0] ?? NEWLINE;
      const consume = typeof next === 'string' && follower.length === 1 ? CONSUME : 0;
      const word =
        (this.#wordOf(element, terminator, isQuoted) | consume | kindFlag(kinds.shift(), terminator)) >>> 0;
      const mayHaveEscapes = !isQuoted && this.#format.escapes !== 'none';
      instructions.push(...withMarks(word, element.slot, mayHaveEscapes));
    }
    // A field that does not end by itself reaches to the end of the line.
    const mayGoOn = isOpenEnded && isEndingItself(elements.at(-1));
    instructions.push(instructionOf(mayGoOn ? OPTIONAL : 0));
    this.#instructions = Buffer.concat(instructions);
    this.#begin(this.#instructions.length);
  }

  #writeColumns(fields: ReadonlyMap<string, FieldElement>, { names, delimiter }: HeaderColumns): void {
    const words = names.map((name) => {
      const element = fields.get(name);
      return element === undefined ? 0 : this.#namedWordOf(element);
    });
    if (new Set(names).size < names.length) throw new Uncompilable();
    const instructions = new Uint8Array(
      Uint32Array.from(words.length % 2 === 0 ? words : [...words, 0]).buffer,
    );
    this.#head.setUint32(4, delimiter.charCodeAt(0), true);
    this.#head.setUint32(28, words.length, true);
    this.#instructions = instructions;
    this.#begin(instructions.length);
  }

  #namedWordOf(element: FieldElement): number {
    const { field } = element;
    if (field.role === 'duration' && (field.unitSuffix ?? '') !== '') throw new Uncompilable();
    // Named values end by themselves, so the place of the terminator is free.
    return this.#wordOf(element, element.slot === undefined ? 0 : element.slot + 1, false);
  }

  #writeNames(fields: readonly (readonly [path: readonly string[], element: FieldElement])[]): void {
    const root = new NameTree();
    for (const [path, element] of fields) root.add(path, element);
    // The root takes the place of the instructions. So its size must be known before anything is kept behind it.
    const size = root.bytes;
    this.#begin(size);
    this.#instructions = this.#writeNode(root);
  }

  #writeNode(node: NameTree): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(node.bytes);
    const view = new DataView(bytes.buffer);
    view.setUint32(8, node.names.size, true);
    let lengths = 0n;
    for (const [i, [name, child]] of [...node.names].entries()) {
      const text = Buffer.from(name);
      if (text.length === 0 || text.length > MAX_NAME_BYTES || this.#bits >= MAX_NAMES)
        throw new Uncompilable();
      lengths |= 1n << BigInt(text.length);
      this.#writeEntry(view, NODE_HEAD_BYTES + i * ENTRY_BYTES, text, child);
    }
    view.setBigUint64(0, lengths, true);
    return bytes;
  }

  #writeEntry(view: DataView, at: number, name: Uint8Array, child: NameTree | FieldElement): void {
    const bit = 1n << BigInt(this.#bits++);
    const first = new Uint8Array(8);
    first.set(name.subarray(0, 8));
    view.setBigUint64(at, new DataView(first.buffer).getBigUint64(0, true), true);
    view.setUint32(at + 8, name.length, true);
    view.setUint32(at + 12, this.#keep(name), true);
    view.setBigUint64(at + 24, bit, true);
    if (child instanceof NameTree) {
      view.setUint32(at + 16, this.#keep(this.#writeNode(child)), true);
      return;
    }
    view.setUint32(at + 16, child.slot === undefined ? 0 : NOTED_NODE, true);
    view.setUint32(at + 20, this.#namedWordOf(child), true);
    const { role } = child.field;
    if (role === 'duration') this.#durations |= bit;
    const isPath = role === 'request_path' || role === 'request';
    const isJudgedElsewhere = role === 'customer_id' || role === 'skip' || (isPath && this.#isCaptured);
    const isRequired = role === 'timestamp' || role === 'status' || (!child.isOptional && !isJudgedElsewhere);
    if (isRequired) this.#required |= bit;
  }
}

/** The kernel cannot tell where a request without quotes ends. */
const KIND_FLAGS: Readonly<Record<TextKind, number | undefined>> = {
  host: HOST,
  word: WORD,
  user: USER,
  list: LIST,
  request: undefined,
};

function kindFlag(kind: TextKind | undefined, terminator: number): number {
  // A word that ends at a space holds none.
  if (kind === undefined || (kind === 'word' && terminator === SPACE)) return 0;
  return KIND_FLAGS[kind] ?? uncompilable();
}

function uncompilable(): never {
  throw new Uncompilable();
}

function exponentOf(field: Field): number {
  if (field.role === 'duration') return EXPONENTS[field.unit] ?? uncompilable();
  if (field.role === 'timestamp' && field.part) return halfOf(field.kind, field.part);
  if (field.role !== 'timestamp' || !field.kind.startsWith('epoch_')) return 0;
  return EXPONENTS[field.kind.slice('epoch_'.length)] ?? 0;
}

function isHalf({ field }: FieldElement): boolean {
  return field.role === 'timestamp' && field.part !== undefined;
}

/** What the kernel joins: the kind of the whole, and whether this is its time. */
function halfOf(kind: TimestampKind, part: TimestampPart): number {
  if (kind !== 'datetime' && kind !== 'iso8601' && kind !== 'clf') throw new Uncompilable();
  return (OPCODES[kind] << 1) | (part === 'time' ? 1 : 0);
}

function flagsOf({ isOpenEnded }: HeaderColumns): number {
  return HAS_COMMENTS | (isOpenEnded ? OPEN_ENDED : 0);
}
