/**
 * Gives the windows of an accumulator their keys, and their order. The accumulator keeps the finest windows alone; the others
 * are put together of them here. A new kind of windows is added here.
 */

import { bug } from '../errors.ts';
import { MAX_INTERNED_CUSTOMERS } from '../limits.ts';
import { dateOfDay } from '../window/day.ts';
import { hourOf } from '../window/hour.ts';
import { compareUtf8, customerDay, type WindowKey } from '../window/key.ts';
import {
  ALL_DAYS,
  ALL_ENDPOINTS,
  ALL_HOURS,
  CUSTOMER_ENDPOINTS,
  CUSTOMER_HOURS,
  type KeptWindows,
} from '../window/kind.ts';
import type { ZoneTable } from '../window/types.ts';
import type { WindowAccumulator } from './window-accumulator.ts';

export interface KeyedWindows {
  readonly key: WindowKey;
  /** The windows in the accumulator that make up this one. */
  readonly windows: readonly number[];
}

/** Gives the subjects of windows their names. A scanner does. */
export interface SubjectNames {
  /** The id of a customer. */
  customerId(subject: number): string;
  /** Writes the UTF-8 bytes of a customer's id to a place. @returns how many they are. Optional: they are made of the id. */
  writeCustomerId?(subject: number, target: Uint8Array, at: number): number;
  /** The customer and the text of an endpoint; undefined where the subject is a customer. Endpoints are optional. */
  endpoint?(subject: number): { readonly customer: number; readonly text: string } | undefined;
}

/** A span of the accumulator's windows: a day, or an hour of a day. */
interface Span {
  readonly date: string;
  /** Empty where windows are days. */
  readonly hour: string;
}

/** Windows of one span. */
interface InSpan {
  readonly span: Span;
  readonly window: number;
}

/** All windows, in the order of their keys: by kind, then by the values of each. */
export function* keyedWindows(
  accumulator: WindowAccumulator,
  names: SubjectNames,
  kept: KeptWindows,
  zone: ZoneTable,
): Generator<KeyedWindows> {
  const spanOf = spansOf(zone, kept);
  const subjects = new Subjects(accumulator, names, spanOf);
  const endpoints = new Endpoints(accumulator, subjects, names);
  if (kept.hasAll) {
    const spans = new SpansOfAll(subjects, spanOf);
    yield* spans.days(kept);
    yield* endpoints.ofAll(kept);
    if (kept.hasHours) yield* spans.hours(kept);
  }
  for (const { id, windows } of subjects.customers())
    for (const [date, ofDay] of groupsOf(windows, ({ date }) => date))
      yield { key: customerDay(id, date), windows: ofDay };
  yield* endpoints.ofCustomers();
  if (!kept.hasHours) return;
  for (const { id, windows } of subjects.customers())
    for (const { span, window } of windows)
      yield { key: { kind: CUSTOMER_HOURS, values: [id, span.hour] }, windows: [window] };
}

/** @returns the span of a number, remembered: a batch has few. */
function spansOf(zone: ZoneTable, { hasHours }: KeptWindows): (number: number) => Span {
  const known = new Map<number, Span>();
  return (number) => {
    let span = known.get(number);
    if (!span) {
      const { day, text } = hasHours ? hourOf(zone, number) : { day: number, text: '' };
      span = { date: dateOfDay(day), hour: text };
      known.set(number, span);
    }
    return span;
  };
}

/** The days and hours of all customers together. */
class SpansOfAll {
  readonly #bySpan: readonly (readonly [Span, number[]])[];

  constructor(subjects: Subjects, spanOf: (number: number) => Span) {
    const all = subjects.windowsOfCustomers().map(({ window, number }) => ({ span: spanOf(number), window }));
    this.#bySpan = [...groupsOf(all, (span) => span)].sort(([a], [b]) => compareSpans(a, b));
  }

