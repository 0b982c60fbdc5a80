import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { MIGRATION_NAMES } from '../../src/store/migrations/index.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { readingFrom } from '../../src/store/read-replica.ts';
import { customerDays } from '../../src/window/key.ts';
import { deltasOf, requestOf } from '../support/batches.ts';
import { eventually } from '../support/eventually.ts';
import { type Cluster, type Replica, startCluster, startReplica } from '../support/postgres-cluster.ts';
import { query, type TestDatabase } from '../support/postgres-database.ts';

const DAY = '2024-10-02';
const KEY = {
  ...{ id: 'k', role: 'admin' as const, customers: [], name: '', createdMs: 0, expiresMs: null },
  hash: new Uint8Array(32),
};

describe('A store that is read from a streaming replica', () => {
  let cluster: Cluster;
  let replica: Replica;
  let database: Pick<TestDatabase, 'url' | 'query'>;
  let databases = 0;
  let writer: Store;
  let store: Store;

  beforeAll(async () => {
    // A server of its own: with all that the other tests write, the replica was minutes behind.
    cluster = await startCluster();
    replica = await startReplica(cluster.url);
  });
  afterAll(() => {
    replica?.stop();
    cluster?.stop();
  });

  const onReplica = (sql: string) => query(replica.of(database.url), sql);
  const pause = () => onReplica('select pg_wal_replay_pause()');
  const resume = () => onReplica('select pg_wal_replay_resume()');

  beforeEach(async () => {
    const name = `test_${databases++}`;
    await query(cluster.url, `create database ${name}`);
    const { href: url } = Object.assign(new URL(cluster.url), { pathname: `/${name}` });
    database = { url, query: (...asked) => query(url, ...asked) };
    writer = await openPostgresStore(database.url);
    await writer.migrate();
    await add('a');
    const primary = await openPostgresStore(database.url);
    await eventually(() => rowsOnReplica()).toBe(1);
    store = readingFrom(await openPostgresStore(replica.of(database.url)), primary);
    await store.checkSchema();
  });
  afterEach(async () => {
    await store.close();
    await writer.close();
  });

  const add = (customer: string) =>
    writer.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf([requestOf(customer, DAY)]) });
  const rowsOnReplica = () =>
    onReplica('select count(*)::int as rows from customer_daily_stats').then(
      ([{ rows }]) => rows,
      () => undefined,
    );
  const requestsOf = async (from: Store) =>
    (await from.windows({ ...customerDays('a'), from: DAY, limit: 1 })).map((day) => day.success_requests);

  test('shows what was committed, and its version changes with it', async () => {
    const before = await store.dataVersion();
    await add('a');
    await eventually(() => requestsOf(store)).toEqual([2]);
    expect(await store.dataVersion()).not.toBe(before);
  });

  test('is as old as a replica that lags: its version stays with its rows, while keys are those of now', async () => {
    await writer.apiKeys.add(KEY);
    await pause();
    const before = await store.dataVersion();
    await add('a');
    await writer.apiKeys.revoke('k', 77);
    expect([await requestsOf(writer), await requestsOf(store)]).toEqual([[2], [1]]);
    expect(await store.dataVersion()).toBe(before);
    expect(await store.apiKeys.find('k')).toMatchObject({ revokedMs: 77 });
    await store.apiKeys.noteUses([{ id: 'k', usedMs: 5 }]);
    expect(await writer.apiKeys.find('k')).toMatchObject({ lastUsedMs: 5 });
    expect(await store.signingKeys.list()).toEqual(await writer.signingKeys.list());
    await resume();
    await eventually(() => requestsOf(store)).toEqual([2]);
    expect(await store.dataVersion()).not.toBe(before);
  });

  test('has another version after each commit that becomes visible, also where an older transaction runs on', async () => {
    const clients = [new pg.Client(database.url), new pg.Client(database.url), new pg.Client(database.url)];
    try {
      for (const client of clients) {
        await client.connect();
        await client.query('begin');
        await client.query('select pg_current_xact_id()');
      }
      // The newest ends first: when the one between commits, the ends of a snapshot stay where they are.
      await clients[2].query('commit');
      await clients[1].query(`update customer_daily_stats set failed_requests = 7`);
      const [{ at }] = await database.query('select pg_current_wal_insert_lsn()::text as at');
      const reached = () => onReplica(`select pg_last_wal_replay_lsn() >= '${at}' as is_there`);
      await eventually(reached).toEqual([{ is_there: true }]);
      const version = await store.dataVersion();
      await clients[1].query('commit');
      const changed = () => onReplica('select failed_requests::int as failed from customer_daily_stats');
      await eventually(changed).toEqual([{ failed: 7 }]);
      expect(await store.dataVersion()).not.toBe(version);
    } finally {
      for (const client of clients) await client.end();
    }
  });

  test('is STORE_UNREACHABLE while the replica is away, and goes on when it is back', async () => {
    replica.kill();
    try {
      await expect(requestsOf(store)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
      // A key that is revoked meanwhile is known at once.
      expect(await store.apiKeys.find('unknown')).toBeUndefined();
    } finally {
      replica.startAgain();
    }
    await eventually(() => requestsOf(store).catch(({ code }) => code)).toEqual([1]);
  });

  test('is waited for where the replica does not have an upgrade yet', async () => {
    const last = MIGRATION_NAMES.at(-1);
    const count = async (ask: TestDatabase['query']) =>
      (await ask('select count(*)::int as n from daymark_migrations'))[0].n;
    // As before the upgrade, and then as after it.
    await database.query('delete from daymark_migrations where name = $1', [last]);
    await eventually(() => count(onReplica)).toBe(MIGRATION_NAMES.length - 1);
    await pause();
    await database.query('insert into daymark_migrations (name, timestamp) values ($1, $2)', [last, 'now']);
    await expect(store.checkSchema()).rejects.toMatchObject({ code: 'STORE_BUSY' });
    await resume();
    await eventually(() => store.checkSchema().catch(({ code }) => code)).toBeUndefined();
  });
});
