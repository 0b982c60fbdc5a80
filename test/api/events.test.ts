/** `GET /v1/events`: who is told of commits, when, and what ends it. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, onTestFinished, test } from 'vitest';
import { type AppOptions, buildApp } from '../../src/api/app.ts';
import { EventStream } from '../../src/api/events/event-stream.ts';
import { EventStreams } from '../../src/api/events/event-streams.ts';
import type { AnsweredRequest } from '../../src/api/observe-requests.ts';
import { DaymarkError } from '../../src/errors.ts';
import { MAX_EVENT_STREAM_BYTES } from '../../src/limits.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStream, type ReadStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { samplesOf } from '../support/metrics.ts';
import { POSTGRES } from '../support/stores.ts';
import { until } from '../support/until.ts';
import { addKey } from './access/credentials.ts';
import { newAddress } from './access/matrix.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, serve, UNHURRIED } from './support.ts';

const HOUR_MS = 3_600_000;
const commit = (store: Store, customer = 'acme') => add(store, customer, { '2024-10-02': [SUCCESS] });

const withoutTimes = (text: string) => text.replaceAll(/"time":"[^"]*"/g, '');

/** A stream that the test leaves at its end. */
async function open(url: string, options: Parameters<typeof openStream>[1] = {}): Promise<ReadStream> {
  const stream = await openStream(`${url}/v1/events`, options);
  onTestFinished(() => stream.leave());
  return stream;
}

test('each stream hears of a commit once, whoever it is about, and of what it missed when it connects again', async () => {
  const store = await emptyStore();
  const url = await serve({ store });
  const [one, other] = [await open(url), await open(url)];
  const { id: first } = await one.next('current');
  expect(await other.next('current')).toMatchObject({ id: first });
  await commit(store);
  const { id: second, data } = await one.next('change');
  expect([(await other.next('change')).id, second === first]).toEqual([second, false]);
  expect(Object.keys(JSON.parse(data))).toEqual(['time']);
  // The version tells how much all customers send. A time may hold the same digits: 2.3 is a part of 12:00:02.345.
  const version = await store.dataVersion();
  for (const stream of [one, other]) expect(withoutTimes(stream.text())).not.toContain(version);
  other.leave();
  await commit(store);
  const { id: third } = await one.next('change');
  expect(one.events().map(({ event }) => event)).toEqual(['current', 'change', 'change']);
  for (const [known, event] of [
    [second, 'change'],
    [third, 'current'],
    ['of-an-earlier-process', 'change'],
  ] as const) {
    const again = await open(url, { headers: { 'last-event-id': known } });
    expect([known, (await again.next(event)).id]).toEqual([known, third]);
    expect(again.events()).toHaveLength(1);
  }
});

// Transactions of the server's other databases are changes, too, so only what must come can be expected here.
test('each stream hears of a commit to PostgreSQL, and of what it missed when it connects again', async () => {
  const store = await emptyStore(POSTGRES);
  const url = await serve({ store });
  const streams = [await open(url), await open(url)];
  const [first] = await Promise.all(streams.map((stream) => stream.next('current')));
  await commit(store);
  for (const stream of streams) await stream.next('change');
  const again = await open(url, { headers: { 'last-event-id': String(first?.id) } });
  expect((await again.next('change')).id).not.toBe(first?.id);
});

