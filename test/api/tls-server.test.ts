/** The API over TLS. */

import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { Agent } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { Connections } from '../../src/api/connections.ts';
import { createHttpServer } from '../../src/api/http-server.ts';
import type { CertifiedKey } from '../../src/api/tls-server.ts';
import { DaymarkError } from '../../src/errors.ts';
import { MAX_DAYS_IN_ONE_PIECE, MAX_REFUSALS_UNDER_WAY, STREAMED_DAYS_PAGE_ROWS } from '../../src/limits.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { type Authority, newAuthority, type PemPair } from '../support/certificates.ts';
import { eventually } from '../support/eventually.ts';
import { askHttp } from '../support/https.ts';
import { samplesOf } from '../support/metrics.ts';
import { add, SUCCESS } from './requests.ts';
import { emptyStore, sendRaw, UNHURRIED } from './support.ts';

const STATS = '/customers/cust_1/stats?from=2024-10-02';

let directory: string;
let authority: Authority;
let pair: CertifiedKey;

const certified = ({ cert, key }: PemPair): CertifiedKey => ({
  ...{ cert: Buffer.from(cert), key: Buffer.from(key), notAfterMs: 5000, fingerprint: 'ab' },
});

/** Two handshakes, and a connection without a request, that begin before all tests: no test waits alone for their ends. */
let unended: Socket[];
let failedOfUnended: ReadonlyMap<string, number>;
let stopUnended: () => void;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-tls-'));
  authority = newAuthority(directory);
  pair = certified(authority.issue());
  const connections = new Connections();
  const server = createHttpServer(
    () => undefined,
    connections,
    () => undefined,
    () => pair,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  unended = [1, 2].map(() => connect(port, '127.0.0.1').on('error', () => undefined));
  const [, slow] = unended;
  const silent = connectTls({ port, host: '127.0.0.1', ca: authority.ca }).on('error', () => undefined);
  await once(silent, 'secureConnect');
  unended.push(silent);
  slow?.write(Buffer.from([22, 3, 1, 2, 0, 1]));
  const drip = setInterval(() => slow?.write('\0'), 200);
  failedOfUnended = connections.failedHandshakes;
  stopUnended = () => {
    clearInterval(drip);
    server.close();
    connections.closeAll();
  };
});
afterAll(() => {
  stopUnended();
  rmSync(directory, { recursive: true });
});

