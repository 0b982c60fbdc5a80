import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectAsOld, migrateTo, type OldConnection } from '../support/old-store.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const COLUMNS = `customer_id, date, success_requests, failed_requests, duration_mean, duration_p50, duration_p99,
  uptime_percentage, success_percentage, state`;
const KEY = "customer_id = 'cust_1' and date = '2024-10-02'";
/** What daymark 0.1.0 wrote for one request with status 200 and two with 503. */
const STATE = '0180a0b6a8c964c0c9bda8c96402c80101e0a413af0202a4d55e0360e0a90af8cd03';

/** The statements of the daymark whose last migration was 0007, on the days of customers. */
const writesOf = (empty: string) => ({
  'a commit of a day that is there': `insert into daily_stats (${COLUMNS})
    values ('cust_1', '2024-10-02', 0, 0, 0, 0, 0, 0, 0, ${empty})
    on conflict (customer_id, date) do update set state = daily_stats.state where false returning customer_id`,
  'a commit of a new day': `insert into daily_stats (${COLUMNS})
    values ('cust_1', '2024-10-03', 1, 0, 1, 1, 1, 100, 100, ${empty})
    on conflict (customer_id, date) do update set success_requests = excluded.success_requests`,
  'a retention, or a rebuild': `delete from daily_stats where ${KEY}`,
});

/** It ends an older daymark: none of these codes is one that it waits for. */
const REFUSAL =
  /cannot modify daily_stats because it is a view|upgraded by a newer daymark|no unique or exclusion constraint/;

describe.each(STORE_KINDS)('An older daymark that runs on while a $name store is upgraded', (kind) => {
  let place: StorePlace;
  let old: OldConnection;
  const bytes = (hex: string) => (kind.name === 'SQLite' ? `x'${hex}'` : `'\\x${hex}'`);

  const contents = async () => ({
    days: await place.query(`select ${COLUMNS} from daily_stats`),
    checkpoints: await place.query('select * from checkpoints'),
  });

  beforeEach(async () => {
    place = await kind.createPlace();
    await migrateTo(place.location, '0007-excluded-lines');
    old = await connectAsOld(place.location);
    await old.run(`insert into daily_stats (${COLUMNS})
      values ('cust_1', '2024-10-02', 1, 2, 0.6, 0.316, 1.551, 16.9, 33.3, ${bytes(STATE)})`);
    await old.run(`insert into checkpoints (id, name, identity, next_offset, lines, accepted, rejected, updated_at)
      values ('p', '/logs/api.log', '', 0, 0, 0, 0, current_timestamp)`);
  });
  afterEach(async () => {
    await old.close();
    await place.dispose();
  });

  test.each(Object.entries(writesOf(bytes(''))))('stores nothing of %s', async (_, write) => {
    // It has used the statement before.
    await old.run('begin');
    await old.run(write);
    await old.run('rollback');
    await (await place.open()).migrate();
    const before = await contents();
    await old.run('begin');
    await old.run("update checkpoints set next_offset = 100, lines = 1, accepted = 1 where id = 'p'");
    await expect(old.run(write)).rejects.toThrow(REFUSAL);
    await old.run('rollback');
    expect(await contents()).toEqual(before);
    expect(before.days).toHaveLength(1);
  });

  test('reads days as before', async () => {
    const read = `select s.customer_id, s.date, success_requests, late_events, state from daily_stats s
      left join revisions r on r.customer_id = s.customer_id and r.date = s.date
      where s.customer_id = 'cust_1' and s.date >= '2024-01-01' order by s.date limit 10`;
    const before = await old.run(read);
    await (await place.open()).migrate();
    expect(await old.run(read)).toEqual(before);
    expect(before).toHaveLength(1);
  });
});
