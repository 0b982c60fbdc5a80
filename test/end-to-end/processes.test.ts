/** `serve --processes 2`, as clients and an operator meet it: one API, with the guards, limits and numbers of one process. */

import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { newKey } from '../../src/api/access/key-text.ts';
import { MAX_FAILED_ATTEMPTS } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { addKey, type Credential, guarded, OTHER, OWN } from '../api/access/credentials.ts';
import {
  assertTellsNothing,
  DAY,
  type Document,
  headersOf,
  newAddress,
  newClient,
  RULES,
  refusal,
  requestsOf,
} from '../api/access/matrix.ts';
import { add, SUCCESS } from '../api/requests.ts';
import { envOf, type RunningCli, run, start } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/postgres-cluster.ts';
import { SQLITE, type StorePlace } from '../support/sqlite-place.ts';

const PER_MINUTE = 400;
const STATS = `/customers/${OWN}/stats?from=${DAY}`;

/** One of each kind: the others are refused by the same code of one process. */
const SENDERS = [
  ...['no key', 'a malformed key', 'an expired key', 'a revoked key', 'an own key'],
  ...['a key of another customer', 'an ingest key', 'an admin key', 'a JWT of an own customer'],
  ...['a JWT of a wrong issuer', 'an expired JWT', 'a JWT with the algorithm none'],
  ...['a session of an own key', 'a session of an admin', 'a session of a JWT'],
  ...['a session of a revoked key', 'a changed session'],
];

let place: StorePlace;
let store: Store;
let credentials: readonly Credential[] = [];
let server: RunningCli;
let url = '';
let metricsUrl = '';

beforeAll(async () => {
  place = await SQLITE.createPlace();
  store = await place.open();
  await store.migrate();
  for (const id of [OWN, OTHER]) await add(store, id, { [DAY]: [SUCCESS] });
  const made = await guarded(store);
  credentials = made.credentials.filter(({ name }) => SENDERS.includes(name));
  expect(credentials).toHaveLength(SENDERS.length);
  const { issuer, audience, keys } = made.access.jwt ?? {};
  const file = join(envOf(place.location).DATA_DIR ?? '', 'jwks.json');
  writeFileSync(file, JSON.stringify(keys && 'jwks' in keys ? keys.jwks() : undefined));
  server = start(['serve', '--processes', '2'], {
    env: {
      ...{ ...envOf(place.location), PORT: '0', METRICS_PORT: '0', ACCESS_LOG: 'json' },
      ...{ AUTH: 'keys,jwt', JWT_ISSUER: issuer ?? '', JWT_AUDIENCE: String(audience), JWT_JWKS_FILE: file },
      RATE_LIMIT_PER_MINUTE: String(PER_MINUTE),
    },
  });
  const said = await server.says('by 2 processes');
  [metricsUrl = '', url = ''] = said.match(/http:\/\/\S+/g) ?? [];
});

afterAll(async () => {
  server?.process.kill();
  await server?.ended;
  await place?.dispose();
});

/** The processes that answer. */
function answering(): number[] {
  const children = readFileSync(`/proc/${server.process.pid}/task/${server.process.pid}/children`, 'utf8');
  return children.trim().split(' ').map(Number);
}

/** Which of them has the other end of a connection. */
function processOf(clientPort: number): number | undefined {
  const port = clientPort.toString(16).toUpperCase().padStart(4, '0');
  const row = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .find(([, , remote]) => remote?.endsWith(`:${port}`));
  const socket = `socket:[${row?.[9]}]`;
  return answering().find((pid) => readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(pid, fd) === socket));
}

