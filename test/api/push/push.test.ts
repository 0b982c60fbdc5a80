/** `POST /v1/ingest` and `POST /v1/logs` as requests: keys, bodies, bounds, and who may send them. */

import { request as httpRequest } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_CONCURRENT_PUSHES, MAX_PUSH_BODY_BYTES } from '../../../src/limits.ts';
import { eventually } from '../../support/eventually.ts';
import {
  exportOf,
  linesPush,
  logsPush,
  type PushRequest,
  recordOf,
  send,
} from '../../support/push-client.ts';
import { type PushServer, startPushServer } from '../../support/push-server.ts';
import { ledger } from '../../support/rows.ts';
import { addKey } from '../access/credentials.ts';

const LINE = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n';
const BAD = 'no line\n';
const ONE = exportOf([
  recordOf({ eventTimeMs: 1_727_845_846_000, customerId: 'cust_40', status: 200, durationUs: 1 }),
]);

const refused = async (url: string, push: PushRequest, headers = {}) => {
  const { status, body } = await send(url, push, headers);
  return `${status} ${body.code}`;
};

/** How many requests are being answered. */
async function inProgress(): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^daymark_http_requests_in_progress (\d+)$/m.exec(text)?.[1]);
}

let server: PushServer;
let url = '';

beforeAll(async () => {
  server = await startPushServer();
  url = await server.serve();
});
afterAll(() => server.close());

/** What is counted since the beginning of a test. */
let before = 0;
const lines = async () => (await ledger(server.place)).lines - before;

beforeEach(async () => {
  before = 0;
  before = await lines();
});

