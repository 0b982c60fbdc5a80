/** Keys and JWTs, as an operator and the clients of two running APIs meet them. */

import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { KEY_TEXT } from '../../src/api/access/key-text.ts';
import { envOf, type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { siteOfEachTest } from '../support/site.ts';
import { STORE_KINDS } from '../support/stores.ts';

const site = siteOfEachTest('access');
const running: RunningCli[] = [];

afterEach(async () => {
  for (const { process } of running) process.kill();
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});

/** Starts `serve`. @returns its URL. */
async function serving(env: Record<string, string>): Promise<string> {
  const cli = start(['serve'], { env: { PORT: '0', ...env } });
  running.push(cli);
  return servedUrl(cli);
}

/** Asks with a key. Where other programs keep the machine so busy that the API refuses all requests, it asks again. */
async function ask(url: string, token: string): Promise<Response> {
  for (;;) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const isOverloaded = response.status === 503 && (await response.clone().text()).includes('OVERLOADED');
    if (!isOverloaded) return response;
    await delay(200);
  }
}
const statsOf = (id: string) => `/customers/${id}/stats?from=2024-09-01`;

async function newKey(env: Record<string, string>, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['keys', 'create', ...args], { env });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\S+\n$/)]);
  const key = stdout.trim();
  expect(key).toMatch(KEY_TEXT);
  expect(stderr).not.toContain(key);
  return key;
}

const listOf = async (env: Record<string, string>) =>
  JSON.parse((await run(['keys', 'list', '--json'], { env })).stdout).keys as Record<string, unknown>[];

describe.each(STORE_KINDS)('keys in a $name store', ({ createPlace }) => {
  test('are good for two running APIs until they are revoked, and their use is noted', async () => {
    const place = await createPlace();
    onTestFinished(() => place.dispose());
    const env = envOf(place.location);
    expect((await run(['ingest', 'logs/api_requests.log'], { env })).code).toBe(0);
    const own = await newKey(env, '--customer', 'cust_4', '--name', 'Acme', '--expires', 'P90D');
    const admin = await newKey(env, '--admin');
    const urls = [await serving({ ...env, AUTH: 'keys' }), await serving({ ...env, AUTH: 'keys' })];
    for (const url of urls) {
      const days = (await (await ask(url + statsOf('cust_4'), own)).json()) as { customer_id: string }[];
      expect(new Set(days.map((day) => day.customer_id))).toEqual(new Set(['cust_4']));
      expect((await ask(url + statsOf('cust_5'), own)).status).toBe(404);
      expect((await ask(`${url}/v1/status`, own)).status).toBe(403);
      expect((await fetch(url + statsOf('cust_4'))).status).toBe(401);
      expect((await ask(url + statsOf('cust_5'), admin)).status).toBe(200);
    }
    await assertSessions(urls, admin, env);
    const id = own.split('_')[1] ?? '';
    const stateOf = async () => (await listOf(env)).find((key) => key.id === id);
    await eventually(async () => (await stateOf())?.last_used, 200).not.toBeNull();
    expect(await stateOf()).toMatchObject({
      role: 'customer',
      customers: ['cust_4'],
      name: 'Acme',
      state: 'valid',
    });
    expect((await run(['keys', 'revoke', id], { env })).code).toBe(0);
    for (const url of urls)
      await eventually(async () => (await ask(url + statsOf('cust_4'), own)).status).toBe(401);
    for (const url of urls) expect((await ask(url + statsOf('cust_4'), admin)).status).toBe(200);
    expect(await stateOf()).toMatchObject({ state: 'revoked' });
    await assertNoSecret([own, admin], env);
  });
});

