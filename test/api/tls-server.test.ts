/** The API over TLS. */

import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type AppOptions, buildApp } from '../../src/api/app.ts';
import type { CertifiedKey } from '../../src/api/tls-server.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import type { Store } from '../../src/store/contract.ts';
import { type Authority, newAuthority, type PemPair } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { askHttp } from '../support/https.ts';
import { samplesOf } from '../support/metrics.ts';
import { emptyStore, sendRaw, UNHURRIED } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';

let directory: string;
let authority: Authority;
let pair: CertifiedKey;

const certified = ({ cert, key }: PemPair): CertifiedKey => ({
  ...{ cert: Buffer.from(cert), key: Buffer.from(key), notAfterMs: 5000, fingerprint: 'ab' },
});

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-tls-'));
  authority = newAuthority(directory);
  pair = certified(authority.issue());
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Serves until the test is over. */
async function serveTls(options: Partial<AppOptions> = {}) {
  const store = options.store ?? (await emptyStore());
  const metrics = new Metrics('1');
  const app = await buildApp({ ...UNHURRIED, store, metrics, tls: () => pair, ...options });
  onTestFinished(() => app.close());
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const sample = async (name: string) => samplesOf(await metrics.text()).get(name);
  return { app, port, url: `https://127.0.0.1:${port}`, sample };
}

function opened<S extends Socket>(socket: S): S {
  onTestFinished(() => void socket.destroy());
  return socket.on('error', () => undefined);
}

/** A connection that begins no handshake. */
async function tcp(port: number): Promise<Socket> {
  const socket = opened(connect(port, '127.0.0.1'));
  await once(socket, 'connect');
  return socket;
}

async function tls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = opened(connectTls({ port, host: '127.0.0.1', ca: authority.ca, ...options }));
  await once(socket, 'secureConnect');
  return socket;
}

/** @returns the first line of the answer. */
async function ask(socket: Socket): Promise<string | undefined> {
  socket.write(`GET ${STATS} HTTP/1.1\r\nHost: test\r\n\r\n`);
  const [data] = await once(socket, 'data');
  return String(data).split('\r\n')[0];
}

const closed = async (socket: Socket): Promise<unknown> => socket.closed || once(socket.resume(), 'close');
const wordsOf = async (socket: Socket): Promise<string> => (await socket.toArray()).join('');
const OK = 'HTTP/1.1 200 OK';

test('requests are answered, many on one connection', async () => {
  const { port, url } = await serveTls();
  const socket = await tls(port);
  for (let i = 0; i < 3; i++) expect(await ask(socket)).toBe(OK);
  expect((await askHttp(url + STATS, { ca: authority.ca })).json()).toEqual([]);
  const broken = await tls(port);
  broken.write('BREW / HTTP/1.1\r\n\r\n');
  expect(await wordsOf(broken)).toMatch(/^HTTP\/1\.1 501 /);
});

test.each([
  ['1.2', { maxVersion: 'TLSv1.2' }, 'TLSv1.2'],
  ['1.3', {}, 'TLSv1.3'],
] as const)('TLS %s is spoken', async (_, options, version) => {
  const { port } = await serveTls();
  const socket = await tls(port, options);
  expect(socket.getProtocol()).toBe(version);
  expect(await ask(socket)).toBe(OK);
});

test.each([
  ['an old version', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ['another protocol than HTTP/1.1', { ALPNProtocols: ['h2'] }],
] as const)('a client of %s is refused, and counted', async (_, options) => {
  const { port, sample } = await serveTls();
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    ca: authority.ca,
    ...options,
    ALPNProtocols: 'ALPNProtocols' in options ? [...options.ALPNProtocols] : [],
  });
  const [error] = await once(opened(socket), 'error');
  expect(error.code).toMatch(/ALERT_(PROTOCOL_VERSION|NO_APPLICATION_PROTOCOL)/);
  await eventually(() => sample('daymark_tls_failed_handshakes_total{reason="protocol"}')).toBe(1);
});

test('a request in plain HTTP is told to use HTTPS, and counted', async () => {
  const { port, sample } = await serveTls();
  const answer = await sendRaw(`http://127.0.0.1:${port}`, 'GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([
    400,
    { code: 'BAD_REQUEST', detail: expect.stringContaining('HTTPS') },
  ]);
  expect(await sample('daymark_tls_failed_handshakes_total{reason="plain_http"}')).toBe(1);
  expect(await sample('daymark_http_refusals_total{status="400"}')).toBe(1);
  await eventually(() => sample('daymark_http_connections')).toBe(0);
});

