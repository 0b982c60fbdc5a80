import { expect, test } from 'vitest';
import { DaymarkError } from '../../src/errors.ts';
import type { Store } from '../../src/store/contract.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, getRaw, serve } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';

const withoutDate = ({ headers: { date: _, ...headers }, ...rest }: Awaited<ReturnType<typeof getRaw>>) => ({
  ...rest,
  headers,
});

test('a URL that was asked before is answered as the first time, and anew after a commit', async () => {
  const store = await emptyStore();
  const url = await serve({ store });
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const first = withoutDate(await getRaw(url, STATS));
  expect(JSON.parse(first.body)).toMatchObject([{ success_requests: 1 }]);
  expect(withoutDate(await getRaw(url, STATS))).toEqual(first);
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  expect(JSON.parse((await getRaw(url, STATS)).body)).toMatchObject([{ success_requests: 2 }]);
});

test('a URL that was asked before gets a problem document when the store fails', async () => {
  const store = await emptyStore();
  let isDown = false;
  const failing: Store = Object.assign(Object.create(store), {
    dataVersion: async () => {
      if (isDown) throw new DaymarkError('STORE_UNREACHABLE', 'somewhere secret');
      return store.dataVersion();
    },
    dailyStats: (query: Parameters<Store['dailyStats']>[0]) => store.dailyStats(query),
  });
  const url = await serve({ store: failing });
  expect((await getRaw(url, STATS)).status).toBe(200);
  isDown = true;
  const answer = await getRaw(url, STATS);
  expect(answer.status).toBe(503);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'STORE_UNREACHABLE' });
  expect(answer.body).not.toContain('secret');
});
