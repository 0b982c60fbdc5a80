/** Ranks the customers of a range of days, and gives a page of them with all their numbers. */

import { setImmediate } from 'node:timers/promises';
import { DaymarkError } from '../../errors.ts';
import {
  MAX_RANKED_TABLE_BYTES,
  MAX_RANKINGS_AT_ONCE,
  RANKED_IN_ONE_PIECE,
  RANKING_TIMEOUT_MS,
  STREAM_WAIT_MS,
} from '../../limits.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import { changesOf } from '../../statistics/count-numbers.ts';
import { statusClasses, summaryOf } from '../../statistics/summary.ts';
import type { CustomerSearch, RankedDays, StoreSnapshot } from '../../store/contract.ts';
import { compareUtf8 } from '../../window/key.ts';
import type { SpanRange } from '../../window/kind.ts';
import { Slots } from '../slots.ts';
import type { StatsReader } from '../stats-reader.ts';
import { VersionGate } from '../version-gate.ts';
import { Best, comparePlaces, type Place } from './best.ts';
import { countsBefore, type RankedNumbers, rankedNumbers, tableNumbers } from './ranked-numbers.ts';
import { RankedTable, RankedTables } from './ranked-table.ts';
import { SORTS, type Sort } from './sort-names.ts';
import { type StripDay, stripsOf } from './strips.ts';

/** Which page of which ranking. */
export interface RankingQuery extends SpanRange {
  readonly sort: Sort;
  readonly order: 'asc' | 'desc';
  /** Customers of the page at the most. */
  readonly limit: number;
  /** The last place of the page before. */
  readonly after?: Place | undefined;
  /** Which customers are ranked. Undefined: all. */
  readonly search?: Pick<CustomerSearch, 'prefix' | 'matches'> | undefined;
  /** Ranked by the requests of this endpoint alone. Undefined: by all. */
  readonly endpoint?: string | undefined;
  /** How many days, up to the last of the range, each customer of the page brings along. Undefined: none. */
  readonly stripDays?: number | undefined;
}

export type RankedCustomer = ReturnType<typeof numbersOf> & { readonly days?: readonly StripDay[] };

export interface RankingPage {
  readonly customers: readonly RankedCustomer[];
  /** The last place of the page; undefined where no page follows. */
  readonly last: Place | undefined;
}

/** Ends the work on a ranking. */
interface Until {
  /** By the clock of `performance.now()`. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal | undefined;
}

type RankingStore = Pick<StatsReader, 'readSnapshot' | 'dataVersion'>;

export class CustomerRankings {
  readonly #store: RankingStore;
  readonly #availability: AvailabilityDefinition;
  readonly #timeoutMs: number;
  readonly #gate: VersionGate;
  readonly #maxTableBytes: number;
  readonly #tables: RankedTables;
  readonly #slots = new Slots(MAX_RANKINGS_AT_ONCE, 'ranking');

  /**
   * @param timeoutMs how long one ranking may take.
   * @param processes how many processes share the memory of kept rankings.
   */
  constructor(
    store: RankingStore,
    availability: AvailabilityDefinition,
    timeoutMs = RANKING_TIMEOUT_MS,
    processes = 1,
  ) {
    this.#maxTableBytes = MAX_RANKED_TABLE_BYTES / processes;
    this.#tables = new RankedTables(this.#maxTableBytes);
    this.#store = store;
    this.#availability = availability;
    this.#timeoutMs = timeoutMs;
    this.#gate = new VersionGate(store);
  }

