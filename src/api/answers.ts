import { MAX_ANSWER_CACHE_BYTES, MAX_DAYS_IN_ONE_PIECE, MAX_SHARE_OF_ANSWER_CACHE } from '../limits.ts';
import { type AvailabilityDefinition, availabilityOf } from '../statistics/availability.ts';
import { pickStatistics, STATISTICS_COLUMNS } from '../statistics/columns.ts';
import type { ServedWindow, WindowQuery } from '../store/contract.ts';
import { customerDays, fieldsOf } from '../window/key.ts';
import { CUSTOMER_DAYS } from '../window/kind.ts';
import { type Answer, AnswerCache } from './answer-cache.ts';
import { etagOf } from './conditional.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import { bodyOf, type Form } from './forms.ts';
import type { StatsReader } from './stats-reader.ts';
import { VersionGate } from './version-gate.ts';

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

interface Loading {
  readonly version: string;
  readonly answer: Promise<Answer | undefined>;
}

/** Answers with the days of a customer. They come from the cache while the data are unchanged. */
export class Answers {
  readonly #store: AnswerStore;
  readonly #availability: AvailabilityDefinition;
  readonly #customers: CustomerNames;
  readonly #gate: VersionGate;
  readonly #cache: AnswerCache;
  readonly #loading = new Map<string, Loading>();

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
    this.#gate = new VersionGate(store);
    this.#cache = new AnswerCache(maxCacheBytes, maxCacheBytes * MAX_SHARE_OF_ANSWER_CACHE);
  }

  /**
   * @returns the answer as of a moment after this call, or undefined if it has more than MAX_DAYS_IN_ONE_PIECE days.
   * @throws what the store throws.
   */
  async find(days: DaysAsked): Promise<Answer | undefined> {
    const version = await this.#gate.nextVersion();
    const asked = { ...days, customerId: this.#customers.idOf(days.customerId) };
    const name = this.#customers.nameOf(asked.customerId);
    // Dates have a fixed length, and no name or id holds a control character, so no two answers share a key.
    const key = `${asked.form ?? 'json'}/${asked.from}/${asked.to ?? ''}/${asked.customerId}\n${name ?? ''}`;
    return this.#cache.get(key, version) ?? this.#load(key, version, asked, name);
  }

  /**
   * Requests that miss the cache at the same time share one read of the rows. A request may join a read that began under
   * the same version: the version is unchanged, so the read has not missed a commit.
   */
  #load(
    key: string,
    version: string,
    asked: DaysAsked,
    name: string | undefined,
  ): Promise<Answer | undefined> {
    const underWay = this.#loading.get(key);
    if (underWay?.version === version) return underWay.answer;
    const loading = { version, answer: this.#read(key, version, asked, name) };
    this.#loading.set(key, loading);
    const done = () => {
      if (this.#loading.get(key) === loading) this.#loading.delete(key);
    };
    loading.answer.then(done, done);
    return loading.answer;
  }

  /**
   * The version is read before the rows. A commit in between makes the rows newer than their version, and that version is
   * never current again, so they are never served from the cache. In the other order, old rows would stay in the cache.
   */
  async #read(
    key: string,
    version: string,
    asked: DaysAsked,
    name: string | undefined,
  ): Promise<Answer | undefined> {
    const rows = await this.#store.windows(queryOf(asked, MAX_DAYS_IN_ONE_PIECE + 1));
    if (rows.length > MAX_DAYS_IN_ONE_PIECE) return undefined;
    const days = rows.map((row) => dayOf(row, this.#availability, name));
    const body = await bodyOf(asked.form ?? 'json', DAY_FIELDS, days);
    const answer = { body, etag: etagOf(body) };
    this.#cache.put(key, version, answer);
    return answer;
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

/** Whether the numbers of a day can still change, and since when they are in that state. */
function stateOf({ startMs, finalSinceMs, revisedMs }: ServedWindow) {
  if (finalSinceMs === null) return { state: 'open', state_since: instant(startMs) };
  if (revisedMs === null) return { state: 'final', state_since: instant(finalSinceMs) };
  return { state: 'revised', state_since: instant(Math.max(finalSinceMs, revisedMs)) };
}

/** RFC 3339, UTC. */
function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
