import { MAX_ANSWER_CACHE_BYTES, MAX_DAYS_IN_ONE_PIECE } from '../limits.ts';
import { type AvailabilityDefinition, availabilityOf } from '../statistics/availability.ts';
import { pickStatistics, STATISTICS_COLUMNS } from '../statistics/columns.ts';
import type { ServedWindow, WindowQuery } from '../store/contract.ts';
import { DAY_MS, dateOfDay } from '../window/day.ts';
import { customerDays, fieldsOf } from '../window/key.ts';
import { CUSTOMER_DAYS } from '../window/kind.ts';
import type { Answer } from './answer-cache.ts';
import { CachedAnswers } from './cached-answers.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import { bodyOf, type Form } from './forms.ts';
import type { Body } from './rows-writer.ts';
import type { StatsReader } from './stats-reader.ts';

/** The days that a request asks for, and how they are written. */
export interface DaysAsked extends Pick<WindowQuery, 'from' | 'to'> {
  readonly customerId: string;
  /** By default JSON. */
  readonly form?: Form;
}

/** The query for these days. */
export function queryOf({ customerId, form: _, ...days }: DaysAsked, limit: number): WindowQuery {
  return { ...customerDays(customerId), ...days, limit };
}

/** The fields of a day, in the order of the answer. */
export const DAY_FIELDS: readonly string[] = [
  ...[...CUSTOMER_DAYS.columns, ...STATISTICS_COLUMNS, 'state', 'state_since', 'revision'],
  ...['availability_percentage', 'error_requests', 'counted_requests', 'duration_precision', 'customer_name'],
];

type AnswerStore = Pick<StatsReader, 'windows' | 'dataVersion'>;

/** Answers with the days of a customer. They come from the cache while the data are unchanged. */
export class Answers {
  readonly #store: AnswerStore;
  readonly #availability: AvailabilityDefinition;
  readonly #customers: CustomerNames;
  readonly #cached: CachedAnswers;

  /** @param maxCacheBytes how much memory cached answers may take. */
  constructor(
    store: AnswerStore,
    availability: AvailabilityDefinition,
    maxCacheBytes = MAX_ANSWER_CACHE_BYTES,
    customers = NO_NAMES,
  ) {
    this.#customers = customers;
    this.#store = store;
    this.#availability = availability;
    this.#cached = new CachedAnswers(store, maxCacheBytes);
  }

  /**
   * @param owner in whose share of the cache it is kept.
   * @returns the answer as of a moment after this call, or undefined if it has more than MAX_DAYS_IN_ONE_PIECE days.
   * @throws what the store throws.
   */
  async find(days: DaysAsked, owner?: string): Promise<Answer | undefined> {
    const asked = { ...days, customerId: this.#customers.idOf(days.customerId) };
    const name = this.#customers.nameOf(asked.customerId);
    // Dates have a fixed length, and no name or id holds a control character, so no two answers share a key.
    const key = `${asked.form ?? 'json'}/${asked.from}/${asked.to ?? ''}/${asked.customerId}\n${name ?? ''}`;
    return this.#cached.find(key, () => this.#read(asked, name), owner);
  }

  async #read(asked: DaysAsked, name: string | undefined): Promise<Body | undefined> {
    const rows = await this.#store.windows(queryOf(asked, MAX_DAYS_IN_ONE_PIECE + 1));
    if (rows.length > MAX_DAYS_IN_ONE_PIECE) return undefined;
    const days = rows.map((row) => dayOf(row, this.#availability, name));
    return bodyOf(asked.form ?? 'json', { columns: DAY_FIELDS }, [days]);
  }
}

/**
 * A day as the API returns it. The order of the fields is part of the API.
 * @param name the customer's name. Undefined where there is none: the day has no such field then.
 */
export function dayOf(row: ServedWindow, definition: AvailabilityDefinition, name?: string) {
  const availability = availabilityOf(row.statuses, definition);
  return {
    ...fieldsOf(row.key),
    ...pickStatistics(row),
    ...stateOf(row),
    revision: row.lateEvents,
    availability_percentage: availability.availabilityPercentage,
    error_requests: availability.errorRequests,
    counted_requests: availability.countedRequests,
    duration_precision: row.durationPrecision,
    ...(name === undefined ? {} : { customer_name: name }),
  };
}

/** Whether the numbers of a day or a range can still change, and since when they are in that state. */
export function stateOf({
  startMs,
  finalSinceMs,
  revisedMs,
}: Pick<ServedWindow, 'startMs' | 'finalSinceMs' | 'revisedMs'>) {
  if (finalSinceMs === null) return { state: 'open', state_since: instant(startMs) };
  if (revisedMs === null) return { state: 'final', state_since: instant(finalSinceMs) };
  return { state: 'revised', state_since: instant(Math.max(finalSinceMs, revisedMs)) };
}

/**
 * RFC 3339, UTC. Most are the beginnings of days, whose dates are remembered: `toISOString` takes 0.9 µs (2026-11-30). No day begins
 * after the year 9999.
 */
function instant(timeMs: number): string {
  return timeMs % DAY_MS === 0
    ? `${dateOfDay(timeMs / DAY_MS)}T00:00:00.000Z`
    : new Date(timeMs).toISOString();
}
