/** What clients ask, and what they must get. */

import type { Choice } from '../support/random-choice.ts';
import { CUSTOMERS, DAY_MS, HISTORY_DAYS } from './day-lines.ts';
import type { Key, KeyRing, Validity } from './key-ring.ts';

type Access = 'public' | 'customer' | 'everybody' | 'operator';

interface Operation {
  readonly access: Access;
  readonly hasForms?: boolean;
  path(customer: string, days: Days): string;
}

interface Days {
  /** The first of a month's days, a day of the past, and the last one. */
  readonly first: string;
  readonly some: string;
  readonly last: string;
}

const range = ({ first, last }: Days) => `from=${first}&to=${last}`;
const ofCustomer = (path: (customer: string, days: Days) => string, hasForms = true): Operation => ({
  access: 'customer',
  hasForms,
  path,
});
const ofAdmin = (
  access: Access,
  path: (customer: string, days: Days) => string,
  hasForms = true,
): Operation => ({
  access,
  hasForms,
  path,
});

const READY = () => '/health/ready';

/** Every operation, those more than once that are asked most. */
const OPERATIONS: readonly Operation[] = [
  ...Array<Operation>(4).fill(ofCustomer((id, { first }) => `/customers/${id}/stats?from=${first}`)),
  ofCustomer((id, { first }) => `/stats?customer_id=${id}&from=${first}`),
  ofCustomer((id, days) => `/v1/customers/${id}/stats?${range(days)}&granularity=week`),
  ofCustomer((id, { some }) => `/v1/customers/${id}/stats?from=${some}&to=${some}&granularity=hour`),
  ofCustomer((id, days) => `/v1/stats?customer_id=${id}&${range(days)}`),
  ofCustomer((id, days) => `/v1/customers/${id}/summary?${range(days)}`, false),
  ofCustomer((id, days) => `/v1/summary?customer_id=${id}&${range(days)}`, false),
  ofCustomer((id, days) => `/v1/customers/${id}/endpoints?${range(days)}`),
  ofCustomer((id, days) => `/v1/endpoints?customer_id=${id}&${range(days)}`),
  ofCustomer((id, days) => `/v1/statuses?customer_id=${id}&${range(days)}`),
  ofAdmin('everybody', (_, days) => `/v1/customers?${range(days)}&sort=failed_requests`),
  ofAdmin('everybody', (_, { some, last }) => `/v1/worst-days?from=${some}&to=${last}`),
  ofAdmin('operator', () => '/v1/status', false),
  ofAdmin('operator', () => '/v1/sources?limit=20'),
  ofAdmin('operator', () => '/v1/rejected?limit=20'),
  ofAdmin('operator', (id, { last }) => `/v1/customers/${id}/sources?date=${last}`),
  ofAdmin('operator', (_, { some }) => `/v1/day-sources?date=${some}`),
  ofAdmin('operator', (id, days) => `/v1/customers/${id}/history?${range(days)}`),
  ofAdmin('operator', (id, days) => `/v1/history?customer_id=${id}&${range(days)}`),
  ofAdmin('operator', () => '/metrics', false),
  { access: 'public', path: () => '/health/live' },
  { access: 'public', path: READY },
  { access: 'public', path: () => '/openapi.json' },
];

const FORMS = ['', '', '', '&format=csv', '&format=ndjson', '&format=parquet'];

export interface Question {
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  readonly credential: string | undefined;
  /** `X-Forwarded-For`: the proxy in front of the API says so. */
  readonly address: string;
  /** Who asks what, for the tally. */
  readonly about: string;
  /** Those whose rows may be in the answer; undefined: anybody's. */
  readonly readable: string | undefined;
  /** Whether the answer may be that the database is away. */
  readonly needsDatabase: boolean;
  /** @returns the statuses that are right, by when it was asked and answered. */
  expected(beganMs: number, endedMs: number): readonly number[];
}

export class Questions {
  readonly #keys: KeyRing;
  readonly #choice: Choice;
  readonly #days: Days;

  /** @param firstMs when the soak's day begins. */
  constructor(keys: KeyRing, choice: Choice, firstMs: number) {
    this.#keys = keys;
    this.#choice = choice;
    const day = (before: number) => new Date(firstMs - before * DAY_MS).toISOString().slice(0, 10);
    this.#days = { first: day(HISTORY_DAYS - 1), some: day(6), last: day(0) };
  }

