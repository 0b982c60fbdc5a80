/** No secret stands in what the program prints, answers or shows of itself, least of all when something fails. */

import { appendFileSync, copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { describe, expect, inject, it, onTestFinished, test } from 'vitest';
import { sendRaw } from '../api/support.ts';
import { type CliResult, envOf, run, start } from '../support/cli.ts';
import { startCollector } from '../support/collector.ts';
import { freePort, PASSWORD_ROLE } from '../support/postgres-cluster.ts';
import { query, urlOf } from '../support/postgres-database.ts';
import { siteOfEachTest } from '../support/site.ts';
import { POSTGRES } from '../support/stores.ts';

const site = siteOfEachTest('secrets');

/** A part of each, because a message may cut or quote it. */
const PASSWORD = 'pass-w0rd-Zq7';
const JWT_SECRET = 'jwt-s3cret-Zq7-of-at-least-thirty-two-bytes';
const COLLECTOR_KEY = 'collector-k3y-Zq7';
const SECRET = /Zq7/;
const KEY = `daymark_${'0123456789abcdef'}_${'Zq7'.padEnd(64, '0')}`;

/** What a URL of this server may be written as, with a password in it. */
function urlsWithPassword(host: string): Record<string, string> {
  return {
    'a host that is not there': `postgres://someone:${PASSWORD}@${host}/stats`,
    'a port that is none': `postgres://someone:${PASSWORD}@127.0.0.1:port/stats`,
    'another database system': `mysql://someone:${PASSWORD}@127.0.0.1/stats`,
    'a colon too few': `postgres//someone:${PASSWORD}@127.0.0.1/stats`,
    'a wrong escape': `postgres://someone:${PASSWORD}%zz@${host}/stats`,
    'a certificate that is not there': `postgres://someone:${PASSWORD}@${host}/stats?sslmode=verify-full&sslrootcert=/nowhere`,
  };
}

async function expectSilent(args: readonly string[], env: Record<string, string>): Promise<CliResult> {
  const result = await run(args, { env: { STORE_RETRY_SECONDS: '0', PORT: '0', ...env } });
  expect(result.code, result.stdout).not.toBe(0);
  expect(result.stderr).toMatch(/[A-Z]+_[A-Z]+/);
  expect(`${result.stdout}${result.stderr}`).not.toMatch(SECRET);
  return result;
}

describe('no password of a database is in the messages', () => {
  it.each(Object.keys(urlsWithPassword('')))('about %s', async (what) => {
    const url = urlsWithPassword(`127.0.0.1:${await freePort()}`)[what] ?? '';
    const all = [['stats', 'cust_1', '--from', '2024-01-01'], ['serve']];
    const MESSAGE_FORMAT = what.includes('not there') ? 'json' : 'text';
    await Promise.all(all.map((args) => expectSilent(args, { DATABASE_URL: url, MESSAGE_FORMAT })));
  });

  it('about one that is wrong', async () => {
    const url = urlOf({ user: PASSWORD_ROLE.name, password: PASSWORD });
    const log = join(site.directory, 'empty.log');
    writeFileSync(log, '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n');
    for (const args of [['ingest', log], ['keys', 'list'], ['up']])
      expect((await expectSilent(args, { DATABASE_URL: url, LOGS_SOURCE_DIR: site.logs })).stderr).toContain(
        'STORE_REFUSED',
      );
  });

  it('about a setting that is mistyped in the environment, on the command line or in a file', async () => {
    const url = `postgres://someone:${PASSWORD}@127.0.0.1/stats`;
    const file = join(site.directory, 'daymark.conf');
    await expectSilent(['migrate'], { DATABSE_URL: url });
    await expectSilent(['migrate', `--databse-url=${url}`], {});
    for (const line of [
      `DATABSE_URL=${url}`,
      `DATABASE_URL: ${url}`,
      `DATABASE_URL="${url}" ${url}`,
      `DATABASE_URL="${url}`,
    ]) {
      writeFileSync(file, `${line}\n`);
      await expectSilent(['migrate', '--config-file', file], {});
    }
  });
});

describe('no key, and no secret of JWTs, is in the messages', () => {
  it('about a key that is given where its id belongs', async () => {
    await run(['migrate'], { env: { DATA_DIR: site.directory } });
    await expectSilent(['keys', 'revoke', KEY], { DATA_DIR: site.directory });
  });

  it('about the settings of JWTs', async () => {
    const jwt = { AUTH: 'jwt', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a', DATA_DIR: site.directory };
    const file = join(site.directory, 'secret');
    const withUser = `https://someone:${PASSWORD}@127.0.0.1:1/keys`;
    for (const url of [
      withUser,
      withUser.replace('https', 'http'),
      withUser.replace('https', 'ftp'),
      `https//${PASSWORD}`,
    ])
      expect((await expectSilent(['serve'], { ...jwt, JWT_JWKS_URL: url })).stderr).toContain('JWT_JWKS_URL');
    writeFileSync(file, 'short-Zq7');
    await expectSilent(['serve'], { ...jwt, JWT_SECRET_FILE: file });
    for (const text of [
      JWT_SECRET,
      JSON.stringify({ k: JWT_SECRET }),
      JSON.stringify({ keys: [JWT_SECRET] }),
    ]) {
      writeFileSync(file, text);
      await expectSilent(['serve'], { ...jwt, JWT_JWKS_FILE: file });
    }
  });
});

/** Everything that a running program shows of itself to others on the machine. */
function shown(pid: number): string {
  const read = (name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
  const threads = readdirSync(`/proc/${pid}/task`).map((task) => read(`task/${task}/comm`));
  const children = read(`task/${pid}/children`).split(' ').filter(Boolean);
  return [
    read('cmdline'),
    read('comm'),
    read('status'),
    ...threads,
    ...children.map((each) => shown(Number(each))),
  ].join('\n');
}

function environmentOf(pid: number): Record<string, string> {
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** Requests with secrets in every place, good and bad ones. @returns what was answered. */
async function askWith(url: string, secrets: readonly string[]): Promise<string> {
  const answers: string[] = [];
  const note = (answer: { status: number; headers: unknown; body: string }) => {
    answers.push(JSON.stringify(answer));
    return answer.status;
  };
  const send = async (lines: readonly string[]) =>
    note(await sendRaw(url, [...lines, 'Host: test', 'Connection: close', '', ''].join('\r\n')));
  const stats = 'GET /customers/cust_4/stats?from=2024-09-01 HTTP/1.1';
  for (const secret of secrets) {
    await send([stats, `Authorization: Bearer ${secret}`]);
    await send([stats, `Authorization: Bearer ${secret.slice(0, -1)}`]);
    await send([stats, `Authorization: Basic ${Buffer.from(secret).toString('base64')}`]);
    await send([stats, `Authorization: ${secret} ${secret}`]);
    await send([stats, `Cookie: daymark_session=${secret}`]);
    await send([stats, `Cookie: daymark_session=${secret.slice(0, -1)}`]);
    await send([stats, `Authorization: Bearer ${secret}\0`]);
    await send([stats, `Authorization: Bearer ${secret.padEnd(70_000, 'x')}`]);
    // What a client chooses as a short id comes back. Keys and JWTs are longer.
    const id = secret.padEnd(65, 'x');
    await send([stats, `Cookie: ${secret}`, `X-Request-Id: ${id}`, `Traceparent: ${secret}`]);
  }
  return answers.join('\n');
}

test('no secret is in answers, logs, metrics or traces of a running program, nor in what the machine shows of it', async () => {
  const place = await POSTGRES.createPlace();
  onTestFinished(() => place.dispose());
  const own = envOf(place.location);
  expect((await run(['ingest', 'logs/api_requests.log'], { env: own })).code).toBe(0);
  const key = (await run(['keys', 'create', '--admin'], { env: own })).stdout.trim();
  const secretFile = join(site.directory, 'jwt-secret');
  writeFileSync(secretFile, JWT_SECRET);
  const url = new URL(own.DATABASE_URL ?? '');
  url.password = PASSWORD;
  const collector = await startCollector();
  const given = {
    ...{ DATABASE_URL: url.href, AUTH: 'keys,jwt', PORT: '0', METRICS_PORT: '0', ACCESS_LOG: 'json' },
    ...{ JWT_ISSUER: 'i', JWT_AUDIENCE: 'a', JWT_SECRET_FILE: secretFile, MESSAGE_FORMAT: 'json' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_HEADERS: `key=${COLLECTOR_KEY}` },
    ...{ LOGS_SOURCE_DIR: site.logs, DATA_DIR: site.directory },
  };
  copyFileSync('logs/api_requests.log', join(site.logs, 'api.log'));
  const program = start(['up'], { env: given });
  onTestFinished(async () => {
    program.process.kill('SIGKILL');
    await program.ended;
  });
  const said = await program.says('following');
  const metrics = /metrics are on (http:[\w:./]+)/.exec(said)?.[1] ?? '';
  const api = /serving .*? on (http:[\w:./]+\d)/.exec(said)?.[1] ?? '';
  const signed = await new SignJWT({ role: 'admin', note: 'Zq7' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('i')
    .setAudience('a')
    .setExpirationTime('1h')
    .sign(Buffer.from(JWT_SECRET));
  const begun = await fetch(`${api}/v1/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  expect(begun.status).toBe(200);
  const session = /=([^;]+)/.exec(begun.headers.get('set-cookie') ?? '')?.[1] ?? '';
  const [{ secret: signing }] = (await place.query('select secret from signing_keys')) as [
    { secret: Uint8Array },
  ];
  const made = await fetch(`${api}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customer_id: 'cust_4' }),
  });
  expect(made.status).toBe(201);
  const { token: link } = (await made.json()) as { token: string };
  const secrets = [key, signed, KEY, JWT_SECRET, PASSWORD, session, link];
  const { pid = 0 } = program.process;

  const answers = [await askWith(api, secrets)];
  const read = async (path: string) =>
    (await fetch(api + path, { headers: { authorization: `Bearer ${key}` } })).text();
  for (const path of ['/v1/status', '/v1/sources', '/v1/links', '/health/ready'])
    answers.push(await read(path));
  // Faults, with what the database says of them: a statement that fails, and a server that takes nobody.
  await place.query('alter table customer_daily_stats rename column uptime_percentage to hidden');
  answers.push(await askWith(api, [key, signed]));
  await program.says('uptime_percentage');
  const database = url.pathname.slice(1);
  await query(inject('postgresUrl'), `alter database ${database} allow_connections false`);
  const others = `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`;
  await query(inject('postgresUrl'), others);
  answers.push(await askWith(api, [key]));
  appendFileSync(join(site.logs, 'api.log'), '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n');
  await program.says('waiting for the database');
  answers.push(await (await fetch(metrics)).text(), await read('/health/ready'));
  const visible = shown(pid);
  const environment = environmentOf(pid);
  program.process.kill('SIGTERM');
  const { stdout, stderr } = await program.ended;

  expect(environment).toEqual({ PATH: process.env.PATH, NODE_COMPILE_CACHE: expect.any(String), ...given });
  expect(stdout.split('\n').length).toBeGreaterThan(30);
  const printed = { stdout, stderr, answers: answers.join('\n'), visible, traces: collector.text() };
  for (const [where, text] of Object.entries(printed)) {
    expect(text.length, where).toBeGreaterThan(100);
    for (const secret of [
      ...secrets,
      key.split('_')[2] ?? '',
      signed.split('.')[2] ?? '',
      ...[session.split('.')[3] ?? '', link.split('.')[3] ?? '', COLLECTOR_KEY, 'Zq7'],
      ...(['hex', 'base64', 'base64url', 'latin1'] as const).map((form) =>
        Buffer.from(signing).toString(form),
      ),
    ])
      expect(text.includes(secret), `${where}: ${secret}`).toBe(false);
  }
});
