/** The messages of a program that goes on until it is stopped, and its access log. */

import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CliResult, run, start } from '../support/cli.ts';

const SAMPLE = join(import.meta.dirname, '../../logs/api_requests.log');
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let directory = '';
let env: Record<string, string> = {};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-messages-'));
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  copyFileSync(SAMPLE, join(logs, 'api.log'));
  // An empty value counts as unset.
  env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0', MESSAGE_FORMAT: '' };
});
afterEach(() => rmSync(directory, { recursive: true }));

type Line = Readonly<Record<string, unknown>>;

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** Runs `up` while `work` asks its API. */
async function up(work: (url: string) => Promise<void>): Promise<CliResult> {
  const program = start(['up'], { env });
  try {
    await program.says('look at');
    const said = await program.says('serving');
    await work(/ on (http:[\w:./]+\d)/.exec(said)?.[1] ?? expect.fail('it gave no URL'));
  } finally {
    program.process.kill('SIGTERM');
  }
  return program.ended;
}

/** A machine that is late answers 503 for a moment. */
async function ask(url: string, headers: Record<string, string>): Promise<Response> {
  for (;;) {
    const answer = await fetch(url, { headers });
    if (answer.status !== 503) return answer;
  }
}

it('are JSON with times and levels where standard error is no terminal', async () => {
  const { code, stderr, stdout } = await up(async () => undefined);
  const lines = linesOf(stderr);
  expect(code).toBe(0);
  expect(stdout).toBe('');
  for (const line of lines) {
    expect(line).toMatchObject({ time: expect.stringMatching(TIME), level: 'info' });
    expect(Object.keys(line)).toEqual(['time', 'level', 'message']);
  }
  expect(lines.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/^serving SQLite database/),
  );
});

it('have the code and the advice of an error, also of one that ends the program', async () => {
  env.AUTH = 'jwt';
  const { code, stderr } = await run(['serve'], { env });
  expect(code).not.toBe(0);
  expect(linesOf(stderr).at(-1)).toMatchObject({
    ...{ time: expect.stringMatching(TIME), level: 'error', code: 'INVALID_SETTING' },
    ...{ message: expect.any(String), details: expect.any(Array) },
  });
});

it('are text if MESSAGE_FORMAT says so', async () => {
  env.MESSAGE_FORMAT = 'text';
  const { stderr } = await up(async () => undefined);
  for (const line of stderr.trimEnd().split('\n')) expect(line).toMatch(/^daymark: /);
});

it('of other commands are text', async () => {
  env.MESSAGE_FORMAT = 'json';
  const { stderr } = await run(['stats', 'cust_1', '--from', '2024-01-01'], { env });
  expect(stderr).toMatch(/^daymark: /);
});

it('the access log has a line for each request, without any secret', async () => {
  env.ACCESS_LOG = 'json';
  env.AUTH = 'keys';
  const key = { text: '', id: '' };
  const { stdout } = await up(async (url) => {
    key.text = (await run(['keys', 'create', '--admin'], { env })).stdout.trim();
    key.id = key.text.split('_')[1] ?? '';
    const headers = { authorization: `Bearer ${key.text}` };
    const stats = `${url}/customers/cust_1/stats?from=2024-01-01`;
    const answer = await ask(stats, { ...headers, 'x-request-id': 'from-the.proxy:1' });
    expect(answer.headers.get('x-request-id')).toBe('from-the.proxy:1');
    const refused = await ask(`${stats}&token=topsecret`, { authorization: 'Bearer wrongsecret' });
    expect(refused.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    const odd = await ask(`${url}/health/live`, { 'x-request-id': 'a "quoted" id' });
    expect(odd.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    await ask(`${url}/${key.text}`, headers);
  });
  const lines = linesOf(stdout).filter(({ status }) => status !== 503);
  const route = '/customers/{customer_id}/stats';
  expect(lines).toMatchObject([
    { method: 'GET', route, status: 200, request_id: 'from-the.proxy:1', key_id: expect.any(String) },
    { method: 'GET', route, status: 401, key_id: null },
    { method: 'GET', route: '/health/live', status: 200, key_id: null },
    { method: 'GET', route: null, status: 404, key_id: expect.any(String) },
  ]);
  for (const line of lines) {
    expect(line).toMatchObject({ time: expect.stringMatching(TIME), client: '127.0.0.1' });
    expect(line.duration_ms).toBeGreaterThan(0);
    expect(line.bytes).toBeGreaterThan(100);
  }
  expect(String(lines[0]?.key_id)).toContain(key.id);
  for (const secret of [key.text, 'topsecret', 'wrongsecret', 'cust_1']) expect(stdout).not.toContain(secret);
});
