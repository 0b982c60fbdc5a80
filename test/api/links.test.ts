/** Links over the API: an admin makes, lists and revokes them, and they open one customer's numbers. */

import { beforeEach, describe, expect, test } from 'vitest';
import type { AppOptions } from '../../src/api/app.ts';
import { NO_NAMES } from '../../src/api/customer-names.ts';
import { DaymarkError } from '../../src/errors.ts';
import { DEFAULT_LINK_AGE_MS, MAX_LINK_AGE_MS, MAX_REQUEST_BODY_BYTES } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { until } from '../support/until.ts';
import { addKey } from './access/credentials.ts';
import { add, SUCCESS } from './requests.ts';
import { parseCsv } from './rows.ts';
import { emptyStore, serve } from './support.ts';

const DAY = '2024-10-02';
const DAYS = `from=${DAY}&to=${DAY}`;
const customers = {
  ...NO_NAMES,
  idOf: (id: string) => (id === 'old_acme' ? 'acme' : id),
  nameOf: (id: string) => (id === 'acme' ? 'Acme' : undefined),
  isPublic: (id: string) => id === 'acme' || id === 'new_one',
};

let store: Store;
let admin: string;

beforeEach(async () => {
  store = await emptyStore();
  for (const id of ['acme', 'globex']) await add(store, id, { [DAY]: [SUCCESS] });
  admin = await addKey(store, 'admin');
});

const serving = (options: Partial<AppOptions> = {}) => {
  const { apiKeys: keys, signingKeys, links } = store;
  return serve({ store, customers, access: { keys, signingKeys, links }, ...options });
};

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

const make = (url: string, body: unknown, key = admin) => ask(`${url}/v1/links`, key, 'POST', body);
const tokenOf = ({ body }: Answer) => String(body.token);

