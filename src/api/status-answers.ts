import {
  MAX_DAYS_IN_ONE_PIECE,
  MAX_RANKINGS_AT_ONCE,
  MAX_STATUSES_CACHE_BYTES,
  RANKING_TIMEOUT_MS,
  STATUSES_PIECE,
} from '../limits.ts';
import type { StatusCount } from '../statistics/types.ts';
import type { CustomersAsked, StoreSnapshot } from '../store/contract.ts';
import type { SpanRange } from '../window/kind.ts';
import type { Answer } from './answer-cache.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import { deadline } from './deadline.ts';
import { bodyOf, type Form, isFlat, type Row } from './forms.ts';
import { assertKnownCustomer, customerShown } from './known-customer.ts';
import { assertShort } from './ranking/ranking-answer.ts';
import type { Body } from './rows-writer.ts';
import { SnapshotAnswers, type SnapshotReader } from './snapshot-answers.ts';

/** Requests by day and status. */
export interface StatusesAsked extends SpanRange {
  /** It may be an alias. Undefined: all customers together. */
  readonly customerId?: string | undefined;
  readonly form: Form;
}

/** Answers with the requests of each day by status. They come from the cache while the data are unchanged. */
export class StatusAnswers {
  readonly #customers: CustomerNames;
  readonly #answers: SnapshotAnswers;

  /** @param processes how many processes share the memory of kept answers. */
  constructor(store: SnapshotReader, customers = NO_NAMES, processes = 1) {
    this.#customers = customers;
    const bounds = { atOnce: MAX_RANKINGS_AT_ONCE, maxCacheBytes: MAX_STATUSES_CACHE_BYTES };
    this.#answers = new SnapshotAnswers(store, bounds, processes);
  }

  /**
   * @param owner in whose share of the cache the answer is kept.
   * @throws {DaymarkError} CUSTOMER_UNKNOWN; RANGE_TOO_LARGE; OVERLOADED; ANSWER_TOO_SLOW; STORE_*.
   */
  async find(asked: StatusesAsked, owner?: string): Promise<Answer> {
    assertShort(asked, MAX_DAYS_IN_ONE_PIECE);
    const customer = customerShown(this.#customers, asked.customerId);
    const { customerId, name } = customer;
    const key = JSON.stringify([asked.form, asked.from, asked.to, customerId ?? null, name !== undefined]);
    const make = async (snapshot: StoreSnapshot) => {
      await assertKnownCustomer(snapshot, customer);
      return statusesBody(snapshot, { ...asked, customerId });
    };
    return this.#answers.find(key, make, owner);
  }
}

async function statusesBody(snapshot: StoreSnapshot, asked: StatusesAsked): Promise<Body> {
  const { from, to, customerId, form } = asked;
  const customers: CustomersAsked = customerId === undefined ? {} : { ids: [customerId] };
  const assertGoesOn = deadline(RANKING_TIMEOUT_MS, 'The statuses were not counted in time.');
  const days = await snapshot.customers.statuses(customers, { from, to }, assertGoesOn);
  const body = await bodyOf(form, { columns: STATUS_COLUMNS }, piecesOfDays(days, isFlat(form)));
  if (form !== 'json') return body;
  return `${JSON.stringify({ from, to, customer_id: customerId ?? null }).slice(0, -1)},"days":${body}}`;
}

interface DayStatuses {
  readonly date: string;
  readonly statuses: readonly StatusCount[];
}

/** A day can have 600 statuses, so the statuses decide how many days are written at once. */
function* piecesOfDays(days: readonly DayStatuses[], isByStatus: boolean): Generator<readonly Row[]> {
  let piece: Row[] = [];
  let count = 0;
  for (const { date, statuses } of days) {
    const day = { date, requests: requestsOf(statuses), statuses };
    piece.push(...(isByStatus ? statusCells(day) : [day]));
    count += statuses.length;
    if (count < STATUSES_PIECE) continue;
    yield piece;
    piece = [];
    count = 0;
  }
  yield piece;
}

export const STATUS_COLUMNS: readonly string[] = ['date', 'status', 'requests'];

/** The rows of a day in CSV. */
export function statusCells({ date, statuses }: DayStatuses): readonly Row[] {
  return statuses.map(({ status, requests }) => ({ date, status, requests }));
}

function requestsOf(statuses: readonly StatusCount[]): number {
  return statuses.reduce((sum, { requests }) => sum + requests, 0);
}