  /**
   * @param signal ends the work: nobody waits for the answer any more.
   * @returns the page as of one moment after this call.
   * @throws {DaymarkError} OVERLOADED; ANSWER_TOO_SLOW; STORE_*. @throws the reason of the signal.
   */
  async page(query: RankingQuery, signal?: AbortSignal): Promise<RankingPage> {
    const kept = await this.#fromTable(query);
    if (kept) return kept;
    await this.#slots.take(STREAM_WAIT_MS);
    try {
      // Whoever had the slot before may have ranked the same.
      return (
        (await this.#fromTable(query)) ??
        (await this.#rank(query, { deadlineMs: performance.now() + this.#timeoutMs, signal }))
      );
    } finally {
      this.#slots.release();
    }
  }

  /** A page of a ranking that is kept. Undefined where there is none, or the data change meanwhile. */
  async #fromTable(query: RankingQuery): Promise<RankingPage | undefined> {
    const version = await this.#gate.nextVersion();
    const table = this.#tables.get(keyOf(query), version);
    if (!table) return undefined;
    const best = bestFor(query);
    const { prefix = '', matches = () => true } = query.search ?? {};
    for (const [at, customerId] of table.ids.entries()) {
      if (customerId.startsWith(prefix) && matches(customerId))
        best.offer({ customerId, value: table.value(at, query.sort) });
      if (at % RANKED_IN_ONE_PIECE === 0) await setImmediate();
    }
    const page = await this.#store.readSnapshot((snapshot) =>
      this.#page(daysOf(snapshot, query), query, best),
    );
    return (await this.#gate.nextVersion()) === version ? page : undefined;
  }

  async #rank(query: RankingQuery, until: Until): Promise<RankingPage> {
    const version = await this.#gate.nextVersion();
    return this.#store.readSnapshot(async (snapshot) => {
      const best = bestFor(query);
      const days = daysOf(snapshot, query);
      const table = await this.#offerAll(days, query, best, until);
      if (table) this.#tables.put(keyOf(query), version, table);
      return this.#page(days, query, best, until);
    });
  }

  /** Offers all customers. @returns the table of them, if they were all, and it is worth to be kept. */
  async #offerAll(
    days: RankedDays,
    query: RankingQuery,
    best: Best,
    until: Until,
  ): Promise<RankedTable | undefined> {
    const basis = SORTS[query.sort];
    const isByIds = basis === 'ids' && query.order === 'asc';
    if (basis !== 'durations' && !isByIds && (await this.#offerTable(days, query, best, until)))
      return undefined;
    const search = { ...query.search, ...(isByIds && { after: query.after?.customerId }) };
    let table = query.search || basis === 'ids' ? undefined : new RankedTable(basis);
    for await (const found of rankedNumbers(days, basis, search, query, this.#availability)) {
      assertInTime(until);
      for (const ranked of found) best.offer(placeOf(ranked, query.sort));
      if (isByIds && best.isFull) return undefined;
      for (const ranked of found) table?.add(ranked);
      // It would not be kept.
      if (table && table.bytes > this.#maxTableBytes) table = undefined;
    }
    return table;
  }

  /** Offers all customers out of a table of the store. @returns false where it has none. */
  async #offerTable(days: RankedDays, query: RankingQuery, best: Best, until: Until): Promise<boolean> {
    const numbers = await tableNumbers(days, query, this.#availability, () => assertInTime(until));
    if (!numbers) return false;
    const { prefix = '', matches = () => true } = query.search ?? {};
    for (let at = 0; at < numbers.ids.length; at++) {
      if (at % RANKED_IN_ONE_PIECE === 0) {
        await setImmediate();
        assertInTime(until);
      }
      const customerId = numbers.ids[at];
      if (!customerId.startsWith(prefix) || !matches(customerId)) continue;
      const value = numbers.valueOf(at);
      if (value !== undefined) best.offer({ customerId, value });
    }
    return true;
  }

  /** Reads all numbers of the customers of the page: only theirs. */
  async #page(customers: RankedDays, query: RankingQuery, best: Best, until?: Until): Promise<RankingPage> {
    const places = best.places.slice(0, query.limit);
    const ids = places.map(({ customerId }) => customerId).sort(compareUtf8);
    const basis = SORTS[query.sort];
    const before = await countsBefore(customers, ids, query, this.#availability, {
      isOfAll: basis === 'counts' || basis === 'changes',
      assertGoesOn: () => until && assertInTime(until),
    });
    const { to, stripDays } = query;
    const strips = stripDays && (await stripsOf(customers, ids, { to, days: stripDays }, this.#availability));
    const numbers = new Map<string, RankedCustomer>();
    for await (const { customerId, statistics } of customers.statistics({ ids }, query)) {
      if (until) assertInTime(until);
      const changes = changesOf(statistics.statuses, before?.(customerId), this.#availability);
      const row = numbersOf(customerId, statistics, this.#availability, changes);
      numbers.set(customerId, strips ? { ...row, days: strips(customerId) } : row);
    }
    return {
      customers: places.flatMap(({ customerId }) => numbers.get(customerId) ?? []),
      last: best.places.length > query.limit ? places.at(-1) : undefined,
    };
  }
}

/** A customer as the API returns it. The order of the fields is part of the API. */
function numbersOf(
  customerId: string,
  statistics: Parameters<typeof summaryOf>[0] & object,
  definition: AvailabilityDefinition,
  changes: ReturnType<typeof changesOf>,
) {
  return {
    customer_id: customerId,
    ...summaryOf(statistics, definition),
    ...changes,
    status_classes: statusClasses(statistics.statuses),
  };
}

/** One place more than the page has: it tells whether another page follows. */
function bestFor({ sort, order, limit, after }: RankingQuery): Best {
  return new Best(comparePlaces(sort, order), limit + 1, after);
}

function placeOf({ customerId, numbers }: RankedNumbers, sort: Sort): Place {
  return { customerId, value: numbers[sort] ?? null };
}

function daysOf(snapshot: StoreSnapshot, { endpoint }: RankingQuery): RankedDays {
  return endpoint === undefined ? snapshot.customers : snapshot.customersOf(endpoint);
}

function keyOf({ sort, from, to, endpoint = '' }: RankingQuery): string {
  return `${SORTS[sort]}/${from}/${to}/${endpoint}`;
}

function assertInTime({ deadlineMs, signal }: Until): void {
  signal?.throwIfAborted();
  if (performance.now() <= deadlineMs) return;
  throw new DaymarkError('ANSWER_TOO_SLOW', 'The ranking was not done in time.');
}
