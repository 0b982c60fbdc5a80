import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { COPY_LEAST_ROWS } from '../../src/limits.ts';
import type { Store, WindowDelta } from '../../src/store/contract.ts';
import { CopyWriter } from '../../src/store/postgres/copy-windows.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { compareKeys, customerDays, type WindowKey } from '../../src/window/key.ts';
import { CUSTOMER_ENDPOINTS, CUSTOMER_HOURS, WINDOW_KINDS } from '../../src/window/kind.ts';
import { UTC } from '../../src/window/zone.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { PASSWORD_ROLE, postgresProgramPath } from '../support/postgres-cluster.ts';
import { createDatabase, type TestDatabase, urlOf } from '../support/postgres-database.ts';
import { until } from '../support/until.ts';

const DAY = '2024-10-02';

/** Counts what goes by COPY. */
class CountingWriter extends CopyWriter {
  inserted = 0;
  undone = 0;
  updated: number[] = [];
  override insert(...args: Parameters<CopyWriter['insert']>): Promise<boolean> {
    this.inserted++;
    return super.insert(...args);
  }
  override update(...args: Parameters<CopyWriter['update']>): Promise<void> {
    this.updated.push(args[2]);
    return super.update(...args);
  }
  override undo(...args: Parameters<CopyWriter['undo']>): Promise<void> {
    this.undone++;
    return super.undo(...args);
  }
}

