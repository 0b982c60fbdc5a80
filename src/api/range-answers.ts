import { setImmediate } from 'node:timers/promises';
import { MAX_MERGED_HOURS, MAX_MERGED_SPANS, MERGED_ROWS_PIECE } from '../limits.ts';
import type { AvailabilityDefinition } from '../statistics/availability.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import type { Answer } from './answer-cache.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import { bodyOf, type Form } from './forms.ts';
import { type HoursSummaryAsked, hoursSummary } from './hours-summary.ts';
import { assertKnownCustomer, type CustomerShown, customerShown } from './known-customer.ts';
import { rangeTooLarge } from './merged-spans.ts';
import {
  rangeSummary,
  SPAN_FIELDS,
  type SpanRow,
  type SpanRowsAsked,
  type SummaryAsked,
  spanRows,
} from './range-statistics.ts';
import type { Body } from './rows-writer.ts';
import { MERGING_BOUNDS, SnapshotAnswers, type SnapshotReader } from './snapshot-answers.ts';

type Asked<T> = Omit<T, 'name' | 'definition'>;

/** The customer may be an alias. */
export interface SpansOfCustomer extends Asked<SpanRowsAsked> {
  readonly form: Form;
}
export type SummaryOfCustomer = Asked<SummaryAsked>;

/** Answers that are merged from the windows of a customer, or of all together. They come from the cache while the data are unchanged. */
export class RangeAnswers {
  readonly #definition: AvailabilityDefinition;
  readonly #customers: CustomerNames;
  readonly #answers: SnapshotAnswers;

  /** @param processes how many processes share the memory of kept answers. */
  constructor(
    store: SnapshotReader,
    definition: AvailabilityDefinition,
    customers = NO_NAMES,
    processes = 1,
  ) {
    this.#definition = definition;
    this.#customers = customers;
    this.#answers = new SnapshotAnswers(store, MERGING_BOUNDS, processes);
  }

  /**
   * @param owner in whose share of the cache the answer is kept.
   * @throws {DaymarkError} CUSTOMER_UNKNOWN; RANGE_TOO_LARGE; OVERLOADED; what the store throws.
   */
  spans(asked: SpansOfCustomer, owner?: string): Promise<Answer> {
    const most = asked.granularity === 'hour' ? MAX_MERGED_HOURS : MAX_MERGED_SPANS;
    return this.#answer('spans', asked, owner, (snapshot, customer) => {
      const rows = spanRows(snapshot, { ...asked, ...customer, definition: this.#definition });
      return bodyOf(asked.form, { columns: SPAN_FIELDS }, piecesOfRows(rows, most));
    });
  }

  /** @throws as {@link spans}. */
  summary(asked: SummaryOfCustomer, owner?: string): Promise<Answer> {
    return this.#answer('summary', asked, owner, async (snapshot, customer) => {
      const query = { ...asked, ...customer, definition: this.#definition };
      return JSON.stringify(await rangeSummary(snapshot, query));
    });
  }

  /** @throws as {@link spans}. */
  hours(asked: Asked<HoursSummaryAsked>, owner?: string): Promise<Answer> {
    return this.#answer('hours', asked, owner, async (snapshot, customer) => {
      const query = { ...asked, ...customer, definition: this.#definition };
      return JSON.stringify(await hoursSummary(snapshot, query));
    });
  }

  #answer(
    what: string,
    asked: Pick<SpansOfCustomer, 'customerId'>,
    owner: string | undefined,
    make: (snapshot: StoreSnapshot, customer: CustomerShown) => Promise<Body>,
  ): Promise<Answer> {
    const customer = customerShown(this.#customers, asked.customerId);
    const key = JSON.stringify([what, { ...asked, customerId: customer.customerId }, customer.name]);
    const makeKnown = async (snapshot: StoreSnapshot) => {
      await assertKnownCustomer(snapshot, customer);
      return make(snapshot, customer);
    };
    return this.#answers.find(key, makeKnown, owner);
  }
}

/** Other requests have their turn between two pieces: spans without requests are made without waiting for the store. */
async function* piecesOfRows(rows: AsyncIterable<SpanRow>, most: number): AsyncGenerator<readonly SpanRow[]> {
  let piece: SpanRow[] = [];
  let count = 0;
  for await (const row of rows) {
    if (++count > most) throw rangeTooLarge(most, 'spans');
    if (piece.push(row) < MERGED_ROWS_PIECE) continue;
    yield piece;
    piece = [];
    await setImmediate();
  }
  yield piece;
}
