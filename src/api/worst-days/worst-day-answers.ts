import {
  MAX_MERGED_CACHE_BYTES,
  MAX_RANKINGS_AT_ONCE,
  MAX_WORST_DAYS_RANGE,
  RANKING_TIMEOUT_MS,
  STREAM_WAIT_MS,
} from '../../limits.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import type { Answer } from '../answer-cache.ts';
import { CachedAnswers } from '../cached-answers.ts';
import type { CustomerNames } from '../customer-names.ts';
import { deadline } from '../deadline.ts';
import { bodyOf, type Form, isFlat } from '../forms.ts';
import { assertShort } from '../ranking/ranking-answer.ts';
import type { Body } from '../rows-writer.ts';
import { Slots } from '../slots.ts';
import type { StatsReader } from '../stats-reader.ts';
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
  readonly #store: Pick<StatsReader, 'readSnapshot'>;
  readonly #definition: AvailabilityDefinition;
  readonly #names: CustomerNames;
  readonly #cached: CachedAnswers;
  readonly #slots = new Slots(MAX_RANKINGS_AT_ONCE);

  constructor(
    store: Pick<StatsReader, 'readSnapshot' | 'dataVersion'>,
    definition: AvailabilityDefinition,
    names: CustomerNames,
  ) {
    this.#store = store;
    this.#definition = definition;
    this.#names = names;
    this.#cached = new CachedAnswers(store, MAX_MERGED_CACHE_BYTES);
  }

  /**
   * @throws {DaymarkError} RANGE_TOO_LARGE; OVERLOADED; ANSWER_TOO_SLOW; STORE_*.
   */
  async find(query: WorstDaysQuery): Promise<Answer> {
    assertShort(query, MAX_WORST_DAYS_RANGE);
    return (await this.#cached.find(JSON.stringify(query), () => this.#make(query))) as Answer;
  }

  async #make(query: WorstDaysQuery): Promise<Body> {
    await this.#slots.take(STREAM_WAIT_MS);
    try {
      const basis = {
        definition: this.#definition,
        names: this.#names,
        assertGoesOn: deadline(RANKING_TIMEOUT_MS, 'The worst days were not found in time.'),
      };
      const found = await this.#store.readSnapshot((snapshot) => worstDays(snapshot, query, basis));
      return await bodyIn(query.form, found);
    } finally {
      this.#slots.release();
    }
  }
}

async function bodyIn(form: Form, { customers, ...head }: WorstDays): Promise<Body> {
  const rows = isFlat(form) ? customers.map(flatWorstDay) : customers;
  const body = await bodyOf(form, { columns: WORST_DAY_COLUMNS }, [rows]);
  return form === 'json' ? `${JSON.stringify(head).slice(0, -1)},"customers":${body}}` : body;
}