  *days({ shard }: KeptWindows): Generator<KeyedWindows> {
    const days = new Map<string, number[]>();
    for (const [{ date }, windows] of this.#bySpan) days.set(date, (days.get(date) ?? []).concat(windows));
    for (const [date, windows] of [...days].sort(([a], [b]) => (a < b ? -1 : 1)))
      yield { key: { kind: ALL_DAYS, values: [shard, date] }, windows };
  }

  *hours({ shard }: KeptWindows): Generator<KeyedWindows> {
    for (const [{ hour }, windows] of this.#bySpan)
      yield { key: { kind: ALL_HOURS, values: [shard, hour] }, windows };
  }
}

/** A window of an endpoint of a customer. */
interface EndpointWindow {
  readonly customer: number;
  readonly date: string;
  readonly text: string;
  readonly window: number;
}

/** The days of endpoints. */
class Endpoints {
  readonly #subjects: Subjects;
  readonly #windows: EndpointWindow[] = [];

  constructor(accumulator: WindowAccumulator, subjects: Subjects, names: SubjectNames) {
    this.#subjects = subjects;
    const dates = new Map<number, string>();
    for (const { subject, window } of subjects.windowsOfEndpoints()) {
      const endpoint = names.endpoint?.(subject);
      if (!endpoint) throw bug('a window of an endpoint has a subject that is none');
      const day = accumulator.span(window);
      const date = dates.get(day) ?? dateOfDay(day);
      dates.set(day, date);
      this.#windows.push({ ...endpoint, date, window });
    }
  }

  *ofAll({ shard }: KeptWindows): Generator<KeyedWindows> {
    const groups = Map.groupBy(this.#windows, ({ date, text }) => `${date} ${text}`);
    for (const [, members] of [...groups].sort(([a], [b]) => compareUtf8(a, b))) {
      const { date, text } = members[0];
      const values = [date, text, shard];
      yield { key: { kind: ALL_ENDPOINTS, values }, windows: members.map(({ window }) => window) };
    }
  }

  /** Each window is one of the accumulator. Texts and dates are ASCII. */
  *ofCustomers(): Generator<KeyedWindows> {
    const rankOf = this.#subjects.ranks();
    const sorted = this.#windows.sort(
      (a, b) =>
        (rankOf.get(a.customer) ?? 0) - (rankOf.get(b.customer) ?? 0) ||
        compareTexts(a.date, b.date) ||
        compareTexts(a.text, b.text),
    );
    for (const { customer, date, text, window } of sorted) {
      const values = [this.#subjects.idOf(customer), date, text];
      yield { key: { kind: CUSTOMER_ENDPOINTS, values }, windows: [window] };
    }
  }
}

/** Of ASCII. */
function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** Groups windows, each group at the place of its first window. */
function groupsOf<Group>(windows: readonly InSpan[], groupOf: (span: Span) => Group): Map<Group, number[]> {
  const groups = new Map<Group, number[]>();
  for (const { span, window } of windows) {
    const group = groupOf(span);
    const members = groups.get(group);
    if (members) members.push(window);
    else groups.set(group, [window]);
  }
  return groups;
}

/** Their texts are ASCII. Where clocks were put back over midnight, hours do not come in the order of their days. */
function compareSpans(a: Span, b: Span): number {
  if (a.hour !== b.hour) return a.hour < b.hour ? -1 : 1;
  return a.date === b.date ? 0 : a.date < b.date ? -1 : 1;
}

const NONE = -1;

/**
 * The windows by customer.
 *
 * It chains the windows of each customer, sorts the customers, and then the windows of each. Sorting all windows at once
 * takes two to four times as long: 131,072 keys took 240 to 1,260 ms so, and 86 to 430 ms here (2026-11-28, two busy
 * cores).
 */
class Subjects {
  readonly #accumulator: WindowAccumulator;
  readonly #names: SubjectNames;
  readonly #spanOf: (number: number) => Span;
  readonly #sorted: readonly { readonly customer: number; readonly id: string }[];
  readonly #first = new Int32Array(MAX_INTERNED_CUSTOMERS).fill(NONE);
  /** For each window, the next one of its subject. */
  readonly #next: Int32Array;
  readonly #endpoints: { readonly subject: number; readonly window: number }[] = [];

  constructor(accumulator: WindowAccumulator, names: SubjectNames, spanOf: (number: number) => Span) {
    this.#accumulator = accumulator;
    this.#names = names;
    this.#spanOf = spanOf;
    this.#next = new Int32Array(accumulator.windows);
    const subjects: number[] = [];
    for (let window = 0; window < accumulator.windows; window++) {
      const subject = accumulator.subject(window);
      if (this.#first[subject] === NONE) subjects.push(subject);
      this.#next[window] = this.#first[subject];
      this.#first[subject] = window;
    }
    const isEndpoint = (subject: number) => names.endpoint?.(subject) !== undefined;
    const customers = subjects.filter((subject) => {
      if (!isEndpoint(subject)) return true;
      for (let window = this.#first[subject]; window !== NONE; window = this.#next[window])
        this.#endpoints.push({ subject, window });
      return false;
    });
    const named = customers.map((customer) => ({ customer, id: names.customerId(customer) }));
    this.#sorted = named.sort((a, b) => compareUtf8(a.id, b.id));
  }

  idOf(customer: number): string {
    return this.#names.customerId(customer);
  }

  /** The places of customers in the order of their ids. */
  ranks(): ReadonlyMap<number, number> {
    return new Map(this.#sorted.map(({ customer }, rank) => [customer, rank]));
  }

  windowsOfEndpoints(): readonly { readonly subject: number; readonly window: number }[] {
    return this.#endpoints;
  }

  /** With the numbers of their spans. */
  windowsOfCustomers(): { readonly window: number; readonly number: number }[] {
    const windows: { window: number; number: number }[] = [];
    for (const { customer } of this.#sorted)
      for (let window = this.#first[customer]; window !== NONE; window = this.#next[window])
        windows.push({ window, number: this.#accumulator.span(window) });
    return windows;
  }

  /** In the order of their ids, each with its windows in the order of their spans. */
  *customers(): Generator<{ readonly id: string; readonly windows: readonly InSpan[] }> {
    for (const { customer, id } of this.#sorted) yield { id, windows: this.#windowsOf(customer) };
  }

  #windowsOf(customer: number): readonly InSpan[] {
    const windows: InSpan[] = [];
    for (let window = this.#first[customer]; window !== NONE; window = this.#next[window])
      windows.push({ span: this.#spanOf(this.#accumulator.span(window)), window });
    return windows.length > 1 ? windows.sort((a, b) => compareSpans(a.span, b.span)) : windows;
  }
}
