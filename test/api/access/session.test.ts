/** Sessions: who can begin one, what it reads, and what ends it. `matrix.test.ts` asks every operation with them. */

import fc from 'fast-check';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { AppOptions } from '../../../src/api/app.ts';
import type { AnsweredRequest } from '../../../src/api/observe-requests.ts';
import { MAX_FAILED_ATTEMPTS } from '../../../src/limits.ts';
import type { Store } from '../../../src/store/contract.ts';
import { eventually } from '../../support/eventually.ts';
import { SEED } from '../../support/property.ts';
import { add, SUCCESS } from '../requests.ts';
import { emptyStore, serve } from '../support.ts';
import { addKey, cookieOf, OTHER, OWN, signedBy } from './credentials.ts';
import { DAY } from './matrix.ts';

const HOUR_MS = 3_600_000;
const SUMMARY = `/v1/summary?from=${DAY}&to=${DAY}`;
const ofCustomer = (id: string) => `${SUMMARY}&customer_id=${id}`;

async function filledStore(): Promise<Store> {
  const store = await emptyStore();
  await add(store, OWN, { [DAY]: [SUCCESS] });
  await add(store, OTHER, { [DAY]: [SUCCESS, SUCCESS] });
  return store;
}

const accessOf = (store: Store) => ({ keys: store.apiKeys, signingKeys: store.signingKeys });