/** One process accepts the session that another one began, until the secrets of old are revoked. */
async function assertSessions(
  urls: readonly string[],
  key: string,
  env: Record<string, string>,
): Promise<void> {
  const begun = await fetch(`${urls[0]}/v1/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const statuses = () =>
    Promise.all(
      urls.map(async (url) => (await fetch(url + statsOf('cust_5'), { headers: { cookie } })).status),
    );
  expect(await statuses()).toEqual([200, 200]);
  const rotated = await run(['keys', 'rotate-signing'], { env });
  expect([rotated.code, rotated.stdout]).toEqual([0, '']);
  expect(rotated.stderr).toMatch(/signing key [\da-f]{8} signs from now on; .* stay valid \([\da-f]{8}\)/);
  expect(await statuses()).toEqual([200, 200]);
  expect(await run(['keys', 'rotate-signing', '--revoke-old'], { env })).toMatchObject({
    ...{ code: 0, stderr: expect.stringContaining('from before are over') },
  });
  await eventually(statuses, 100).toEqual([401, 401]);
}

/** No secret is in a log, in the arguments or the environment of a process, or in a list. */
async function assertNoSecret(keys: readonly string[], env: Record<string, string>): Promise<void> {
  const texts = [
    (await run(['keys', 'list'], { env })).stdout,
    (await run(['keys', 'list', '--csv'], { env })).stdout,
  ];
  for (const { process } of running)
    for (const file of ['cmdline', 'environ'])
      texts.push(readFileSync(`/proc/${process.pid}/${file}`, 'latin1'));
  for (const { process } of running) process.kill();
  for (const { stdout, stderr } of await Promise.all(running.map(({ ended }) => ended)))
    texts.push(stdout, stderr);
  for (const key of keys) for (const text of texts) expect(text).not.toContain(key.split('_')[2]);
}

describe('keys', () => {
  test('are refused with wrong words', async () => {
    const env = { DATA_DIR: site.directory };
    const refused = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(['keys', ...args], { env });
      expect(stdout).toBe('');
      return [code, /daymark: ([A-Z_]+)/.exec(stderr)?.[1]];
    };
    expect(await refused('create')).toEqual([2, 'WRONG_USAGE']);
    expect(await refused('create', '--admin', '--ingest')).toEqual([2, 'WRONG_USAGE']);
    expect(await refused('create', '--customer', '')).toEqual([2, 'INVALID_SETTING']);
    expect(await refused('create', '--admin', '--expires', '2020-01-01')).toEqual([2, 'INVALID_SETTING']);
    expect(await refused('create', '--admin', '--expires', 'P1Y')).toEqual([2, 'INVALID_SETTING']);
    expect(await refused('create', '--admin', '--name', 'a\nb')).toEqual([2, 'INVALID_SETTING']);
    expect(await refused('create', '--admin', '--expires', '2027-02-30T00:00:00Z')).toEqual([
      2,
      'INVALID_SETTING',
    ]);
    // A wrong DATA_DIR has no keys, and gets no database.
    for (const args of [['list'], ['revoke', '0123456789abcdef'], ['rotate-signing']])
      expect([args, await refused(...args)]).toEqual([args, [1, 'SCHEMA_MISSING']]);
    expect(existsSync(join(site.directory, 'daymark.db'))).toBe(false);
    expect((await run(['migrate'], { env })).code).toBe(0);
    expect(await refused('revoke', '0123456789abcdef')).toEqual([1, 'KEY_UNKNOWN']);
    expect(await refused('creat')).toEqual([2, 'WRONG_USAGE']);
  });

  test('are told in a message of a mistyped customer, which they read nevertheless', async () => {
    const env = { DATA_DIR: site.directory };
    expect((await run(['ingest', 'logs/api_requests.log'], { env })).code).toBe(0);
    const { code, stderr } = await run(['keys', 'create', '--customer', 'cust_4x'], { env });
    expect(code).toBe(0);
    expect(stderr).toContain('Did you mean cust_4?');
  });
});

test('a customer’s key is told of everybody only where enough customers hide each other', async () => {
  const env = { DATA_DIR: site.directory };
  expect((await run(['ingest', 'logs/api_requests.log'], { env })).code).toBe(0);
  const [own, admin] = [await newKey(env, '--customer', 'cust_4'), await newKey(env, '--admin')];
  const path = '/v1/customers/cust_4/summary?from=2024-09-01&to=2024-10-31';
  const hasEveryone = async (url: string, key: string) => {
    const summary = (await (await ask(url + path, key)).json()) as { everyone: object | null };
    expect(summary).toMatchObject({ customer_id: 'cust_4' });
    return summary.everyone !== null;
  };
  // The sample log has 50 customers, and on two of its days 49.
  for (const [least, isTold] of [
    ['49', true],
    ['50', false],
    ['0', false],
  ] as const) {
    const url = await serving({ ...env, AUTH: 'keys', EVERYONE_MIN_CUSTOMERS: least });
    const told = [await hasEveryone(url, admin), await hasEveryone(url, own), await hasEveryone(url, admin)];
    expect([least, told]).toEqual([least, [true, isTold, true]]);
  }
});

test.each(['1', '2'])('%s customers do not hide each other', async (EVERYONE_MIN_CUSTOMERS) => {
  const env = { DATA_DIR: site.directory, AUTH: 'keys', EVERYONE_MIN_CUSTOMERS };
  const { code, stderr } = await run(['serve'], { env });
  expect([code, stderr]).toEqual([2, expect.stringContaining('INVALID_SETTING')]);
});

test.each(['59', 'P32D', 'max'])('a session does not last %s', async (SESSION_DURATION) => {
  const env = { DATA_DIR: site.directory, AUTH: 'keys', SESSION_DURATION };
  const { code, stderr } = await run(['serve'], { env });
  expect([code, stderr]).toEqual([2, expect.stringContaining('SESSION_DURATION is')]);
});

test.each([
  { JWT_CUSTOMER_CLAIM: 'customer' },
  { JWT_ROLE_CLAIM: 'roles', AUTH: 'keys' },
  { JWT_ADMIN_ROLE: 'boss', AUTH: 'keys' },
  { EVERYONE_MIN_CUSTOMERS: '50' },
  { SESSION_DURATION: 'P1D' },
])('settings that AUTH does not use are refused: %j', async (settings) => {
  const { code, stderr } = await run(['serve'], { env: { DATA_DIR: site.directory, ...settings } });
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining(`${Object.keys(settings)[0]} is set, but AUTH is`),
  ]);
});

describe('without AUTH', () => {
  test.each(['0.0.0.0', '::', '192.0.2.1', 'example.com'])('an API is not opened on %s', async (HOST) => {
    const { code, stderr } = await run(['serve'], { env: { DATA_DIR: site.directory, HOST } });
    expect([code, stderr]).toEqual([2, expect.stringContaining('AUTH_OFF')]);
  });

  test.each([
    { HOST: '127.0.0.2' },
    { HOST: 'localhost' },
    { HOST: '0.0.0.0', INSECURE_NO_AUTH: 'on' },
    { HOST: '0.0.0.0', AUTH: 'keys' },
  ])('or with other settings, an API is opened with %j', async (settings) => {
    const env = { DATA_DIR: site.directory };
    expect((await run(['migrate'], { env })).code).toBe(0);
    expect(await serving({ ...env, ...settings })).toMatch(/^http/);
  });
});

describe('JWTs', () => {
  const ISSUER = 'https://login.example.com/';
  const base = { AUTH: 'keys,jwt', JWT_ISSUER: ISSUER, JWT_AUDIENCE: 'stats' };
  const claims = {
    customer_id: 'cust_4',
    iss: ISSUER,
    aud: 'stats',
    exp: Math.floor(Date.now() / 1000) + 600,
  };

  async function newIssuer(kid: string, alg = 'RS256') {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const token = (more: object = {}) =>
      new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg, kid }).sign(privateKey);
    return { jwk: { ...(await exportJWK(publicKey)), kid, alg }, token };
  }

  async function ingested(): Promise<Record<string, string>> {
    const env = { DATA_DIR: site.directory };
    expect((await run(['ingest', 'logs/api_requests.log'], { env })).code).toBe(0);
    return env;
  }

  test('are checked with the keys that the identity provider publishes', async () => {
    const { jwk, token } = await newIssuer('one');
    let [asked, isThere] = [0, false];
    const provider = createServer((_request, response) => {
      asked++;
      if (isThere) response.end(JSON.stringify({ keys: [jwk] }));
      else response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void provider.close());
    const { port } = provider.address() as AddressInfo;
    const url = await serving({
      ...(await ingested()),
      ...base,
      JWT_JWKS_URL: `http://127.0.0.1:${port}/jwks`,
    });
    const away = await ask(url + statsOf('cust_4'), await token());
    expect([away.status, await away.json()]).toMatchObject([503, { code: 'IDENTITY_PROVIDER_UNREACHABLE' }]);
    isThere = true;
    asked = 0;
    for (const sub of ['a', 'b', 'c']) {
      expect((await ask(url + statsOf('cust_4'), await token({ sub }))).status).toBe(200);
      expect((await ask(url + statsOf('cust_5'), await token({ sub }))).status).toBe(404);
    }
    expect((await ask(url + statsOf('cust_4'), await (await newIssuer('two')).token())).status).toBe(401);
    expect(asked).toBe(1);
    const admin = await token({ role: 'admin' });
    expect((await ask(`${url}/v1/status`, admin)).status).toBe(200);
  });

  test('are checked with the keys of a file, which may change', async () => {
    const [first, second] = [await newIssuer('one', 'ES256'), await newIssuer('two', 'EdDSA')];
    const file = join(site.directory, 'jwks.json');
    writeFileSync(file, JSON.stringify({ keys: [first.jwk] }));
    const url = await serving({ ...(await ingested()), ...base, JWT_JWKS_FILE: file });
    expect((await ask(url + statsOf('cust_4'), await first.token())).status).toBe(200);
    expect((await ask(url + statsOf('cust_4'), await second.token())).status).toBe(401);
    writeFileSync(file, JSON.stringify({ keys: [second.jwk] }));
    await eventually(
      async () => (await ask(url + statsOf('cust_4'), await second.token())).status,
      1100,
    ).toBe(200);
    // A token that was not seen before: one that was is accepted for some seconds more.
    expect((await ask(url + statsOf('cust_4'), await first.token({ sub: 'new' }))).status).toBe(401);
    writeFileSync(file, 'nonsense');
    const isTold = running
      .at(-1)
      ?.says('it is no JSON')
      .then(() => true);
    // The file is looked at with a token that was not seen before.
    const askAnew = async () => ask(url + statsOf('cust_4'), await second.token({ sub: randomUUID() }));
    await eventually(async () => (await askAnew()) && Promise.race([isTold, false]), 300).toBe(true);
    expect((await ask(url + statsOf('cust_4'), await second.token())).status).toBe(200);
  });

  test('are checked with a secret, claims anywhere, and no other algorithm', async () => {
    const file = join(site.directory, 'secret');
    const secret = 'x'.repeat(32);
    writeFileSync(file, `${secret}\n`);
    const url = await serving({
      ...(await ingested()),
      ...{ ...base, AUTH: 'jwt', JWT_SECRET_FILE: file },
      ...{ JWT_CUSTOMER_CLAIM: 'app.customers', JWT_ROLE_CLAIM: 'https://x/roles', JWT_ADMIN_ROLE: 'boss' },
    });
    const token = (more: object, alg = 'HS256') =>
      new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg }).sign(Buffer.from(secret));
    const customers = await token({ app: { customers: ['cust_4', 'cust_5'] } });
    const statuses = async (text: string) => {
      const paths = [statsOf('cust_4'), statsOf('cust_5'), statsOf('cust_6'), '/v1/status'];
      return Promise.all(paths.map(async (path) => (await ask(url + path, text)).status));
    };
    expect(await statuses(customers)).toEqual([200, 200, 404, 403]);
    expect(await statuses(await token({ 'https://x/roles': ['boss'] }))).toEqual([200, 200, 200, 200]);
    expect(await statuses(await token({}))).toEqual([404, 404, 404, 403]);
    expect(await statuses(await token({ role: 'boss' }, 'HS512'))).toEqual([401, 401, 401, 401]);
    expect(
      (await ask(`${url}/v1/status`, await newKey({ DATA_DIR: site.directory }, '--admin'))).status,
    ).toBe(401);
  });

  test.each([
    [{ AUTH: 'jwt' }, 'JWT_ISSUER must be set'],
    [{ ...base }, 'exactly one of JWT_JWKS_URL'],
    [{ ...base, JWT_JWKS_FILE: 'a', JWT_SECRET_FILE: 'b' }, 'exactly one of JWT_JWKS_URL'],
    [{ ...base, JWT_JWKS_URL: 'http://login.example.com/' }, 'begins with https://'],
    [{ ...base, JWT_JWKS_FILE: '/nowhere' }, 'there is no such file'],
    [{ ...base, JWT_SECRET_FILE: 'package.json', AUTH: 'keys' }, 'JWT_ISSUER is set, but AUTH is keys'],
    [{ ...base, JWT_JWKS_FILE: 'README.md' }, 'it is no JSON'],
  ])('are not half set up: %j', async (env, words) => {
    const { code, stderr } = await run(['serve'], { env: { DATA_DIR: site.directory, ...env } });
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});
