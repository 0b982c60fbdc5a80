import { setImmediate } from 'node:timers/promises';
import {
  MAX_MERGED_CACHE_BYTES,
  MAX_MERGED_HOURS,
  MAX_MERGED_SPANS,
  MAX_MERGING_ANSWERS,
  MERGED_ROWS_PIECE,
  STREAM_WAIT_MS,
} from '../limits.ts';
import type { AvailabilityDefinition } from '../statistics/availability.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import type { Answer } from './answer-cache.ts';
import { CachedAnswers } from './cached-answers.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import { bodyOf, type Form } from './forms.ts';
import { assertKnownCustomer } from './known-customer.ts';
import { rangeTooLarge } from './merged-spans.ts';
import {
  type CustomerShown,
  rangeSummary,
  SPAN_FIELDS,
  type SpanRow,
  type SpanRowsAsked,
  type SummaryAsked,
  spanRows,
} from './range-statistics.ts';
import type { Body } from './rows-writer.ts';
import { Slots } from './slots.ts';
import type { StatsReader } from './stats-reader.ts';

type Asked<T> = Omit<T, 'name' | 'definition'>;

/** The customer may be an alias. */
export interface SpansOfCustomer extends Asked<SpanRowsAsked> {
  readonly form: Form;
}
export type SummaryOfCustomer = Asked<SummaryAsked>;

/** Answers that are merged from the windows of a customer, or of all together. They come from the cache while the data are unchanged. */
export class RangeAnswers {
  readonly #store: Pick<StatsReader, 'readSnapshot'>;
  readonly #definition: AvailabilityDefinition;
  readonly #customers: CustomerNames;
  readonly #cached: CachedAnswers;
  readonly #slots = new Slots(MAX_MERGING_ANSWERS);

  constructor(
    store: Pick<StatsReader, 'readSnapshot' | 'dataVersion'>,
    definition: AvailabilityDefinition,
    customers = NO_NAMES,
  ) {
    this.#store = store;
    this.#definition = definition;
    this.#customers = customers;
    this.#cached = new CachedAnswers(store, MAX_MERGED_CACHE_BYTES);
  }

  /** @throws {DaymarkError} CUSTOMER_UNKNOWN; RANGE_TOO_LARGE; OVERLOADED; what the store throws. */
  spans(asked: SpansOfCustomer): Promise<Answer> {
    const most = asked.granularity === 'hour' ? MAX_MERGED_HOURS : MAX_MERGED_SPANS;
    return this.#answer('spans', asked, (snapshot, customer) => {
      const rows = spanRows(snapshot, { ...asked, ...customer, definition: this.#definition });
      return bodyOf(asked.form, { columns: SPAN_FIELDS }, piecesOfRows(rows, most));
    });
  }

  /** @throws as {@link spans}. */
  summary(asked: SummaryOfCustomer): Promise<Answer> {
    return this.#answer('summary', asked, async (snapshot, customer) => {
      const query = { ...asked, ...customer, definition: this.#definition };
      return JSON.stringify(await rangeSummary(snapshot, query));
    });
  }

  async #answer(
    what: string,
    asked: Pick<SpansOfCustomer, 'customerId'>,
    make: (snapshot: StoreSnapshot, customer: CustomerShown) => Promise<Body>,
  ): Promise<Answer> {
    const customerId = asked.customerId === undefined ? undefined : this.#customers.idOf(asked.customerId);
    const name = customerId === undefined ? undefined : this.#customers.nameOf(customerId);
    const key = JSON.stringify([what, { ...asked, customerId }, name]);
    const answer = await this.#cached.find(key, () =>
      this.#inTurn(async (snapshot) => {
        // A customer with a name is known, even without requests.
        if (customerId !== undefined && name === undefined) await assertKnownCustomer(snapshot, customerId);
        return make(snapshot, { customerId, name });
      }),
    );
    return answer as Answer;
  }

  async #inTurn(read: (snapshot: StoreSnapshot) => Promise<Body>): Promise<Body> {
    await this.#slots.take(STREAM_WAIT_MS);
    try {
      return await this.#store.readSnapshot(read);
    } finally {
      this.#slots.release();
    }
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
