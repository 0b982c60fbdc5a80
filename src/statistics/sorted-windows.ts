/**
 * The windows of an accumulator in the order of their keys, in lists of numbers. `keyed-windows.ts` gives the same order an object
 * a window, which is enough where windows have many records. Where each has one or two, most of the time would go to the objects.
 */

import { bug } from '../errors.ts';
import { dateOfDay } from '../window/day.ts';
import { hourOf } from '../window/hour.ts';
import type { KeptWindows } from '../window/kind.ts';
import type { ZoneTable } from '../window/types.ts';
import type { SubjectNames } from './keyed-windows.ts';
import type { WindowAccumulator } from './window-accumulator.ts';

/** Spans of some windows, in the order of their texts. */
interface SortedSpans {
  readonly texts: readonly Buffer[];
  /** The days of the spans: those of days are their texts. */
  readonly dates: readonly string[];
}

/** Some windows, by customer and span, and endpoints also by text. */
export interface SortedGroup {
  readonly windows: Int32Array;
  /** Of each window in that order. */
  readonly customers: Int32Array;
  readonly spans: Int32Array;
  /** Empty where windows are not of endpoints. */
  readonly endpoints: Int32Array;
}

/** Texts of bytes, one behind the other. */
export interface ByteTexts {
  readonly bytes: Uint8Array;
  /** Where each begins; and the end of the last one. */
  readonly starts: Int32Array;
}

export interface SortedWindows {
  /** The ids of customers, in their order. */
  readonly ids: ByteTexts;
  readonly spans: SortedSpans;
  readonly ofCustomers: SortedGroup;
  /** The days and texts of endpoints. */
  readonly endpointDays: SortedSpans;
  readonly endpointTexts: readonly Buffer[];
  readonly ofEndpoints: SortedGroup;
}

const NONE = -1;

/** @returns undefined where clocks were put back over midnight, so that hours do not come in the order of their days. */
export function sortWindows(
  accumulator: WindowAccumulator,
  names: SubjectNames,
  kept: KeptWindows,
  zone: ZoneTable,
): SortedWindows | undefined {
  const { ofCustomers, ofEndpoints } = split(accumulator);
  const found = endpointsOf(accumulator, names, ofEndpoints);
  const customers = ranks(accumulator, names, ofCustomers, found.customers);
  const hour = (number: number) => hourSpan(zone, number);
  const spans = spansOf(accumulator, ofCustomers, kept.hasHours ? hour : daySpan);
  if (!isAscending(spans.sorted.dates)) return undefined;
  const days = spansOf(accumulator, ofEndpoints, daySpan);
  const texts = found.texts;
  const inOrder = countingSort(
    countingSort(
      countingSort(range(ofEndpoints.length), texts.ofWindows, texts.sorted.length),
      days.ofWindows,
      days.sorted.texts.length,
    ),
    found.customers.map((subject) => customers.rankOf[subject]),
    customers.length,
  );
  const ofSubjects = ofCustomers.map((window) => customers.rankOf[accumulator.subject(window)]);
  const customerOrder = countingSort(
    countingSort(range(ofCustomers.length), spans.ofWindows, spans.sorted.texts.length),
    ofSubjects,
    customers.length,
  );
  return {
    ids: customers.ids,
    spans: spans.sorted,
    ofCustomers: {
      windows: picked(ofCustomers, customerOrder),
      customers: picked(ofSubjects, customerOrder),
      spans: picked(spans.ofWindows, customerOrder),
      endpoints: new Int32Array(),
    },
    endpointDays: days.sorted,
    endpointTexts: texts.sorted,
    ofEndpoints: {
      windows: picked(ofEndpoints, inOrder),
      customers: picked(found.customers, inOrder).map((subject) => customers.rankOf[subject]),
      spans: picked(days.ofWindows, inOrder),
      endpoints: picked(texts.ofWindows, inOrder),
    },
  };
}

function split(accumulator: WindowAccumulator): { ofCustomers: Int32Array; ofEndpoints: Int32Array } {
  const { windows } = accumulator;
  const [ofCustomers, ofEndpoints] = [new Int32Array(windows), new Int32Array(windows)];
  let customers = 0;
  let endpoints = 0;
  for (let window = 0; window < windows; window++) {
    if (accumulator.isOfEndpoint(window)) ofEndpoints[endpoints++] = window;
    else ofCustomers[customers++] = window;
  }
  return { ofCustomers: ofCustomers.subarray(0, customers), ofEndpoints: ofEndpoints.subarray(0, endpoints) };
}

