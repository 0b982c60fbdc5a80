/**
 * nginx and Caddy before the API, as docs/proxies.md sets them up: what each client gets, and what daymark knows of it. All of
 * 127.0.0.0/8 is this machine, so clients can have addresses of their own.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newKey } from '../../src/api/access/key-text.ts';
import { MAX_DAYS_IN_ONE_PIECE, MAX_FAILED_ATTEMPTS } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { addKey } from '../api/access/credentials.ts';
import { add, SUCCESS } from '../api/requests.ts';
import { SERVER_NAME } from '../support/certificates.ts';
import { envOf, type RunningCli, servedUrl, start } from '../support/cli.ts';
import { openStream, type ReadStream } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { askHttp, type HttpAnswer } from '../support/https.ts';
import { FRONTS, type Front, type RunningFront } from '../support/products/front.ts';
import { pathOf } from '../support/products/product.ts';
import { SQLITE, type StorePlace } from '../support/sqlite-place.ts';

const RATE_LIMIT = MAX_FAILED_ATTEMPTS + 10;
const MANY_DAYS = MAX_DAYS_IN_ONE_PIECE + 1_000;

let directory: string;
let place: StorePlace;
let store: Store;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-proxies-'));
  place = await SQLITE.createPlace();
  store = await place.open();
  await store.migrate();
  const days = Array.from({ length: MANY_DAYS }, (_, day) => [dateOfDay(15_000 + day), [SUCCESS]]);
  await add(store, 'many', Object.fromEntries(days));
  for (const id of ['acme', 'other'])
    await add(
      store,
      id,
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [dateOfDay(20_000 + i), [SUCCESS]])),
    );
});
afterAll(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

const daysOf = (id: string) => `/customers/${id}/stats?from=1970-01-01`;
const NOBODY = '/v1/customers';

interface Asked {
  /** The address of the client. */
  readonly from?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly method?: string;
}

/** daymark, with a proxy before it. */
class Site {
  readonly #front: RunningFront;
  readonly #daymark: RunningCli;
  readonly directUrl: string;
  readonly #agents = new Map<string, Agent>();
  #log = '';

  constructor(front: RunningFront, daymark: RunningCli, directUrl: string) {
    this.#front = front;
    this.#daymark = daymark;
    this.directUrl = directUrl;
    daymark.process.stdout?.on('data', (data) => {
      this.#log += data;
    });
  }

  static async start(front: Front): Promise<Site> {
    const env = {
      ...{ ...envOf(place.location), PORT: '0', AUTH: 'keys', TRUSTED_PROXIES: '127.0.0.1' },
      ...{ ACCESS_LOG: 'json', RATE_LIMIT_PER_MINUTE: String(RATE_LIMIT) },
    };
    const daymark = start(['serve'], { env });
    const url = await servedUrl(daymark);
    const running = await front.start(mkdtempSync(join(directory, 'front-')), Number(new URL(url).port));
    return new Site(running, daymark, url);
  }

