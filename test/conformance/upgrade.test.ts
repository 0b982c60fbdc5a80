import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { MIGRATION_NAMES } from '../../src/store/migrations/index.ts';
import { customerDay, customerDays } from '../../src/window/key.ts';
import { deltasOf, requestOf } from '../support/batches.ts';
import { migrateTo } from '../support/old-store.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

/** What daymark 0.1.0 wrote for one request with status 200 and two with 503. */
const STATE = Buffer.from('0180a0b6a8c964c0c9bda8c96402c80101e0a413af0202a4d55e0360e0a90af8cd03', 'hex');
const CUSTOMERS = ['a', `b'"`, 'é', '漢字', '\u{1f600}'];

describe.each(STORE_KINDS)('A $name store of daymark 0.1.0', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  const rows = () => place.query('select * from daily_stats order by customer_id, date');

  beforeEach(async () => {
    place = await createPlace();
    await migrateTo(place.location, '0001-initial');
    for (const customer of CUSTOMERS) {
      for (const date of ['2024-10-03', '2024-10-02']) {
        await place.query(
          `insert into daily_stats values ($1, '${date}', 1, 2, 0.6223373333333333, 0.316, 1.551,
             16.925440222130334, 33.333333333333336, $2)`,
          [customer, STATE],
        );
      }
    }
    store = await place.open();
  });
  afterEach(() => place.dispose());

  test('must be upgraded before it is used', async () => {
    await expect(store.checkSchema()).rejects.toMatchObject({ code: 'SCHEMA_OLDER' });
  });

  test('has the same rows after it was upgraded', async () => {
    const before = await rows();
    expect(before).toHaveLength(2 * CUSTOMERS.length);
    expect(await store.migrate()).toEqual(MIGRATION_NAMES.slice(1));
    await store.checkSchema();
    expect(await rows()).toEqual(before);
  });

  test('is read after it was upgraded by a process that had it open before', async () => {
    const reader = await place.open();
    await expect(reader.checkSchema()).rejects.toMatchObject({ code: 'SCHEMA_OLDER' });
    await store.migrate();
    const days = await reader.windows({ ...customerDays('é'), from: '2024-10-01', limit: 10 });
    expect(days).toMatchObject([
      { key: customerDay('é', '2024-10-02'), success_requests: 1, lateEvents: 0, finalSinceMs: null },
      { key: customerDay('é', '2024-10-03'), duration_p50: 0.316, revisedMs: null },
    ]);
  });

  test('holds days of UTC after it was upgraded', async () => {
    await store.migrate();
    await store.checkTimeZone('UTC');
    await expect(store.checkTimeZone('Europe/Berlin')).rejects.toMatchObject({ code: 'TIME_ZONE_DIFFERS' });
  });

  test('is bound to no time zone after it was upgraded where it had no days', async () => {
    await place.query('delete from daily_stats');
    await store.migrate();
    await store.checkTimeZone('Europe/Berlin');
  });

  test('is added to after it was upgraded, also days without durations', async () => {
    await store.migrate();
    const untimed = { ...requestOf('é', '2024-10-04'), durationUs: -1 };
    await store.commit({
      timeZone: 'UTC',
      advances: [],
      deltas: deltasOf([requestOf('é', '2024-10-03'), untimed]),
    });
    expect(await store.windows({ ...customerDays('é'), from: '2024-10-01', limit: 10 })).toMatchObject([
      { key: customerDay('é', '2024-10-02'), success_requests: 1, failed_requests: 2, duration_p99: 1.551 },
      { key: customerDay('é', '2024-10-03'), success_requests: 2, failed_requests: 2, duration_p50: 0.001 },
      { key: customerDay('é', '2024-10-04'), success_requests: 1, failed_requests: 0, duration_mean: null },
    ]);
    expect(await rows()).toHaveLength(2 * CUSTOMERS.length + 1);
  });

  test('says that its percentiles have four digits, also where lines were added, and that those of new days are exact', async () => {
    await store.migrate();
    const long = { ...requestOf('é', '2024-10-03'), durationUs: 11_388_000 };
    const deltas = deltasOf([long, { ...long, date: '2024-10-04' }]);
    await store.commit({ timeZone: 'UTC', advances: [], deltas });
    expect(await store.windows({ ...customerDays('é'), from: '2024-10-01', limit: 10 })).toMatchObject([
      { key: customerDay('é', '2024-10-02'), duration_p99: 1.551, durationPrecision: 4 },
      { key: customerDay('é', '2024-10-03'), duration_p99: 11.39, durationPrecision: 4 },
      { key: customerDay('é', '2024-10-04'), duration_p99: 11.388, durationPrecision: null },
    ]);
  });
});
