import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RETENTION_CHUNK_ROWS } from '../../src/limits.ts';
import type { Store, WindowDelta } from '../../src/store/contract.ts';
import { UTC } from '../../src/window/zone.ts';
import { adding, deltasOf, requestOf } from '../support/batches.ts';
import { runInProcesses } from '../support/store-processes.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const never = new AbortController().signal;

describe.each(STORE_KINDS)('Old days of a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const commit = (deltas: readonly WindowDelta[]) =>
    store.commit({ timeZone: 'UTC', advances: [], deltas, finality: undefined });
  const keysIn = async (table: string) =>
    (await place.query(`select customer_id, date from ${table} order by customer_id, date`)).map(
      ({ customer_id, date }) => `${customer_id} ${date}`,
    );

  test('are deleted, and the others stay, whatever there is of them', async () => {
    const dates = ['0001-01-01', '2024-09-30', '2024-10-01', '2024-10-02', '9999-12-31'];
    const customers = ['a', 'é', '\u{1f600}'];
    const requests = customers.flatMap((customer) => dates.map((date) => requestOf(customer, date)));
    await commit(deltasOf(requests).map((delta) => ({ ...delta, lateEvents: 1 })));
    const version = await store.dataVersion();
    expect(await store.deleteDaysBefore('2024-10-01', never)).toBe(6);
    expect(await store.dataVersion()).not.toBe(version);
    const left = customers.flatMap((customer) => dates.slice(2).map((date) => `${customer} ${date}`));
    expect(await keysIn('daily_stats')).toEqual(left);
    expect(await keysIn('revisions')).toEqual(left);
    expect(await store.deleteDaysBefore('2024-10-01', never)).toBe(0);
  });

  test('are counted before they are deleted', async () => {
    expect(await store.daysBefore('2024-10-01')).toEqual({ days: 0, rows: 0 });
    const dates = ['0001-01-01', '2024-09-30', '2024-10-01'];
    await commit(deltasOf(['a', 'b'].flatMap((customer) => dates.map((date) => requestOf(customer, date)))));
    const old = { days: 2, rows: 4, first: '0001-01-01', last: '2024-09-30' };
    expect(await store.daysBefore('2024-10-01')).toEqual(old);
    expect(await store.deleteDaysBefore('2024-10-01', never)).toBe(4);
  });

  test('are deleted by consent, which the store remembers: the last one', async () => {
    expect(await store.retentionConsentDays()).toBeUndefined();
    for (const days of [400, 36_500, 20]) {
      await store.consentToRetention(days);
      expect(await (await place.open()).retentionConsentDays()).toBe(days);
    }
    await commit(deltasOf([requestOf('a', '2024-10-01')]));
    await store.checkTimeZone('UTC');
  });

  test('are deleted a few at a time, and not any more when told to stop', async () => {
    const customers = Array.from({ length: 2 * RETENTION_CHUNK_ROWS + 10 }, (_, i) => `customer ${i}`);
    await commit(deltasOf(customers.map((customer) => requestOf(customer, '2024-09-01'))));
    const stop = new AbortController();
    const version = await store.dataVersion();
    const deleting = store.deleteDaysBefore('2024-10-01', stop.signal);
    while ((await store.dataVersion()) === version) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    const deleted = await deleting;
    expect(deleted % RETENTION_CHUNK_ROWS).toBe(0);
    expect(deleted).toBeLessThan(customers.length);
    expect(await keysIn('daily_stats')).toHaveLength(customers.length - deleted);
    expect(await store.deleteDaysBefore('2024-10-01', never)).toBe(customers.length - deleted);
  });

  test('can be deleted while other processes add to them and delete them, and nothing else is lost', async () => {
    const { location } = place;
    const customers = Array.from({ length: 30 }, (_, i) => `customer ${i}`).sort();
    const keys = customers.flatMap((customerId) =>
      ['2024-09-01', '2024-10-01'].map((date) => ({ customerId, date })),
    );
    const deleting = { location, kind: 'deleteDays', before: '2024-10-01', times: 20 } as const;
    const batches = Array.from({ length: 10 }, () => keys);
    await runInProcesses([deleting, deleting, { location, kind: 'commit', batches }]);
    await store.deleteDaysBefore('2024-10-01', never);
    expect(await keysIn('daily_stats')).toEqual(customers.map((customer) => `${customer} 2024-10-01`));
    const counts = await place.query('select distinct success_requests as requests from daily_stats');
    expect(counts.map(({ requests }) => Number(requests))).toEqual([10]);
  });

  test('leave behind how far the days are final', async () => {
    for (const [nowMs, through] of [
      [1000, '2024-08-01'],
      [2000, '2024-09-01'],
    ] as const) {
      const advances = [] as const;
      const finality = { nowMs, waitMs: 0, zone: UTC };
      const endMs = Date.parse(through) + 24 * 60 * 60 * 1000;
      await store.addPartitions(async (known) => ((await known.all()).length > 0 ? [] : adding('a')));
      await place.query(`update checkpoints set clock_ms = ${endMs}`);
      await store.commit({ timeZone: 'UTC', advances, finality, deltas: [] });
    }
    await store.deleteDaysBefore('2024-08-15', never);
    expect(await place.query('select through from final_days')).toEqual([{ through: '2024-09-01' }]);
    await store.deleteDaysBefore('2024-10-01', never);
    expect(await place.query('select through from final_days')).toEqual([{ through: '2024-09-01' }]);
  });
});
