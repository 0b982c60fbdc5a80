/** Links over the API: an admin makes, lists and revokes them, and they open one customer's numbers. */

import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { NO_NAMES } from '../../src/api/customer-names.ts';
import { DaymarkError } from '../../src/errors.ts';
import { DEFAULT_LINK_AGE_MS, MAX_LINK_AGE_MS, MAX_REQUEST_BODY_BYTES } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { SQLITE, type StorePlace } from '../support/sqlite-place.ts';
import { until } from '../support/until.ts';
import { addKey } from './access/credentials.ts';
import { add, SUCCESS } from './requests.ts';
import { parseCsv } from './rows.ts';
import { serve, UNHURRIED } from './support.ts';

const DAY = '2024-10-02';
const DAYS = `from=${DAY}&to=${DAY}`;
const customers = {
  ...NO_NAMES,
  idOf: (id: string) => (id === 'old_acme' ? 'acme' : id),
  nameOf: (id: string) => (id === 'acme' ? 'Acme' : undefined),
  isPublic: (id: string) => id === 'acme' || id === 'new_one',
  aliasesOf: (id: string) => (id === 'acme' ? ['old_acme'] : []),
};

let place: StorePlace;
let store: Store;
let admin: string;
let app: Awaited<ReturnType<typeof buildApp>>;
let url: string;

const parts = () => ({
  customers,
  access: { keys: store.apiKeys, signingKeys: store.signingKeys, links: store.links },
});