  async stop(): Promise<void> {
    for (const agent of this.#agents.values()) agent.destroy();
    await this.#front.stop();
    this.#daymark.process.kill();
    await this.#daymark.ended;
  }

  /** Asks through the proxy. The requests of one address share a connection. */
  ask(
    path: string,
    { from = '127.0.0.2', key, headers = {}, method = 'GET' }: Asked = {},
  ): Promise<HttpAnswer> {
    return askHttp(`https://127.0.0.1:${this.#front.httpsPort}${path}`, {
      ...{ method, agent: this.#agentOf(from), servername: SERVER_NAME },
      headers: {
        host: SERVER_NAME,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
    });
  }

  listen(key: string): Promise<ReadStream> {
    return openStream(`https://127.0.0.1:${this.#front.httpsPort}/v1/events`, {
      ...{ localAddress: '127.0.0.10', ca: this.#front.ca, servername: SERVER_NAME },
      headers: { host: SERVER_NAME, authorization: `Bearer ${key}` },
    });
  }

  askPlainly(path: string, headers: Record<string, string> = {}): Promise<HttpAnswer> {
    return askHttp(`http://127.0.0.1:${this.#front.httpPort}${path}`, {
      headers: { host: SERVER_NAME, ...headers },
    });
  }

  /** The line of the access log about a request. */
  logged(requestId: string): { client: string; key_id: string | null; status: number } | undefined {
    const line = this.#log.split('\n').find((each) => each.includes(`"request_id":"${requestId}"`));
    return line === undefined ? undefined : JSON.parse(line);
  }

  #agentOf(from: string): Agent {
    const known = this.#agents.get(from);
    if (known) return known;
    const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: from, ca: this.#front.ca });
    this.#agents.set(from, agent);
    return agent;
  }
}

async function statuses(count: number, ask: (i: number) => Promise<HttpAnswer>): Promise<Set<number>> {
  const all = new Set<number>();
  for (let i = 0; i < count; i++) all.add((await ask(i)).status);
  return all;
}

/** Debian's packages are there in CI. */
const isMissing = ({ program }: Front) => pathOf(program) === undefined && process.env.CI === undefined;

for (const front of FRONTS.filter(isMissing))
  console.log(`${front.name} is not tested, because it is not installed (Debian: ${front.package}).`);

describe.each(FRONTS.filter((front) => !isMissing(front)))('behind $name', (front) => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.start(front);
  });
  afterAll(() => site.stop());

  test('the access log has the address of the client, whatever the client says', async () => {
    const claims = [
      {},
      { 'x-forwarded-for': '203.0.113.9' },
      { 'x-forwarded-for': ['203.0.113.9', '127.0.0.1'] },
      {
        'x-forwarded-for': '203.0.113.9, 127.0.0.1',
        'x-real-ip': '203.0.113.9',
        forwarded: 'for=203.0.113.9',
      },
    ];
    for (const from of ['127.0.0.2', '127.0.0.3'])
      for (const [i, claim] of claims.entries()) {
        const id = `log-${from}-${i}`;
        const { status, headers } = await site.ask('/health/live', {
          from,
          headers: { ...claim, 'x-request-id': id },
        });
        expect([status, headers['x-request-id']]).toEqual([200, id]);
        await eventually(() => site.logged(id)?.client).toBe(from);
      }
    const { headers } = await site.ask('/health/live');
    await eventually(() => site.logged(String(headers['x-request-id']))?.client).toBe('127.0.0.2');
  });

  test('each client has its own limit, and cannot get another one', async () => {
    const [from, other] = ['127.0.0.4', '127.0.0.5'];
    const spoofed = (i: number) => ({ from, headers: { 'x-forwarded-for': `203.0.113.${i}` } });
    expect(await statuses(RATE_LIMIT, (i) => site.ask(NOBODY, spoofed(i)))).toEqual(new Set([401]));
    expect(await statuses(5, (i) => site.ask(NOBODY, spoofed(i)))).toEqual(new Set([429]));
    expect((await site.ask(NOBODY, { from: other })).status).toBe(401);
  });

  test('each key has its own limit, from wherever it is used', async () => {
    const [busy, quiet] = [await addKey(store, 'admin'), await addKey(store, 'admin')];
    const from = (i: number) => `127.0.1.${1 + (i % 3)}`;
    const ask = (i: number, key: string) => site.ask(daysOf('acme'), { from: from(i), key });
    expect(await statuses(RATE_LIMIT, (i) => ask(i, busy))).toEqual(new Set([200]));
    const refused = await ask(0, busy);
    expect([refused.status, Number(refused.headers['retry-after'])]).toEqual([429, expect.any(Number)]);
    expect((await ask(0, quiet)).status).toBe(200);
  });

  test('wrong keys are limited for the client that sends them alone', async () => {
    const wrong = (from: string) => site.ask(NOBODY, { from, key: newKey().text });
    const [from, other] = ['127.0.0.6', '127.0.0.7'];
    expect(await statuses(MAX_FAILED_ATTEMPTS, () => wrong(from))).toEqual(new Set([401]));
    const refused = await wrong(from);
    expect([refused.status, refused.body.toString()]).toEqual([429, expect.stringContaining('not valid')]);
    expect((await wrong(other)).status).toBe(401);
    const key = await addKey(store, 'customer', ['acme']);
    expect((await site.ask(daysOf('acme'), { from, key })).status).toBe(200);
  });

  test('a key reads its own rows alone, although clients share connections to daymark', async () => {
    const keys = {
      acme: await addKey(store, 'customer', ['acme']),
      other: await addKey(store, 'customer', ['other']),
    };
    for (let i = 0; i < 3; i++)
      for (const [own, key] of Object.entries(keys)) {
        const from = '127.0.0.8';
        const days = (await site.ask(daysOf(own), { from, key })).json<{ customer_id: string }[]>();
        expect([days.length, new Set(days.map(({ customer_id: id }) => id))]).toEqual([30, new Set([own])]);
        for (const id of Object.keys(keys).filter((each) => each !== own))
          expect((await site.ask(daysOf(id), { from, key })).status).toBe(404);
        expect((await site.ask('/v1/status', { from, key })).status).toBe(403);
        expect((await site.ask(daysOf(own), { from })).status).toBe(401);
      }
    const { headers } = await site.ask(daysOf('acme'), {
      key: keys.acme,
      headers: { 'x-request-id': 'of-acme' },
    });
    expect(headers['x-request-id']).toBe('of-acme');
    await eventually(() => site.logged('of-acme')?.key_id).toContain(keys.acme.split('_')[1]);
  });

  test('events come through as they are sent', async () => {
    const key = await addKey(store, 'customer', ['acme']);
    const stream = await site.listen(key);
    await stream.next('current');
    await add(store, 'third', { '2024-10-02': [SUCCESS] });
    await stream.next('change');
    expect(stream.headers['content-type']).toContain('text/event-stream');
    stream.leave();
  });

  test('signing in sets a cookie for HTTPS alone, and it reads what the key reads', async () => {
    const from = '127.0.0.9';
    const key = await addKey(store, 'customer', ['acme']);
    const headers = { origin: `https://${SERVER_NAME}`, 'sec-fetch-site': 'same-origin' };
    const answer = await site.ask('/v1/session', { from, key, headers, method: 'POST' });
    const set = String(answer.headers['set-cookie']);
    expect(set).toMatch(/^__Host-daymark_session=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    const cookie = set.split(';')[0] ?? '';
    const asked = async (id: string) =>
      (await site.ask(daysOf(id), { from, headers: { cookie, 'x-request-id': `session-${id}` } })).status;
    expect([await asked('acme'), await asked('other')]).toEqual([200, 404]);
    await eventually(() => site.logged('session-acme')?.key_id).toContain(key.split('_')[1]);
    const elsewhere = { origin: 'https://evil.example.com' };
    expect((await site.ask('/v1/session', { from, key, headers: elsewhere, method: 'POST' })).status).toBe(
      403,
    );
  });

  test('answers keep their headers, and are the same to the last byte', async () => {
    const key = await addKey(store, 'customer', ['acme']);
    const direct = await askHttp(site.directUrl + daysOf('acme'), {
      headers: { authorization: `Bearer ${key}` },
    });
    const kept = [
      'etag',
      'vary',
      'cache-control',
      'content-type',
      'x-content-type-options',
      'x-ratelimit-limit',
    ];
    const named = ({ headers }: HttpAnswer) => kept.map((name) => [name, headers[name]]);
    const plain = await site.ask(daysOf('acme'), { key });
    expect(named(plain)).toEqual(named(direct));
    expect(plain.headers).toMatchObject({
      'cache-control': 'private, no-cache',
      etag: expect.stringMatching(/^"/),
    });
    expect(plain.headers.vary).toMatch(/Authorization/i);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(plain.body.equals(direct.body)).toBe(true);
    for (const [encoding, decode] of [
      ['gzip', gunzipSync],
      ['br', brotliDecompressSync],
    ] as const) {
      const encoded = await site.ask(daysOf('acme'), { key, headers: { 'accept-encoding': encoding } });
      expect(encoded.headers['content-encoding']).toBe(encoding);
      expect(decode(encoded.body).equals(direct.body)).toBe(true);
      const etag = String(encoded.headers.etag);
      const current = await site.ask(daysOf('acme'), {
        key,
        headers: { 'accept-encoding': encoding, 'if-none-match': etag },
      });
      expect([current.status, current.body.length, current.headers.etag]).toEqual([304, 0, etag]);
    }
    const head = await site.ask(daysOf('acme'), { key, method: 'HEAD' });
    expect([head.status, head.body.length, head.headers.etag]).toEqual([200, 0, plain.headers.etag]);
    const problem = await site.ask('/customers/acme/stats', { key });
    expect([problem.status, problem.headers['content-type']]).toEqual([422, 'application/problem+json']);
  });

  test('a long answer, which is streamed, arrives whole', async () => {
    const key = await addKey(store, 'customer', ['many']);
    const direct = await askHttp(site.directUrl + daysOf('many'), {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(direct.json<object[]>().length).toBe(MANY_DAYS);
    const streamed = await site.ask(daysOf('many'), { key });
    expect(streamed.headers['content-length']).toBeUndefined();
    expect(streamed.body.equals(direct.body)).toBe(true);
    const encoded = await site.ask(daysOf('many'), { key, headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(encoded.body).equals(direct.body)).toBe(true);
  });

  test('as long headers pass as daymark takes, and longer ones are refused', async () => {
    const withCookie = (bytes: number) =>
      site.ask('/health/live', { headers: { cookie: 'x'.repeat(bytes) } });
    expect((await withCookie(12_000)).status).toBe(200);
    expect((await withCookie(17_000)).status).toBeGreaterThanOrEqual(400);
  });

  test('plain HTTP leads to HTTPS, and refuses a key that came in clear text', async () => {
    const { status, headers } = await site.askPlainly('/docs?x=1');
    expect([status, headers.location]).toEqual([308, `https://${SERVER_NAME}/docs?x=1`]);
    expect((await site.askPlainly('/docs', { authorization: 'Bearer x' })).status).toBe(403);
  });
});
