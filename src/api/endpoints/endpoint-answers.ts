import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import type { StoreSnapshot } from '../../store/contract.ts';
import type { Answer } from '../answer-cache.ts';
import type { CustomerNames } from '../customer-names.ts';
import { bodyOf, type Form, isFlat } from '../forms.ts';
import { assertKnownCustomer, customerShown } from '../known-customer.ts';
import type { Body } from '../rows-writer.ts';
import { MERGING_BOUNDS, SnapshotAnswers, type SnapshotReader } from '../snapshot-answers.ts';
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
  readonly #definition: AvailabilityDefinition;
  readonly #customers: CustomerNames;
  readonly #answers: SnapshotAnswers;

  /** @param processes how many processes share the memory of kept answers. */
  constructor(
    store: SnapshotReader,
    definition: AvailabilityDefinition,
    customers: CustomerNames,
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
  find(query: EndpointsQuery, owner?: string): Promise<Answer> {
    const customer = customerShown(this.#customers, query.customerId);
    const asked = { ...query, ...customer, definition: this.#definition };
    const make = async (snapshot: StoreSnapshot) => {
      await assertKnownCustomer(snapshot, customer);
      return bodyIn(query.form, await endpointStatistics(snapshot, asked));
    };
    return this.#answers.find(JSON.stringify({ ...query, ...customer }), make, owner);
  }
}

async function bodyIn(form: Form, { endpoints, ...head }: EndpointStatistics): Promise<Body> {
  const rows = isFlat(form) ? endpoints.map(flatEndpoint) : endpoints;
  const body = await bodyOf(form, { columns: ENDPOINT_COLUMNS }, [rows]);
  return form === 'json' ? `${JSON.stringify(head).slice(0, -1)},"endpoints":${body}}` : body;
}
