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
import type { Scratch } from './scratch.ts';
import type { WindowAccumulator } from './window-accumulator.ts';

/** Spans of some windows, in the order of their texts. */
interface SortedSpans {
  readonly texts: readonly Buffer[];
  /** Their days, as places in the texts of days. Those of days are the same. */
  readonly days: Int32Array;
  readonly dayTexts: readonly Buffer[];
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

/**
 * @param scratch holds the lists.
 * @returns undefined where clocks were put back over midnight, so that hours do not come in the order of their days.
 */
export function sortWindows(
  accumulator: WindowAccumulator,
  names: SubjectNames,
  kept: KeptWindows,
  zone: ZoneTable,
  scratch: Scratch,
): SortedWindows | undefined {
  const { ofCustomers, ofEndpoints } = split(accumulator, scratch);
  const found = endpointsOf(accumulator, names, ofEndpoints, scratch);
  const customers = ranks(accumulator, names, ofCustomers, found.customers, scratch);
  const hour = (number: number) => hourSpan(zone, number);
  const spans = spansOf(accumulator, ofCustomers, kept.hasHours ? hour : daySpan, scratch);
  if (!isAscending(spans.sorted.days)) return undefined;
  const days = spansOf(accumulator, ofEndpoints, daySpan, scratch);
  const texts = found.texts;
  const endpointSubjects = scratch.integers(ofEndpoints.length);
  for (let i = 0; i < ofEndpoints.length; i++) endpointSubjects[i] = customers.rankOf[found.customers[i]];
  const ofSubjects = scratch.integers(ofCustomers.length);
  for (let i = 0; i < ofCustomers.length; i++)
    ofSubjects[i] = customers.rankOf[accumulator.subject(ofCustomers[i])];
  const sort = (order: Int32Array, by: Int32Array, end: number) => countingSort(order, by, end, scratch);
  const byText = sort(range(ofEndpoints.length, scratch), texts.ofWindows, texts.sorted.length);
  const byDay = sort(byText, days.ofWindows, days.sorted.texts.length);
  const bySpan = sort(range(ofCustomers.length, scratch), spans.ofWindows, spans.sorted.texts.length);
  return {
    ids: customers.ids,
    spans: spans.sorted,
    ofCustomers: inOrderOf(
      { windows: ofCustomers, customers: ofSubjects, spans: spans.ofWindows, endpoints: new Int32Array() },
      sort(bySpan, ofSubjects, customers.length),
      scratch,
    ),
    endpointDays: days.sorted,
    endpointTexts: texts.sorted,
    ofEndpoints: inOrderOf(
      {
        windows: ofEndpoints,
        customers: endpointSubjects,
        spans: days.ofWindows,
        endpoints: texts.ofWindows,
      },
      sort(byDay, endpointSubjects, customers.length),
      scratch,
    ),
  };
}

function split(
  accumulator: WindowAccumulator,
  scratch: Scratch,
): { ofCustomers: Int32Array; ofEndpoints: Int32Array } {
  const { windows } = accumulator;
  const [ofCustomers, ofEndpoints] = [scratch.integers(windows), scratch.integers(windows)];
  let customers = 0;
  let endpoints = 0;
  for (let window = 0; window < windows; window++) {
    if (accumulator.isOfEndpoint(window)) ofEndpoints[endpoints++] = window;
    else ofCustomers[customers++] = window;
  }
  return { ofCustomers: ofCustomers.subarray(0, customers), ofEndpoints: ofEndpoints.subarray(0, endpoints) };
}

/** The customers of the endpoints' windows, and their texts. A subject has many windows, so each is looked up once. */
function endpointsOf(
  accumulator: WindowAccumulator,
  names: SubjectNames,
  windows: Int32Array,
  scratch: Scratch,
) {
  const customers = scratch.integers(windows.length);
  const ofWindows = scratch.integers(windows.length);
  const known = new Map<string, number>();
  const numberOf = scratch.integers(accumulator.mostSubjects).fill(NONE);
  const customerOf = scratch.integers(accumulator.mostSubjects);
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
    ofWindows[i] = numberOf[subject];
  }
  // They are ASCII.
  const sorted = [...known.keys()].sort();
  const rankOf = new Int32Array(known.size);
  for (const [rank, text] of sorted.entries()) rankOf[known.get(text) ?? 0] = rank;
  for (let i = 0; i < ofWindows.length; i++) ofWindows[i] = rankOf[ofWindows[i]];
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
  scratch: Scratch,
) {
  const known = new Map<number, number>();
  const ofWindows = scratch.integers(windows.length);
  const found: NumberedSpan[] = [];
  for (let i = 0; i < windows.length; i++) {
    const number = accumulator.span(windows[i]);
    let place = known.get(number);
    if (place === undefined) {
      place = found.length;
      known.set(number, place);
      found.push(spanOf(number));
    }
    ofWindows[i] = place;
  }
  const order = [...found.keys()].sort((a, b) => compareTexts(found[a], found[b]));
  const rankOf = new Int32Array(found.length);
  for (const [rank, place] of order.entries()) rankOf[place] = rank;
  const texts = order.map((place) => Buffer.from(found[place].text));
  const dates = order.map((place) => found[place].date);
  const own = [...new Set(dates)].sort();
  const days = Int32Array.from(dates, (date) => own.indexOf(date));
  const dayTexts = own.map((date) => Buffer.from(date));
  for (let i = 0; i < ofWindows.length; i++) ofWindows[i] = rankOf[ofWindows[i]];
  return { sorted: { texts, days, dayTexts }, ofWindows };
}

