/** Endpoints, from raw lines to what programs and people read. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../api/support.ts';
import { envOf, run } from '../support/cli.ts';
import { naiveEndpoint } from '../support/endpoint-oracle.ts';
import { localDate } from '../support/naive-spans.ts';
import type { Request } from '../support/oracle.ts';
import { randomNumbers, randomRequests, shuffle } from '../support/random-log.ts';
import { statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { naiveClasses, naiveStatuses, naiveSummary } from '../support/summary-oracle.ts';

const ZONE = 'Pacific/Auckland';
const RANGE = { from: '2024-09-19', to: '2024-10-02' };
const QUERY = `from=${RANGE.from}&to=${RANGE.to}`;

interface Asked extends Request {
  readonly method: string;
  readonly target: string;
}

/** Requests with methods and paths of all kinds. */
function randomAsked(count: number, seed: number): Asked[] {
  const random = randomNumbers(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const id = () =>
    pick([String(Math.floor(random() * 1e6)), `${Math.floor(random() * 1e8)}f3a9c0de`, 'a@b.example']);
  const targets = [
    () => `/orders/${id()}`,
    () => `/orders/${id()}/items?page=${id()}`,
    () => '/caf%C3%A9/',
    () => '/wp-login.php',
    () => '*',
    () => `http://api.example/v1/${id()}#x`,
  ];
  return randomRequests(count, seed)
    .filter(({ customerId }) => !/["\\]/.test(customerId))
    .map((request) => ({
      ...request,
      method: pick(['GET', 'GET', 'POST', 'BREW']),
      target: pick(targets)(),
    }));
}

/** JSON, because it holds any customer id. */
const FORMAT =
  'json timestamp=time customer_id=user request_path=path status=status duration=took:us method=verb';
const lineOf = ({ eventTimeMs, customerId, status, durationUs, method, target }: Asked) =>
  JSON.stringify({
    ...{ time: new Date(eventTimeMs).toISOString(), user: customerId, verb: method },
    ...{ path: target, status, took: durationUs },
  });

const endpointOf = ({ method, target, status }: Asked) => naiveEndpoint(method, target, status);
const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9));

/** The rows that an answer must have, in the order of their endpoints. */
function naiveRows(requests: readonly Asked[]) {
  const inRange = requests.filter(({ eventTimeMs }) => {
    const date = localDate(eventTimeMs, ZONE);
    return date >= RANGE.from && date <= RANGE.to;
  });
  const byEndpoint = [...Map.groupBy(inRange, endpointOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byEndpoint.map(([endpoint, same]) => {
    const [method, path] = endpoint.startsWith('(') ? [null, endpoint] : endpoint.split(' ');
    const numbers = naiveSummary(same);
    return {
      ...{ endpoint, method, path, ...numbers },
      duration_mean: near(numbers.duration_mean),
      uptime_percentage: near(numbers.uptime_percentage),
      statuses: naiveStatuses(same),
      status_classes: naiveClasses(same),
    };
  });
}

let directory: string;
let place: StorePlace;
let env: Record<string, string>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-endpoints-'));
});
afterEach(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

function writeLogs(name: string, files: readonly (readonly Asked[])[]): string {
  const path = join(directory, name);
  mkdirSync(path);
  for (const [i, requests] of files.entries())
    writeFileSync(join(path, `${i}.log`), requests.map((request) => `${lineOf(request)}\n`).join(''));
  return path;
}

async function endpointTables(of: StorePlace) {
  const rows = await of.query('select customer_id, date, endpoint, state from daily_endpoint_stats');
  const texts = rows.map((row) =>
    JSON.stringify([
      row.customer_id,
      row.date,
      row.endpoint,
      Buffer.from(row.state as Uint8Array).toString('hex'),
    ]),
  );
  return texts.sort();
}

describe.each(STORE_KINDS)('endpoints in $name', (kind) => {
  const open = async () => {
    place = await kind.createPlace();
    env = { ...envOf(place.location), TIME_ZONE: ZONE, LOG_FORMAT: FORMAT };
  };
  const done = async (args: readonly string[], more: Record<string, string> = {}) => {
    const result = await run(args, { env: { ...env, ...more } });
    expect(result).toMatchObject({ code: 0 });
    return result;
  };

  it('have the numbers of their lines, of each customer and of all, in any order', async () => {
    await open();
    const requests = randomAsked(6_000, 5);
    await done(['ingest', writeLogs('logs', [requests]), '--workers', '1']);
    await statisticsRows(place);
    const url = await serve({ store: await place.open() });
    const get = async (path: string) => {
      const response = await fetch(`${url}${path}`);
      expect([path, response.status]).toEqual([path, 200]);
      return (await response.json()) as { endpoints: unknown; requests: number; unknown_requests: number };
    };
    const owners = Map.groupBy(requests, ({ customerId }) => customerId);
    for (const [id, own] of [...owners].slice(0, 12)) {
      const rows = naiveRows(own);
      const path = `/v1/customers/${encodeURIComponent(id)}/endpoints?${QUERY}&sort=endpoint&limit=1000`;
      expect(await get(path)).toMatchObject({
        customer_id: id,
        requests: rows.reduce((sum, { requests: count }) => sum + count, 0),
        unknown_requests: 0,
        endpoint_count: rows.length,
        endpoints: rows,
      });
      expect(
        await get(`/v1/endpoints?customer_id=${encodeURIComponent(id)}&${QUERY}&sort=endpoint`),
      ).toMatchObject({
        endpoints: rows.slice(0, 50),
      });
    }
    const all = naiveRows(requests);
    expect(await get(`/v1/endpoints?${QUERY}&sort=endpoint`)).toMatchObject({
      customer_id: null,
      endpoints: all,
    });
    const worst = all.toSorted(
      (a, b) =>
        Number(a.availability_percentage) - Number(b.availability_percentage) ||
        (a.endpoint < b.endpoint ? -1 : 1),
    );
    expect(await get(`/v1/endpoints?${QUERY}&sort=availability_percentage&limit=2`)).toMatchObject({
      endpoints: worst.slice(0, 2),
      endpoint_count: all.length,
    });
    const printed = await done([
      'endpoints',
      '--from',
      RANGE.from,
      '--to',
      RANGE.to,
      '--sort',
      'endpoint',
      '--json',
    ]);
    expect(JSON.parse(printed.stdout)).toMatchObject({ endpoints: all.slice(0, 20) });
  });

  it('are the same after shuffling, cutting and rebuilding', async () => {
    await open();
    const requests = randomAsked(2_000, 6);
    await done(['ingest', writeLogs('whole', [requests])]);
    const expected = await endpointTables(place);
    await place.dispose();
    await open();
    const shuffled = shuffle([...requests], randomNumbers(1));
    const parts = [0, 1, 2].map((i) => shuffled.filter((_, at) => at % 3 === i));
    const logs = writeLogs('parts', parts);
    await done(['ingest', logs, '--batch-lines', '300']);
    expect(await endpointTables(place)).toEqual(expected);
    await place.query("delete from daily_endpoint_stats where endpoint = '(other)'");
    const rebuild = ['rebuild', '--from', '2024-01-01', '--to', '2024-12-31'];
    await done([...rebuild, '--dry-run'], { LOGS_SOURCE_DIR: logs });
    expect(await endpointTables(place)).not.toEqual(expected);
    await done(rebuild, { LOGS_SOURCE_DIR: logs });
    expect(await endpointTables(place)).toEqual(expected);
    await statisticsRows(place);
  });

  it('of days that were read without them are not known, and rebuild adds them', async () => {
    await open();
    const requests = randomAsked(300, 7);
    const logs = writeLogs('logs', [requests]);
    await done(['ingest', logs], { ENDPOINTS: 'off' });
    expect(await endpointTables(place)).toEqual([]);
    const asked = ['endpoints', '--from', '2024-01-01', '--to', '2024-12-31', '--json'];
    const before = JSON.parse((await done(asked)).stdout);
    expect(before).toMatchObject({
      requests: requests.length,
      unknown_requests: requests.length,
      endpoints: [],
    });
    const { stderr } = await done(asked.slice(0, -1));
    expect(stderr).toContain(`the endpoints of ${requests.length} requests are not known`);
    const changed = await done(['ingest', logs]);
    expect(changed.stderr).toContain('ENDPOINTS');
    await done(['rebuild'], { LOGS_SOURCE_DIR: logs });
    const after = JSON.parse((await done(asked)).stdout);
    expect(after).toMatchObject({ requests: requests.length, unknown_requests: 0 });
  });

  it('follow the templates of a file, in which a 404 counts for its template', async () => {
    await open();
    const file = join(directory, 'openapi.yaml');
    writeFileSync(
      file,
      [
        'openapi: 3.1.0',
        'servers: [{ url: "https://{region}.example.com/v1" }]',
        'paths:',
        '  /users/me: { get: {} }',
        '  /users/{user_id}: { get: {}, delete: {} }',
        '  /users/{user_id}.json: { get: {} }',
        '  /{kind}/me/x: { get: {} }',
      ].join('\n'),
    );
    const base = { eventTimeMs: Date.UTC(2024, 9, 2), customerId: 'a', durationUs: 1000 };
    const requests = [
      ['GET', '/v1/users/me', 200, 'GET /v1/users/me'],
      ['GET', '/v1/users/7', 404, 'GET /v1/users/{user_id}'],
      ['DELETE', '/v1/users/me', 204, 'DELETE /v1/users/{user_id}'],
      ['GET', '/v1/users/7.json?x', 200, 'GET /v1/users/{user_id}.json'],
      ['GET', '/v1/users/me/x', 200, 'GET /v1/{kind}/me/x'],
      ['POST', '/v1/users/7', 200, '(other)'],
      ['GET', '/users/7', 200, '(other)'],
      ['GET', '/v1/users/7/x', 404, '(other)'],
    ] as const;
    const asked = requests.map(([method, target, status]) => ({ ...base, method, target, status }));
    await done(['ingest', writeLogs('logs', [asked])], { ENDPOINTS: file });
    const { stdout } = await done(['endpoints', 'a', '--from', '2024-10-01', '--to', '2024-10-03', '--json']);
    const rows = (JSON.parse(stdout) as { endpoints: { endpoint: string; requests: number }[] }).endpoints;
    const expected = Map.groupBy(requests, ([, , , endpoint]) => endpoint);
    expect(new Map(rows.map(({ endpoint, requests: count }) => [endpoint, count]))).toEqual(
      new Map([...expected].map(([endpoint, same]) => [endpoint, same.length])),
    );
  });
});

it('says what is wrong with a file of templates, and with a customer', async () => {
  place = await (STORE_KINDS[0] as (typeof STORE_KINDS)[number]).createPlace();
  const log = writeLogs('logs', [[{ ...(randomAsked(1, 1)[0] as Asked), customerId: 'a' }]]);
  const file = join(directory, 'endpoints.txt');
  for (const [text, message] of [
    ['GET /a\nFETCH /b\n', 'line 2: "FETCH" is no method'],
    ['GET orders\n', 'line 1: "orders" does not begin with "/"'],
    ['/a/:id\n', '":id" is written as {id}'],
    ['GET /a/{b\n', 'the braces of "{b" do not match'],
    ['# nothing\n', 'it has no template'],
    ['swagger: "2.0"\npaths: {}\n', 'convert it to OpenAPI 3'],
    ['{"openapi": "3.0.0", "paths": {"/a": {"$ref": "other.yaml"}}}', 'leads out of the document'],
    ['{"openapi": "3.0.0"', 'it cannot be parsed'],
    ['openapi: 3.0.0\npaths: {}\n', 'it has no operation'],
  ] as const) {
    writeFileSync(file, text);
    const result = await run(['ingest', log], {
      env: { ...envOf(place.location), LOG_FORMAT: FORMAT, ENDPOINTS: file },
    });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('INVALID_ENDPOINTS') });
    expect(result.stderr.replace(/\s+/g, ' ')).toContain(message);
  }
  const env = { ...envOf(place.location), LOG_FORMAT: FORMAT };
  expect(await run(['ingest', log], { env })).toMatchObject({ code: 0 });
  const unknown = await run(['endpoints', 'A', '--from', '2024-09-01'], { env });
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('CUSTOMER_UNKNOWN') });
});
