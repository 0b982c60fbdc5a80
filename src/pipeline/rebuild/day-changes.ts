import type { ReplacedWindow, StoredWindow } from '../../store/contract.ts';
import { spanOf } from '../../window/key.ts';
import { CUSTOMER_DAYS } from '../../window/kind.ts';

/** How many rows there are of each sort. */
export interface RowCounts {
  readonly unchanged: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
}

/** What all customers together had on a day. */
export interface DayTotals {
  readonly customers: number;
  readonly successRequests: number;
  readonly failedRequests: number;
}

/** A day, before and after. */
export interface DayChange {
  readonly date: string;
  readonly before: DayTotals;
  readonly after: DayTotals;
  readonly rows: RowCounts;
}

type Growing<T> = { -readonly [K in keyof T]: T[K] extends number | string ? T[K] : Growing<T[K]> };

const NOTHING: DayTotals = { customers: 0, successRequests: 0, failedRequests: 0 };
const NO_ROWS: RowCounts = { unchanged: 0, changed: 0, added: 0, removed: 0 };

/** Adds up the days of customers that were compared. It grows with the days, and not with the customers. */
export class DayChanges {
  readonly #days = new Map<string, Growing<DayChange>>();
  readonly #rows: Growing<RowCounts> = { ...NO_ROWS };

  /** Takes windows of all kinds. Those of other kinds count the requests of these days once more. */
  note({ key, before, after, isChanged }: ReplacedWindow): void {
    if (key.kind !== CUSTOMER_DAYS) return;
    const date = spanOf(key);
    const day = this.#days.get(date) ?? newDay(date);
    this.#days.set(date, day);
    if (before) addTo(day.before, before);
    if (after) addTo(day.after, after);
    const sort = !before ? 'added' : !after ? 'removed' : isChanged ? 'changed' : 'unchanged';
    day.rows[sort]++;
    this.#rows[sort]++;
  }

  get rows(): RowCounts {
    return { ...this.#rows };
  }

  /** By date. */
  get days(): readonly DayChange[] {
    return [...this.#days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  }
}

function newDay(date: string): Growing<DayChange> {
  return { date, before: { ...NOTHING }, after: { ...NOTHING }, rows: { ...NO_ROWS } };
}

function addTo(totals: Growing<DayTotals>, window: StoredWindow): void {
  totals.customers++;
  totals.successRequests += window.success_requests;
  totals.failedRequests += window.failed_requests;
}
