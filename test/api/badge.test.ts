import { expect, test, vi } from 'vitest';
import type { AppOptions } from '../../src/api/app.ts';
import { judge } from '../../src/statistics/judgement.ts';
import type { Store } from '../../src/store/contract.ts';
import { adding, advanceOf } from '../support/batches.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { addKey } from './access/credentials.ts';
import { add, type Request, SUCCESS } from './requests.ts';
import { emptyStore, serve } from './support.ts';

const FAILURE: Request = { status: 503, durationUs: 1_000 };
const DAY_MS = 86_400_000;
const dayAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** So many requests, the last of which failed. */
const requests = (all: number, failed = 0): Request[] =>
  Array.from({ length: all }, (_, i) => (i < all - failed ? SUCCESS : FAILURE));

const HIDDEN = 'hidden';
const ALIASES: Readonly<Record<string, string>> = { 'key-7f3a': 'acme', 'key-91bc': HIDDEN };
const customers = {
  idOf: (id: string) => ALIASES[id] ?? id,
  nameOf: () => undefined,
  isPublic: (id: string) => id !== HIDDEN && id !== 'nobody',
};

/** Customers with these requests, by day, on one server: it takes long to start. */
async function serving(
  requestsOf: Record<string, Record<string, readonly Request[]>>,
  options: Partial<AppOptions> = {},
): Promise<{ readonly store: Store; readonly url: string }> {
  const store = await emptyStore();
  for (const [id, days] of Object.entries(requestsOf)) await add(store, id, days);
  return { store, url: await serve({ store, customers, ...options }) };
}

const jsonOf = async (url: string, id = 'acme') =>
  (await fetch(`${url}/v1/customers/${encodeURIComponent(id)}/badge.json`)).json() as Promise<
    Record<string, unknown>
  >;

test('a badge tells of the availability, rounded down, and says where there is too little to judge', async () => {
  const cases = {
    'all well': [requests(200), '100%', '0b6b63'],
    'never rounded to 100 %': [requests(100_000, 4), '99.99%', '0b6b63'],
    'below the target': [requests(1_000, 2), '99.80%', 'a65a00'],
    'a budget that is used up': [requests(1_000, 30), '97.00%', 'c8312b'],
    'a single failure, which decides nothing': [requests(500, 1), '99.80%', '566892'],
    'too few, and nobody is told how many': [requests(99, 5), 'too few requests', '566892'],
  } as const;
  const { url } = await serving({
    ...Object.fromEntries(Object.entries(cases).map(([id, [all]]) => [id, { [dayAgo(0)]: all }])),
    nothing: { [dayAgo(40)]: [SUCCESS] },
  });
  for (const [id, [message, color]] of [
    ...Object.entries(cases).map(([id, [, ...told]]) => [id, told] as const),
    ['nothing', ['no requests', '5a6172']] as const,
  ])
    expect([id, await jsonOf(url, id)]).toEqual([
      id,
      { schemaVersion: 1, label: 'availability, 30 days', message, color },
    ]);
});

test('a badge is judged as the page judges, by the target and the statuses that are set', async () => {
  const COLORS = { met: '0b6b63', missed: 'a65a00', exhausted: 'c8312b', few: '566892', none: '5a6172' };
  const day = dayAgo(1);
  const { url } = await serving({ acme: { [day]: requests(400, 3) } }, { targetPercent: 99 });
  const summary = await fetch(`${url}/v1/customers/acme/summary?from=${dayAgo(29)}&to=${dayAgo(0)}`);
  const numbers = (await summary.json()) as Parameters<typeof judge>[0];
  expect((await jsonOf(url)).color).toBe(COLORS[judge(numbers, 99)]);
});

test('a badge covers the last 30 days: up to today, or up to the last day of the logs', async () => {
  const days = { [dayAgo(0)]: requests(100), [dayAgo(29)]: requests(100), [dayAgo(30)]: requests(100, 100) };
  const old = { '2024-10-02': requests(100), '2024-09-03': requests(100), '2024-09-02': requests(9, 9) };
  const { store, url } = await serving({ acme: days, old });
  expect([(await jsonOf(url)).message, (await jsonOf(url, 'old')).message]).toEqual(['100%', 'no requests']);
  await store.addPartitions(() => adding('p'));
  const lastEventMs = Date.parse('2024-10-02T10:00:00Z');
  const advances = [advanceOf('p', 0, 71, { lines: 1, accepted: 1, lastEventMs, clockMs: lastEventMs })];
  await store.commit({ timeZone: 'UTC', advances, deltas: [] });
  expect([(await jsonOf(url)).message, (await jsonOf(url, 'old')).message]).toEqual(['no requests', '100%']);
  const svg = await (await fetch(`${url}/v1/customers/old/badge.svg`)).text();
  expect(svg).toContain('<title>old: availability, 30 days to 2024-10-02: 100%</title>');
});