async function guardedServer(options: Partial<AppOptions> = {}) {
  const store = await filledStore();
  const url = await serve({ store, access: accessOf(store), ...options });
  return { store, url };
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const signIn = (url: string, key: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/session`, { method: 'POST', headers: { ...bearer(key), ...headers } });

/** @returns the cookie as a browser sends it. */
async function signedIn(url: string, key: string): Promise<string> {
  const answer = await signIn(url, key);
  expect(answer.status).toBe(200);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

const problemOf = async (answer: Response) => {
  const { code, detail } = (await answer.json()) as { code: string; detail: string };
  return [answer.status, code, detail];
};

describe('signing in', () => {
  test('gives a cookie that reads what the key reads, and has no key in it', async () => {
    const { store, url } = await guardedServer();
    const key = await addKey(store, 'customer', [OWN]);
    const answer = await signIn(url, key);
    const set = answer.headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^daymark_session=1\.[\w.-]+; Max-Age=43\d{3}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const secret = key.split('_')[2] ?? '';
    for (const part of set.split(/[.=;]/)) {
      const told = Buffer.from(part, 'base64url').toString('latin1');
      expect([part, told].filter((text) => text.includes(secret))).toEqual([]);
    }
    const who = { role: 'customer', customers: [{ customer_id: OWN, customer_name: null }] };
    const began = (await answer.json()) as { expires: string };
    expect(began).toEqual({ ...who, is_session: true, expires: expect.any(String) });
    const cookie = set.split(';')[0] ?? '';
    expect(await (await fetch(`${url}/v1/session`, { headers: { cookie } })).json()).toEqual(began);
    expect(await (await fetch(`${url}/v1/session`, { headers: bearer(key) })).json()).toEqual({
      ...{ ...who, is_session: false, expires: null },
    });
    const byKey = await fetch(url + ofCustomer(OWN), { headers: bearer(key) });
    const bySession = await fetch(url + ofCustomer(OWN), { headers: { cookie } });
    expect([bySession.status, await bySession.text()]).toEqual([200, await byKey.text()]);
    expect(bySession.headers.get('cache-control')).toBe('private, no-cache');
    expect(bySession.headers.get('vary')).toContain('Cookie');
    expect((await fetch(url + ofCustomer(OTHER), { headers: { cookie } })).status).toBe(404);
    expect((await fetch(url + SUMMARY, { headers: { cookie } })).status).toBe(403);
  });

  test('says by name why a whole key is refused, and nothing of one that is wrong', async () => {
    const { store, url } = await guardedServer();
    const revoked = await addKey(store, 'customer', [OWN]);
    await store.apiKeys.revoke(revoked.split('_')[1] ?? '', 1);
    const expired = await addKey(store, 'customer', [OWN], { expiresMs: Date.now() - 1 });
    const wrong = `${revoked.slice(0, -1)}${revoked.endsWith('0') ? '1' : '0'}`;
    const invalid = 'The key is not valid: it is malformed, unknown, expired or revoked.';
    for (const [key, detail] of [
      [revoked, 'The key was revoked.'],
      [expired, 'The key has expired.'],
      [wrong, invalid],
      ['daymark_1', invalid],
    ] as const) {
      const answer = await signIn(url, key);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect([key, ...(await problemOf(answer))]).toEqual([key, 401, 'UNAUTHENTICATED', detail]);
    }
    // Elsewhere one text stands for all.
    const elsewhere = await fetch(url + SUMMARY, { headers: bearer(revoked) });
    expect(await problemOf(elsewhere)).toEqual([401, 'UNAUTHENTICATED', invalid]);
    expect(await problemOf(await signIn(url, await addKey(store, 'ingest')))).toEqual([
      ...[403, 'FORBIDDEN', 'This key is for handing in lines, and reads nothing.'],
    ]);
  });

  test('takes a key, and neither a session nor nothing', async () => {
    const { store, url } = await guardedServer();
    const cookie = await signedIn(url, await addKey(store, 'admin'));
    for (const headers of [{}, { cookie, 'sec-fetch-site': 'same-origin' }] as Record<string, string>[]) {
      const answer = await fetch(`${url}/v1/session`, { method: 'POST', headers });
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    }
  });

  test('takes a JWT, until its end and for what it was accepted', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] };
    const store = await filledStore();
    const jwt = {
      ...{ issuer: 'i', audience: 'a', keys: { jwks: () => jwks } },
      ...{ customerClaim: 'customer_id', roleClaim: 'role', adminRole: 'admin' },
    };
    const url = await serve({ store, access: { jwt, signingKeys: store.signingKeys } });
    const exp = Math.floor(Date.now() / 1000) + 600;
    const sign = (payload: JWTPayload) =>
      new SignJWT({ iss: 'i', aud: 'a', exp, ...payload })
        .setProtectedHeader({ alg: 'ES256', kid: 'one' })
        .sign(privateKey);
    const answer = await signIn(url, await sign({ customer_id: OWN }));
    expect(await answer.json()).toMatchObject({ expires: new Date(exp * 1000).toISOString() });
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    expect((await fetch(url + ofCustomer(OWN), { headers: { cookie } })).status).toBe(200);
    expect((await fetch(url + ofCustomer(OTHER), { headers: { cookie } })).status).toBe(404);
    // Where JWTs are not accepted any more, neither are their sessions.
    const onlyKeys = await serve({ store, access: accessOf(store) });
    expect((await fetch(onlyKeys + ofCustomer(OWN), { headers: { cookie } })).status).toBe(401);
    const many = Array.from({ length: 300 }, (_, i) => `a-customer-with-a-long-id-${i}`);
    expect((await problemOf(await signIn(url, await sign({ customer_id: many })))).slice(0, 2)).toEqual([
      ...[422, 'SESSION_TOO_LARGE'],
    ]);
  });

  test('lasts no longer than it may, nor than the key', async () => {
    const store = await filledStore();
    const url = await serve({ store, access: { ...accessOf(store), sessionMs: HOUR_MS } });
    const leftOf = async (expiresMs: number | null) => {
      const nowMs = Date.now();
      const answer = await signIn(url, await addKey(store, 'admin', [], { expiresMs }));
      const { expires } = (await answer.json()) as { expires: string };
      const maxAgeMs = 1000 * Number(/Max-Age=(\d+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1]);
      expect(maxAgeMs).toBeLessThanOrEqual(Date.parse(expires) - nowMs);
      return Date.parse(expires) - nowMs;
    };
    // The machine may be slow between the two clocks.
    for (const left of [await leftOf(null), await leftOf(Date.now() + 2 * HOUR_MS)]) {
      expect(left).toBeGreaterThan(HOUR_MS - 2_000);
      expect(left).toBeLessThan(HOUR_MS + 60_000);
    }
    expect(await leftOf(Date.now() + 60_000)).toBeLessThanOrEqual(60_000);
  });

  test('needs HTTPS for its cookie where the connection has it, as a trusted proxy says', async () => {
    const store = await filledStore();
    const key = await addKey(store, 'admin');
    const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' };
    const behind = await serve({ store, access: accessOf(store), trustedProxies: ['127.0.0.1'] });
    const set = (await signIn(behind, key, forwarded)).headers.get('set-cookie') ?? '';
    expect(set).toMatch(/^__Host-daymark_session=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    expect(set).not.toContain('Domain');
    const cookie = set.split(';')[0] ?? '';
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${behind}/v1/status`, { headers })).status;
    expect(await status({ cookie, ...forwarded })).toBe(200);
    // Not without TLS, nor under the name that any other host of the domain could set.
    expect(await status({ cookie })).toBe(401);
    expect(await status({ cookie: cookie.replace('__Host-', ''), ...forwarded })).toBe(401);
    const alone = await serve({ store, access: accessOf(store) });
    expect((await signIn(alone, key, forwarded)).headers.get('set-cookie')).toMatch(/^daymark_session=/);
  });

  test('is not needed where nobody has to say who it is', async () => {
    const url = await serve({ store: await filledStore() });
    const everybody = { role: 'admin', customers: [], is_session: false, expires: null };
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(`${url}/v1/session`, { method });
      expect([await answer.json(), answer.headers.get('set-cookie')]).toEqual([everybody, null]);
    }
    expect((await fetch(`${url}/v1/session`, { method: 'DELETE' })).status).toBe(204);
  });

  test('tells the names of customers, and puts ids in the place of aliases', async () => {
    const customers = {
      idOf: (id: string) => (id === 'alias' ? OWN : id),
      nameOf: (id: string) => (id === OWN ? 'Own & Co.' : undefined),
      isPublic: () => false,
    };
    const { store, url } = await guardedServer({ customers });
    const answer = await signIn(url, await addKey(store, 'customer', ['alias', OTHER]));
    expect(await answer.json()).toMatchObject({
      customers: [
        { customer_id: OWN, customer_name: 'Own & Co.' },
        { customer_id: OTHER, customer_name: null },
      ],
    });
  });
});