describe('A commit to PostgreSQL by COPY', () => {
  let database: TestDatabase;
  let store: Store;
  let writer: CountingWriter;
  let other: pg.Client;

  beforeEach(async () => {
    database = await createDatabase();
    // Where states are larger, fewer rows are read and updated at once.
    writer = new CountingWriter(1, 7, 50, 90);
    store = await openPostgresStore(database.url, {}, writer);
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

  const deltasOfDay = (...customers: string[]) => deltasOf(customers.map((id) => requestOf(id, DAY)));
  const add = (...customers: string[]) =>
    store.commit({ timeZone: 'UTC', advances: [], deltas: deltasOfDay(...customers) });
  const requestsOf = async (customerId: string) =>
    (await store.windows({ ...customerDays(customerId), from: DAY, limit: 1 })).map(
      (day) => day.success_requests,
    );
  const insertB = () =>
    other.query(
      `insert into customer_daily_stats select 'b', date, success_requests, failed_requests, duration_mean, duration_p50,
        duration_p99, uptime_percentage, success_percentage, state from daily_stats where customer_id = 'a'`,
    );
  const untilStoreWaits = () =>
    until(async () => {
      const waiting = await database.query(
        `select 1 from pg_stat_activity
          where datname = current_database() and application_name = 'daymark' and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });

  test('writes the same bytes to all tables as one by statements', async () => {
    const plain = await createDatabase();
    const slow = await openPostgresStore(plain.url);
    onTestFinished(async () => {
      await slow.close();
      await plain.drop();
    });
    await slow.migrate();
    const customers = ['', 'a', 'z'.repeat(300), 'é"\\,{}\n', '\u{10000}', '\uffff', 'null', '-0'];
    for (let round = 0; round < 4; round++) {
      // Each round has windows that are there, and new ones beside them. Those of the last round are final.
      const requests = customers.flatMap((customerId, i) =>
        ['0001-01-01', DAY, `2024-10-0${3 + round}`, '9999-12-31']
          .filter((_, j) => (i + j + round) % 3 > 0)
          .map((date) => ({
            ...{ customerId, date, status: [200, 503, 0][(i + round) % 3] },
            ...{ durationUs: (i - 1) * 316_001 * (round + 1), eventMs: Date.parse(date) },
          })),
      );
      const deltas = ofAllKinds(
        deltasOf(requests.map((one) => ({ ...one, durationUs: Math.max(-1, one.durationUs) }))),
      );
      const finality = round === 2 ? { nowMs: 1, waitMs: 0, zone: UTC } : undefined;
      for (const each of [store, slow]) {
        await each.addPartitions(() => adding(`p${round}`));
        const clockMs = Date.parse('2024-10-20');
        await each.commit({
          timeZone: 'UTC',
          advances: [advanceOf(`p${round}`, 0, 1, { clockMs, isFinished: true })],
          ...(finality && { finality }),
          deltas,
        });
      }
    }
    expect(writer.inserted).toBeGreaterThan(20);
    expect([Math.min(...writer.updated), Math.max(...writer.updated)]).toEqual([1, 4]);
    for (const table of [
      ...WINDOW_KINDS.flatMap((kind) => [kind.table, kind.revisionsTable]),
      'day_changes',
    ]) {
      const rows = `select * from ${table} order by 1, 2, 3`;
      expect(await database.query(rows)).toEqual(await plain.query(rows));
    }
    expect(await database.query('select * from revisions')).not.toEqual([]);
    expect(await database.query('select * from day_changes')).not.toEqual([]);
  });

  test.each([
    ['merges into it', 'commit', [[2], [2], [2]]],
    ['makes it where the other gives up', 'rollback', [[2], [1], [2]]],
  ])('waits in the order of keys where another writer makes a row, and %s', async (_, end, requests) => {
    await add('a', 'c');
    await other.query('begin');
    await insertB();
    const commit = add('a', 'b', 'c');
    // The COPY waits for a moment, too.
    await until(async () => writer.undone === 1);
    await untilStoreWaits();
    // Where the store still held "c" for its COPY, each would wait for the other now.
    await other.query(`select 1 from customer_daily_stats where customer_id = 'c' for update nowait`);
    await other.query(end);
    await commit;
    expect([await requestsOf('a'), await requestsOf('b'), await requestsOf('c')]).toEqual(requests);
  });

  test('stores nothing where its connection is cut within the COPY, and the next try stores all', async () => {
    await store.addPartitions(() => adding('p'));
    await add('a');
    const terminate = `select pg_terminate_backend(pid) from pg_stat_activity where query like 'copy "customer%'`;
    const broken = at(3, deltasOfDay('a', 'b', 'c', 'd', 'e'), () => {
      spawnSync(postgresProgramPath('psql'), ['-qd', database.url, '-c', terminate]);
    });
    const batch = { timeZone: 'UTC', advances: [advanceOf('p', 0, 1)] };
    await expect(store.commit({ ...batch, deltas: broken })).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
    });
    expect([await requestsOf('a'), await requestsOf('b')]).toEqual([[1], []]);
    expect(await store.checkpoints.all()).toMatchObject([{ offset: 0 }]);
    await store.commit({ ...batch, deltas: deltasOfDay('a', 'b', 'c', 'd', 'e') });
    expect([await requestsOf('a'), await requestsOf('b'), await requestsOf('e')]).toEqual([[2], [1], [1]]);
  });

  test('stores nothing where a delta cannot be merged within the COPY, and the connection goes on', async () => {
    const broken = at(3, deltasOfDay('a', 'b', 'c', 'd'), () => {
      throw new RangeError('as a delta that is broken');
    });
    const commit = store.commit({ timeZone: 'UTC', advances: [], deltas: broken });
    await expect(commit).rejects.toThrow('as a delta that is broken');
    expect(await requestsOf('a')).toEqual([]);
    await add('a', 'b');
    expect(await requestsOf('b')).toEqual([1]);
  });

  test('is STORE_BUSY where it takes longer than a statement may, and stores nothing', async () => {
    const impatient = await openPostgresStore(database.url, { statementTimeoutMs: 300 }, writer);
    onTestFinished(() => impatient.close());
    const slow = at(3, deltasOfDay('a', 'b', 'c', 'd'), () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600);
    });
    const commit = impatient.commit({ timeZone: 'UTC', advances: [], deltas: slow });
    await expect(commit).rejects.toMatchObject({ code: expect.stringMatching(/^STORE_(BUSY|UNREACHABLE)$/) });
    expect(await requestsOf('a')).toEqual([]);
    await impatient.commit({ timeZone: 'UTC', advances: [], deltas: deltasOfDay('a') });
    expect(await requestsOf('a')).toEqual([1]);
  });

  test('leaves nothing of a process that is killed within the COPY', async () => {
    await add('a');
    await store.addPartitions(() => adding('p'));
    const script = new URL('../support/killed-in-copy.ts', import.meta.url);
    const { fork } = await import('node:child_process');
    const child = fork(script, [database.url], { execArgv: [] });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    // The server may not have noticed yet. Then the next commit waits for its locks.
    await store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 1)], deltas: deltasOfDay('a', 'b') });
    expect([await requestsOf('a'), await requestsOf('b'), await requestsOf('c')]).toEqual([[2], [1], []]);
  });

  test('is made of the commits that are large enough, and others go by statements', async () => {
    writer = new CountingWriter();
    const usual = await openPostgresStore(database.url, {}, writer);
    onTestFinished(() => usual.close());
    const many = Array.from({ length: COPY_LEAST_ROWS }, (_, i) => `c${i}`);
    await usual.commit({ timeZone: 'UTC', advances: [], deltas: deltasOfDay(...many.slice(1)) });
    expect(writer.inserted).toBe(0);
    const twice = deltasOfDay(...many);
    await usual.commit({ timeZone: 'UTC', advances: [], deltas: twice });
    expect(writer.inserted).toBe(1);
    const sums = await database.query(
      'select count(*)::int as rows, sum(success_requests)::int as requests from customer_daily_stats',
    );
    expect(sums).toEqual([{ rows: many.length, requests: 2 * many.length - 1 }]);
  });

  test('goes by statements where the user may not make temporary tables', async () => {
    const { name, password } = PASSWORD_ROLE;
    const { pathname } = new URL(database.url);
    await database.query(`revoke temporary on database ${pathname.slice(1)} from public`);
    await database.query(`grant select, insert, update, delete on all tables in schema public to ${name}`);
    const guest = await openPostgresStore(
      urlOf({ database: pathname.slice(1), user: name, password }),
      {},
      writer,
    );
    onTestFinished(() => guest.close());
    await guest.commit({ timeZone: 'UTC', advances: [], deltas: deltasOfDay('a', 'b') });
    expect([writer.inserted, await requestsOf('b')]).toEqual([0, [1]]);
    await database.query(`revoke all on all tables in schema public from ${name}`);
  });

  test('keeps nobody waiting: while the first one runs, others add partitions and store their first batch', async () => {
    await other.query('begin');
    await other.query(`insert into customer_daily_stats values ('b', '${DAY}', 0, 0, 0, 0, 0, 0, 0, '')`);
    await store.addPartitions(() => adding('p'));
    const first = store.commit({
      ...{ timeZone: 'UTC', readingSettings: 'settings', advances: [advanceOf('p', 0, 1)] },
      deltas: deltasOfDay('a', 'b'),
    });
    await untilStoreWaits();
    const second = await openPostgresStore(database.url);
    onTestFinished(() => second.close());
    await second.addPartitions(async (known) => {
      expect(await known.all()).toMatchObject([{ id: 'p', offset: 0 }]);
      return adding('q');
    });
    const batch = { timeZone: 'UTC', readingSettings: 'settings', advances: [advanceOf('q', 0, 1)] };
    await second.commit({ ...batch, deltas: deltasOfDay('c') });
    await other.query('rollback');
    await first;
    expect((await store.checkpoints.all()).map(({ offset }) => offset)).toEqual([1, 1]);
  });
});

/** The same statistics in windows of more kinds. */
function ofAllKinds(days: readonly WindowDelta[]): WindowDelta[] {
  const of = (kind: WindowKey['kind'], values: (...day: string[]) => string[]): WindowDelta[] =>
    days.map((delta) => ({ ...delta, lateEvents: 1, key: { kind, values: values(...delta.key.values) } }));
  return [
    ...days,
    ...of(CUSTOMER_HOURS, (customer, date) => [customer, `${date}T10:00:00.000Z`]),
    ...of(CUSTOMER_ENDPOINTS, (customer, date) => [customer, date, `/v1/${customer}/{id}`]),
  ].sort((a, b) => compareKeys(a.key, b.key));
}

/** Does something before the statistics of a delta are read. */
function at(number: number, deltas: readonly WindowDelta[], act: () => void): WindowDelta[] {
  return deltas.map((delta, i) => ({
    key: delta.key,
    get statistics() {
      if (i === number) act();
      return delta.statistics;
    },
  }));
}
