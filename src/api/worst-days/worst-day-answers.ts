import {
  MAX_MERGED_CACHE_BYTES,
  MAX_RANKINGS_AT_ONCE,
  MAX_WORST_DAYS_RANGE,
  RANKING_TIMEOUT_MS,
} from '../../limits.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import type { Answer } from '../answer-cache.ts';
import type { CustomerNames } from '../customer-names.ts';
import { deadline } from '../deadline.ts';
import { bodyOf, type Form, isFlat } from '../forms.ts';
import { assertShort } from '../ranking/ranking-answer.ts';
import type { Body } from '../rows-writer.ts';
import { SnapshotAnswers, type SnapshotReader } from '../snapshot-answers.ts';
import {
  flatWorstDay,
  WORST_DAY_COLUMNS,
  type WorstDays,
  type WorstDaysAsked,
  worstDays,
} from './worst-days.ts';

export interface WorstDaysQuery extends WorstDaysAsked {
  readonly form: Form;
}

/** Answers with the worst day of each customer. They come from the cache while the data are unchanged. */
export class WorstDayAnswers {
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

  /** @throws {DaymarkError} RANGE_TOO_LARGE; OVERLOADED; ANSWER_TOO_SLOW; STORE_*. */
  async find(query: WorstDaysQuery): Promise<Answer> {
    assertShort(query, MAX_WORST_DAYS_RANGE);
    return this.#answers.find(JSON.stringify(query), async (snapshot) => {
      const assertGoesOn = deadline(RANKING_TIMEOUT_MS, 'The worst days were not found in time.');
      const basis = { definition: this.#definition, names: this.#names, assertGoesOn };
      return bodyIn(query.form, await worstDays(snapshot, query, basis));
    });
  }
}

async function bodyIn(form: Form, { customers, ...head }: WorstDays): Promise<Body> {
  const rows = isFlat(form) ? customers.map(flatWorstDay) : customers;
  const body = await bodyOf(form, { columns: WORST_DAY_COLUMNS }, [rows]);
  return form === 'json' ? `${JSON.stringify(head).slice(0, -1)},"customers":${body}}` : body;
}