describe('a link', () => {
  test('is made by an admin, and its token is told once', async () => {
    const url = await serving();
    const beforeMs = Date.now();
    const made = await make(url, { customer_id: 'old_acme', name: 'Ünï "x"' });
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
    const list = await ask(`${url}/v1/links`, admin);
    expect(list.body).toEqual({ links: [{ ...told, created, expires }], next_cursor: null });
  });

  test('opens its customer, as a key of it would, and nothing else', async () => {
    const url = await serving();
    const link = tokenOf(await make(url, { customer_id: 'acme' }));
    const key = await addKey(store, 'customer', ['acme']);
    const summary = (id: string) => `${url}/v1/customers/${id}/summary?${DAYS}`;
    const [byLink, byKey] = [await ask(summary('acme'), link), await ask(summary('acme'), key)];
    expect([byLink.status, byLink.body]).toEqual([200, byKey.body]);
    expect((await ask(summary('old_acme'), link)).status).toBe(200);
    expect((await ask(summary('globex'), link)).status).toBe(404);
    for (const path of [
      '/v1/status',
      '/v1/links',
      `/v1/customers?${DAYS}`,
      `/v1/history?customer_id=acme&${DAYS}`,
    ])
      expect([path, (await ask(url + path, link)).status]).toEqual([path, 403]);
    expect((await make(url, { customer_id: 'acme' }, link)).status).toBe(403);
    expect((await make(url, { customer_id: 'acme' }, key)).status).toBe(403);
  });

  test('tells who asks, and begins no session, which could outlive it', async () => {
    const url = await serving();
    const made = await make(url, { customer_id: 'acme', expires_in_s: 3600 });
    expect((await ask(`${url}/v1/session`, tokenOf(made))).body).toMatchObject({
      ...{ role: 'customer', customers: [{ customer_id: 'acme', customer_name: 'Acme' }], is_session: false },
      expires: made.body.expires,
    });
    const begun = await ask(`${url}/v1/session`, tokenOf(made), 'POST');
    expect([begun.status, begun.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('is refused when it is revoked, and who has it is told so', async () => {
    const url = await serving();
    const made = await make(url, { customer_id: 'acme' });
    const [link, revoked] = [tokenOf(made), `${url}/v1/links/${made.body.id}`];
    const open = async () => (await ask(`${url}/v1/customers/acme/summary?${DAYS}`, link)).status;
    expect(await open()).toBe(200);
    expect((await ask(revoked, link, 'DELETE')).status).toBe(403);
    expect(await ask(revoked, admin, 'DELETE')).toMatchObject({ status: 204, body: {} });
    await until(async () => (await open()) === 401);
    expect((await ask(revoked, admin, 'DELETE')).status).toBe(204);
    const { body } = await ask(`${url}/v1/session`, link);
    expect(body).toMatchObject({ code: 'UNAUTHENTICATED', detail: 'The link was revoked.' });
    expect((await ask(`${url}/v1/links`, admin)).body).toMatchObject({ links: [{ state: 'revoked' }] });
  });

  test('opens nothing where its secret has been taken away', async () => {
    const url = await serving();
    const link = tokenOf(await make(url, { customer_id: 'acme' }));
    await store.signingKeys.rotate({ nowMs: Date.now(), revokesOld: true });
    await until(async () => (await ask(`${url}/v1/session`, link)).status === 401);
  });

  test('for a frame needs a customer that was opted in', async () => {
    const url = await serving();
    const made = await make(url, { customer_id: 'acme', kind: 'embed', expires_in_s: 900 });
    expect(made.body).toMatchObject({ kind: 'embed', path: `/embed?id=acme#link=${tokenOf(made)}` });
    expect(await make(url, { customer_id: 'globex', kind: 'embed' })).toMatchObject({
      ...{ status: 409, body: { code: 'CUSTOMER_NOT_PUBLIC' } },
    });
    // One that was opted in may not have had a request yet.
    expect((await make(url, { customer_id: 'new_one', kind: 'embed' })).status).toBe(201);
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
    const answer = await make(await serving(), body);
    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(words) } });
    expect((await store.links.list({ customer: undefined, after: undefined, limit: 9 })).length).toBe(0);
  });

  test('is not made without a body, nor of another kind of content', async () => {
    const url = `${await serving()}/v1/links`;
    const headers = { authorization: `Bearer ${admin}` };
    const bare = await fetch(url, { method: 'POST', headers });
    expect(bare.status).toBe(422);
    const form = await fetch(url, {
      method: 'POST',
      headers,
      body: new URLSearchParams({ customer_id: 'acme' }),
    });
    expect([form.status, ((await form.json()) as { detail: string }).detail]).toEqual([
      422,
      expect.stringContaining('`Content-Type` must be `application/json`'),
    ]);
  });

  test('that there is none of cannot be revoked, and its name is not repeated', async () => {
    const url = await serving();
    for (const id of ['ffffffffffffffff', 'x', '%00', '1.5f0c1d2e.secret']) {
      const { status, body } = await ask(`${url}/v1/links/${id}`, admin, 'DELETE');
      expect([id, status, body.code]).toEqual([id, 404, 'LINK_UNKNOWN']);
      expect(JSON.stringify(body)).not.toContain('secret');
    }
  });

  test('is made by nobody where everybody may read everything', async () => {
    const url = await serving({ access: undefined });
    expect(await make(url, { customer_id: 'acme' })).toMatchObject({
      ...{ status: 409, body: { code: 'LINKS_NEED_AUTH' } },
    });
    const revoked = await ask(`${url}/v1/links/ffffffffffffffff`, '', 'DELETE');
    expect(revoked).toMatchObject({ status: 409, body: { code: 'LINKS_NEED_AUTH' } });
    expect((await ask(`${url}/v1/links`, '')).body).toEqual({ links: [], next_cursor: null });
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
    const url = await serving({ store: readOnly });
    const made = await make(url, { customer_id: 'acme' });
    expect(made).toMatchObject({ status: 409, body: { code: 'API_READS_ONLY' } });
    expect(JSON.stringify(made.body)).not.toContain('permission denied');
    const revoked = await ask(`${url}/v1/links/ffffffffffffffff`, admin, 'DELETE');
    expect(revoked.body).toMatchObject({ code: 'API_READS_ONLY' });
  });

  test('is not made from a page of another origin, also with a key', async () => {
    const url = await serving();
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
  const url = await serving();
  const ids: unknown[] = [];
  for (const customer_id of ['acme', 'globex', 'acme'])
    ids.unshift((await make(url, { customer_id })).body.id);
  const found: unknown[] = [];
  let cursor = '';
  for (let pages = 0; pages < 9; pages++) {
    const { body } = await ask(`${url}/v1/links?limit=1${cursor}`, admin);
    found.push(...(body.links as { id: string }[]).map(({ id }) => id));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  // Two may have been made in one millisecond.
  expect(new Set(found)).toEqual(new Set(ids));
  expect(found.length).toBe(3);
  const of = async (query: string) =>
    ((await ask(`${url}/v1/links?${query}`, admin)).body.links as unknown[]).length;
  expect([
    await of('customer_id=old_acme'),
    await of('customer_id=globex'),
    await of('customer_id=x'),
  ]).toEqual([2, 1, 0]);
  const csv = await fetch(`${url}/v1/links?format=csv`, { headers: { authorization: `Bearer ${admin}` } });
  expect(parseCsv(await csv.text()).length).toBe(4);
});
