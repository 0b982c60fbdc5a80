import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DaymarkError } from '../../src/errors.ts';
import { MAX_DAYS_PER_ANSWER } from '../../src/limits.ts';
import { type AvailabilityDefinition, availabilityDefinition } from '../../src/statistics/availability.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { add, deltaOf, type Request, SUCCESS } from './requests.ts';
import { emptyStore, getRaw, serve } from './support.ts';

const FAILURE: Request = { status: 503, durationUs: 100_000 };

const datesOf = (rows: unknown) => (rows as { date: string }[]).map(({ date }) => date);

describe.each(STORE_KINDS)('on $name', (kind) => {
  test('answers the days of a customer, ascending, with the fields in their order', async () => {
    const store = await emptyStore(kind);
    await add(store, 'cust_1', {
      '2024-10-03': [SUCCESS],
      '2024-10-02': [SUCCESS, SUCCESS, { status: 204, durationUs: 1_551_000 }, FAILURE],
    });
    await add(store, 'cust_2', { '2024-10-02': [FAILURE] });
    const answer = await fetch(`${await serve({ store })}/customers/cust_1/stats?from=2024-10-01`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toBe(
      '[{"customer_id":"cust_1","date":"2024-10-02","success_requests":3,"failed_requests":1,' +
        '"duration_mean":0.57075,"duration_p50":0.316,"duration_p99":1.551,' +
        '"uptime_percentage":95.6197985107315,"success_percentage":75,' +
        '"state":"open","state_since":"2024-10-02T00:00:00.000Z","revision":0,' +
        '"availability_percentage":75,"error_requests":1,"counted_requests":4,"duration_precision":null},' +
        '{"customer_id":"cust_1","date":"2024-10-03","success_requests":1,"failed_requests":0,' +
        '"duration_mean":0.316,"duration_p50":0.316,"duration_p99":0.316,' +
        '"uptime_percentage":100,"success_percentage":100,' +
        '"state":"open","state_since":"2024-10-03T00:00:00.000Z","revision":0,' +
        '"availability_percentage":100,"error_requests":0,"counted_requests":1,"duration_precision":null}]',
    );
  });

  test('answers null for what is made of durations on a day that has none', async () => {
    const store = await emptyStore(kind);
    await add(store, 'cust_1', { '2024-10-02': [{ status: 200, durationUs: -1 }] });
    const answer = await fetch(`${await serve({ store })}/customers/cust_1/stats?from=2024-10-01`);
    expect(await answer.text()).toBe(
      '[{"customer_id":"cust_1","date":"2024-10-02","success_requests":1,"failed_requests":0,' +
        '"duration_mean":null,"duration_p50":null,"duration_p99":null,' +
        '"uptime_percentage":null,"success_percentage":100,' +
        '"state":"open","state_since":"2024-10-02T00:00:00.000Z","revision":0,' +
        '"availability_percentage":100,"error_requests":0,"counted_requests":1,"duration_precision":null}]',
    );
  });

  test('answers the availability by the statuses that count and those that are failures', async () => {
    const store = await emptyStore(kind);
    const day = (statuses: readonly number[]) => statuses.map((status) => ({ status, durationUs: 1000 }));
    const everyStatus = [0, ...Array.from({ length: 500 }, (_, i) => 100 + i)];
    await add(store, 'cust_1', {
      '2024-10-01': day([0, 200, 404, 503]),
      '2024-10-02': day([404, 499]),
      '2024-10-03': day(everyStatus),
    });
    const of = async (availability: AvailabilityDefinition) => {
      const url = await serve({ store, availability });
      const days = await (await fetch(`${url}/customers/cust_1/stats?from=2024-10-01`)).json();
      return (days as Record<string, unknown>[]).map((row) => [
        row.error_requests,
        row.counted_requests,
        row.availability_percentage,
      ]);
    };
    expect(await of(availabilityDefinition())).toEqual([
      [2, 4, 50],
      [0, 2, 100],
      [101, 501, (100 * 400) / 501],
    ]);
    expect(await of(availabilityDefinition('503', '0,400-499'))).toEqual([
      [1, 2, 50],
      [0, 0, null],
      [1, 400, (100 * 399) / 400],
    ]);
  });

  test('answers from the first day asked for to the last, both included', async () => {
    const store = await emptyStore(kind);
    const days = ['2024-02-28', '2024-02-29', '2024-03-01', '2024-03-02'];
    await add(store, 'cust_1', Object.fromEntries(days.map((day) => [day, [SUCCESS]])));
    const url = `${await serve({ store })}/customers/cust_1/stats`;
    const ask = async (query: string) => datesOf(await (await fetch(url + query)).json());
    expect(await ask('?from=2024-02-29')).toEqual(days.slice(1));
    expect(await ask('?from=2024-02-29&to=2024-03-01')).toEqual(days.slice(1, 3));
    expect(await ask('?to=2024-02-29&from=2024-02-29')).toEqual(['2024-02-29']);
    expect(await ask('?from=0001-01-01&to=9999-12-31')).toEqual(days);
  });

  test('answers an empty list for a customer or a range without data', async () => {
    const store = await emptyStore(kind);
    await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
    const url = await serve({ store });
    for (const path of [
      '/customers/cust_1/stats?from=2024-10-03',
      '/customers/cust_1/stats?from=2024-09-01&to=2024-10-01',
      '/customers/nobody/stats?from=2024-10-02',
    ]) {
      const answer = await fetch(url + path);
      expect([answer.status, await answer.text()]).toEqual([200, '[]']);
    }
  });

  test('any customer id of a log can be asked for, in the path and in the query', async () => {
    const store = await emptyStore(kind);
    const url = await serve({ store });
    const tricky = [
      '.',
      '..',
      'a/b',
      '/',
      '?',
      '%',
      '%2F',
      '%25',
      'a+b',
      ' ',
      '"',
      "'",
      '\\',
      '#',
      '&x=1',
      '🙂',
    ];
    const id = fc.oneof(
      fc.constantFrom(...tricky, 'é'.repeat(127), 'a'.repeat(255), '\u{10ffff}\u0080\ufeff', '__proto__'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 63 }).filter((text) => !/\p{Cc}/u.test(text)),
    );
    await fc.assert(
      fc.asyncProperty(id, async (customerId) => {
        await add(store, customerId, { '2024-10-02': [SUCCESS] });
        const encoded = encodeURIComponent(customerId);
        const byPath = await getRaw(url, `/customers/${encoded}/stats?from=2024-10-02`);
        expect(JSON.parse(byPath.body)).toMatchObject([{ customer_id: customerId }]);
        const byQuery = await fetch(`${url}/stats?from=2024-10-02&customer_id=${encoded}`);
        expect(await byQuery.text()).toBe(byPath.body);
      }),
      { numRuns: 150 },
    );
  });

  test('more days than one answer may have are refused, and a shorter range of them is answered', async () => {
    const store = await emptyStore(kind);
    const days = Array.from({ length: MAX_DAYS_PER_ANSWER + 1 }, (_, day) => dateOfDay(day));
    await store.commit({
      timeZone: 'UTC',
      advances: [],
      deltas: days.map((day) => deltaOf('cust_1', day, [SUCCESS])),
    });
    const url = `${await serve({ store })}/customers/cust_1/stats`;
    const refused = await fetch(`${url}?from=${days[0]}`);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: 'RANGE_TOO_LARGE', status: 422 });
    const answered = await fetch(`${url}?from=${days[1]}`);
    expect(datesOf(await answered.json())).toEqual(days.slice(1));
  });
});