test('is sent as it is, is never kept, and tells proxies to pass on what there is', async () => {
  const url = await serve({ store: await emptyStore() });
  const stream = await open(url, { headers: { 'accept-encoding': 'gzip, br, zstd' } });
  expect(stream.headers).toMatchObject({
    ...{ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
    ...{ 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' },
  });
  expect(stream.headers).not.toHaveProperty('content-encoding');
  await stream.next('current');
  expect(stream.text()).toMatch(/^retry: 2000\n/);
  const head = await fetch(`${url}/v1/events`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([
    ...[200, 'text/event-stream; charset=utf-8', ''],
  ]);
  for (const headers of [{ accept: 'application/json' }, { 'accept-encoding': 'identity;q=0' }])
    expect((await fetch(`${url}/v1/events`, { headers: { accept: '*/*', ...headers } })).status).toBe(406);
  expect((await fetch(`${url}/v1/events?customer_id=acme`)).status).toBe(422);
});

test('a reader has a quarter of the streams, and all together no more than there are', async () => {
  const url = await serve({ store: await emptyStore(), maxEventStreams: 8 });
  const [busy, ...others] = Array.from({ length: 5 }, newAddress);
  const of = (localAddress: string | undefined) => open(url, { localAddress });
  const first = await of(busy);
  expect((await of(busy)).status).toBe(200);
  const refused = await of(busy);
  await refused.ended;
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '5']);
  expect(JSON.parse(refused.text())).toMatchObject({ code: 'TOO_MANY_STREAMS' });
  for (const address of others.slice(0, 3))
    for (let i = 0; i < 2; i++) expect((await of(address)).status).toBe(200);
  const beyond = await of(others[3]);
  await beyond.ended;
  expect([beyond.status, JSON.parse(beyond.text()).code]).toEqual([503, 'OVERLOADED']);
  first.leave();
  await eventually(async () => (await of(others[3])).status).toBe(200);
});

test('a server without streams refuses them, and answers all else', async () => {
  const url = await serve({ store: await emptyStore(), maxEventStreams: 0 });
  expect((await fetch(`${url}/v1/events`)).status).toBe(503);
  expect((await fetch(`${url}/v1/about`)).status).toBe(200);
});

test('a stream ends with its key, revoked or expired, and those of other keys go on', async () => {
  const store = await emptyStore();
  const url = await serve({ store, access: { keys: store.apiKeys, jwt: undefined } });
  const revoked = await addKey(store, 'customer', ['acme']);
  const expiring = await addKey(store, 'customer', ['acme'], { expiresMs: Date.now() + 3_000 });
  const of = (key: string) => open(url, { headers: { authorization: `Bearer ${key}` } });
  const [one, two, other] = [
    await of(revoked),
    await of(expiring),
    await of(await addKey(store, 'customer', ['globex'])),
  ];
  for (const stream of [one, two, other]) await stream.next('current');
  await store.apiKeys.revoke(revoked.split('_')[1] ?? '', Date.now());
  await Promise.all([one.ended, two.ended]);
  await other.next('change');
  await commit(store);
  await other.next('change');
  for (const key of [revoked, expiring]) expect((await of(key)).status).toBe(401);
});

test('close ends streams at once, as whole answers', async () => {
  const app = await buildApp({ ...UNHURRIED, store: await emptyStore(), closeGraceMs: HOUR_MS });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const streams = [await open(url), await open(url)];
  for (const stream of streams) await stream.next('current');
  await app.close();
  await Promise.all(streams.map(({ ended }) => ended));
});

test('a stream counts as answered when it begins, and the access log has it when it ends', async () => {
  const logged: AnsweredRequest[] = [];
  const metrics = new Metrics('1');
  const url = await serve({
    ...{ store: await emptyStore(), metrics },
    accessLog: (request) => void logged.push(request),
  });
  const stream = await open(url);
  await stream.next('current');
  const samples = async () => samplesOf(await metrics.text());
  const counted = 'daymark_http_requests_total{route="/v1/events",method="GET",status="200"}';
  await eventually(async () => (await samples()).get(counted)).toBe(1);
  const during = await samples();
  expect(
    ['daymark_http_requests_in_progress', 'daymark_event_streams'].map((name) => during.get(name)),
  ).toEqual([0, 1]);
  expect(logged).toEqual([]);
  stream.leave();
  await until(() => logged.length > 0);
  expect(logged).toEqual([expect.objectContaining({ route: '/v1/events', status: 200, keyId: undefined })]);
  expect(logged[0]?.bytes).toBeGreaterThan(100);
  const after = await samples();
  expect([after.get(counted), after.get('daymark_event_streams')]).toEqual([1, 0]);
  expect(after.get('daymark_event_streams_ended_total{reason="client"}')).toBe(1);
});

test('the trace of a stream ends with its beginning, and what is polled later is no part of it', async () => {
  const store = await emptyStore();
  const current = new AsyncLocalStorage<string>();
  const ended: unknown[] = [];
  const calls: (string | undefined)[] = [];
  const tracing: AppOptions['tracing'] = {
    begin: () => ({
      run: (answer) => current.run('request', answer),
      end: (route, status) => void ended.push([route, status]),
    }),
  };
  const watched: Store = Object.assign(Object.create(store), {
    dataVersion: () => {
      calls.push(current.getStore());
      return store.dataVersion();
    },
  });
  const url = await serve({ store: watched, tracing });
  const stream = await open(url);
  await stream.next('current');
  await until(() => calls.length > 2);
  expect([calls[0], ...new Set(calls.slice(1))]).toEqual(['request', undefined]);
  expect(ended).toEqual([['/v1/events', 200]]);
  stream.leave();
});

/** Streams of a store whose version the test chooses, with short intervals. */
function streamsOf(times: ConstructorParameters<typeof EventStreams>[3] = {}) {
  const store = { version: '1', reads: 0, error: undefined as Error | undefined };
  const dataVersion = async () => {
    store.reads++;
    if (store.error) throw store.error;
    return store.version;
  };
  const streams = new EventStreams({ dataVersion }, 4, new Metrics('1'), { pollMs: 5, ...times });
  onTestFinished(() => streams.close());
  const cuts: string[] = [];
  const openOne = async (mayRead: () => boolean | Promise<boolean> = () => true) => {
    const { body, ...rest } = await streams.open({
      owner: 'a',
      lastId: undefined,
      mayRead,
      cut: () => void cuts.push('cut'),
    });
    let text = '';
    body.on('data', (piece) => {
      text += piece;
    });
    return { ...rest, body, text: () => text, changes: () => text.match(/^event: change$/gm)?.length ?? 0 };
  };
  return { store, streams, openOne, cuts };
}

test('a stream gets no more events than the version was read, however much is committed', async () => {
  const { store, openOne } = streamsOf();
  const stream = await openOne();
  const before = store.reads;
  for (let i = 2; i <= 2_000; i++) store.version = String(i);
  await until(() => stream.changes() > 0);
  await until(() => store.reads > before + 3);
  expect(stream.changes()).toBe(1);
});

test('nobody asks the store while no stream is open', async () => {
  const { store, openOne } = streamsOf();
  const stream = await openOne();
  await until(() => store.reads > 2);
  stream.body.destroy();
  // One read can be under way.
  let reads = -1;
  await until(() => {
    const isSame = store.reads === reads;
    reads = store.reads;
    return isSame;
  });
});

test('a comment shows that the connection is alive where nothing else is sent', async () => {
  const { openOne } = streamsOf({ heartbeatMs: 10 });
  const stream = await openOne();
  await until(() => (stream.text().match(/^: alive$/gm)?.length ?? 0) > 2);
  expect(stream.changes()).toBe(0);
});

test('streams end where the store does not say for a while what is current, and not for one failure', async () => {
  const { store, openOne } = streamsOf({ outageMs: 500 });
  const stream = await openOne();
  store.error = new DaymarkError('STORE_UNREACHABLE', 'Away.');
  const reads = store.reads;
  await until(() => store.reads > reads);
  store.error = undefined;
  store.version = '2';
  await until(() => stream.changes() === 1);
  store.error = new DaymarkError('STORE_UNREACHABLE', 'Away.');
  await until(() => stream.body.closed);
  await expect(openOne()).rejects.toThrow('Away.');
});

test('a stream ends where nobody can say whether its owner may read', async () => {
  const { openOne } = streamsOf({ accessMs: 0 });
  let isKnown = true;
  const stream = await openOne(async () => {
    if (isKnown) return true;
    throw new DaymarkError('IDENTITY_PROVIDER_UNREACHABLE', 'Away.');
  });
  await until(() => stream.text().includes('current'));
  isKnown = false;
  await until(() => stream.body.readableEnded);
});

test('a client that does not read is cut off, and no more than the bound waits for it', () => {
  let cuts = 0;
  const stream = new EventStream({ owner: 'a', mayRead: () => true, cut: () => cuts++ });
  let sent = 0;
  while (stream.send('x'.repeat(100), 0)) sent += 100;
  expect([cuts, stream.end, stream.body.destroyed]).toEqual([1, 'slow', true]);
  expect(sent).toBeGreaterThan(MAX_EVENT_STREAM_BYTES - 100);
  expect(sent).toBeLessThanOrEqual(MAX_EVENT_STREAM_BYTES);
  expect([stream.send('more', 0), cuts]).toEqual([false, 1]);
});