function linkOf(pid: number, fd: string): string {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`);
  } catch {
    return '';
  }
}

type Client = ReturnType<typeof newClient>;

/** Clients of one address: each is connected to another process. */
async function clientOfEach(context: Pick<TestContext, 'onTestFinished'>): Promise<Client[]> {
  const address = newAddress();
  const byProcess = new Map<number | undefined, Client>();
  await eventually(async () => {
    const client = newClient(context, url, address);
    byProcess.set(processOf((await client('/health/live', {})).port), client);
    byProcess.delete(undefined);
    return byProcess.size;
  }).toBe(2);
  return [...byProcess.values()];
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function metric(line: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  return Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}

describe('two processes', () => {
  test('keep the authorization matrix: what one keeps, the other one tells nobody', async (context) => {
    const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
    let asked = 0;
    for (const [path, { get: operation }] of Object.entries(document.paths)) {
      if (!operation) continue;
      const rule = RULES[operation.operationId] ?? 'operator';
      for (const { path: target, customer } of requestsOf(path, operation)) {
        const clients = await clientOfEach(context);
        // Those who may read it ask first, so that each process keeps it; then everybody on the same connections.
        const admin = credentials.filter(({ sender }) => sender === 'admin');
        for (const credential of [...admin, ...credentials])
          for (const client of clients) {
            const answer = await client(target, headersOf(credential));
            const expected = refusal(rule, credential.sender, customer);
            const said = [operation.operationId, customer, credential.name];
            if (expected === 0)
              expect([...said, [401, 403].includes(answer.status)]).toEqual([...said, false]);
            else expect([...said, answer.status]).toEqual([...said, expected]);
            assertTellsNothing(answer, credential, customer);
            asked++;
          }
      }
    }
    expect(asked).toBeGreaterThan(1_000);
  });

  test('give the same answer to the last byte, with the same tag', async (context) => {
    const key = await addKey(store, 'admin');
    const [first, second] = await clientOfEach(context);
    const answers = [await first?.(STATS, bearer(key)), await second?.(STATS, bearer(key))];
    expect(answers[0]).toMatchObject({ status: 200, headers: { etag: expect.any(String) } });
    expect(answers[0]?.body).toBe(answers[1]?.body);
    expect(answers[0]?.headers.etag).toBe(answers[1]?.headers.etag);
    const again = await second?.(STATS, {
      ...bearer(key),
      'if-none-match': String(answers[0]?.headers.etag),
    });
    expect(again?.status).toBe(304);
  });

  test('both see a change with the next request, and refuse a key that is revoked', async (context) => {
    const key = await addKey(store, 'customer', ['new_4']);
    const clients = await clientOfEach(context);
    const path = `/customers/new_4/stats?from=${DAY}`;
    for (const client of clients) expect((await client(path, bearer(key))).body).toBe('[]');
    await add(store, 'new_4', { [DAY]: [SUCCESS] });
    for (const client of clients) expect((await client(path, bearer(key))).body).toContain('new_4');
    await store.apiKeys.revoke(key.split('_')[1] ?? '', Date.now());
    for (const client of clients)
      await eventually(async () => (await client(path, bearer(key))).status, 100).toBe(401);
  });

  test('allow a key as many requests as one process would, to the last one', async (context) => {
    const key = await addKey(store, 'admin');
    const pairs = await Promise.all([clientOfEach(context), clientOfEach(context)]);
    const clients = pairs.flat();
    const answers = await Promise.all(
      Array.from({ length: PER_MINUTE + 50 }, (_, i) => clients[i % clients.length]?.(STATS, bearer(key))),
    );
    const statuses = answers.map((answer) => answer?.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(PER_MINUTE);
    expect(statuses.filter((status) => status === 429)).toHaveLength(50);
    const last = await clients[0]?.(STATS, bearer(key));
    expect(last?.headers).toMatchObject({
      ...{ 'x-ratelimit-limit': String(PER_MINUTE), 'x-ratelimit-remaining': '0' },
      'retry-after': expect.stringMatching(/^\d+$/),
    });
  });

  test('give one of them all that a key may ask, if its connection is there', async (context) => {
    const key = await addKey(store, 'admin');
    const [first, second] = await clientOfEach(context);
    expect((await first?.(STATS, bearer(key)))?.status).toBe(200);
    const statuses: (number | undefined)[] = [];
    for (let i = 0; i < PER_MINUTE; i++) statuses.push((await second?.(STATS, bearer(key)))?.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(PER_MINUTE - 1);
    expect(statuses.at(-1)).toBe(429);
  });

  test('allow an address as many wrong keys as one process would', async (context) => {
    const clients = await clientOfEach(context);
    const statuses: (number | undefined)[] = [];
    for (let i = 0; i < MAX_FAILED_ATTEMPTS + 6; i++)
      statuses.push((await clients[i % 2]?.(STATS, bearer(newKey().text)))?.status);
    expect(statuses).toEqual([...Array(MAX_FAILED_ATTEMPTS).fill(401), ...Array(6).fill(429)]);
  });

  test('show their metrics together, whichever is asked', async (context) => {
    const key = await addKey(store, 'admin');
    const clients = await clientOfEach(context);
    const line = 'daymark_http_requests_total{route="/v1/sources",method="GET",status="200"}';
    const before = await metric(line);
    for (const client of [...clients, ...clients])
      expect((await client('/v1/sources', bearer(key))).status).toBe(200);
    await eventually(() => metric(line)).toBe(before + 4);
    for (const client of clients) {
      const { body } = await client('/metrics', bearer(key));
      expect(body).toContain(`${line} ${before + 4}\n`);
      expect(body).toMatch(/^daymark_processes 2$/m);
      expect(body).toMatch(/^daymark_store_up 1$/m);
    }
  });

  test('go on when one of them is killed, and it comes back on the same port', async (context) => {
    const key = await addKey(store, 'admin');
    const clients = await clientOfEach(context);
    const line = 'daymark_http_requests_total{route="/v1/status",method="GET",status="200"}';
    for (const client of clients) expect((await client('/v1/status', bearer(key))).status).toBe(200);
    await eventually(() => metric(line)).toBeGreaterThanOrEqual(2);
    const before = await metric(line);
    const [killed = 0, other] = answering();
    process.kill(killed, 'SIGKILL');
    await server.says('PROCESS_ENDED: Process');
    expect((await fetch(url + STATS, { headers: bearer(key) })).status).toBe(200);
    await server.says('serves again');
    expect(answering()).toContain(other);
    expect(await metric('daymark_processes')).toBe(2);
    expect(await metric('daymark_process_restarts_total')).toBe(1);
    expect(await metric(line)).toBeGreaterThanOrEqual(before);
    // Both are there for new connections.
    await clientOfEach(context);
  });

  test('finish their answers, end with their first process, and leave whole lines', async (context) => {
    const children = answering();
    const { hostname, port } = new URL(url);
    // They are handed out in turn. Their requests have begun when each process has answered one that came later.
    const begun = Array.from({ length: 4 }, () => connect(Number(port), hostname));
    for (const socket of begun) {
      await once(socket, 'connect');
      socket.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n');
    }
    for (const client of await clientOfEach(context))
      expect((await client('/health/live', {})).status).toBe(200);
    server.process.kill('SIGTERM');
    await eventually(() =>
      fetch(url).then(
        () => 'listening',
        () => 'closed',
      ),
    ).toBe('closed');
    const answers = begun.map(async (socket) => {
      socket.end('\r\n');
      return (await socket.toArray()).join('');
    });
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200 OK/);
    const { code, stdout, stderr } = await server.ended;
    expect(code).toBe(0);
    for (const child of children) expect(() => process.kill(child, 0)).toThrow('ESRCH');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(2_000);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ method: 'GET', status: expect.any(Number) });
    expect(stderr.match(/serving /g)).toHaveLength(1);
  });
});

/** A port on which another program listens until the test is over. */
async function takenPort({ onTestFinished }: TestContext): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return typeof address === 'object' ? String(address?.port) : '';
}

describe('a start that fails', () => {
  const codesIn = (text: string) => text.match(/\b[A-Z]+_[A-Z_]+(?=:)/g);

  test('is said once, with the exit code of one process', async () => {
    const { code, stderr } = await run(['serve', '--processes', '3'], {
      env: { DATABASE_URL: 'nonsense://', PORT: '0' },
    });
    expect([code, codesIn(stderr)]).toEqual([2, ['INVALID_SETTING']]);
  });

  test('is said once where the port is in use', async (context) => {
    const env = { ...envOf(place.location), PORT: await takenPort(context) };
    const { code, stderr } = await run(['serve', '--processes', '2'], { env });
    expect([code, codesIn(stderr)]).toEqual([1, ['PORT_IN_USE']]);
  });

  test('is said where the port of metrics is in use, before anybody is served', async (context) => {
    const env = { ...envOf(place.location), PORT: '0', METRICS_PORT: await takenPort(context) };
    const { code, stderr } = await run(['serve', '--processes', '2'], { env });
    expect([code, codesIn(stderr)]).toEqual([1, ['PORT_IN_USE']]);
    expect(stderr).not.toContain('serving');
  });

  test('is waited out where the database is away, and said once', async () => {
    const port = await freePort();
    const cli = start(['serve', '--processes', '2'], {
      env: { DATABASE_URL: `postgres://daymark@127.0.0.1:${port}/daymark`, PORT: '0' },
    });
    const said = await cli.says('answering 503 until the database is there');
    const [at = ''] = /http:\/\/[^\s;]+/.exec(said) ?? [];
    expect((await fetch(`${at}/health/ready`)).status).toBe(503);
    cli.process.kill('SIGTERM');
    const { code, stderr } = await cli.ended;
    expect([code, stderr.match(/STORE_UNREACHABLE/g)?.length]).toEqual([0, 1]);
  });

  test.each(['MAX_CONNECTIONS', 'MAX_EVENT_STREAMS'])(
    'is refused with more processes than %s',
    async (setting) => {
      const env = { ...envOf(place.location), PORT: '0', [setting]: '2' };
      const { code, stderr } = await run(['serve', '--processes', '3'], { env });
      expect([code, codesIn(stderr)]).toEqual([2, ['INVALID_SETTING']]);
    },
  );

  test('says that `up` has one process', async () => {
    const { code, stderr } = await run(['up', '--processes', '2'], { env: envOf(place.location) });
    expect([code, stderr]).toEqual([2, expect.stringContaining('`up` answers with one process')]);
  });
});
