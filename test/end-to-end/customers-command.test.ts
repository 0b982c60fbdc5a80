/** `daymark customers`, from raw lines to what people and programs read. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../support/cli.ts';
import { naiveCustomers, naiveRanking } from '../support/naive-ranking.ts';
import { lineOf, randomRequests } from '../support/random-log.ts';

const RANGE = { from: '2024-09-20', to: '2024-09-28' };
const DAYS = ['--from', RANGE.from, '--to', RANGE.to];
const requests = randomRequests(4_000, 12);
const naive = naiveCustomers(
  requests.map((request) => ({
    ...request,
    eventMs: request.eventTimeMs,
    date: new Date(request.eventTimeMs).toISOString().slice(0, 10),
  })),
  RANGE,
);

let directory: string;
let env: Record<string, string>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-customers-'));
  const logs = join(directory, 'logs');
  mkdirSync(logs);
  writeFileSync(join(logs, 'api.log'), requests.map((request) => `${lineOf(request)}\n`).join(''));
  writeFileSync(join(directory, 'customers.json'), JSON.stringify([{ id: 'cust_7', name: '=Seven' }]));
  env = { DATA_DIR: join(directory, 'data'), LOGS_SOURCE_DIR: logs };
  expect((await run(['ingest'], { env })).code).toBe(0);
});

afterAll(() => rmSync(directory, { recursive: true }));

async function customers(args: readonly string[], more: Record<string, string> = {}) {
  const { code, stdout, stderr } = await run(['customers', ...args], { env: { ...env, ...more } });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return { stdout, stderr };
}

it('prints as JSON what the raw lines say, in the order that is asked for', async () => {
  for (const [args, sort, order, count] of [
    [[], 'requests', 'desc', 20],
    [['--sort', 'availability_percentage', '--limit', '5'], 'availability_percentage', 'asc', 5],
    [['--sort', 'duration_p99', '--order', 'asc', '--limit', '100'], 'duration_p99', 'asc', 100],
    [['--sort', 'availability_change'], 'availability_change', 'asc', 20],
  ] as const) {
    const { stdout, stderr } = await customers([...DAYS, ...args, '--json']);
    expect(stderr).toBe('');
    const { customers: found } = JSON.parse(stdout) as { customers: unknown };
    expect(found).toEqual(naiveRanking(naive, sort, order).slice(0, count));
  }
});

it('keeps to the customers that are searched for', async () => {
  const { stdout } = await customers([...DAYS, '--search', 'UST_3', '--sort', 'customer_id', '--json']);
  const { customers: found } = JSON.parse(stdout) as { customers: unknown };
  const expected = naive.filter(({ customer_id: id }) => id.includes('ust_3'));
  expect(found).toEqual(naiveRanking(expected, 'customer_id', 'asc'));
});

it('prints CSV with a line a customer, in which no cell is a formula', async () => {
  const { stdout } = await customers([...DAYS, '--sort', 'customer_id', '--limit', '100', '--csv'], {
    CUSTOMERS_FILE: join(directory, 'customers.json'),
  });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(1 + naive.length);
  expect(lines[0]).toMatch(/^customer_id,requests,.*,requests_change,.*,5xx,customer_name$/);
  expect(lines.find((line) => line.startsWith('cust_7,'))).toMatch(/,'=Seven$/);
});

it('prints a table, and says what it is of', async () => {
  const { stdout, stderr } = await customers([...DAYS, '--sort', 'duration_max', '--limit', '3']);
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^customer .*max s/);
  for (const [at, { customer_id: id }] of naiveRanking(naive, 'duration_max', 'desc').slice(0, 3).entries())
    expect(lines[at + 1]).toContain(id);
  expect(stderr).toContain('3 shown, from 2024-09-20 to 2024-09-28; there are more, see --limit');
});

it('says that there are none, and what is wrong', async () => {
  const none = await customers(['--from', '2020-01-01', '--to', '2020-01-31']);
  expect(none.stdout).toBe('');
  expect(none.stderr).toContain('no such customer has requests from 2020-01-01 to 2020-01-31');
  for (const [args, text] of [
    [['--sort', 'p99'], 'Allowed choices are customer_id, requests'],
    [['--limit', '0'], 'It must be a whole number from 1 to 1000'],
    [['--from', '2024-09-31'], 'must be a date'],
    [['--from', '2024-09-02', '--to', '2024-09-01'], 'is before --from'],
    [['--json', '--csv'], 'not both'],
  ] as const) {
    const { code, stderr } = await run(['customers', ...args], { env });
    expect([args, code]).toEqual([args, 2]);
    expect(stderr).toContain(text);
  }
});