test('who was not opted in is answered like one that does not exist, with and without a key', async () => {
  const days = { [dayAgo(0)]: requests(200) };
  const { store, url } = await serving({ acme: days, [HIDDEN]: days });
  const guarded = await serve({ store, customers, access: { keys: store.apiKeys } });
  const own = await addKey(store, 'customer', [HIDDEN]);
  for (const [server, headers] of [
    [url, {}],
    [guarded, {}],
    [guarded, { authorization: `Bearer ${own}` }],
  ] as const)
    for (const form of ['svg', 'json']) {
      const ask = async (id: string) => {
        const answer = await fetch(`${server}/v1/customers/${id}/badge.${form}`, { headers });
        const names = [...answer.headers.keys()].filter((name) => !/^(date|x-request-id)$/.test(name));
        return [answer.status, names, (await answer.text()).replaceAll(id, 'ID')];
      };
      const unknown = await ask('nobody');
      expect(unknown).toEqual([
        404,
        expect.anything(),
        expect.stringContaining('No customer \\"ID\\" is known.'),
      ]);
      expect(await ask(HIDDEN)).toEqual(unknown);
      expect(await ask('key-91bc')).toEqual(unknown);
      expect((await fetch(`${server}/v1/customers/acme/badge.${form}`, { headers })).status).toBe(200);
    }
});

test('an alias has the badge of its customer, whose id it does not tell', async () => {
  const { url } = await serving({ acme: { [dayAgo(0)]: requests(200) } });
  expect(await jsonOf(url, 'key-7f3a')).toEqual(await jsonOf(url));
  const svg = await (await fetch(`${url}/v1/customers/key-7f3a/badge.svg`)).text();
  expect(svg).toContain('key-7f3a');
  expect(svg).not.toContain('acme');
});

test('a picture is static, has a policy of its own, and a tag that stays while the numbers do', async () => {
  const { store, url } = await serving({ acme: { [dayAgo(0)]: requests(200) } });
  const ask = (headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/customers/acme/badge.svg`, { headers });
  const answer = await ask();
  expect(answer.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; frame-ancestors 'none'; sandbox",
  );
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
  const svg = await answer.text();
  expect(svg).toContain('>100%</text>');
  expect(svg).not.toMatch(/<(script|style|image|use|a|foreignObject)|style=|href|on\w+=|url\(/i);
  const etag = answer.headers.get('etag') ?? '';
  expect((await ask({ 'if-none-match': etag })).status).toBe(304);
  await add(store, 'acme', { [dayAgo(0)]: requests(9, 9) });
  const changed = await ask({ 'if-none-match': etag });
  expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false]);
});

test('markup in an id stays text', async () => {
  const { url } = await serving({ acme: { [dayAgo(0)]: requests(200) } });
  for (const id of [...HOSTILE_IDS, '"><script>alert(1)</script>', "' onload='alert(1)", '\ufffe&amp;]]>']) {
    const answer = await fetch(`${url}/v1/customers/${encodeURIComponent(id)}/badge.svg`);
    if (['.', '..'].includes(id) || answer.status === 422) continue;
    expect([id, answer.status]).toEqual([id, 200]);
    const svg = await answer.text();
    expect(svg.match(/<\/?[a-z]+/g)).toEqual([
      ...[
        '<svg',
        '<title',
        '</title',
        '<rect',
        '<path',
        '<g',
        '<text',
        '</text',
        '<text',
        '</text',
        '</g',
        '</svg',
      ],
    ]);
    expect(svg.slice(0, -1)).not.toMatch(/\p{Cc}|[\ufffe\uffff]/u);
  }
});

test('at midnight, a badge is made anew, though no number has changed', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T23:59:00Z') });
  try {
    const { url } = await serving({
      acme: { '2026-10-31': requests(200, 200), '2026-11-29': requests(200) },
    });
    expect(await jsonOf(url)).toMatchObject({ message: '50.00%' });
    vi.setSystemTime(Date.parse('2026-11-30T00:00:00Z'));
    expect(await jsonOf(url)).toMatchObject({ message: '100%' });
  } finally {
    vi.useRealTimers();
  }
});
