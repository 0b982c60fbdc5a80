/**
 * Gives the windows of an accumulator their keys, and their order. The accumulator keeps the finest windows alone; the others
 * are put together of them here. A new kind of windows is added here.
 */

import { MAX_INTERNED_CUSTOMERS } from '../limits.ts';
import { dateOfDay } from '../window/day.ts';
import { hourOf } from '../window/hour.ts';
import { compareUtf8, customerDay, type WindowKey } from '../window/key.ts';
import { ALL_DAYS, ALL_HOURS, CUSTOMER_HOURS, type KeptWindows } from '../window/kind.ts';
import type { ZoneTable } from '../window/types.ts';
import type { WindowAccumulator } from './window-accumulator.ts';

export interface KeyedWindows {
  readonly key: WindowKey;
  /** The windows in the accumulator that make up this one. */
  readonly windows: readonly number[];
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

/**
 * All windows, in the order of their keys: by kind, then by customer, then by span.
 * @param customerIdOf the id of a customer by its number.
 */
export function* keyedWindows(
  accumulator: WindowAccumulator,
  customerIdOf: (customer: number) => string,
  kept: KeptWindows,
  zone: ZoneTable,
): Generator<KeyedWindows> {
  const spanOf = spansOf(zone, kept);
  if (kept.hasAll) yield* windowsOfAll(accumulator, spanOf, kept);
  const customers = new Customers(accumulator, customerIdOf, spanOf);
  for (const { id, windows } of customers.all())
    for (const [date, ofDay] of groupsOf(windows, ({ date }) => date))
      yield { key: customerDay(id, date), windows: ofDay };
  if (!kept.hasHours) return;
  for (const { id, windows } of customers.all())
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
function* windowsOfAll(
  accumulator: WindowAccumulator,
  spanOf: (number: number) => Span,
  { hasHours, shard }: KeptWindows,
): Generator<KeyedWindows> {
  const all = Array.from({ length: accumulator.windows }, (_, window) => ({
    span: spanOf(accumulator.span(window)),
    window,
  }));
  const bySpan = [...groupsOf(all, (span) => span)].sort(([a], [b]) => compareSpans(a, b));
  const days = new Map<string, number[]>();
  for (const [{ date }, windows] of bySpan) days.set(date, (days.get(date) ?? []).concat(windows));
  for (const [date, windows] of [...days].sort(([a], [b]) => (a < b ? -1 : 1)))
    yield { key: { kind: ALL_DAYS, values: [shard, date] }, windows };
  if (!hasHours) return;
  for (const [{ hour }, windows] of bySpan)
    yield { key: { kind: ALL_HOURS, values: [shard, hour] }, windows };
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
class Customers {
  readonly #accumulator: WindowAccumulator;
  readonly #spanOf: (number: number) => Span;
  readonly #sorted: readonly { readonly customer: number; readonly id: string }[];
  readonly #first = new Int32Array(MAX_INTERNED_CUSTOMERS).fill(NONE);
  /** For each window, the next one of its customer. */
  readonly #next: Int32Array;

  constructor(
    accumulator: WindowAccumulator,
    customerIdOf: (customer: number) => string,
    spanOf: (number: number) => Span,
  ) {
    this.#accumulator = accumulator;
    this.#spanOf = spanOf;
    this.#next = new Int32Array(accumulator.windows);
    const customers: number[] = [];
    for (let window = 0; window < accumulator.windows; window++) {
      const customer = accumulator.customer(window);
      if (this.#first[customer] === NONE) customers.push(customer);
      this.#next[window] = this.#first[customer];
      this.#first[customer] = window;
    }
    const named = customers.map((customer) => ({ customer, id: customerIdOf(customer) }));
    this.#sorted = named.sort((a, b) => compareUtf8(a.id, b.id));
  }

  /** In the order of their ids, each with its windows in the order of their spans. */
  *all(): Generator<{ readonly id: string; readonly windows: readonly InSpan[] }> {
    for (const { customer, id } of this.#sorted) yield { id, windows: this.#windowsOf(customer) };
  }

  #windowsOf(customer: number): readonly InSpan[] {
    const windows: InSpan[] = [];
    for (let window = this.#first[customer]; window !== NONE; window = this.#next[window])
      windows.push({ span: this.#spanOf(this.#accumulator.span(window)), window });
    return windows.length > 1 ? windows.sort((a, b) => compareSpans(a.span, b.span)) : windows;
  }
}
