/**
 * Windows as bytes, sorted by their keys: the form in which runs of them are spilled.
 *
 * An entry is three varints (the bytes of its key, its late events, the bytes of its state), the key, and the state as
 * `daily-statistics.ts` encodes it. The key is the place of its kind in WINDOW_KINDS, as a digit, and its values with a NUL
 * between two. Kinds stand there in their order, and no value has a NUL. So the bytes of keys are in the order of keys.
 */

import { bug } from '../errors.ts';
import { MAX_WINDOW_KEY_BYTES } from '../limits.ts';
import {
  ALL_DAYS,
  ALL_ENDPOINTS,
  ALL_HOURS,
  CUSTOMER_DAYS,
  CUSTOMER_ENDPOINTS,
  CUSTOMER_HOURS,
  type KeptWindows,
  WINDOW_KINDS,
  type WindowKind,
} from '../window/kind.ts';
import type { ZoneTable } from '../window/types.ts';
import { encodeStatistics, isPresentForm } from './daily-statistics.ts';
import { keyedWindows, type SubjectNames } from './keyed-windows.ts';
import { Scratch } from './scratch.ts';
import { type SortedWindows, sortedBySpan, sortWindows } from './sorted-windows.ts';
import { VarintWriter } from './varints.ts';
import type { WindowAccumulator, WindowNumbers } from './window-accumulator.ts';

const DIGITS = new Map(WINDOW_KINDS.map((kind, place) => [kind, 0x30 + place]));
const NUL = 0;

/** @returns the entries, in pieces. Each is valid until the next one. No entry is in two of them. */
export function* encodeWindows(
  accumulator: WindowAccumulator,
  names: SubjectNames,
  kept: KeptWindows,
  zone: ZoneTable,
): Generator<Uint8Array> {
  const scratch = new Scratch();
  try {
    const sorted = sortWindows(accumulator, names, kept, zone, scratch);
    yield* sorted
      ? encodeSorted(accumulator, sorted, kept, scratch)
      : encodeKeyed(accumulator, keyedWindows(accumulator, names, kept, zone));
  } finally {
    scratch.free();
  }
}

function* encodeKeyed(
  accumulator: WindowAccumulator,
  keyed: ReturnType<typeof keyedWindows>,
): Generator<Uint8Array> {
  const writer = new EntryWriter(accumulator);
  for (const { key, windows } of keyed) {
    writer.begin(key.kind);
    for (const [i, value] of key.values.entries()) writer.value(Buffer.from(value), i > 0);
    writer.end(windows);
    if (writer.isFull) yield writer.take();
  }
  yield writer.take();
}

function* encodeSorted(
  accumulator: WindowAccumulator,
  sorted: SortedWindows,
  kept: KeptWindows,
  scratch: Scratch,
): Generator<Uint8Array> {
  const writer = new EntryWriter(accumulator);
  if (kept.hasAll) {
    const shard = Buffer.from(kept.shard);
    const bySpan = sortedBySpan(sorted.ofCustomers, sorted.spans, 0, scratch);
    const dayOf = (i: number) => sorted.spans.days[bySpan.spans[i]];
    for (const [from, to] of runsOfEqual(bySpan.windows.length, dayOf)) {
      writer.begin(ALL_DAYS);
      writer.value(shard, false);
      writer.value(sorted.spans.dayTexts[dayOf(from)], true);
      writer.end(bySpan.windows.subarray(from, to));
      if (writer.isFull) yield writer.take();
    }
    const texts = sorted.endpointTexts.length;
    const byEndpoint = sortedBySpan(sorted.ofEndpoints, sorted.endpointDays, texts, scratch);
    const endpointOf = (i: number) => byEndpoint.spans[i] * texts + byEndpoint.endpoints[i];
    for (const [from, to] of runsOfEqual(byEndpoint.windows.length, endpointOf)) {
      writer.begin(ALL_ENDPOINTS);
      writer.value(sorted.endpointDays.texts[byEndpoint.spans[from]], false);
      writer.value(sorted.endpointTexts[byEndpoint.endpoints[from]], true);
      writer.value(shard, true);
      writer.end(byEndpoint.windows.subarray(from, to));
      if (writer.isFull) yield writer.take();
    }
    const ofHours = kept.hasHours ? bySpan.windows.length : 0;
    for (const [from, to] of runsOfEqual(ofHours, (i) => bySpan.spans[i])) {
      writer.begin(ALL_HOURS);
      writer.value(shard, false);
      writer.value(sorted.spans.texts[bySpan.spans[from]], true);
      writer.end(bySpan.windows.subarray(from, to));
      if (writer.isFull) yield writer.take();
    }
  }
  yield* customerDays(writer, sorted);
  const { windows, customers, spans, endpoints } = sorted.ofEndpoints;
  for (let i = 0; i < windows.length; i++) {
    writer.begin(CUSTOMER_ENDPOINTS);
    writer.id(sorted, customers[i]);
    writer.value(sorted.endpointDays.texts[spans[i]], true);
    writer.value(sorted.endpointTexts[endpoints[i]], true);
    writer.endOne(windows[i]);
    if (writer.isFull) yield writer.take();
  }
  const hours = kept.hasHours ? sorted.ofCustomers : undefined;
  for (let i = 0; hours && i < hours.windows.length; i++) {
    writer.begin(CUSTOMER_HOURS);
    writer.id(sorted, hours.customers[i]);
    writer.value(sorted.spans.texts[hours.spans[i]], true);
    writer.endOne(hours.windows[i]);
    if (writer.isFull) yield writer.take();
  }
  yield writer.take();
}

