import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageFile, PageFiles } from '../../src/api/routes/page.ts';
import type { Store } from '../../src/store/contract.ts';
import { SQLITE, type StorePlace } from '../support/sqlite-place.ts';
import { getRaw, serve } from './support.ts';

const VIEWS = [
  '/',
  '/customer?id=cust_1',
  '/day?id=cust_1&date=2024-10-02',
  '/endpoints',
  '/endpoint?path=/x',
  '/sources',
];

function fileOf(type: string, text: string): PageFile {
  const identity = Buffer.from(text);
  return { type, bodies: { identity, br: brotliCompressSync(identity), gzip: gzipSync(identity) } };
}

const DOCUMENT = '<!doctype html><title>daymark</title>';
const SCRIPT = 'export const page = 1;'.repeat(50);
const FILES: PageFiles = new Map([
  ['index.html', fileOf('text/html; charset=utf-8', DOCUMENT)],
  ['assets/index-abc.js', fileOf('text/javascript; charset=utf-8', SCRIPT)],
]);

let place: StorePlace;
let store: Store;

beforeAll(async () => {
  place = await SQLITE.createPlace();
  store = await place.open();
  await store.migrate();
});

afterAll(() => place.dispose());

const serving = (options: object = {}) => serve({ store, page: FILES, ...options });

test('each view has an address with the same document, which is asked for anew each time', async () => {
  const url = await serving();
  for (const view of VIEWS) {
    const answer = await fetch(url + view);
    expect([view, answer.status, await answer.text()]).toEqual([view, 200, DOCUMENT]);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(url + view, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  }
});

test('files with a hash in their name are kept for ever, and come as the build compressed them', async () => {
  const url = await serving();
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
  for (const encoding of ['br', 'gzip'] as const) {
    const answer = await fetch(`${url}/assets/index-abc.js`, { headers: { 'accept-encoding': encoding } });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect(await answer.text()).toBe(SCRIPT);
    const packed = FILES.get('assets/index-abc.js')?.bodies[encoding] as Buffer;
    expect(answer.headers.get('content-length')).toBe(String(packed.length));
    expect(unpack[encoding](packed).toString()).toBe(SCRIPT);
  }
  const plain = await fetch(`${url}/assets/index-abc.js`, { headers: { 'accept-encoding': 'identity' } });
  expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, SCRIPT]);
  const head = await fetch(`${url}/assets/index-abc.js`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('each encoding has a tag of its own', async () => {
  const url = await serving();
  const tags = await Promise.all(
    ['br', 'gzip', 'identity'].map(async (encoding) => {
      const answer = await fetch(url, { headers: { 'accept-encoding': encoding } });
      await answer.arrayBuffer();
      return answer.headers.get('etag');
    }),
  );
  expect(new Set(tags).size).toBe(3);
});

test('the policy of the page allows this server alone, nothing inline, and no frame', async () => {
  const url = await serving();
  for (const view of VIEWS) {
    const { headers } = await fetch(url + view);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    for (const directive of [
      ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"],
      ...[
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
      ],
    ])
      expect(policy.split(';')).toContain(directive);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('one document may stand in frames, of the sites that are set and of no other, and only where some are set', async () => {
  const embedAncestors = ['https://portal.example.com', 'http://127.0.0.1:8080'];
  const url = await serving({ embedAncestors });
  const embed = await fetch(`${url}/embed?id=cust_1`);
  expect([embed.status, await embed.text()]).toEqual([200, DOCUMENT]);
  const policy = (embed.headers.get('content-security-policy') ?? '').split(';');
  expect(policy).toContain(`frame-ancestors ${embedAncestors.join(' ')}`);
  expect(embed.headers.get('x-frame-options')).toBeNull();
  // In all else, its policy is that of the page.
  const page = await fetch(`${url}/customer?id=cust_1`);
  const own = (page.headers.get('content-security-policy') ?? '').split(';');
  const others = (directives: readonly string[]) =>
    directives.filter((directive) => !directive.startsWith('frame-ancestors'));
  expect(others(policy)).toEqual(others(own));
  for (const path of [...VIEWS, '/docs', '/assets/index-abc.js']) {
    const { headers } = await fetch(url + path);
    expect([path, headers.get('content-security-policy')]).toEqual([
      path,
      expect.stringContaining("frame-ancestors 'none'"),
    ]);
    expect([path, headers.get('x-frame-options')]).toEqual([path, 'SAMEORIGIN']);
  }
  expect(await (await fetch(`${url}/v1/about`)).json()).toMatchObject({ embed_ancestors: embedAncestors });
  expect((await fetch(`${await serving()}/embed`)).status).toBe(404);
});

test('no path leads out of the files of the page', async () => {
  const url = await serving();
  for (const path of [
    ...['/assets/../../package.json', '/assets/..%2f..%2fpackage.json', '/assets/%2e%2e/index.html'],
    ...[
      '/index.html',
      '/assets/',
      '/assets',
      '/assets/index-abc.js.br',
      '//etc/passwd',
      '/assets/..\\..\\package.json',
    ],
    ...['/assets/index-abc.js%00.html', '/assets/index-ABC.js'],
  ])
    expect([path, (await getRaw(url, path)).status]).toEqual([path, 404]);
});

test('the page comes without a key, and none of its numbers does', async () => {
  const url = await serving({ access: { keys: store.apiKeys, jwt: undefined } });
  for (const view of [...VIEWS, '/assets/index-abc.js']) expect((await fetch(url + view)).status).toBe(200);
  expect(await (await fetch(`${url}/v1/about`)).json()).toMatchObject({ is_guarded: true, auth: ['keys'] });
  for (const path of ['/v1/summary', '/v1/customers', '/v1/status', '/v1/sources'])
    expect([path, (await fetch(url + path)).status]).toEqual([path, 401]);
});

test('what the page must know first is the zone, the target, and whether a key is needed', async () => {
  const url = await serving({ targetPercent: 99.95, version: '1.2.3' });
  expect(await (await fetch(`${url}/v1/about`)).json()).toEqual({
    ...{ version: '1.2.3', time_zone: null, target_percentage: 99.95, is_guarded: false, auth: [] },
    ...{ failed_statuses: '0, 500-599', ignored_statuses: '' },
    embed_ancestors: [],
  });
});

test('it is only read: every other method answers 405', async () => {
  const url = await serving();
  for (const path of ['/', '/customer', '/assets/index-abc.js', '/v1/about']) {
    const answer = await fetch(url + path, { method: 'POST' });
    expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, 'GET, HEAD']);
  }
});

test('without the files there is no page, and the API is as it is', async () => {
  const url = await serve({ store });
  expect((await fetch(url)).status).toBe(404);
  expect((await fetch(`${url}/customers/cust_1/stats?from=2024-10-02`)).status).toBe(200);
});