describe('a session', () => {
  test('ends when its key is revoked, in every process', async () => {
    const { store, url } = await guardedServer();
    const other = await serve({ store, access: accessOf(store) });
    const key = await addKey(store, 'customer', [OWN]);
    const cookie = await signedIn(url, key);
    const asked = [url, other].map((one) => one + ofCustomer(OWN));
    for (const one of asked) expect((await fetch(one, { headers: { cookie } })).status).toBe(200);
    await store.apiKeys.revoke(key.split('_')[1] ?? '', Date.now());
    for (const one of asked)
      await eventually(async () => (await fetch(one, { headers: { cookie } })).status, 20).toBe(401);
    expect(await problemOf(await fetch(asked[0] ?? '', { headers: { cookie } }))).toEqual([
      ...[401, 'UNAUTHENTICATED', expect.stringMatching(/^The session is over/)],
    ]);
  });

  test('goes on when the secrets are rotated, and ends when the old ones are revoked', async () => {
    const { store, url } = await guardedServer();
    const key = await addKey(store, 'admin');
    const status = async (cookie: string) =>
      (await fetch(`${url}/v1/status`, { headers: { cookie } })).status;
    const before = await signedIn(url, key);
    await store.signingKeys.rotate({ nowMs: Date.now(), revokesOld: false });
    // Another process has read the secrets before the rotation.
    const other = await serve({ store, access: accessOf(store) });
    const after = await signedIn(other, key);
    expect([await status(before), await status(after)]).toEqual([200, 200]);
    await store.signingKeys.rotate({ nowMs: Date.now(), revokesOld: true });
    await eventually(() => status(before), 20).toBe(401);
    await eventually(() => status(after), 20).toBe(401);
  });

  test('is left by a sign-out, with a session and without', async () => {
    const { store, url } = await guardedServer();
    const cookie = await signedIn(url, await addKey(store, 'admin'));
    for (const headers of [{}, { cookie }] as Record<string, string>[]) {
      const answer = await fetch(`${url}/v1/session`, { method: 'DELETE', headers });
      expect(answer.status).toBe(204);
      expect(answer.headers.get('set-cookie')).toBe(
        'daymark_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
      );
    }
  });

  test('reads nothing when any of its characters is another one', async () => {
    const { store, url } = await guardedServer();
    const cookie = await signedIn(url, await addKey(store, 'admin'));
    const start = cookie.indexOf('=') + 1;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: start, max: cookie.length - 1 }),
        fc.constantFrom(...'abcXYZ019-_.=%'),
        async (at, character) => {
          fc.pre(cookie[at] !== character);
          const changed = cookie.slice(0, at) + character + cookie.slice(at + 1);
          const { status } = await fetch(`${url}/v1/status`, { headers: { cookie: changed } });
          expect([401, 429]).toContain(status);
          refused++;
        },
      ),
      { seed: SEED, numRuns: 150 },
    );
    expect(refused).toBe(150);
    expect((await fetch(`${url}/v1/status`, { headers: { cookie } })).status).toBe(200);
  });

  test('does not get what was kept for another one, nor a tag of it', async () => {
    const { store, url } = await guardedServer();
    const [own, other, admin] = [
      await signedIn(url, await addKey(store, 'customer', [OWN])),
      await signedIn(url, await addKey(store, 'customer', [OTHER])),
      await signedIn(url, await addKey(store, 'admin')),
    ];
    const ask = (cookie: string, more: Record<string, string> = {}) =>
      fetch(url + ofCustomer(OWN), { headers: { cookie, ...more } });
    const statuses = async (more: Record<string, string> = {}) => [
      (await ask(admin, more)).status,
      (await ask(other, more)).status,
      (await ask('', more)).status,
      (await ask(own, more)).status,
    ];
    expect(await statuses()).toEqual([200, 404, 401, 200]);
    const tag = (await ask(own)).headers.get('etag') ?? '';
    expect(await statuses({ 'if-none-match': tag })).toEqual([304, 404, 401, 304]);
    expect(await statuses({ 'if-none-match': '*' })).toEqual([304, 404, 401, 304]);
  });

  test('has the limits of its key, and stands under its id in the log', async () => {
    const log: AnsweredRequest[] = [];
    const { store, url } = await guardedServer({
      rateLimitPerMinute: 4,
      accessLog: (entry) => void log.push(entry),
    });
    const key = await addKey(store, 'admin');
    const cookie = await signedIn(url, key);
    expect((await fetch(`${url}/v1/status`, { headers: { cookie } })).status).toBe(200);
    expect((await fetch(`${url}/v1/status`, { headers: bearer(key) })).status).toBe(200);
    expect((await fetch(`${url}/v1/status`, { headers: { cookie } })).status).toBe(200);
    expect((await fetch(`${url}/v1/status`, { headers: { cookie } })).status).toBe(429);
    await eventually(() => log.length).toBe(5);
    expect(new Set(log.map(({ keyId }) => keyId))).toEqual(new Set([`key ${key.split('_')[1]}`]));
  });

  test('that nobody here signed counts as a wrong key, and one that is over does not', async () => {
    const { store, url } = await guardedServer();
    const [signing] = await store.signingKeys.list();
    if (!signing) throw new Error('no key');
    const over = cookieOf(signedBy(signing, { exp: 1, key: 'a' }));
    const status = async (cookie: string) =>
      (await fetch(`${url}/v1/status`, { headers: { cookie } })).status;
    for (let i = 0; i < 2 * MAX_FAILED_ATTEMPTS; i++) expect(await status(over)).toBe(401);
    for (let i = 0; i < MAX_FAILED_ATTEMPTS; i++) expect(await status(cookieOf('forged'))).toBe(401);
    expect(await status(cookieOf('forged'))).toBe(429);
    expect(await status(over)).toBe(401);
    const cookie = await signedIn(url, await addKey(store, 'admin'));
    expect(await status(cookie)).toBe(200);
  });
});

