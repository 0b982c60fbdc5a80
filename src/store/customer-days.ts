/** The contract of reads over the days of many customers. */

import type { DailyStatistics, StatusCount } from '../statistics/types.ts';
import type { SpanRange } from '../window/kind.ts';

/** Finds customers by their ids. */
export interface CustomerSearch {
  /** Only ids behind this one, in the order of their UTF-8 bytes. */
  readonly after?: string | undefined;
  /** Only ids that begin with this. */
  readonly prefix?: string | undefined;
  /** Only ids of which this is true. Undefined: of all. */
  readonly matches?: ((customerId: string) => boolean) | undefined;
}

/** The customers with these ids, ascending by their UTF-8 bytes, or all that a search finds. */
export type CustomersAsked = CustomerSearch | { readonly ids: readonly string[] };

/** Days, both ends included, and those before them to compare with. */
export interface CountedRange extends SpanRange {
  /** The first day of the time before `from`, which is counted apart. Undefined: there is none. */
  readonly since?: string | undefined;
}

/** How many requests of each status a customer sent. */
export interface CustomerCounts {
  readonly customerId: string;
  /** In the days of the range, ascending. Empty where it has requests before them only. */
  readonly statuses: readonly StatusCount[];
  /** In the days from `since` to the day before `from`. */
  readonly before: readonly StatusCount[];
}

/** The requests of a customer by date and status. */
export interface CountedDays {
  readonly customerId: string;
  readonly statuses: ReadonlyMap<string, readonly StatusCount[]>;
}

/** The first and the last day of a customer. */
export interface CustomerDayRange {
  readonly customerId: string;
  readonly first: string;
  readonly last: string;
}

/** By status: a number of the class that it belongs to. Statuses of one class are counted together. */
export type StatusClasses = Readonly<Record<number, number>>;

export interface TableOptions {
  /** Only these customers, ascending by their UTF-8 bytes; they are numbered in this order. Undefined: all. */
  readonly ids?: readonly string[] | undefined;
  /** Is called again and again. What it throws ends the read. */
  readonly assertGoesOn?: () => void;
}

/** The requests of all customers, in columns. Customers are numbered in no order. */
export interface CustomerTable {
  /** By number. There may be more than the range has: who has no request in any column is not in it. */
  readonly ids: readonly string[];
  /** By class of status, then by number: the requests in the days of the range. A column ends behind its last request. */
  readonly now: ReadonlyMap<number, Float64Array>;
  /** The same of the days from `since` to the day before `from`. */
  readonly before: ReadonlyMap<number, Float64Array>;
}

/** All that is known of a customer's requests in a range of days: its days, merged. */
export interface CustomerStatistics {
  readonly customerId: string;
  readonly statistics: DailyStatistics;
}

/** The requests of one day by status. */
export interface DayCounts {
  readonly date: string;
  readonly statuses: readonly StatusCount[];
}

/** What customers are ranked by, as of one moment: their days, or the days of one endpoint of theirs. */
export interface RankedDays {
  /** In the order of ids. It reads no durations. */
  counts(asked: CustomersAsked, range: CountedRange): AsyncIterable<readonly CustomerCounts[]>;
  /** Each day by itself, ascending, in the order of ids. It reads no durations. It is for a few months at most. */
  days(asked: CustomersAsked, range: SpanRange): AsyncIterable<readonly CountedDays[]>;
  /**
   * The same as {@link counts} of all customers at once, and many times as fast, where there are roll-ups. Those are kept in
   * memory. Undefined where there are none, or too many customers: {@link counts} has them then.
   */
  table(
    range: CountedRange,
    classOf: StatusClasses,
    options?: TableOptions,
  ): Promise<CustomerTable | undefined>;
  /** In the order of ids. It reads and merges all states. */
  statistics(asked: CustomersAsked, range: SpanRange): AsyncIterable<CustomerStatistics>;
}

/**
 * The days of customers, as of one moment. All reads take their rows in small pieces, and let other work of the thread run
 * between them. They need no memory for customers that were passed. A customer without a row is in none of the answers.
 */
export interface CustomerDays extends RankedDays {
  /** The first and the last day with requests of these customers, in no order. Each takes two searches of an index. */
  dayRanges(ids: readonly string[]): AsyncIterable<readonly CustomerDayRange[]>;
  /**
   * By day, ascending; all customers that are asked for together.
   * @param assertGoesOn is called again and again. What it throws ends the read.
   */
  statuses(asked: CustomersAsked, range: SpanRange, assertGoesOn?: () => void): Promise<readonly DayCounts[]>;
}
