/** Connections past the bound. */

import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { MAX_REFUSALS_UNDER_WAY } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { eventually } from '../support/eventually.ts';
import { emptyStore, serve, UNHURRIED } from './support.ts';

const REQUEST = 'GET /customers/cust_1/stats?from=2024-10-02 HTTP/1.1\r\nHost: test\r\n\r\n';

/** A connection that is open. */
async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''));
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Asks over a connection. @returns the first line of the answer. */
async function ask(socket: Socket): Promise<string> {
  socket.write(REQUEST);
  const [data] = await once(socket, 'data');
  return String(data).split('\r\n')[0];
}

const closed = async (socket: Socket): Promise<unknown> => socket.closed || once(socket.resume(), 'close');

/** A store whose answers wait until they are let go. */
async function heldStore() {
  const store = await emptyStore();
  const { promise, resolve } = Promise.withResolvers<void>();
  const asked = { count: 0 };
  const held: Store = Object.assign(Object.create(store), {
    dataVersion: () => store.dataVersion(),
    windows: async (query: Parameters<Store['windows']>[0]) => {
      asked.count++;
      await promise;
      return store.windows(query);
    },
  });
  return { held, asked, letGo: resolve };
}

test('connections that only stand open keep no client out, however many they are', async () => {
  const url = await serve({ store: await emptyStore(), maxConnections: 10 });
  for (let i = 0; i < 100; i++) await open(url);
  for (let i = 0; i < 20; i++) expect(await ask(await open(url))).toBe('HTTP/1.1 200 OK');
});

test('at the bound the oldest connection that never asked is closed first', async () => {
  const url = await serve({ store: await emptyStore(), maxConnections: 3 });
  const used = await open(url);
  await ask(used);
  const [old, young] = [await open(url), await open(url)];
  const oldEnds = closed(old);
  const next = await open(url);
  await oldEnds;
  for (const socket of [used, young, next]) expect(await ask(socket)).toBe('HTTP/1.1 200 OK');
});

test('where all have asked, the one that was idle for longest is closed', async () => {
  const url = await serve({ store: await emptyStore(), maxConnections: 2 });
  const [first, second] = [await open(url), await open(url)];
  for (const socket of [first, second, first]) await ask(socket);
  const secondEnds = closed(second);
  const third = await open(url);
  await secondEnds;
  for (const socket of [first, third]) expect(await ask(socket)).toBe('HTTP/1.1 200 OK');
});

test('where all are at work, a new one gets a problem document, and those at work their answers', async () => {
  const { held, asked, letGo } = await heldStore();
  const url = await serve({ store: held, maxConnections: 2 });
  const busy = [await open(url), await open(url)];
  const answers = [ask(busy[0]), ask(busy[1])];
  await eventually(() => asked.count).toBeGreaterThan(0);
  const text = (await (await open(url)).toArray()).join('');
  expect(text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/);
  expect(text).toMatch(/\r\nconnection: close\r\n/);
  expect(text).toMatch(/\r\nretry-after: \d+\r\n/);
  expect(text).toMatch(/\r\ncontent-type: application\/problem\+json\r\n/);
  expect(JSON.parse(text.slice(text.indexOf('{')))).toMatchObject({ code: 'OVERLOADED', status: 503 });
  letGo();
  expect(await Promise.all(answers)).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 200 OK']);
});

test('refusals are bounded, too: past them connections are closed without a word', async () => {
  const { held, asked, letGo } = await heldStore();
  const url = await serve({ store: held, maxConnections: 1 });
  const answer = ask(await open(url));
  await eventually(() => asked.count).toBe(1);
  const refused = await Promise.all(Array.from({ length: 10 * MAX_REFUSALS_UNDER_WAY }, () => open(url)));
  // None of them takes its answer and goes. Each ends all the same.
  await Promise.all(refused.map(closed));
  letGo();
  expect(await answer).toBe('HTTP/1.1 200 OK');
  expect(await ask(await open(url))).toBe('HTTP/1.1 200 OK');
});

test('the bound holds for all addresses of a name together', async () => {
  const app = await buildApp({ ...UNHURRIED, store: await emptyStore(), maxConnections: 2 });
  onTestFinished(() => app.close());
  await app.listen({ host: 'localhost', port: 0 });
  const urls = (app.addresses() as AddressInfo[]).map(({ address, port }) =>
    address.includes(':') ? `http://[${address}]:${port}` : `http://${address}:${port}`,
  );
  const sockets: Socket[] = [];
  for (let i = 0; i < 6; i++) sockets.push(await open(urls[i % urls.length]));
  await Promise.all(sockets.slice(0, 4).map(closed));
  for (const socket of sockets.slice(4)) expect(await ask(socket)).toBe('HTTP/1.1 200 OK');
});

test('a connection that cannot be accepted ends nothing', async () => {
  const app = await buildApp({ ...UNHURRIED, store: await emptyStore() });
  onTestFinished(() => app.close());
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  // What Node says where no descriptor is left.
  app.server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));
  expect(await ask(await open(url))).toBe('HTTP/1.1 200 OK');
});

test('a client that sends nothing, or half a request, is not waited for longer than the limits say', async () => {
  const url = await serve({ store: await emptyStore() });
  const [silent, slow] = [await open(url), await open(url)];
  slow.write(REQUEST.slice(0, 40));
  const [silence, words] = await Promise.all([silent.toArray(), slow.toArray()]);
  expect(silence.join('')).toBe('');
  expect(words.join('')).toMatch(/^HTTP\/1\.1 408 /);
});