describe('a page of another server', () => {
  const OTHERS: Record<string, string>[] = [
    { origin: 'https://evil.example.com' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];

  test('neither signs anybody in nor out', async () => {
    const { store, url } = await guardedServer();
    const key = await addKey(store, 'admin');
    for (const headers of [...OTHERS, { origin: url, 'sec-fetch-site': 'cross-site' }] as typeof OTHERS)
      for (const method of ['POST', 'DELETE']) {
        const answer = await fetch(`${url}/v1/session`, { method, headers: { ...headers, ...bearer(key) } });
        expect([headers, method, answer.status, answer.headers.get('set-cookie')]).toEqual([
          ...[headers, method, 403, null],
        ]);
        expect(await answer.json()).toMatchObject({ code: 'CROSS_ORIGIN' });
      }
    for (const headers of [{ origin: url }, { 'sec-fetch-site': 'same-origin' }] as typeof OTHERS)
      expect((await signIn(url, key, headers)).status).toBe(200);
  });

  test('changes nothing by the session of its visitor, and no form does', async () => {
    let changes = 0;
    const { store, url } = await guardedServer({
      addHooks: (app) =>
        void app.post('/change', { config: { access: 'self' } }, async () => String(++changes)),
    });
    const cookie = await signedIn(url, await addKey(store, 'admin'));
    const json = { 'content-type': 'application/json' };
    const send = async (headers: Record<string, string>, body: string | null = '{}') =>
      (await fetch(`${url}/change`, { method: 'POST', headers, body })).status;
    // Without a word about where it comes from, a key is needed.
    for (const headers of [...OTHERS, {}] as typeof OTHERS)
      expect([headers, await send({ cookie, ...json, ...headers })]).toEqual([headers, 403]);
    const own = { cookie, 'sec-fetch-site': 'same-origin' };
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])
      expect([type, await send({ ...own, 'content-type': type })]).toEqual([type, 415]);
    expect(changes).toBe(0);
    expect(await send({ ...own, ...json })).toBe(200);
    expect(await send({ cookie, origin: url, ...json })).toBe(200);
    expect(await send({ cookie, 'sec-fetch-site': 'same-origin' }, null)).toBe(200);
    expect(await send(bearer(await addKey(store, 'admin')))).toBe(200);
    expect(changes).toBe(4);
  });

  test('may not send cookies, also where its origin may read answers', async () => {
    const origin = 'https://app.example.com';
    const { store, url } = await guardedServer({ corsOrigins: [origin] });
    const cookie = await signedIn(url, await addKey(store, 'admin'));
    const read = await fetch(`${url}/v1/status`, { headers: { origin, cookie } });
    const preflight = await fetch(`${url}/v1/session`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    for (const { headers } of [read, preflight])
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(preflight.headers.get('access-control-allow-methods')).not.toContain('POST');
    expect((await signIn(url, await addKey(store, 'admin'), { origin })).status).toBe(403);
  });
});

test('two servers of one store accept the sessions of each other', async () => {
  const store = await filledStore();
  const [one, two] = [
    await serve({ store, access: accessOf(store) }),
    await serve({ store, access: accessOf(store) }),
  ];
  const cookie = await signedIn(one, await addKey(store, 'customer', [OWN]));
  expect((await fetch(two + ofCustomer(OWN), { headers: { cookie } })).status).toBe(200);
  expect((await fetch(two + ofCustomer(OTHER), { headers: { cookie } })).status).toBe(404);
});