// A server takes long to start, and these tests do not disturb each other.
beforeAll(async () => {
  place = await SQLITE.createPlace();
  store = await place.open();
  await store.migrate();
  for (const id of ['acme', 'globex']) await add(store, id, { [DAY]: [SUCCESS] });
  admin = await addKey(store, 'admin');
  app = await buildApp({ ...UNHURRIED, store, ...parts() });
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await app?.close();
  await place?.dispose();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function ask(url: string, token: string, method = 'GET', body?: unknown): Promise<Answer> {
  const content = body === undefined ? {} : { 'content-type': 'application/json' };
  const response = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...content },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

const make = (body: unknown, key = admin, at = url) => ask(`${at}/v1/links`, key, 'POST', body);
const count = async () =>
  (await store.links.list({ customer: undefined, after: undefined, limit: 999 })).length;
const tokenOf = ({ body }: Answer) => String(body.token);

describe('a link', () => {
  test('is made by an admin, and its token is told once', async () => {
    const beforeMs = Date.now();
    const made = await make({ customer_id: 'old_acme', name: 'Ünï "x"' });
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { token, path, created, expires, ...told } = made.body;
    expect(told).toEqual({
      ...{ id: expect.stringMatching(/^[\da-f]{16}$/), customer_id: 'acme', kind: 'page', name: 'Ünï "x"' },
      ...{ state: 'valid', created_by: expect.stringMatching(/^key [\da-f]{16}$/), revoked: null },
    });
    expect(path).toBe(`/customer?id=acme#link=${token}`);
    const ageMs = Date.parse(String(expires)) - Date.parse(String(created));
    expect(ageMs).toBeGreaterThan(DEFAULT_LINK_AGE_MS - 1001);
    expect(ageMs).toBeLessThanOrEqual(DEFAULT_LINK_AGE_MS);
    expect(Date.parse(String(created))).toBeGreaterThanOrEqual(beforeMs);
    const list = await ask(`${url}/v1/links?limit=1`, admin);
    expect(list.body).toMatchObject({ links: [{ ...told, created, expires }] });
    expect(Object.keys((list.body.links as object[])[0] ?? {})).not.toContain('token');
  });

  test('opens its customer, as a key of it would, and nothing else', async () => {
    const link = tokenOf(await make({ customer_id: 'acme' }));
    const key = await addKey(store, 'customer', ['acme']);
    const summary = (id: string) => `${url}/v1/customers/${id}/summary?${DAYS}`;
    const [byLink, byKey] = [await ask(summary('acme'), link), await ask(summary('acme'), key)];
    expect([byLink.status, byLink.body]).toEqual([200, byKey.body]);
    expect((await ask(summary('old_acme'), link)).status).toBe(200);
    expect((await ask(summary('globex'), link)).status).toBe(404);
    // An alias may be a key of the customer, and a link is passed on.
    const who = `${url}/v1/customers/acme`;
    expect((await ask(who, link)).body).toMatchObject({ customer_name: 'Acme', aliases: [], alias_count: 0 });
    expect((await ask(who, key)).body).toMatchObject({ aliases: ['old_acme'], alias_count: 1 });
    for (const path of [
      '/v1/status',
      '/v1/links',
      `/v1/customers?${DAYS}`,
      `/v1/history?customer_id=acme&${DAYS}`,
    ])
      expect([path, (await ask(url + path, link)).status]).toEqual([path, 403]);
    expect((await make({ customer_id: 'acme' }, link)).status).toBe(403);
    expect((await make({ customer_id: 'acme' }, key)).status).toBe(403);
  });

  test('tells who asks, and begins no session, which could outlive it', async () => {
    const made = await make({ customer_id: 'acme', expires_in_s: 3600 });
    expect((await ask(`${url}/v1/session`, tokenOf(made))).body).toMatchObject({
      ...{ role: 'customer', customers: [{ customer_id: 'acme', customer_name: 'Acme' }], is_session: false },
      expires: made.body.expires,
    });
    const begun = await ask(`${url}/v1/session`, tokenOf(made), 'POST');
    expect([begun.status, begun.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('is refused when it is revoked, and who has it is told so', async () => {
    const made = await make({ customer_id: 'acme' });
    const [link, revoked] = [tokenOf(made), `${url}/v1/links/${made.body.id}`];
    const open = async () => (await ask(`${url}/v1/customers/acme/summary?${DAYS}`, link)).status;
    expect(await open()).toBe(200);
    expect((await ask(revoked, link, 'DELETE')).status).toBe(403);
    expect(await ask(revoked, admin, 'DELETE')).toMatchObject({ status: 204, body: {} });
    await until(async () => (await open()) === 401);
    expect((await ask(revoked, admin, 'DELETE')).status).toBe(204);
    const { body } = await ask(`${url}/v1/session`, link);
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'The link was revoked.' });
    const { links } = (await ask(`${url}/v1/links`, admin)).body as {
      links: { id: string; state: string }[];
    };
    expect(links.find(({ id }) => id === made.body.id)?.state).toBe('revoked');
  });

  test('for a frame needs a customer that was opted in', async () => {
    const made = await make({ customer_id: 'acme', kind: 'embed', expires_in_s: 900 });
    expect(made.body).toMatchObject({ kind: 'embed', path: `/embed?id=acme#link=${tokenOf(made)}` });
    expect(await make({ customer_id: 'globex', kind: 'embed' })).toMatchObject({
      ...{ status: 409, body: { code: 'CUSTOMER_NOT_PUBLIC' } },
    });
    // One that was opted in may not have had a request yet.
    expect((await make({ customer_id: 'new_one', kind: 'embed' })).status).toBe(201);
  });

  test.each([
    [{}, 422, '`customer_id` is missing'],
    [{ customer_id: '' }, 422, '`customer_id` is malformed'],
    [{ customer_id: 7 }, 422, '`customer_id` is malformed'],
    [{ customer_id: 'é'.repeat(200) }, 422, 'The customer id has 1 to 255 bytes'],
    [{ customer_id: 'acme', more: 1 }, 422, '`more` is not a member'],
    [{ customer_id: 'acme', name: 'a\nb' }, 422, '`name` is malformed'],
    [{ customer_id: 'acme', kind: 'popup' }, 422, 'Give `page` or `embed`.'],
    [{ customer_id: 'acme', expires_in_s: 59 }, 422, 'Give a whole number of seconds from 60 to 31622400'],
    [{ customer_id: 'acme', expires_in_s: MAX_LINK_AGE_MS / 1000 + 1 }, 422, '`expires_in_s` is malformed'],
    [{ customer_id: 'acme', expires_in_s: '60' }, 422, '`expires_in_s` is malformed'],
    [[], 422, 'The body must be an object of JSON'],
    ['{"customer_id":', 400, 'The body of the request cannot be taken'],
    ['{"customer_id":"acme","__proto__":{"kind":"embed"}}', 400, 'The body of the request cannot be taken'],
    [{ customer_id: 'never_seen' }, 404, 'No customer "never_seen" is known.'],
    [{ customer_id: 'acme', name: 'x'.repeat(MAX_REQUEST_BODY_BYTES) }, 413, 'cannot be taken'],
  ])('is not made of %j', async (body, status, words) => {
    const before = await count();
    const answer = await make(body);
    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(words) } });
    expect(await count()).toBe(before);
  });

  test('is not made without a body, nor of another kind of content', async () => {
    const links = `${url}/v1/links`;
    const headers = { authorization: `Bearer ${admin}` };
    const bare = await fetch(links, { method: 'POST', headers });
    expect(bare.status).toBe(422);
    const form = await fetch(links, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ customer_id: 'acme' }),
    });
    expect([form.status, ((await form.json()) as { detail: string }).detail]).toEqual([
      422,
      expect.stringContaining('`Content-Type` must be `application/json`'),
    ]);
  });

  test('is made of a body that the client sends only when it is told to go on', async () => {
    const body = JSON.stringify({ customer_id: 'acme' });
    const statusOf = (key: string) =>
      new Promise<(string | number)[]>((resolve, reject) => {
        const said: (string | number)[] = [];
        const sent = request(`${url}/v1/links`, {
          method: 'POST',
          headers: {
            ...{ authorization: `Bearer ${key}`, 'content-type': 'application/json' },
            ...{ expect: '100-continue', 'content-length': body.length },
          },
        });
        sent.on('continue', () => {
          said.push('continue');
          sent.end(body);
        });
        sent.on('response', (answer) => {
          resolve([...said, answer.statusCode ?? 0]);
          sent.destroy();
        });
        sent.on('error', reject);
        sent.flushHeaders();
      });
    expect(await statusOf(admin)).toEqual(['continue', 201]);
    expect(await statusOf('daymark_1')).toEqual([401]);
  });

  test('that there is none of cannot be revoked, and its name is not repeated', async () => {
    for (const id of ['ffffffffffffffff', 'x', '%00', '1.5f0c1d2e.secret']) {
      const { status, body } = await ask(`${url}/v1/links/${id}`, admin, 'DELETE');
      expect([id, status, body.code]).toEqual([id, 404, 'LINK_UNKNOWN']);
      expect(JSON.stringify(body)).not.toContain('secret');
    }
  });

  test('is made by nobody where everybody may read everything', async () => {
    const open = await serve({ store, customers });
    expect(await make({ customer_id: 'acme' }, '', open)).toMatchObject({
      ...{ status: 409, body: { code: 'LINKS_NEED_AUTH' } },
    });
    const revoked = await ask(`${open}/v1/links/ffffffffffffffff`, '', 'DELETE');
    expect(revoked).toMatchObject({ status: 409, body: { code: 'LINKS_NEED_AUTH' } });
    expect((await ask(`${open}/v1/links`, '')).status).toBe(200);
  });

  test('is not made by an API whose database it may only read, which says so', async () => {
    const refuse = async () => {
      throw new DaymarkError('STORE_REFUSED', 'permission denied for table links');
    };
    const links = { add: refuse, revoke: refuse, list: store.links.list, find: store.links.find };
    const readOnly = new Proxy(store, {
      get: (target, name) => {
        if (name === 'links') return links;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const reading = await serve({ store: readOnly, ...parts() });
    const made = await make({ customer_id: 'acme' }, admin, reading);
    expect(made).toMatchObject({ status: 409, body: { code: 'API_READS_ONLY' } });
    expect(JSON.stringify(made.body)).not.toContain('permission denied');
    const revoked = await ask(`${reading}/v1/links/ffffffffffffffff`, admin, 'DELETE');
    expect(revoked.body).toMatchObject({ code: 'API_READS_ONLY' });
  });

  test('is not made from a page of another origin, also with a key', async () => {
    const response = await fetch(`${url}/v1/links`, {
      ...{ method: 'POST', body: JSON.stringify({ customer_id: 'acme' }) },
      headers: {
        ...{ authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
        origin: 'https://evil.example.com',
      },
    });
    expect(response.status).toBe(403);
  });
});

test('links come in pages, of one customer or of all, in each form', async () => {
  const ids: unknown[] = [];
  for (const customer_id of ['acme', 'globex', 'acme']) ids.push((await make({ customer_id })).body.id);
  const found: unknown[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await ask(`${url}/v1/links?limit=2${cursor}`, admin);
    found.push(...(body.links as { id: string }[]).map(({ id }) => id));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  expect(found.length).toBe(await count());
  expect(new Set(found).size).toBe(found.length);
  // Some may have been made in one millisecond.
  expect(new Set(found.slice(0, 3))).toEqual(new Set(ids));
  const customersOf = async (query: string) => {
    const { body } = await ask(`${url}/v1/links?${query}`, admin);
    return new Set((body.links as { customer_id: string }[]).map(({ customer_id: id }) => id));
  };
  expect(await customersOf('customer_id=old_acme')).toEqual(new Set(['acme']));
  expect(await customersOf('customer_id=globex')).toEqual(new Set(['globex']));
  expect(await customersOf('customer_id=x')).toEqual(new Set());
  const csv = await fetch(`${url}/v1/links?format=csv`, { headers: { authorization: `Bearer ${admin}` } });
  expect(parseCsv(await csv.text()).length).toBe(1 + found.length);
});

test('a link opens nothing where its secret has been taken away', async () => {
  const link = tokenOf(await make({ customer_id: 'acme' }));
  await store.signingKeys.rotate({ nowMs: Date.now(), revokesOld: true });
  await until(async () => (await ask(`${url}/v1/session`, link)).status === 401);
});
