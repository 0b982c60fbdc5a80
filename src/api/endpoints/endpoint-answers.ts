import { MAX_MERGED_CACHE_BYTES, MAX_MERGING_ANSWERS, STREAM_WAIT_MS } from '../../limits.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import type { Answer } from '../answer-cache.ts';
import { CachedAnswers } from '../cached-answers.ts';
import type { CustomerNames } from '../customer-names.ts';
import { bodyOf, type Form, isFlat } from '../forms.ts';
import { assertKnownCustomer } from '../known-customer.ts';
import type { Body } from '../rows-writer.ts';
import { Slots } from '../slots.ts';
import type { StatsReader } from '../stats-reader.ts';
import {
  ENDPOINT_COLUMNS,
  type EndpointStatistics,
  type EndpointsAsked,
  endpointStatistics,
  flatEndpoint,
} from './endpoint-statistics.ts';

/** The customer may be an alias. */
export interface EndpointsQuery extends Omit<EndpointsAsked, 'name' | 'definition'> {
  readonly form: Form;
}

/** Answers with endpoints. They come from the cache while the data are unchanged. */
export class EndpointAnswers {
  readonly #store: Pick<StatsReader, 'readSnapshot'>;
  readonly #definition: AvailabilityDefinition;
  readonly #customers: CustomerNames;
  readonly #cached: CachedAnswers;
  readonly #slots = new Slots(MAX_MERGING_ANSWERS);

  constructor(
    store: Pick<StatsReader, 'readSnapshot' | 'dataVersion'>,
    definition: AvailabilityDefinition,
    customers: CustomerNames,
  ) {
    this.#store = store;
    this.#definition = definition;
    this.#customers = customers;
    this.#cached = new CachedAnswers(store, MAX_MERGED_CACHE_BYTES);
  }

  /** @throws {DaymarkError} CUSTOMER_UNKNOWN; RANGE_TOO_LARGE; OVERLOADED; what the store throws. */
  async find(query: EndpointsQuery): Promise<Answer> {
    const customerId = query.customerId === undefined ? undefined : this.#customers.idOf(query.customerId);
    const name = customerId === undefined ? undefined : this.#customers.nameOf(customerId);
    const { form } = query;
    const asked = { ...query, customerId, name, definition: this.#definition };
    const key = JSON.stringify({ ...query, customerId, name });
    return (await this.#cached.find(key, () => this.#make(asked, form))) as Answer;
  }

  async #make(asked: EndpointsAsked, form: Form): Promise<Body> {
    await this.#slots.take(STREAM_WAIT_MS);
    try {
      return await this.#store.readSnapshot(async (snapshot) => {
        const { customerId, name } = asked;
        // A customer with a name is known, even without requests.
        if (customerId !== undefined && name === undefined) await assertKnownCustomer(snapshot, customerId);
        return bodyIn(form, await endpointStatistics(snapshot, asked));
      });
    } finally {
      this.#slots.release();
    }
  }
}

async function bodyIn(form: Form, { endpoints, ...head }: EndpointStatistics): Promise<Body> {
  const rows = isFlat(form) ? endpoints.map(flatEndpoint) : endpoints;
  const body = await bodyOf(form, { columns: ENDPOINT_COLUMNS }, [rows]);
  return form === 'json' ? `${JSON.stringify(head).slice(0, -1)},"endpoints":${body}}` : body;
}
