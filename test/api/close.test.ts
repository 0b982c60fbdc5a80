import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type AppOptions, buildApp } from '../../src/api/app.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { until } from '../support/until.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, placeOf, UNHURRIED } from './support.ts';

const HOUR_MS = 3_600_000;
const REQUEST = 'GET /customers/cust_1/stats?from=2024-10-02 HTTP/1.1\r\nHost: test\r\n\r\n';

/** An app that listens and that the test closes itself. */
async function listening(options: AppOptions) {
  const app = await buildApp({ ...UNHURRIED, ...options });
  const { hostname, port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  /** Both ends of a new connection. */
  const open = async (): Promise<{ client: Socket; server: Socket }> => {
    const accepted = once(app.server, 'connection');
    const client = connect(Number(port), hostname);
    onTestFinished(() => void client.destroy());
    return { client, server: (await accepted)[0] };
  };
  return { app, open };
}

test('close waits neither for idle connections nor for those on which nothing was ever sent', async () => {
  const { app, open } = await listening({ store: await emptyStore(), closeGraceMs: HOUR_MS });
  const [idle, unused] = [await open(), await open()];
  idle.client.write(REQUEST);
  await once(idle.client, 'data');
  const ended = [idle, unused].map(({ client }) => once(client.resume(), 'close'));
  await app.close();
  await Promise.all(ended);
});

test('half a request holds close up for the last respite, and no longer', async () => {
  const { app, open } = await listening({ store: await emptyStore(), closeGraceMs: 50 });
  const { client, server } = await open();
  client.on('error', () => {}).write(REQUEST.slice(0, 30));
  await until(() => server.bytesRead > 0);
  await app.close();
});

test('a request that is under way is answered before close is done', async () => {
  const place = await placeOf(STORE_KINDS.find(({ name }) => name === 'PostgreSQL'));
  if (place.location.kind !== 'postgres') throw new Error('not PostgreSQL');
  const store = await place.open();
  await store.migrate();
  await add(store, 'cust_1', { '2024-10-02': [SUCCESS] });
  const { app, open } = await listening({ store, closeGraceMs: HOUR_MS });

  const locker = new pg.Client({ connectionString: place.location.url });
  await locker.connect();
  onTestFinished(() => locker.end());
  await locker.query('begin; lock table customer_daily_stats in access exclusive mode');
  const { client } = await open();
  const answer = once(client, 'data');
  client.write(REQUEST);
  const waiting = "select 1 from pg_locks where not granted and relation = 'customer_daily_stats'::regclass";
  await until(async () => (await place.query(waiting)).length > 0);

  const closed = app.close();
  await locker.query('commit');
  expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"success_requests":1/s);
  await closed;
});

test('an app that never listened can be closed', async () => {
  await (await buildApp({ store: await emptyStore() })).close();
});
