import type { ReplacedDay, StoredDay } from '../../store/contract.ts';

/** How many rows there are of each kind. */
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

/** Adds rows that were compared up by their day: it grows with the days, and not with the customers. */
export class DayChanges {
  readonly #days = new Map<string, Growing<DayChange>>();
  readonly #rows: Growing<RowCounts> = { ...NO_ROWS };

  note({ key: { date }, before, after, isChanged }: ReplacedDay): void {
    const day = this.#days.get(date) ?? newDay(date);
    this.#days.set(date, day);
    if (before) addTo(day.before, before);
    if (after) addTo(day.after, after);
    const kind = !before ? 'added' : !after ? 'removed' : isChanged ? 'changed' : 'unchanged';
    day.rows[kind]++;
    this.#rows[kind]++;
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

function addTo(totals: Growing<DayTotals>, row: StoredDay): void {
  totals.customers++;
  totals.successRequests += row.success_requests;
  totals.failedRequests += row.failed_requests;
}