/** The spans of a day follow each other. */
function* customerDays(writer: EntryWriter, sorted: SortedWindows): Generator<Uint8Array> {
  const { windows, customers, spans } = sorted.ofCustomers;
  const { days, dayTexts } = sorted.spans;
  for (let from = 0, to = 1; from < windows.length; from = to++) {
    const [customer, day] = [customers[from], days[spans[from]]];
    while (to < windows.length && customers[to] === customer && days[spans[to]] === day) to++;
    writer.begin(CUSTOMER_DAYS);
    writer.id(sorted, customer);
    writer.value(dayTexts[day], true);
    if (to - from === 1) writer.endOne(windows[from]);
    else writer.end(windows.subarray(from, to));
    if (writer.isFull) yield writer.take();
  }
}

/** Where neighbours with the same number begin and end. */
function* runsOfEqual(length: number, numberOf: (i: number) => number): Generator<[number, number]> {
  for (let from = 0, to = 1; from < length; from = to++) {
    const number = numberOf(from);
    while (to < length && numberOf(to) === number) to++;
    yield [from, to];
  }
}

/** Encodes what a store has, in the order of keys. */
export class StoredRowEncoder {
  readonly #writer = new VarintWriter();
  readonly #key = Buffer.alloc(MAX_WINDOW_KEY_BYTES);

  /** Adds a row. @returns false where its state has the form of an earlier version. Then nothing may be taken. */
  add(kind: WindowKind, values: readonly string[], stateHex: string): boolean {
    const key = this.#key;
    key[0] = digitOf(kind);
    let end = 1;
    for (const [i, value] of values.entries()) {
      if (i > 0) key[end++] = NUL;
      end += key.write(value, end);
    }
    const state = Buffer.from(stateHex, 'hex');
    writeEntry(this.#writer, key.subarray(0, end), 0, state);
    return isPresentForm(state);
  }

  get isFull(): boolean {
    return this.#writer.length >= STORED_BYTES;
  }

  take(): Uint8Array {
    return this.#writer.take();
  }
}

/** So many are encoded before they are taken. */
const STORED_BYTES = 256 * 1024;

function writeEntry(writer: VarintWriter, key: Uint8Array, lateEvents: number, state: Uint8Array): void {
  writer.varint(key.length);
  writer.varint(lateEvents);
  writer.varint(state.length);
  writer.bytes(key);
  writer.bytes(state);
}

function digitOf(kind: WindowKind): number {
  const digit = DIGITS.get(kind);
  if (digit === undefined) throw bug(`windows of the kind ${kind.name} are not encoded`);
  return digit;
}

/** Writes entries one by one: begin, the values of the key, end. The kernel does the work, except for rare windows. */
class EntryWriter {
  readonly #accumulator: WindowAccumulator;
  readonly #key: Uint8Array;
  #keyLength = 0;
  /** The entries before one that the kernel did not write, and that one. */
  #piece: Uint8Array | undefined;

  constructor(accumulator: WindowAccumulator) {
    this.#accumulator = accumulator;
    this.#key = accumulator.entryKey;
    // Nothing of another run may stand before this one.
    accumulator.takeEntries();
  }

  begin(kind: WindowKind): void {
    this.#key[0] = digitOf(kind);
    this.#keyLength = 1;
  }

  /** @param isNext false for the first value of a key. */
  value(bytes: Uint8Array, isNext: boolean): void {
    if (isNext) this.#key[this.#keyLength++] = NUL;
    this.#copy(bytes, 0, bytes.length);
  }

  /** The id of a customer, as the first value. */
  id({ ids: { bytes, starts } }: SortedWindows, customer: number): void {
    this.#copy(bytes, starts[customer], starts[customer + 1]);
  }

  #copy(bytes: Uint8Array, from: number, to: number): void {
    if (this.#keyLength + to - from >= MAX_WINDOW_KEY_BYTES) throw bug('a key is too long');
    const key = this.#key;
    let at = this.#keyLength;
    for (let i = from; i < to; i++) key[at++] = bytes[i];
    this.#keyLength = at;
  }

  end(windows: WindowNumbers): void {
    if (!this.#accumulator.writeEntry(windows, this.#keyLength)) this.#write(windows);
  }

  /** The same for one window. */
  endOne(window: number): void {
    if (!this.#accumulator.writeEntryOf(window, this.#keyLength)) this.#write([window]);
  }

  /** Writes an entry that the kernel does not write. The piece ends with it. */
  #write(windows: WindowNumbers): void {
    const accumulator = this.#accumulator;
    const state = encodeStatistics(accumulator.statistics(windows));
    const entry = new VarintWriter();
    const key = this.#key.subarray(0, this.#keyLength);
    writeEntry(entry, key, accumulator.lateEvents(windows) ?? 0, state);
    this.#piece = Buffer.concat([accumulator.takeEntries(), entry.take()]);
  }

  get isFull(): boolean {
    return this.#piece !== undefined || this.#accumulator.isEntriesFull;
  }

  /** What was written, which is forgotten. It is valid until the next entry is written. */
  take(): Uint8Array {
    const piece = this.#piece ?? this.#accumulator.takeEntries();
    this.#piece = undefined;
    return piece;
  }
}

/** The kind that the first byte of a key names. */
export function kindOfDigit(byte: number): WindowKind {
  const kind = WINDOW_KINDS[byte - 0x30];
  if (!kind) throw bug(`no kind of windows has the digit ${byte}`);
  return kind;
}