/** The customers of the endpoints' windows, and their texts. A subject has many windows, so each is looked up once. */
function endpointsOf(accumulator: WindowAccumulator, names: SubjectNames, windows: Int32Array) {
  const customers = new Int32Array(windows.length);
  const numbers = new Int32Array(windows.length);
  const known = new Map<string, number>();
  const numberOf = new Int32Array(accumulator.mostSubjects).fill(NONE);
  const customerOf = new Int32Array(accumulator.mostSubjects);
  const note = (subject: number): void => {
    const endpoint = names.endpoint?.(subject);
    if (!endpoint) throw bug('a window of an endpoint has a subject that is none');
    const { customer, text } = endpoint;
    if (!known.has(text)) known.set(text, known.size);
    numberOf[subject] = known.get(text) ?? 0;
    customerOf[subject] = customer;
  };
  for (let i = 0; i < windows.length; i++) {
    const subject = accumulator.subject(windows[i]);
    if (numberOf[subject] === NONE) note(subject);
    customers[i] = customerOf[subject];
    numbers[i] = numberOf[subject];
  }
  // They are ASCII.
  const sorted = [...known.keys()].sort();
  const rankOf = new Int32Array(known.size);
  for (const [rank, text] of sorted.entries()) rankOf[known.get(text) ?? 0] = rank;
  const ofWindows = numbers.map((number) => rankOf[number]);
  return { customers, texts: { sorted: sorted.map((text) => Buffer.from(text)), ofWindows } };
}

interface NumberedSpan {
  readonly text: string;
  readonly date: string;
}

function daySpan(day: number): NumberedSpan {
  const date = dateOfDay(day);
  return { text: date, date };
}

function hourSpan(zone: ZoneTable, number: number): NumberedSpan {
  const { day, text } = hourOf(zone, number);
  return { text, date: dateOfDay(day) };
}

/** The spans of some windows in the order of their texts, and the place of each window's. */
function spansOf(
  accumulator: WindowAccumulator,
  windows: Int32Array,
  spanOf: (number: number) => NumberedSpan,
) {
  const known = new Map<number, number>();
  const numbers = new Int32Array(windows.length);
  const found: NumberedSpan[] = [];
  for (let i = 0; i < windows.length; i++) {
    const number = accumulator.span(windows[i]);
    let place = known.get(number);
    if (place === undefined) {
      place = found.length;
      known.set(number, place);
      found.push(spanOf(number));
    }
    numbers[i] = place;
  }
  const order = [...found.keys()].sort((a, b) => compareTexts(found[a], found[b]));
  const rankOf = new Int32Array(found.length);
  for (const [rank, place] of order.entries()) rankOf[place] = rank;
  const texts = order.map((place) => Buffer.from(found[place].text));
  const dates = order.map((place) => found[place].date);
  return { sorted: { texts, dates }, ofWindows: numbers.map((place) => rankOf[place]) };
}

/** Of ASCII. */
function compareTexts(a: NumberedSpan, b: NumberedSpan): number {
  return a.text === b.text ? 0 : a.text < b.text ? -1 : 1;
}

function isAscending(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || texts[i - 1] <= text);
}

/** The ids of all customers that have windows, and the place of each in their order. */
function ranks(
  accumulator: WindowAccumulator,
  names: SubjectNames,
  ofCustomers: Int32Array,
  ofEndpoints: Int32Array,
) {
  const rankOf = new Int32Array(accumulator.mostSubjects).fill(NONE);
  const subjects = new Int32Array(ofCustomers.length + ofEndpoints.length);
  let length = 0;
  const note = (subject: number): void => {
    if (rankOf[subject] !== NONE) return;
    rankOf[subject] = 0;
    subjects[length++] = subject;
  };
  for (let i = 0; i < ofCustomers.length; i++) note(accumulator.subject(ofCustomers[i]));
  for (let i = 0; i < ofEndpoints.length; i++) note(ofEndpoints[i]);
  const unsorted = textsOf(subjects.subarray(0, length), names);
  const order = sortTexts(unsorted);
  for (let rank = 0; rank < length; rank++) rankOf[subjects[order[rank]]] = rank;
  return { rankOf, length, ids: inOrder(unsorted, order) };
}

function textsOf(subjects: Int32Array, names: SubjectNames): ByteTexts {
  const write = (subject: number, target: Uint8Array, at: number): number =>
    names.writeCustomerId?.(subject, target, at) ?? writeText(names.customerId(subject), target, at);
  const starts = new Int32Array(subjects.length + 1);
  let bytes = new Uint8Array(32 * subjects.length + 1024);
  let end = 0;
  for (let i = 0; i < subjects.length; i++) {
    if (bytes.length - end < 1024) {
      const larger = new Uint8Array(2 * bytes.length);
      larger.set(bytes);
      bytes = larger;
    }
    end += write(subjects[i], bytes, end);
    starts[i + 1] = end;
  }
  return { bytes, starts };
}

