import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { runInProcesses } from '../support/store-processes.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

describe.each(STORE_KINDS)('A $name store and the time zone of its days', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  const deltas = deltasOf([requestOf('c', '2024-10-02')]);
  const commit = (timeZone: string) => store.commit({ timeZone, advances: [], deltas });
  const differs = {
    code: 'TIME_ZONE_DIFFERS',
    message: expect.stringContaining('holds days of the time zone Europe/Berlin, not UTC.'),
  };

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  test('takes any zone while it is empty, and asking does not bind it', async () => {
    await store.checkTimeZone('Europe/Berlin');
    await store.checkTimeZone('UTC');
    await store.addPartitions(() => adding('p'));
    await store.checkTimeZone('Asia/Kathmandu');
  });

  test('keeps the zone of the first batch, and says so to whoever has another one', async () => {
    await commit('Europe/Berlin');
    await commit('Europe/Berlin');
    const other = await place.open();
    await other.checkTimeZone('Europe/Berlin');
    await expect(other.checkTimeZone('UTC')).rejects.toMatchObject(differs);
  });

  test('stores nothing of a batch with days of another zone', async () => {
    await store.addPartitions(() => adding('p'));
    await commit('Europe/Berlin');
    const before = await place.query('select * from daily_stats');
    const other = store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 9)], deltas });
    await expect(other).rejects.toMatchObject(differs);
    expect(await place.query('select * from daily_stats')).toEqual(before);
    expect(await store.checkpoints.all()).toMatchObject([{ offset: 0, lines: 0 }]);
  });

  test('is not bound by a batch that failed', async () => {
    const failing = store.commit({ timeZone: 'UTC', advances: [advanceOf('unknown', 0, 9)], deltas });
    await expect(failing).rejects.toMatchObject({ code: 'CHECKPOINT_MOVED' });
    await commit('Europe/Berlin');
  });

  test('takes other names of the same zone', async () => {
    await commit('Asia/Calcutta');
    await commit('Asia/Kolkata');
    await store.checkTimeZone('asia/kolkata');
  });

  test('takes one zone where several processes come with different ones at once', async () => {
    const zones = ['Europe/Berlin', 'UTC', 'Asia/Kathmandu', 'Europe/Berlin'];
    const jobs = zones.map((timeZone) => ({
      location: place.location,
      kind: 'claim' as const,
      timeZone,
      key: { customerId: timeZone, date: '2024-10-02' },
    }));
    const answers = (await runInProcesses(jobs)).flat();
    const stored = await place.query('select customer_id from daily_stats');
    const winners = zones.filter((_, i) => answers[i] === 'stored');
    expect(new Set(winners).size).toBe(1);
    expect(stored.map((row) => row.customer_id)).toEqual([winners[0]]);
    expect(winners).toEqual(zones.filter((zone) => zone === winners[0]));
    expect(answers.filter((answer) => answer !== 'stored')).toEqual(
      zones.filter((zone) => zone !== winners[0]).map(() => 'TIME_ZONE_DIFFERS'),
    );
  });
});