describe('a push', () => {
  test('is answered with what became of its lines, and a retry with the same', async () => {
    const push = linesPush(`${LINE}${BAD}${LINE}\n${LINE.trim()}`, 'key-1-1');
    const first = await send(url, push);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({
      ...{ lines: 5, accepted: 3, rejected: 2, rejected_by_reason: { invalid_timestamp: 1, empty_line: 1 } },
      ...{ late: 0, dropped: 0, excluded: 0, source_id: 'push-anybody-1' },
      rejected_lines: [
        { line: 2, offset: LINE.length, reason: 'invalid_timestamp', excerpt: 'no line' },
        { line: 4, offset: 2 * LINE.length + BAD.length, reason: 'empty_line', excerpt: '' },
      ],
    });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    for (const headers of [{}, { 'idempotency-key': '"key-1-1"' }]) {
      const again = await send(url, push, headers);
      expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([
        ...[200, first.body, 'true'],
      ]);
    }
    // A client may compress the same lines in another way.
    const other = linesPush(`${LINE}${BAD}${LINE}\n${LINE.trim()}`, 'key-1-1', 'zstd');
    expect((await send(url, other)).body).toEqual(first.body);
    expect(await lines()).toBe(5);
    expect(await refused(url, linesPush(LINE, 'key-1-1'))).toBe('422 PUSH_KEY_REUSED');
    expect((await send(url, linesPush(LINE, 'key-2-1'))).body).toMatchObject({ lines: 1 });
    expect(await lines()).toBe(6);
  });

  test('without a usable key, type or encoding is refused, and counts nothing', async () => {
    const push = linesPush(LINE, 'key-2');
    const { 'idempotency-key': _, ...keyless } = push.headers;
    expect(await refused(url, { ...push, headers: keyless })).toBe('400 IDEMPOTENCY_KEY_REQUIRED');
    for (const key of ['', '""', '"a', 'a,b', 'a b', 'x'.repeat(256)])
      expect([key, await refused(url, push, { 'idempotency-key': key })]).toEqual([
        ...[key, '400 IDEMPOTENCY_KEY_REQUIRED'],
      ]);
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/html'])
      expect(await refused(url, push, { 'content-type': type })).toBe('415 PUSH_UNSUPPORTED');
    expect(await refused(url, push, { 'content-encoding': 'gzip' })).toBe('400 PUSH_UNREADABLE');
    const unknown = await send(url, push, { 'content-encoding': 'gzip, br' });
    expect(unknown.status).toBe(415);
    expect(unknown.headers.get('accept-encoding')).toBe('gzip, zstd, deflate, br');
    expect(await refused(url, logsPush({}), { 'content-type': 'application/x-protobuf' })).toBe(
      '415 PUSH_UNSUPPORTED',
    );
    expect(await refused(url, { ...logsPush({}), body: new Uint8Array([0xff]) })).toBe('400 PUSH_UNREADABLE');
    expect(await lines()).toBe(0);
  });

  test('that is too large is refused whole', async () => {
    const body = new Uint8Array(MAX_PUSH_BODY_BYTES + 1).fill(0x0a);
    expect(await refused(url, { ...linesPush('', 'a'), body })).toBe('413 BAD_REQUEST');
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(20_000_000, '\n')));
    expect(await refused(url, { ...linesPush('', 'b', 'gzip'), body: bomb })).toBe('413 PUSH_TOO_LARGE');
    const customers = Array.from({ length: 140_000 }, (_, i) => LINE.replace('cust_40', `c${i}`)).join('');
    expect(await refused(url, linesPush(customers, 'c', 'gzip'))).toBe('413 PUSH_TOO_LARGE');
    expect(await lines()).toBe(0);
    // What is as large as may be counts.
    const whole = LINE.repeat(Math.floor(MAX_PUSH_BODY_BYTES / LINE.length));
    expect((await send(url, linesPush(whole, 'd'))).body).toMatchObject({ rejected: 0 });
  });

  test('is taken whatever customers earlier ones had', async () => {
    const ofCustomers = (prefix: string) =>
      Array.from({ length: 20_000 }, (_, i) => LINE.replace('cust_40', `${prefix}${i}`.padEnd(250, 'x')));
    for (const prefix of ['a', 'b']) {
      const push = linesPush(ofCustomers(prefix).join(''), `key-${prefix}`, 'gzip');
      expect((await send(url, push)).body).toMatchObject({ lines: 20_000, accepted: 20_000 });
    }
    expect(await lines()).toBe(40_000);
  });

  test('of records that are short, and too large as lines, is refused', async () => {
    const path = { key: 'url.path', value: { stringValue: `/${'x'.repeat(50_000)}` } };
    const push = logsPush(exportOf(Array(400).fill({ timeUnixNano: '1' }), [path]), 'gzip');
    expect(await refused(url, push)).toBe('413 PUSH_TOO_LARGE');
    // Each takes more memory than its bytes.
    const empty = logsPush(exportOf(Array(1_000_000).fill({})), 'gzip');
    expect(await refused(url, empty)).toBe('413 PUSH_TOO_LARGE');
  });

  test('without a line is answered, too', async () => {
    expect((await send(url, linesPush('', 'a'))).body).toMatchObject({ lines: 0, rejected_lines: [] });
    expect((await send(url, logsPush({ resourceLogs: [] }))).body).toEqual({});
  });

  test('that comes while one with its key is being read is told so', async () => {
    const { gate } = server;
    gate.close();
    const first = send(url, linesPush(LINE, 'key-5'));
    await eventually(() => gate.held).toBe(1);
    const second = await send(url, linesPush(LINE, 'key-5'));
    expect([second.status, second.body.code, second.headers.get('retry-after')]).toEqual([
      ...[409, 'PUSH_IN_PROGRESS', '1'],
    ]);
    // Collectors do not retry after 409.
    expect(await refused(url, logsPush(ONE), { 'idempotency-key': 'key-5' })).toBe('429 PUSH_BUSY');
    gate.open();
    const { body } = await first;
    expect((await send(url, linesPush(LINE, 'key-5'))).body).toEqual(body);
    expect(await lines()).toBe(1);
  });

  test('finds no place among too many, and one again when a client has left', async () => {
    const { gate } = server;
    gate.close();
    const others = Array.from({ length: MAX_CONCURRENT_PUSHES - 1 }, (_, i) =>
      send(url, linesPush(LINE, `key-${i}-6`)),
    );
    await eventually(() => gate.held).toBe(MAX_CONCURRENT_PUSHES - 1);
    const { headers, path } = linesPush(LINE, 'half-6');
    const half = httpRequest(url + path, {
      method: 'POST',
      headers: { ...headers, 'content-length': 1_000 },
    });
    half.on('error', () => undefined).write(LINE);
    // It holds a place before its body is there. One more request is that for the metrics.
    await eventually(inProgress).toBe(MAX_CONCURRENT_PUSHES + 1);
    const told = await send(url, linesPush(LINE, 'one-more-6'));
    expect(told.headers.get('retry-after')).toBe('1');
    const closed = new Promise((resolve) => half.once('close', resolve));
    half.destroy();
    await closed;
    gate.open();
    await Promise.all(others);
    await eventually(async () => (await send(url, linesPush(LINE, 'one-more-6'))).status).toBe(200);
    expect(await lines()).toBe(MAX_CONCURRENT_PUSHES);
  });

  test('that takes too long may count nevertheless, and its retry tells', async () => {
    const { gate } = server;
    gate.close();
    const hurried = await server.serve({ pushTimeoutMs: 50 });
    const slow = await send(hurried, linesPush(LINE, 'key-7'));
    expect([slow.status, slow.body.code]).toEqual([503, 'PUSH_TOO_SLOW']);
    gate.open();
    await eventually(async () => (await send(url, linesPush(LINE, 'key-7'))).status).toBe(200);
    expect(await lines()).toBe(1);
  });

  test('of a client that has left counts once', async () => {
    const { gate } = server;
    gate.close();
    const leaving = new AbortController();
    const { path, headers, body } = linesPush(LINE, 'key-8');
    const left = fetch(url + path, { method: 'POST', headers, body, signal: leaving.signal });
    await eventually(() => gate.held).toBe(1);
    leaving.abort();
    await expect(left).rejects.toThrow();
    gate.open();
    await eventually(async () => (await send(url, linesPush(LINE, 'key-8'))).status).toBe(200);
    expect(await lines()).toBe(1);
  });

  test('is taken from no page of another server', async () => {
    const origin = { origin: 'https://evil.example.com' };
    expect(await refused(url, linesPush(LINE, 'key-9'), origin)).toBe('403 CROSS_ORIGIN');
  });
});

