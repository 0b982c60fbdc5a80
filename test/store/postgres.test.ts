import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { MIGRATION_NAMES } from '../../src/store/migrations/index.ts';
import { statementError } from '../../src/store/postgres/errors.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { checkVersion } from '../../src/store/postgres/server.ts';
import { customerDays } from '../../src/window/key.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { eventually } from '../support/eventually.ts';
import { freePort, PASSWORD_ROLE } from '../support/postgres-cluster.ts';
import { createDatabase, type TestDatabase, urlOf } from '../support/postgres-database.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';

describe('Opening a PostgreSQL store', () => {
  const SECRET = 'do-not-show';

  test('says which server and database it is, without the password', async () => {
    const store = await openPostgresStore(urlOf({ user: 'postgres', password: SECRET }));
    const { port } = new URL(inject('postgresUrl'));
    expect(store.description).toBe(`PostgreSQL at 127.0.0.1:${port}, database "postgres"`);
    await store.close();
  });

  const fails = async (code: string, url: string, ...words: string[]) => {
    const error = await openPostgresStore(url).catch((thrown) => thrown);
    expect(error).toMatchObject({ code });
    for (const word of words) expect(error.message).toContain(word);
    expect(error.message).not.toContain(SECRET);
  };

  test('fails where nobody listens', async () => {
    const port = await freePort();
    const parts = { port, user: 'u', password: SECRET, database: 'd' };
    await fails('STORE_UNREACHABLE', urlOf(parts), `127.0.0.1:${port}`, 'database "d"', 'ECONNREFUSED');
    // A name with two addresses: one error for each.
    await fails(
      'STORE_UNREACHABLE',
      urlOf({ ...parts, host: 'localhost' }),
      `localhost:${port}`,
      'ECONNREFUSED',
    );
  });

  test('fails where the host has no address', async () => {
    const parts = { host: 'no-such-host.invalid', password: SECRET, user: 'u' };
    await fails('STORE_UNREACHABLE', urlOf(parts), 'no-such-host.invalid', 'getaddrinfo');
  });

  test('fails where there is no such database', async () => {
    await fails('STORE_REFUSED', urlOf({ database: 'nowhere' }), 'database "nowhere" does not exist');
  });

  test('fails where the password is wrong or missing', async () => {
    const user = PASSWORD_ROLE.name;
    await fails(
      'STORE_REFUSED',
      urlOf({ user, password: SECRET }),
      `password authentication failed for user "${user}"`,
    );
    await fails('STORE_REFUSED', urlOf({ user }), 'password');
    const store = await openPostgresStore(urlOf({ user, password: PASSWORD_ROLE.password }));
    await store.close();
  });

  test.each([
    'mysql://u:do-not-show@host/d',
    'host=localhost password=do-not-show',
    'postgres://u:do-not-show@[bad/d',
  ])('refuses the URL %s without repeating it', async (url) => {
    const error = await openPostgresStore(url).catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: 'INVALID_SETTING',
      message: expect.stringContaining('DATABASE_URL'),
    });
    expect(error.message).not.toContain(SECRET);
    expect(error.cause).toBeUndefined();
  });

  test('refuses a database that does not hold UTF-8', async () => {
    const latin = await createDatabase(
      `template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
    );
    const error = { code: 'STORE_ENCODING', message: expect.stringContaining('LATIN1') };
    await expect(openPostgresStore(latin.url)).rejects.toMatchObject(error);
    await latin.drop();
  });

  test.each(['14.9 (Debian 14.9-1)', '9.6'])('refuses a server of version %s', (version) => {
    expect(() => checkVersion(version, 'PostgreSQL')).toThrow(
      expect.objectContaining({ code: 'STORE_FAILED' }),
    );
  });

  test.each(['15.18 (Debian 15.18-0+deb12u1)', '17rc1', '18.1'])(
    'takes a server of version %s',
    (version) => {
      expect(() => checkVersion(version, 'PostgreSQL')).not.toThrow();
    },
  );
});

describe('A PostgreSQL store', () => {
  let database: TestDatabase;
  let store: Store;
  let other: pg.Client;

  beforeEach(async () => {
    database = await createDatabase();
    store = await openPostgresStore(database.url);
    await store.migrate();
    other = new pg.Client({ connectionString: database.url });
    other.on('error', () => {});
    await other.connect();
  });
  afterEach(async () => {
    await store.close();
    await other.end();
    await database.drop();
  });

  const add = (...customers: string[]) =>
    store.commit({
      timeZone: 'UTC',
      advances: [],
      deltas: deltasOf(customers.map((id) => requestOf(id, '2024-10-02'))),
    });

  const requestsOf = async (customerId: string) =>
    (await store.windows({ ...customerDays(customerId), from: '2024-10-02', limit: 1 })).map(
      (day) => day.success_requests,
    );

  /** Waits until a connection of the store waits for a lock. */
  const untilStoreWaits = async () => {
    await until(async () => {
      const waiting = await database.query(
        `select 1 from pg_stat_activity
          where datname = current_database() and application_name = 'daymark' and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
  };

  /** Another writer makes the row of customer `b`, as that of `from` is. */
  const insertB = (from: string) =>
    other.query(
      `insert into customer_daily_stats select 'b', date, success_requests, failed_requests, duration_mean, duration_p50,
        duration_p99, uptime_percentage, success_percentage, state from daily_stats where customer_id = $1`,
      [from],
    );

  const terminateStore = () =>
    database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'daymark'`,
    );

  test('locks windows strictly in key order, so that no writers wait in a circle', async () => {
    await add('a', 'c');
    await other.query('begin');
    await other.query(`select 1 from customer_daily_stats where customer_id = 'a' for update`);
    const commit = add('a', 'b', 'c');
    await untilStoreWaits();
    // Where the store held its new row "b" already, each would wait for the other now.
    await insertB('c');
    await other.query('commit');
    await commit;
    expect([await requestsOf('a'), await requestsOf('b'), await requestsOf('c')]).toEqual([[2], [2], [2]]);
  });

  test('deletes old days while another process deletes the same, whatever isolation the server has set', async () => {
    await database.query(`insert into partial_days (date) values ('2024-09-01')`);
    await other.query('begin isolation level read committed');
    await other.query('delete from partial_days');
    const deleting = store.deleteDaysBefore('2024-10-01', new AbortController().signal);
    await untilStoreWaits();
    await other.query('commit');
    expect(await deleting).toBe(0);
  });

  test.each([
    ['merges into the row that another writer makes', 'commit', 2],
    ['makes the row itself where another writer gives up', 'rollback', 1],
  ])('waits for another writer, and %s', async (_, end, requests) => {
    await add('a');
    await other.query('begin');
    await insertB('a');
    const commit = add('b');
    await untilStoreWaits();
    await other.query(end);
    await commit;
    expect(await requestsOf('b')).toEqual([requests]);
  });

  test('locks partitions in the order of their ids: of two batches on the same ones the second has lost', async () => {
    await store.addPartitions(() => adding('p', 'q'));
    const second = await openPostgresStore(database.url);
    for (let i = 0; i < 30; i++) {
      const advances = [advanceOf('p', i, i + 1), advanceOf('q', i, i + 1)];
      const batches = [
        store.commit({ timeZone: 'UTC', advances, deltas: [] }),
        second.commit({ timeZone: 'UTC', advances: advances.toReversed(), deltas: [] }),
      ];
      const lost = (await Promise.allSettled(batches)).filter(({ status }) => status === 'rejected');
      expect(lost).toMatchObject([{ reason: { code: 'CHECKPOINT_MOVED' } }]);
    }
    await second.close();
    expect((await store.checkpoints.all()).map(({ offset }) => offset)).toEqual([30, 30]);
  });

  test('opens new connections where the old ones were cut while nobody used them', async () => {
    await add('c');
    await Promise.all([requestsOf('c'), requestsOf('c'), requestsOf('c')]);
    await terminateStore();
    // The store may take a connection before it hears that this one was cut.
    const codes: string[] = [];
    await eventually(() => requestsOf('c').catch(({ code }) => codes.push(code))).toEqual([1]);
    expect(codes.filter((code) => code !== 'STORE_UNREACHABLE')).toEqual([]);
  });

  test('stores nothing of a batch where the connection is cut within it, and goes on afterwards', async () => {
    await add('c');
    await other.query('begin');
    await other.query(`select 1 from customer_daily_stats where customer_id = 'c' for update`);
    const commit = add('b', 'c');
    const failed = expect(commit).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await untilStoreWaits();
    await terminateStore();
    await failed;
    await other.query('rollback');
    expect([await requestsOf('b'), await requestsOf('c')]).toEqual([[], [1]]);
    await add('b', 'c');
    expect([await requestsOf('b'), await requestsOf('c')]).toEqual([[1], [2]]);
  });

  test('a connection that is forgotten within a commit is given up, and its locks are in nobody’s way', async () => {
    const proxy = await startProxy(database.url);
    const far = await openPostgresStore(proxy.url);
    onTestFinished(async () => {
      await far.close();
      await proxy.close();
    });
    await add('c');
    await store.addPartitions(() => adding('p'));
    await other.query('begin');
    await other.query(`select 1 from customer_daily_stats where customer_id = 'c' for update`);
    const batch = {
      ...{ timeZone: 'UTC', advances: [advanceOf('p', 0, 1)] },
      deltas: deltasOf([requestOf('c', '2024-10-02')]),
    };
    const lost = expect(far.commit(batch)).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
    await untilStoreWaits();
    proxy.swallow(true);
    await other.query('rollback');
    await lost;
    proxy.swallow(false);
    // The server still holds the row of the partition for the commit that was given up.
    await far.commit(batch);
    expect(await requestsOf('c')).toEqual([2]);
    expect(await far.checkpoints.all()).toMatchObject([{ id: 'p', offset: 1 }]);
  });

  test('a statement at which the server works is waited for, though a second connection asks for it', async () => {
    const proxy = await startProxy(database.url);
    const far = await openPostgresStore(proxy.url);
    onTestFinished(async () => {
      await far.close();
      await proxy.close();
    });
    await add('c');
    await other.query('begin');
    await other.query(`select 1 from customer_daily_stats where customer_id = 'c' for update`);
    const deltas = deltasOf([requestOf('c', '2024-10-02')]);
    const commit = far.commit({ timeZone: 'UTC', advances: [], deltas });
    await untilStoreWaits();
    const { connected } = proxy;
    await eventually(() => [proxy.connected, proxy.connections]).toEqual([connected + 2, 1]);
    await other.query('commit');
    await commit;
    expect(await requestsOf('c')).toEqual([2]);
  });

  test('is STORE_BUSY where it waits too long for a lock', async () => {
    await other.query('begin');
    await other.query('lock table checkpoints');
    const impatient = new pg.Client({ connectionString: database.url, lock_timeout: 1 });
    await impatient.connect();
    const error = await impatient.query('select 1 from checkpoints').catch((thrown) => thrown);
    await impatient.end();
    expect(statementError(error, 'PostgreSQL')).toMatchObject({ code: 'STORE_BUSY' });
  });

  test('never rounds a number: one that does not fit is a bug', async () => {
    await store.addPartitions(() => adding('p'));
    await other.query('update checkpoints set lines = 9007199254740993');
    await expect(store.checkpoints.all()).rejects.toThrow('BUG: 9007199254740993 does not fit into a number');
  });

  test('gives the words of the database where it may not create tables', async () => {
    const bare = await createDatabase();
    const { name: user, password } = PASSWORD_ROLE;
    const guest = await openPostgresStore(
      urlOf({ database: new URL(bare.url).pathname.slice(1), user, password }),
    );
    await expect(guest.migrate()).rejects.toMatchObject({
      code: 'STORE_REFUSED',
      message: expect.stringContaining('permission denied for schema public'),
    });
    await guest.close();
    await bare.drop();
  });

  test('shares a database with a second one in another schema', async () => {
    await other.query('create schema "Second One"');
    const url = new URL(database.url);
    url.searchParams.set('options', '-c search_path="Second\\ One"');
    const second = await openPostgresStore(url.href);
    await expect(second.checkSchema()).rejects.toMatchObject({ code: 'SCHEMA_MISSING' });
    expect(await second.migrate()).toEqual(MIGRATION_NAMES);
    expect(await second.migrate()).toEqual([]);
    await add('c');
    expect(await second.windows({ ...customerDays('c'), from: '2024-10-02', limit: 1 })).toEqual([]);
    await second.close();
  });

  test('leaves errors that are none of the database as they are', () => {
    const error = new TypeError('a bug');
    expect(statementError(error, 'PostgreSQL')).toBe(error);
  });
});
