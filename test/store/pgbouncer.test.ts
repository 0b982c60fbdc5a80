import pg from 'pg';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  onTestFinished,
  test,
} from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { CopyWriter } from '../../src/store/postgres/copy-windows.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { customerDays } from '../../src/window/key.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { eventually } from '../support/eventually.ts';
import { type PgBouncer, startPgBouncer, whyPgBouncerIsMissing } from '../support/pgbouncer.ts';
import { createDatabase, type TestDatabase } from '../support/postgres-database.ts';
import { runInProcesses } from '../support/store-processes.ts';
import { until } from '../support/until.ts';

const DAY = '2024-10-02';
/** Fewer than the stores have connections, so sessions change hands all the time. */
const SERVER_CONNECTIONS = 3;
/** What waits for a lock. */
const ACTIVE = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

describe.skipIf(whyPgBouncerIsMissing())('A PostgreSQL store behind PgBouncer in transaction mode', () => {
  let pooler: PgBouncer;
  let database: TestDatabase;
  let url: string;
  let store: Store;

  beforeAll(async () => {
    pooler = await startPgBouncer(inject('postgresUrl'), SERVER_CONNECTIONS);
  });
  afterAll(() => pooler?.stop());
  beforeEach(async () => {
    database = await createDatabase();
    url = pooler.through(database.url);
    store = await openPostgresStore(url, {}, new CopyWriter(1, 7));
    await store.migrate();
  });
  afterEach(async () => {
    await store.close();
    await database.drop();
  });

  const deltas = deltasOf([requestOf('c', DAY)]);
  const commit = (to: Store, from: number) =>
    to.commit({ timeZone: 'UTC', advances: [advanceOf('p', from, from + 1)], deltas });
  const days = (of: Store) => of.windows({ ...customerDays('c'), from: '2024-10-01', limit: 9 });

  test('reads what it stored, whatever the server has set, and leaves no setting behind', async () => {
    await store.addPartitions(() => adding('p'));
    await commit(store, 0);
    await Promise.all(Array.from({ length: 12 }, () => days(store)));
    expect(await days(store)).toMatchObject([{ success_requests: 1, duration_mean: 0.001 }]);
    expect(await store.checkpoints.all()).toMatchObject([{ id: 'p', offset: 1 }]);
    const client = new pg.Client(url);
    onTestFinished(() => client.end());
    await client.connect();
    for (let i = 0; i < 2 * SERVER_CONNECTIONS; i++) {
      const { rows } = await client.query(
        `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
          current_setting('bytea_output') as bytes, current_setting('enable_seqscan') as plan`,
      );
      expect(rows).toEqual([{ statement: '0', lock: '0', bytes: 'escape', plan: 'on' }]);
    }
  });

  test('bounds each statement, also one outside of transactions, by the times of its own process', async () => {
    const brief = await openPostgresStore(url, { statementTimeoutMs: 400 });
    onTestFinished(() => brief.close());
    const holder = new pg.Client(database.url);
    onTestFinished(() => holder.end());
    await holder.connect();
    await holder.query('begin');
    await holder.query('lock table customer_daily_stats');
    // The server says it, or the process gives up by its own clock.
    const busy = { code: expect.stringMatching(/^STORE_(BUSY|UNREACHABLE)$/) };
    await expect(days(brief)).rejects.toMatchObject(busy);
    await eventually(() => database.query(ACTIVE)).toEqual([]);
    // Another process of the same user waits as long as it is to.
    const patient = days(store);
    await until(async () => (await database.query(ACTIVE)).length > 0);
    await holder.query('commit');
    expect(await patient).toEqual([]);
  });

  test('loses nothing where several processes add to the same windows', async () => {
    const customers = Array.from({ length: 20 }, (_, i) => `c${i}`);
    const batches = Array.from({ length: 6 }, (_, i) =>
      customers.map((customerId) => ({ customerId, date: `2024-11-1${i % 3}` })),
    );
    const job = {
      location: { kind: 'postgres' as const, url, copyRows: 7 },
      kind: 'commit' as const,
      batches,
    };
    await runInProcesses([job, job, job]);
    const [sums] = await database.query(
      'select count(*)::int as rows, sum(success_requests)::int as requests from customer_daily_stats',
    );
    expect(sums).toEqual({ rows: 60, requests: 360 });
    expect((await store.checkpoints.all()).map(({ offset }) => offset)).toEqual([6, 6, 6]);
  });

  test('stores a batch once where PgBouncer is killed, and goes on when it is back', async () => {
    await store.addPartitions(() => adding('p'));
    await commit(store, 0);
    await pooler.restart();
    await eventually(async () => {
      const [{ offset }] = await store.checkpoints.all().catch(() => [{ offset: -1 }]);
      return offset;
    }).toBe(1);
    await commit(store, 1);
    expect(await days(store)).toMatchObject([{ success_requests: 2 }]);
  });
});