describe('an ingest key', () => {
  const keys = { any: '', one: '', admin: '' };
  let guarded = '';

  beforeAll(async () => {
    const { store } = server;
    keys.any = await addKey(store, 'ingest');
    keys.one = await addKey(store, 'ingest', ['cust_40']);
    keys.admin = await addKey(store, 'admin');
    guarded = await server.serve({ access: { keys: store.apiKeys, signingKeys: store.signingKeys } });
  });

  const by = (key: string) => ({ authorization: `Bearer ${key}` });

  test('has its own idempotency keys, and a source of its own', async () => {
    const { store } = server;
    const push = linesPush(LINE, 'key-10');
    expect(await refused(guarded, push)).toBe('401 UNAUTHENTICATED');
    expect(await refused(guarded, push, by(keys.admin))).toBe('403 FORBIDDEN');
    const answers = [await send(guarded, push, by(keys.any)), await send(guarded, push, by(keys.one))];
    for (const { body, headers } of answers) {
      expect(body).toMatchObject({ accepted: 1 });
      expect(headers.get('idempotency-replayed')).toBeNull();
    }
    const sources = (await store.ledger()).filter(({ name }) => name !== '(push)');
    const names = sources.map(({ id, name, lines }) => [id, name, lines]);
    const ids = [keys.any, keys.one].map((key) => key.split('_')[1]).sort();
    expect(names).toEqual(ids.map((id) => [`push-${id}-1`, `(push by key ${id})`, 1]));
    const revoked = await addKey(store, 'ingest');
    expect((await send(guarded, push, by(revoked))).status).toBe(200);
    const id = revoked.split('_')[1] ?? '';
    await store.apiKeys.revoke(id, Date.now());
    await eventually(() => refused(guarded, push, by(revoked))).toBe('401 UNAUTHENTICATED');
  });

  test('whose first push is refused has a source that no day waits for', async () => {
    const { store } = server;
    const key = await addKey(store, 'ingest', ['cust_4']);
    expect(await refused(guarded, linesPush(LINE, 'first'), by(key))).toBe('403 PUSH_OTHER_CUSTOMER');
    const source = (await store.ledger()).find(({ id }) => id === `push-${key.split('_')[1]}-1`);
    expect(source).toMatchObject({ lines: 0, state: 'finished' });
  });

  test('that names customers hands in no line of another one, and then none at all', async () => {
    const other = LINE.replace('cust_40', 'cust_4');
    const mixed = linesPush(`${LINE.repeat(50)}${other}`, 'mixed');
    const told = await send(guarded, mixed, by(keys.one));
    expect([told.status, told.body.code]).toEqual([403, 'PUSH_OTHER_CUSTOMER']);
    expect(await refused(guarded, mixed, by(keys.one))).toBe('403 PUSH_OTHER_CUSTOMER');
    const record = recordOf({
      eventTimeMs: 1_727_845_846_000,
      customerId: 'cust_4',
      status: 200,
      durationUs: 1,
    });
    expect(await refused(guarded, logsPush(exportOf([record])), by(keys.one))).toBe(
      '403 PUSH_OTHER_CUSTOMER',
    );
    expect(await lines()).toBe(0);
    // Rejected lines have no customer.
    expect((await send(guarded, linesPush(`${LINE}${BAD}`, 'own'), by(keys.one))).body).toMatchObject({
      ...{ accepted: 1, rejected: 1 },
    });
    expect((await send(guarded, mixed, by(keys.any))).body).toMatchObject({ accepted: 51 });
  });

  test('of clients that leave while it is looked up keeps no place', async () => {
    const { store } = server;
    const opened = Promise.withResolvers<void>();
    let asked = 0;
    const find = async (id: string) => {
      asked++;
      await opened.promise;
      return store.apiKeys.find(id);
    };
    const slow = await server.serve({
      access: { keys: { find, noteUses: async () => undefined }, signingKeys: store.signingKeys },
    });
    const key = await addKey(store, 'ingest');
    const { headers, path } = linesPush(LINE, 'left');
    const leaving = Array.from({ length: MAX_CONCURRENT_PUSHES }, () => {
      const sent = httpRequest(slow + path, { method: 'POST', headers: { ...headers, ...by(key) } });
      sent.on('error', () => undefined).end(LINE);
      return sent;
    });
    await eventually(() => asked).toBeGreaterThan(0);
    await setTimeout(200);
    await Promise.all(
      leaving.map((sent) => {
        const closed = new Promise((resolve) => sent.once('close', resolve));
        sent.destroy();
        return closed;
      }),
    );
    await setTimeout(200);
    opened.resolve();
    expect((await send(slow, linesPush(LINE, 'stays'), by(key))).status).toBe(200);
  });
});