  /** A question of anybody. */
  next(): Question {
    const choice = this.#choice;
    const kind = choice.below(100);
    if (kind < 55) return this.ofKey(choice.of(this.#keys.customers));
    if (kind < 70) return this.ofKey(choice.of(this.#keys.admins));
    if (kind < 80 && this.#keys.dead.length > 0) return this.ofKey(choice.of(this.#keys.dead));
    if (kind < 83) return this.ofKey(choice.of(this.#keys.ingest));
    if (kind < 86) return this.#without(undefined, 'no key');
    if (kind < 89) return this.#without('nonsense', 'malformed key');
    if (kind < 91) return this.#ofAttacker();
    if (kind < 95) return this.#without(this.#unknownKey(), 'unknown key');
    return this.#malformed(choice.of(this.#keys.customers));
  }

  /** A question of whoever has this key. */
  ofKey(key: Key): Question {
    const choice = this.#choice;
    const isGreedy = key === this.#keys.greedy;
    const customer = choice.once(4) || key.customer === '' ? choice.of(CUSTOMERS) : key.customer;
    const operation = isGreedy ? (OPERATIONS[0] as Operation) : choice.of(OPERATIONS);
    const { access } = operation;
    const isOwn = key.role === 'admin' || customer === key.customer;
    const right = statusOf(key, access, isOwn);
    const whose = access === 'customer' && key.role === 'customer' ? (isOwn ? ', own' : ', another’s') : '';
    return {
      ...this.#question(operation, customer),
      credential: key.text,
      about: `${this.#kindOf(key)}: ${access}${whose}`,
      readable: key.role === 'admin' ? undefined : key.customer,
      expected: (beganMs, endedMs) => [
        ...statusesOf(access === 'public' ? 'valid' : key.validity(beganMs, endedMs), right),
        ...(isGreedy && access !== 'public' ? [429] : []),
      ],
    };
  }

  #kindOf(key: Key): string {
    if (key === this.#keys.greedy) return 'greedy key';
    return this.#keys.dead.includes(key) ? 'revoked or expired key' : `${key.role} key`;
  }

  #question(operation: Operation, customer: string) {
    const choice = this.#choice;
    const form = operation.hasForms ? choice.of(FORMS) : '';
    const path = operation.path(customer, this.#days);
    return {
      path: form === '' || path.includes('?') ? path + form : `${path}?${form.slice(1)}`,
      method: choice.once(10) ? ('HEAD' as const) : ('GET' as const),
      address: this.#address(),
      needsDatabase: operation.access !== 'public' || operation.path === READY,
    };
  }

  /** There are more than any table of addresses holds. */
  #address(): string {
    return `10.${this.#choice.below(256)}.${this.#choice.below(256)}.${this.#choice.below(256)}`;
  }

  #without(credential: string | undefined, about: string): Question {
    const operation = this.#choice.of(OPERATIONS);
    const status = operation.access === 'public' ? 200 : 401;
    return {
      ...this.#question(operation, this.#choice.of(CUSTOMERS)),
      credential,
      about: `${about}: ${operation.access}`,
      readable: '',
      expected: () => [status],
    };
  }

  #unknownKey(): string {
    const hex = (digits: number) =>
      Array.from({ length: digits }, () => this.#choice.below(16).toString(16)).join('');
    // Of a key that exists, or of none.
    const id = this.#choice.once(2) ? this.#choice.of(this.#keys.customers).id : hex(16);
    return `daymark_${id}_${hex(64)}`;
  }

  /** One address tries keys again and again. */
  #ofAttacker(): Question {
    const question = this.#without(this.#unknownKey(), 'attacker');
    const expected = question.about.endsWith('public') ? [200] : [401, 429];
    return { ...question, address: '192.0.2.66', expected: () => expected };
  }

  /** The question lacks what it needs. */
  #malformed(key: Key): Question {
    return {
      ...{ path: `/customers/${key.customer}/stats`, method: 'GET', credential: key.text },
      ...{ address: this.#address(), about: 'customer key: malformed question', readable: '' },
      needsDatabase: true,
      expected: (beganMs, endedMs) => statusesOf(key.validity(beganMs, endedMs), 422),
    };
  }
}

function statusOf({ role }: Key, access: Access, isOwn: boolean): number {
  if (access === 'public' || role === 'admin') return 200;
  if (role === 'ingest' || access !== 'customer') return 403;
  return isOwn ? 200 : 404;
}

function statusesOf(validity: Validity, right: number): readonly number[] {
  if (validity === 'invalid') return [401];
  return validity === 'valid' ? [right] : [right, 401];
}