/** A server that answers all requests, until the test is over. @param answered resolves when it may answer. */
async function serveTls({ max = 100, current = () => pair, answered = Promise.resolve() } = {}) {
  const connections = new Connections(max);
  let asked = 0;
  const answer: RequestListener = async (_request, response) => {
    asked++;
    await answered;
    response.end('yes');
  };
  const server = createHttpServer(answer, connections, () => undefined, current);
  onTestFinished(() => {
    server.close();
    connections.closeAll();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const failed = (reason: string) => connections.failedHandshakes.get(reason) ?? 0;
  return { port, url: `https://127.0.0.1:${port}`, connections, failed, asked: () => asked };
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

describe('the API over TLS', () => {
  test('answers as it does without, and counts what fails', async () => {
    const metrics = new Metrics('1');
    const app = await buildApp({ ...UNHURRIED, store: await emptyStore(), metrics, tls: () => pair });
    onTestFinished(() => app.close());
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const url = `https://127.0.0.1:${port}`;
    expect((await askHttp(url + STATS, { ca: authority.ca })).json()).toEqual([]);
    const socket = await tls(port);
    for (let i = 0; i < 3; i++) expect(await ask(socket)).toBe(OK);
    const broken = await tls(port);
    broken.write('BREW / HTTP/1.1\r\n\r\n');
    expect(await wordsOf(broken)).toMatch(/^HTTP\/1\.1 501 /);
    const plain = await sendRaw(`http://127.0.0.1:${port}`, 'GET / HTTP/1.1\r\nHost: test\r\n\r\n');
    expect([plain.status, JSON.parse(plain.body)]).toMatchObject([
      400,
      { code: 'BAD_REQUEST', detail: expect.stringContaining('HTTPS') },
    ]);
    await eventually(async () => samplesOf(await metrics.text()).get('daymark_http_connections')).toBe(1);
    const samples = samplesOf(await metrics.text());
    expect(samples.get('daymark_tls_failed_handshakes_total{reason="plain_http"}')).toBe(1);
    expect(samples.get('daymark_http_refusals_total{status="400"}')).toBe(1);
    expect(samples.get('daymark_http_refusals_total{status="501"}')).toBe(1);
    expect(samples.get('daymark_tls_certificate_not_after_seconds{fingerprint="ab"}')).toBe(5);
  });

  test('is closed without waiting for handshakes and for connections on which nothing was asked', async () => {
    const app = await buildApp({
      ...{ ...UNHURRIED, store: await emptyStore(), tls: () => pair, closeGraceMs: 3_600_000 },
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const stalled = await tcp(port);
    stalled.write(Buffer.from([22, 3, 1, 2, 0, 1]));
    const idle = await tls(port);
    const used = await tls(port);
    expect(await ask(used)).toBe(OK);
    await app.close();
    await Promise.all([stalled, idle, used].map(closed));
  });

  test('breaks off an answer that cannot be made to its end, and goes on', async () => {
    const store = await emptyStore();
    const days = Array.from({ length: MAX_DAYS_IN_ONE_PIECE + STREAMED_DAYS_PAGE_ROWS }, (_, day) => day);
    await add(store, 'cust_1', Object.fromEntries(days.map((day) => [dateOfDay(15_000 + day), [SUCCESS]])));
    const failing: Store = Object.assign(Object.create(store), {
      ...{ checkSchema: () => store.checkSchema(), dataVersion: () => store.dataVersion() },
      windows: (query: Parameters<Store['windows']>[0]) => store.windows(query),
      async *windowPages(query: Parameters<Store['windowPages']>[0]) {
        let pages = 0;
        for await (const page of store.windowPages(query)) {
          if (pages++ === 2) throw new DaymarkError('STORE_UNREACHABLE', 'it is away');
          yield page;
        }
      },
    });
    const app = await buildApp({ ...UNHURRIED, store: failing, tls: () => pair });
    onTestFinished(() => app.close());
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    for (const version of ['1.1', '1.0']) {
      const socket = await tls(port);
      let text = '';
      const failed = once(socket, 'error');
      socket.on('data', (data) => {
        text += data;
      });
      socket.write(`GET /customers/cust_1/stats?from=1970-01-01 HTTP/${version}\r\nHost: test\r\n\r\n`);
      const [error] = await failed;
      expect([version, error.code]).toEqual([version, 'ECONNRESET']);
      expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
      expect(text).not.toMatch(/\]\s*(0\r\n\r\n)?$/);
    }
    expect(await ask(await tls(port))).toBe(OK);
  });

  test('has no certificate in its metrics where there is none', async () => {
    const text = await new Metrics('1').text();
    expect([...samplesOf(text).keys()].filter((name) => name.includes('_tls_'))).toEqual([]);
  });
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

test.each<[string, ConnectionOptions]>([
  ['an old version', { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }],
  ['another protocol than HTTP/1.1', { ALPNProtocols: ['h2'] }],
])('a client of %s is refused, and counted', async (_, options) => {
  const { port, failed } = await serveTls();
  const socket = connectTls({ port, host: '127.0.0.1', ca: authority.ca, ...options });
  const [error] = await once(opened(socket), 'error');
  expect(error.code).toMatch(/ALERT_(PROTOCOL_VERSION|NO_APPLICATION_PROTOCOL)/);
  await eventually(() => failed('protocol')).toBe(1);
});

test('what is neither TLS nor HTTP, and a client that leaves, end nothing, and are counted', async () => {
  const { port, failed, connections } = await serveTls();
  const noise = await tcp(port);
  noise.write('\0'.repeat(100));
  await closed(noise);
  (await tcp(port)).destroy();
  await eventually(() => failed('protocol')).toBe(1);
  await eventually(() => failed('closed')).toBe(1);
  expect(await ask(await tls(port))).toBe(OK);
  await eventually(() => connections.count).toBe(1);
});

describe('the bound of connections', () => {
  test('counts handshakes, and lets go of them first', async () => {
    const { port, connections } = await serveTls({ max: 3 });
    const idle = await tls(port);
    const used = await tls(port);
    expect(await ask(used)).toBe(OK);
    const stalled = await tcp(port);
    await eventually(() => connections.count).toBe(3);
    const next = await tls(port);
    await closed(stalled);
    for (const socket of [idle, used, next]) expect(await ask(socket)).toBe(OK);
    expect(connections.count).toBe(3);
  });

  test('keeps no client out by handshakes that never end', async () => {
    const { port } = await serveTls({ max: 10 });
    for (let i = 0; i < 50; i++) await tcp(port);
    for (let i = 0; i < 12; i++) expect(await ask(await tls(port))).toBe(OK);
  });

  test('frees the descriptors of what it lets go', async () => {
    const { port } = await serveTls({ max: 5 });
    const open = () => readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 5; i++) expect(await ask(await tls(port))).toBe(OK);
    const before = open();
    // Each client holds one, too.
    for (let i = 0; i < 20; i++) (await tls(port)).destroy();
    for (let i = 0; i < 20; i++) (await tcp(port)).destroy();
    await eventually(open).toBeLessThanOrEqual(before);
  });

  test('where all are at work, a new one is told so over TLS', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port, asked, connections } = await serveTls({ max: 1, answered: promise });
    const answer = ask(await tls(port));
    await eventually(asked).toBe(1);
    const text = await wordsOf(await tls(port));
    expect(text).toMatch(/^HTTP\/1\.1 503 /);
    expect(text).toMatch(/\r\nretry-after: \d+\r\n/);
    const stalled = await Promise.all(Array.from({ length: 3 * MAX_REFUSALS_UNDER_WAY }, () => tcp(port)));
    // Those that begin no handshake are not waited for beside too many others.
    await Promise.all(stalled.slice(MAX_REFUSALS_UNDER_WAY).map(closed));
    expect(connections.count).toBe(1);
    resolve();
    expect(await answer).toBe(OK);
  });
});

describe('a new certificate', () => {
  test('is for new connections; old ones go on', async () => {
    const [first, second] = [certified(authority.issue()), certified(authority.issue())];
    let current = first;
    const { port, url } = await serveTls({ current: () => current });
    const keepAlive = new Agent({ keepAlive: true, maxSockets: 1, ca: authority.ca });
    onTestFinished(() => keepAlive.destroy());
    const old = await tls(port);
    expect(await ask(old)).toBe(OK);
    expect((await askHttp(url, { agent: keepAlive })).status).toBe(200);
    current = second;
    const young = await tls(port);
    expect(await ask(young)).toBe(OK);
    expect(young.getPeerX509Certificate()?.toString()).toBe(String(second.cert));
    expect(old.getPeerX509Certificate()?.toString()).toBe(String(first.cert));
    expect(await ask(old)).toBe(OK);
    expect((await askHttp(url, { agent: keepAlive })).status).toBe(200);
  });

  test('lets no session of the old one be resumed', async () => {
    let current = certified(authority.issue());
    const { port } = await serveTls({ current: () => current });
    const first = await tls(port, { maxVersion: 'TLSv1.2' });
    const session = first.getSession();
    expect((await tls(port, { maxVersion: 'TLSv1.2', session })).isSessionReused()).toBe(true);
    current = certified(authority.issue());
    const next = await tls(port, { maxVersion: 'TLSv1.2', session });
    expect(next.isSessionReused()).toBe(false);
    expect(await ask(next)).toBe(OK);
  });
});

test('a handshake that does not end, or comes byte by byte, and a client that then asks nothing are not waited for', async () => {
  await Promise.all(unended.map(closed));
  expect(failedOfUnended.get('timeout')).toBe(2);
});