/** Of ASCII. */
function compareTexts(a: NumberedSpan, b: NumberedSpan): number {
  return a.text === b.text ? 0 : a.text < b.text ? -1 : 1;
}

function isAscending(numbers: Int32Array): boolean {
  return numbers.every((number, i) => i === 0 || numbers[i - 1] <= number);
}

/** The windows of all customers together, by span and endpoint. @param endpoints how many texts those have. */
export function sortedBySpan(
  group: SortedGroup,
  { texts }: SortedSpans,
  endpoints: number,
  scratch: Scratch,
): SortedGroup {
  const all = range(group.windows.length, scratch);
  const byEndpoint = endpoints > 0 ? countingSort(all, group.endpoints, endpoints, scratch) : all;
  return inOrderOf(group, countingSort(byEndpoint, group.spans, texts.length, scratch), scratch);
}

function inOrderOf(
  { windows, customers, spans, endpoints }: SortedGroup,
  order: Int32Array,
  scratch: Scratch,
): SortedGroup {
  return {
    windows: picked(windows, order, scratch),
    customers: picked(customers, order, scratch),
    spans: picked(spans, order, scratch),
    endpoints: endpoints.length > 0 ? picked(endpoints, order, scratch) : endpoints,
  };
}

/** The ids of all customers that have windows, and the place of each in their order. */
function ranks(
  accumulator: WindowAccumulator,
  names: SubjectNames,
  ofCustomers: Int32Array,
  ofEndpoints: Int32Array,
  scratch: Scratch,
) {
  const rankOf = scratch.integers(accumulator.mostSubjects).fill(NONE);
  const subjects = scratch.integers(ofCustomers.length + ofEndpoints.length);
  let length = 0;
  const note = (subject: number): void => {
    if (rankOf[subject] !== NONE) return;
    rankOf[subject] = 0;
    subjects[length++] = subject;
  };
  for (let i = 0; i < ofCustomers.length; i++) note(accumulator.subject(ofCustomers[i]));
  for (let i = 0; i < ofEndpoints.length; i++) note(ofEndpoints[i]);
  const unsorted = textsOf(subjects.subarray(0, length), names, scratch);
  const order = sortTexts(unsorted, scratch);
  for (let rank = 0; rank < length; rank++) rankOf[subjects[order[rank]]] = rank;
  return { rankOf, length, ids: inOrder(unsorted, order, scratch) };
}

