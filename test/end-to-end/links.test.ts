/** Links, as an operator and two running APIs meet them. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { envOf, type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { siteOfEachTest } from '../support/site.ts';
import { STORE_KINDS } from '../support/stores.ts';

const site = siteOfEachTest('links');
const running: RunningCli[] = [];

afterEach(async () => {
  for (const { process } of running) process.kill();
  await Promise.all(running.splice(0).map(({ ended }) => ended));
});

async function serving(env: Record<string, string>): Promise<string> {
  const cli = start(['serve'], { env: { PORT: '0', AUTH: 'keys', ...env } });
  running.push(cli);
  return servedUrl(cli);
}

const statsOf = (id: string) => `/customers/${id}/stats?from=2024-09-01`;
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const statusOf = async (url: string, token: string) => (await fetch(url, { headers: bearer(token) })).status;
const tokenOf = (path: string) => path.trim().split('#link=')[1] ?? '';

describe.each(STORE_KINDS)('a link in a $name store', ({ createPlace }) => {
  test('opens its customer on two running APIs, until it is revoked on one of them or by a command', async () => {
    const place = await createPlace();
    onTestFinished(() => place.dispose());
    const env = envOf(place.location);
    expect((await run(['ingest', 'logs/api_requests.log'], { env })).code).toBe(0);
    const urls = await Promise.all([serving(env), serving(env)]);
    const [{ stdout }, { stdout: key }, unknown] = await Promise.all([
      run(['links', 'create', '--customer', 'cust_4', '--name', 'Acme', '--expires', 'P7D'], { env }),
      run(['keys', 'create', '--admin'], { env }),
      run(['links', 'create', '--customer', 'cust_4x'], { env }),
    ]);
    expect(stdout).toMatch(/^\/customer\?id=cust_4#link=1\.[\w-]+\.[\w-]+\.[\w-]{43}\n$/);
    expect(unknown).toMatchObject({ code: 0, stderr: expect.stringContaining('Did you mean cust_4?') });
    // One API makes a link, and every other one opens it at once.
    const made = await fetch(`${urls[0]}/v1/links`, {
      method: 'POST',
      headers: { ...bearer(key.trim()), 'content-type': 'application/json' },
      body: JSON.stringify({ customer_id: 'cust_5' }),
    });
    const other = (await made.json()) as { id: string; token: string };
    for (const url of urls) {
      expect(await statusOf(url + statsOf('cust_4'), tokenOf(stdout))).toBe(200);
      expect(await statusOf(url + statsOf('cust_5'), tokenOf(stdout))).toBe(404);
      expect(await statusOf(`${url}/v1/status`, tokenOf(stdout))).toBe(403);
      expect(await statusOf(url + statsOf('cust_5'), other.token)).toBe(200);
    }
    const list = async () =>
      JSON.parse((await run(['links', 'list', '--json'], { env })).stdout).links as Record<string, unknown>[];
    const own = (await list()).find(({ name }) => name === 'Acme') ?? {};
    expect(own).toMatchObject({
      customer_id: 'cust_4',
      kind: 'page',
      state: 'valid',
      created_by: 'command line',
    });
    expect(await run(['links', 'revoke', String(own.id)], { env })).toMatchObject({ code: 0, stdout: '' });
    const revoked = await fetch(`${urls[1]}/v1/links/${other.id}`, {
      method: 'DELETE',
      headers: bearer(key.trim()),
    });
    expect(revoked.status).toBe(204);
    for (const url of urls) {
      await eventually(() => statusOf(url + statsOf('cust_4'), tokenOf(stdout)), 100).toBe(401);
      await eventually(() => statusOf(url + statsOf('cust_5'), other.token), 100).toBe(401);
    }
    expect((await list()).map(({ state }) => state).sort()).toEqual(['revoked', 'revoked', 'valid']);
    const printed =
      (await run(['links', 'list'], { env })).stdout +
      (await run(['links', 'list', '--csv'], { env })).stdout;
    for (const token of [tokenOf(stdout), other.token]) expect(printed).not.toContain(token.split('.')[3]);
  });
});

test('links are refused with wrong words', async () => {
  const table = join(site.directory, 'customers.csv');
  writeFileSync(table, 'id,public\nacme,true\nglobex,false\n');
  const env = { DATA_DIR: site.directory, CUSTOMERS_FILE: table };
  const refused = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(['links', ...args], { env });
    expect(stdout).toBe('');
    return [code, /daymark: ([A-Z_]+)/.exec(stderr)?.[1]];
  };
  // A wrong DATA_DIR has no links, and gets no database.
  for (const args of [['list'], ['revoke', '0123456789abcdef']])
    expect([args, await refused(...args)]).toEqual([args, [1, 'SCHEMA_MISSING']]);
  expect((await run(['migrate'], { env })).code).toBe(0);
  const create = (...args: string[]) => refused('create', ...args);
  expect(await refused('create')).toEqual([2, 'WRONG_USAGE']);
  expect(await create('--customer', '')).toEqual([2, 'INVALID_SETTING']);
  for (const expires of ['P367D', '2020-01-01', 'P1M', 'soon'])
    expect([expires, await create('--customer', 'acme', '--expires', expires)]).toEqual([
      expires,
      [2, 'INVALID_SETTING'],
    ]);
  expect(await create('--customer', 'acme', '--name', 'a\nb')).toEqual([2, 'INVALID_SETTING']);
  expect(await create('--customer', 'globex', '--embed')).toEqual([1, 'CUSTOMER_NOT_PUBLIC']);
  for (const id of ['0123456789abcdef', 'x', '1.5f0c1d2e.secret.secret'])
    expect(await refused('revoke', id)).toEqual([1, 'LINK_UNKNOWN']);
  const { code, stdout } = await run(['links', 'create', '--customer', 'acme', '--embed'], { env });
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^\/embed\?id=acme#link=/)]);
});

test.each([
  '*',
  'portal.example.com',
  'https://portal.example.com/path',
  `https://a.example.com,${'https://b.example.com,'.repeat(20)}https://c.example.com`,
])('EMBED_ANCESTORS is not %s', async (EMBED_ANCESTORS) => {
  const env = { DATA_DIR: site.directory, EMBED_ANCESTORS };
  expect((await run(['migrate'], { env: { DATA_DIR: site.directory } })).code).toBe(0);
  const { code, stderr } = await run(['serve'], { env });
  expect([code, stderr]).toEqual([2, expect.stringContaining('INVALID_SETTING')]);
});