test('a form encodes a space as a plus sign', async () => {
  const store = await emptyStore();
  await add(store, 'Jane Doe+1', { '2024-10-02': [SUCCESS] });
  const form = new URLSearchParams({ customer_id: 'Jane Doe+1', from: '2024-10-02' });
  expect(form.toString()).toContain('Jane+Doe%2B1');
  const answer = await fetch(`${await serve({ store })}/stats?${form}`);
  expect(await answer.json()).toMatchObject([{ customer_id: 'Jane Doe+1' }]);
});

test('HEAD answers what GET does, without the body', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const url = `${await serve({ store })}/customers/cust_1/stats?from=2024-10-02`;
  const [get, head] = [await fetch(url), await fetch(url, { method: 'HEAD' })];
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  for (const name of ['content-type', 'content-length', 'etag', 'cache-control']) {
    expect(head.headers.get(name)).toBe(get.headers.get(name));
  }
});

test('an answer that the client has is not sent again until it changes', async () => {
  const store = await emptyStore();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const url = `${await serve({ store })}/customers/cust_1/stats?from=2024-10-02`;
  const tag = (await fetch(url)).headers.get('etag') ?? '';
  const ask = (ifNoneMatch: string) => fetch(url, { headers: { 'if-none-match': ifNoneMatch } });
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
    const answer = await ask(known);
    expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', tag]);
  }
  expect((await ask('"other"')).status).toBe(200);
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const changed = await ask(tag);
  expect(changed.status).toBe(200);
  expect(await changed.json()).toMatchObject([{ success_requests: 2 }]);
});

const DAYS = '/customers/cust_1/stats?from=2024-10-02';

/** What two answers to the same request share: they have a time and a request id each. */
const lasting = ({ headers, ...rest }: Awaited<ReturnType<typeof getRaw>>) => {
  const { date: _date, 'x-request-id': _id, ...others } = headers;
  return { headers: others, ...rest };
};

test('a URL that was asked before is answered as the first time, and anew after a commit', async () => {
  const store = await emptyStore();
  const url = await serve({ store });
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const first = lasting(await getRaw(url, DAYS));
  expect(JSON.parse(first.body)).toMatchObject([{ success_requests: 1 }]);
  expect(lasting(await getRaw(url, DAYS))).toEqual(first);
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  expect(JSON.parse((await getRaw(url, DAYS)).body)).toMatchObject([{ success_requests: 2 }]);
});

test('a URL that was asked before gets a problem document when the store fails', async () => {
  const store = await emptyStore();
  let isDown = false;
  const failing: Store = Object.assign(Object.create(store), {
    dataVersion: async () => {
      if (isDown) throw new DaymarkError('STORE_UNREACHABLE', 'somewhere secret');
      return store.dataVersion();
    },
    windows: (query: Parameters<Store['windows']>[0]) => store.windows(query),
  });
  const url = await serve({ store: failing });
  expect((await getRaw(url, DAYS)).status).toBe(200);
  isDown = true;
  const answer = await getRaw(url, DAYS);
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'STORE_UNREACHABLE' });
  expect(answer.body).not.toContain('secret');
});