test('what is neither TLS nor HTTP, and a client that leaves, end nothing, and are counted', async () => {
  const { port, sample } = await serveTls();
  const noise = await tcp(port);
  noise.write('\0'.repeat(100));
  await closed(noise);
  (await tcp(port)).destroy();
  await eventually(() => sample('daymark_tls_failed_handshakes_total{reason="protocol"}')).toBe(1);
  await eventually(() => sample('daymark_tls_failed_handshakes_total{reason="closed"}')).toBe(1);
  expect(await ask(await tls(port))).toBe(OK);
  await eventually(() => sample('daymark_http_connections')).toBe(1);
});

describe('the bound of connections', () => {
  test('counts handshakes, and lets go of them first', async () => {
    const { port, sample } = await serveTls({ maxConnections: 3 });
    const idle = await tls(port);
    const used = await tls(port);
    expect(await ask(used)).toBe(OK);
    const stalled = await tcp(port);
    await eventually(() => sample('daymark_http_connections')).toBe(3);
    const next = await tls(port);
    await closed(stalled);
    for (const socket of [idle, used, next]) expect(await ask(socket)).toBe(OK);
    expect(await sample('daymark_http_connections')).toBe(3);
  });

  test('keeps no client out by handshakes that never end', async () => {
    const { port } = await serveTls({ maxConnections: 10 });
    for (let i = 0; i < 50; i++) await tcp(port);
    for (let i = 0; i < 12; i++) expect(await ask(await tls(port))).toBe(OK);
  });

  test('frees the descriptors of what it lets go', async () => {
    const { port } = await serveTls({ maxConnections: 5 });
    const open = () => readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 5; i++) expect(await ask(await tls(port))).toBe(OK);
    const before = open();
    // Each client holds one, too.
    for (let i = 0; i < 20; i++) (await tls(port)).destroy();
    for (let i = 0; i < 20; i++) (await tcp(port)).destroy();
    await eventually(open).toBeLessThanOrEqual(before);
  });

  test('where all are at work, a new one is told so over TLS', async () => {
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
    const { port } = await serveTls({ store: held, maxConnections: 1 });
    const answer = ask(await tls(port));
    await eventually(() => asked.count).toBe(1);
    const text = await wordsOf(await tls(port));
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toMatch(/\r\nretry-after: \d+\r\n/);
    resolve();
    expect(await answer).toBe(OK);
  });
});

test('close waits neither for handshakes nor for connections on which nothing was asked', async () => {
  const { app, port, sample } = await serveTls({ closeGraceMs: 3_600_000 });
  const stalled = await tcp(port);
  stalled.write(Buffer.from([22, 3, 1, 2, 0, 1]));
  const idle = await tls(port);
  const used = await tls(port);
  expect(await ask(used)).toBe(OK);
  await eventually(() => sample('daymark_http_connections')).toBe(3);
  await app.close();
  await Promise.all([stalled, idle, used].map(closed));
});

describe('a new certificate', () => {
  test('is for new connections; old ones go on', async () => {
    const [first, second] = [certified(authority.issue()), certified(authority.issue())];
    let current = first;
    const { port, url, sample } = await serveTls({ tls: () => current });
    const keepAlive = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.ca });
    onTestFinished(() => keepAlive.destroy());
    const old = await tls(port);
    expect(await ask(old)).toBe(OK);
    expect((await askHttp(url + STATS, { agent: keepAlive })).status).toBe(200);
    current = { ...second, fingerprint: 'cd' };
    const young = await tls(port);
    expect(await ask(young)).toBe(OK);
    expect(young.getPeerX509Certificate()?.toString()).toBe(String(second.cert));
    expect(old.getPeerX509Certificate()?.toString()).toBe(String(first.cert));
    expect(await ask(old)).toBe(OK);
    expect((await askHttp(url + STATS, { agent: keepAlive })).status).toBe(200);
    expect(await sample('daymark_tls_certificate_not_after_seconds{fingerprint="cd"}')).toBe(5);
    expect(await sample('daymark_tls_certificate_not_after_seconds{fingerprint="ab"}')).toBeUndefined();
  });

  test('lets no session of the old one be resumed', async () => {
    let current = certified(authority.issue());
    const { port } = await serveTls({ tls: () => current });
    const first = await tls(port, { maxVersion: 'TLSv1.2' });
    const session = first.getSession();
    expect((await tls(port, { maxVersion: 'TLSv1.2', session })).isSessionReused()).toBe(true);
    current = certified(authority.issue());
    const next = await tls(port, { maxVersion: 'TLSv1.2', session });
    expect(next.isSessionReused()).toBe(false);
    expect(await ask(next)).toBe(OK);
  });
});

test('without TLS, no certificate is in the metrics', async () => {
  const metrics = new Metrics('1');
  const app = await buildApp({ ...UNHURRIED, store: await emptyStore(), metrics });
  onTestFinished(() => app.close());
  expect([...samplesOf(await metrics.text()).keys()].filter((name) => name.includes('_tls_'))).toEqual([]);
});
