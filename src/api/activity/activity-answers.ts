import {
  MAX_DAYS_PER_ANSWER,
  MAX_MERGED_CACHE_BYTES,
  MAX_RANKINGS_AT_ONCE,
  RANKING_TIMEOUT_MS,
} from '../../limits.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import type { CustomerNames } from '../customer-names.ts';
import { deadline } from '../deadline.ts';
import type { ListPage } from '../lists.ts';
import { decodeCursor, encodeCursor } from '../ranking/cursor.ts';
import { assertShort } from '../ranking/ranking-answer.ts';
import { SnapshotAnswers, type SnapshotReader } from '../snapshot-answers.ts';
import {
  type ActiveCustomer,
  type ActivityAsked,
  type ActivityPage,
  customersByActivity,
  daysBefore,
} from './activity.ts';

/** What a client asks for. */
export interface ActivityQuery extends Omit<ActivityAsked, 'after'> {
  readonly cursor: string | undefined;
}

/** The columns of a customer in CSV. */
export const ACTIVITY_COLUMNS: readonly (keyof ActiveCustomer | 'customer_name')[] = [
  ...(['customer_id', 'first_date', 'last_date', 'days_with_requests'] as const),
  ...(['requests', 'success_requests', 'failed_requests', 'error_requests', 'counted_requests'] as const),
  ...(['availability_percentage', 'success_percentage', 'customer_name'] as const),
];

/** Answers with new or silent customers. They are kept while the data are unchanged. */
export class ActivityAnswers {
  readonly #definition: AvailabilityDefinition;
  readonly #names: CustomerNames;
  readonly #answers: SnapshotAnswers;

  /** @param processes how many processes share the memory of kept answers. */
  constructor(
    store: SnapshotReader,
    definition: AvailabilityDefinition,
    names: CustomerNames,
    processes = 1,
  ) {
    this.#definition = definition;
    this.#names = names;
    const bounds = { atOnce: MAX_RANKINGS_AT_ONCE, maxCacheBytes: MAX_MERGED_CACHE_BYTES };
    this.#answers = new SnapshotAnswers(store, bounds, processes);
  }

  /** @throws {DaymarkError} INVALID_REQUEST; RANGE_TOO_LARGE; OVERLOADED; ANSWER_TOO_SLOW; STORE_*. */
  async page({ cursor, ...asked }: ActivityQuery, owner?: string): Promise<ListPage> {
    const { activity, from, to, since } = asked;
    const before = daysBefore(asked);
    assertShort({ from: before?.from ?? from, to }, MAX_DAYS_PER_ANSWER);
    const question = [activity, from, to, since ?? null];
    const after = cursor === undefined ? undefined : decodeCursor(question, cursor);
    const query = { ...asked, after };
    const { body } = await this.#answers.find(
      JSON.stringify(query),
      async (snapshot) => {
        const assertGoesOn = deadline(RANKING_TIMEOUT_MS, 'The customers were not found in time.');
        const basis = { definition: this.#definition, names: this.#names, assertGoesOn };
        return JSON.stringify(await customersByActivity(snapshot, query, basis));
      },
      owner,
    );
    const { count, customers, last } = JSON.parse(String(body)) as ActivityPage;
    return {
      head: { from, to, preceding: before ?? null, customer_count: count },
      ...{ name: 'customers', rows: customers, columns: ACTIVITY_COLUMNS },
      next: last ? encodeCursor(question, last) : null,
    };
  }
}