function writeText(text: string, target: Uint8Array, at: number): number {
  const bytes = Buffer.from(text);
  target.set(bytes, at);
  return bytes.length;
}

function inOrder({ bytes, starts }: ByteTexts, order: Int32Array): ByteTexts {
  const sorted = { bytes: new Uint8Array(starts[order.length]), starts: new Int32Array(order.length + 1) };
  let end = 0;
  for (let rank = 0; rank < order.length; rank++) {
    for (let at = starts[order[rank]]; at < starts[order[rank] + 1]; at++) sorted.bytes[end++] = bytes[at];
    sorted.starts[rank + 1] = end;
  }
  return sorted;
}

/** Integers up to this many bits are exact in a double. */
const WORD_BITS = 53;

/**
 * Sorts texts by their bytes. The first letters behind what all have in common and the number of the text make a word, and the engine
 * sorts words. A letter takes as few bits as tell the bytes of all texts apart: most ids are of digits. Texts that are equal so far are
 * sorted by themselves.
 */
export function sortTexts({ bytes, starts }: ByteTexts): Int32Array {
  const length = starts.length - 1;
  const common = commonBytes({ bytes, starts });
  const { ranks, end } = ranksOf({ bytes, starts }, common);
  const numberBits = bitsOf(length);
  // A division by a power of two is exact.
  const numbers = 2 ** numberBits;
  const letters = Math.floor((WORD_BITS - numberBits) / bitsOf(end));
  const words = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const from = starts[i] + common;
    const to = Math.min(starts[i + 1], from + letters);
    let word = 0;
    for (let at = from; at < to; at++) word = word * end + ranks[bytes[at]];
    for (let left = letters - (to - from); left > 0; left--) word *= end;
    words[i] = word * numbers + i;
  }
  words.sort();
  const order = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    const word = Math.floor(words[i] / numbers);
    order[i] = words[i] - word * numbers;
    words[i] = word;
  }
  for (let from = 0, to = 1; from < length; from = to++) {
    while (to < length && words[to] === words[from]) to++;
    if (to - from > 1) order.subarray(from, to).sort((a, b) => compareBytes({ bytes, starts }, a, b));
  }
  return order;
}

/** How many bits numbers below an end take. */
function bitsOf(end: number): number {
  return Math.max(1, Math.ceil(Math.log2(end)));
}

/** The place of each byte among those that occur behind the common ones, from 1 on; 0 is the end of a text. */
function ranksOf({ bytes, starts }: ByteTexts, common: number): { ranks: Uint16Array; end: number } {
  const occurs = new Uint8Array(256);
  for (let i = 0; i < starts.length - 1; i++)
    for (let at = starts[i] + common; at < starts[i + 1]; at++) occurs[bytes[at]] = 1;
  const ranks = new Uint16Array(256);
  let end = 1;
  for (let byte = 0; byte < 256; byte++) if (occurs[byte] === 1) ranks[byte] = end++;
  return { ranks, end };
}

/** How many bytes all texts begin with. */
function commonBytes({ bytes, starts }: ByteTexts): number {
  let common = starts.length > 1 ? starts[1] : 0;
  for (let i = 1; i < starts.length - 1 && common > 0; i++) {
    const most = Math.min(common, starts[i + 1] - starts[i]);
    let same = 0;
    while (same < most && bytes[same] === bytes[starts[i] + same]) same++;
    common = same;
  }
  return common;
}

function compareBytes({ bytes, starts }: ByteTexts, a: number, b: number): number {
  const [from, to, other, otherTo] = [starts[a], starts[a + 1], starts[b], starts[b + 1]];
  const both = Math.min(to - from, otherTo - other);
  for (let i = 0; i < both; i++) {
    const order = bytes[from + i] - bytes[other + i];
    if (order !== 0) return order;
  }
  return to - from - (otherTo - other);
}

function range(length: number): Int32Array {
  const numbers = new Int32Array(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  return numbers;
}

/** Sorts an order of things by their ranks, which are below `end`. Equal ones stay as they are. */
function countingSort(order: Int32Array, ranks: Int32Array, end: number): Int32Array {
  const places = new Int32Array(end + 1);
  for (let i = 0; i < order.length; i++) places[ranks[order[i]] + 1]++;
  for (let rank = 0; rank < end; rank++) places[rank + 1] += places[rank];
  const sorted = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[places[ranks[order[i]]]++] = order[i];
  return sorted;
}

function picked(values: Int32Array, order: Int32Array): Int32Array {
  const found = new Int32Array(order.length);
  for (let i = 0; i < order.length; i++) found[i] = values[order[i]];
  return found;
}