function textsOf(subjects: Int32Array, names: SubjectNames, scratch: Scratch): ByteTexts {
  const write = (subject: number, target: Uint8Array, at: number): number =>
    names.writeCustomerId?.(subject, target, at) ?? writeText(names.customerId(subject), target, at);
  const starts = scratch.integers(subjects.length + 1);
  let bytes = scratch.bytes(16 * subjects.length + 1024);
  let end = 0;
  for (let i = 0; i < subjects.length; i++) {
    if (bytes.length - end < 1024) {
      const larger = scratch.bytes(2 * bytes.length);
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

function inOrder({ bytes, starts }: ByteTexts, order: Int32Array, scratch: Scratch): ByteTexts {
  const sorted = { bytes: scratch.bytes(starts[order.length]), starts: scratch.integers(order.length + 1) };
  let end = 0;
  for (let rank = 0; rank < order.length; rank++) {
    for (let at = starts[order[rank]]; at < starts[order[rank] + 1]; at++) sorted.bytes[end++] = bytes[at];
    sorted.starts[rank + 1] = end;
  }
  return sorted;
}

/** Texts are sorted by so many letters at once as have no more values together. */
const MOST_LETTER_VALUES = 4_096;

/** So many letters are sorted by. Texts that are equal in them are sorted again, by the next ones. */
const MOST_LETTERS = 12;

/** Fewer texts are compared. */
const FEW_TEXTS = 32;

/**
 * Sorts texts by their bytes: a radix sort by the letters behind what all have in common, the last ones first. A letter has few values,
 * because most ids are of digits, so that some letters are one digit of it. 130,000 ids of six digits took 11 ms, and 23 ms as words of
 * all their letters that the engine sorted (2026-11-30).
 */
export function sortTexts(texts: ByteTexts, scratch: Scratch): Int32Array {
  const order = range(texts.starts.length - 1, scratch);
  sortEqual(order, texts, 0, scratch);
  return order;
}

/** @param order of texts that are equal in their first bytes. @param equal how many those are. */
function sortEqual(order: Int32Array, texts: ByteTexts, equal: number, scratch: Scratch): void {
  if (order.length < FEW_TEXTS) {
    order.sort((a, b) => compareBytes(texts, a, b, equal));
    return;
  }
  const { bytes, starts } = texts;
  const common = commonBytes(order, texts, equal);
  const { ranks, end } = ranksOf(order, texts, common);
  const longest = longestOf(order, starts) - common;
  const letters = Math.min(longest, MOST_LETTERS);
  const lettersAtOnce = Math.max(1, Math.floor(Math.log(MOST_LETTER_VALUES) / Math.log(end)));
  let sorted = range(order.length, scratch);
  const digits = scratch.integers(order.length);
  for (let to = letters; to > 0; to -= lettersAtOnce) {
    const from = Math.max(0, to - lettersAtOnce);
    for (let i = 0; i < order.length; i++) {
      const first = starts[order[i]] + common;
      const textEnd = starts[order[i] + 1];
      const last = first + to;
      let digit = 0;
      for (let at = first + from; at < last; at++)
        digit = Math.imul(digit, end) + (at < textEnd ? ranks[bytes[at]] : 0);
      digits[i] = digit;
    }
    sorted = countingSort(sorted, digits, end ** (to - from), scratch);
  }
  order.set(picked(order, sorted, scratch));
  if (longest > letters) sortGroups(order, texts, common + letters, scratch);
}

/** Sorts those again that are equal in their first bytes. */
function sortGroups(order: Int32Array, texts: ByteTexts, equal: number, scratch: Scratch): void {
  for (let from = 0, to = 1; from < order.length; from = to++) {
    while (to < order.length && areEqual(texts, order[from], order[to], equal)) to++;
    if (to - from > 1) sortEqual(order.subarray(from, to), texts, equal, scratch);
  }
}

/** True where the first bytes of two texts, or all of both, are the same. */
function areEqual({ bytes, starts }: ByteTexts, a: number, b: number, most: number): boolean {
  const [from, other] = [starts[a], starts[b]];
  const length = Math.min(starts[a + 1] - from, most);
  if (length !== Math.min(starts[b + 1] - other, most)) return false;
  // Neighbours differ in their last letters, if at all.
  for (let i = length - 1; i >= 0; i--) if (bytes[from + i] !== bytes[other + i]) return false;
  return true;
}

function longestOf(order: Int32Array, starts: Int32Array): number {
  let longest = 0;
  for (let i = 0; i < order.length; i++) longest = Math.max(longest, starts[order[i] + 1] - starts[order[i]]);
  return longest;
}

/** The place of each byte among those that occur behind the common ones, from 1 on; 0 is the end of a text. */
function ranksOf(
  order: Int32Array,
  { bytes, starts }: ByteTexts,
  common: number,
): { ranks: Uint16Array; end: number } {
  const occurs = new Uint8Array(256);
  for (let i = 0; i < order.length; i++)
    for (let at = starts[order[i]] + common; at < starts[order[i] + 1]; at++) occurs[bytes[at]] = 1;
  const ranks = new Uint16Array(256);
  let end = 1;
  for (let byte = 0; byte < 256; byte++) if (occurs[byte] === 1) ranks[byte] = end++;
  return { ranks, end };
}

/** How many bytes all texts begin with. @param equal so many at the least. */
function commonBytes(order: Int32Array, { bytes, starts }: ByteTexts, equal: number): number {
  const from = starts[order[0]];
  let common = starts[order[0] + 1] - from;
  for (let i = 1; i < order.length && common > equal; i++) {
    const other = starts[order[i]];
    const most = Math.min(common, starts[order[i] + 1] - other);
    let same = equal;
    while (same < most && bytes[from + same] === bytes[other + same]) same++;
    common = same;
  }
  return common;
}

/** @param equal so many of the first bytes are the same. */
function compareBytes({ bytes, starts }: ByteTexts, a: number, b: number, equal: number): number {
  const [from, to, other, otherTo] = [starts[a], starts[a + 1], starts[b], starts[b + 1]];
  const both = Math.min(to - from, otherTo - other);
  for (let i = equal; i < both; i++) {
    const order = bytes[from + i] - bytes[other + i];
    if (order !== 0) return order;
  }
  return to - from - (otherTo - other);
}

function range(length: number, scratch: Scratch): Int32Array {
  const numbers = scratch.integers(length);
  for (let i = 0; i < length; i++) numbers[i] = i;
  return numbers;
}

/** Sorts an order of things by their ranks, which are below `end`. Equal ones stay as they are. */
function countingSort(order: Int32Array, ranks: Int32Array, end: number, scratch: Scratch): Int32Array {
  const places = scratch.integers(end + 1);
  for (let i = 0; i < order.length; i++) places[ranks[order[i]] + 1]++;
  for (let rank = 0; rank < end; rank++) places[rank + 1] += places[rank];
  const sorted = scratch.integers(order.length);
  for (let i = 0; i < order.length; i++) sorted[places[ranks[order[i]]]++] = order[i];
  return sorted;
}

function picked(values: Int32Array, order: Int32Array, scratch: Scratch): Int32Array {
  const found = scratch.integers(order.length);
  for (let i = 0; i < order.length; i++) found[i] = values[order[i]];
  return found;
}
