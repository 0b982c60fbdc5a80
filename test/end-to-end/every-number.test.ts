/** Every number of every operation of the API, held to a recomputation from raw lines. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIV3_1 } from 'openapi-types';
import { afterEach, describe, expect, it } from 'vitest';
import { NO_NAMES } from '../../src/api/customer-names.ts';
import { INPUT_WORDS } from '../../src/commands/cli/input-words.ts';
import { serve } from '../api/support.ts';
import { envOf, run, start } from '../support/cli.ts';
import { naiveAnswers } from '../support/naive-answers.ts';
import {
  inOrderOfNames,
  type NaiveAnswer,
  type NaiveLine,
  type NaiveLog,
  type NaiveRequest,
  type NaiveWorld,
} from '../support/naive-logs.ts';
import { randomNumbers, shuffle } from '../support/random-log.ts';
import { windowRows } from '../support/rows.ts';
import { siteOfEachTest } from '../support/site.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { until } from '../support/until.ts';

/** Its clocks went forward on 2024-09-29. */
const ZONE = 'Pacific/Auckland';
const RANGE = { from: '2024-09-27', to: '2024-09-30' };
/** The days before the range are in the log, too, and so is one after it. */
const FIRST_MS = Date.UTC(2024, 8, 22, 13);
const DAYS = 10;
/** Each commit of lines in random order writes every hour again: a longer log takes much longer, and shows no more. */
const LINES = 700;
const LATE_LINES = 60;
const FORMAT =
  'json timestamp=time customer_id=user request_path=path status=status duration=took:us method=verb';

const DOCUMENT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'),
) as OpenAPIV3_1.Document;
/** What is read, with its path. Metrics are of a process, and no JSON: their own tests hold them to the ledger. Pictures and events have no numbers. */
const OPERATIONS = Object.entries(DOCUMENT.paths ?? {})
  .map(([path, item]) => ({ path, ...item?.get }))
  .filter(
    ({ operationId = 'getMetrics' }) => !['getMetrics', 'getBadge', 'streamEvents'].includes(operationId),
  );
const SORTS = OPERATIONS.find(({ operationId }) => operationId === 'rankCustomers')
  ?.parameters?.flatMap((parameter) => ('name' in parameter && parameter.name === 'sort' ? [parameter] : []))
  .flatMap(({ schema }) => (schema && 'enum' in schema ? (schema.enum as string[]) : []));

const CUSTOMERS = [
  ...['.', '..', 'é', '漢字', '😀', '\uffff', ' ', '=1+1', `a'b"; drop table daily_stats;--`, '../%2F?x=1&y'],
  ...['cust_1', 'cust_1', 'cust_1', 'cust_2', 'CUST_1'],
];
/** When the range begins. From then on, requests of one customer are those of another: one fell silent, one is new. */
const RANGE_BEGINS_MS = Date.UTC(2024, 8, 26, 12);
const SILENT = '漢字';
const NEW = 'new/one';
const STATUSES = [0, 101, 200, 200, 200, 201, 204, 301, 404, 429, 500, 503, 599];
const TARGETS = ['/orders/17', '/orders/18?page=2', '/caf%C3%A9/', '*', '/'];
const GARBAGE = [
  ['empty_line', ''],
  ['invalid_timestamp', '{"time":"never","user":"cust_9","path":"/","status":200,"took":1,"verb":"GET"}'],
  [
    'invalid_status',
    '{"time":"2024-09-28T00:00:00.000Z","user":"cust_9","path":"/","status":700,"took":1,"verb":"GET"}',
  ],
] as const;

/** Requests in random order. Half of the durations are whole milliseconds. */
function randomRequests(count: number, random: () => number, days: number, isLate: boolean): NaiveRequest[] {
  const below = (end: number) => Math.floor(random() * end);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)];
  const customerAt = (timeMs: number, id: string) => (id === SILENT && timeMs >= RANGE_BEGINS_MS ? NEW : id);
  const timeMs = () => FIRST_MS + below(days * 86_400_000);
  return Array.from({ length: count }, timeMs).map((eventTimeMs) => ({
    eventTimeMs,
    customerId: customerAt(eventTimeMs, pick(CUSTOMERS)),
    method: pick(['GET', 'GET', 'POST', 'BREW']),
    target: pick(TARGETS),
    status: pick(STATUSES),
    durationUs: random() < 0.5 ? 1000 * below(90_000) : below(5_000_000),
    isLate,
  }));
}

function lineOf({ eventTimeMs, customerId, status, durationUs, method, target }: NaiveRequest): string {
  return JSON.stringify({
    ...{ time: new Date(eventTimeMs).toISOString(), user: customerId, verb: method },
    ...{ path: target, status, took: durationUs },
  });
}

const site = siteOfEachTest('every-number');

/** Writes a log; lines that are none stand between its requests, never at its beginning. */
function writeLog(name: string, requests: readonly NaiveRequest[], random: () => number): NaiveLog {
  const lines: NaiveLine[] = [];
  let offset = 0;
  const add = (text: string, what: Pick<NaiveLine, 'request' | 'reason'>) => {
    const end = offset + Buffer.byteLength(text) + 1;
    lines.push({ text: `${text}\n`, offset, end, ...what });
    offset = end;
  };
  for (const request of requests) {
    add(lineOf(request), { request });
    const [reason, text] = GARBAGE[Math.floor(random() * GARBAGE.length)];
    if (random() < 0.05) add(text, { reason });
  }
  const path = join(site.logs, name);
  const bytes = Buffer.from(lines.map(({ text }) => text).join(''));
  writeFileSync(path, bytes);
  return { name: path, bytes, lines };
}

let place: StorePlace;
afterEach(() => place.dispose());

async function read(args: readonly string[], env: Record<string, string>): Promise<void> {
  expect(await run(args, { env })).toMatchObject({ code: 0 });
}

/** Follows the logs in small batches, and is killed after its first commit and in the middle of what follows. */
async function readAndKill(env: Record<string, string>): Promise<void> {
  for (const share of [0, 0.5]) {
    const running = start(['ingest', '--follow', '--batch-lines', '60'], { env });
    const read = async () =>
      Number(
        (await place.query('select sum(lines) as lines from checkpoints').catch(() => []))[0]?.lines ?? 0,
      );
    await until(async () => (await read()) > share * LINES);
    running.process.kill('SIGKILL');
    expect((await running.ended).signal).toBe('SIGKILL');
  }
}

function pathOf(operationId: string, { customerId, query }: NaiveAnswer): string {
  const { path = '' } = OPERATIONS.find((operation) => operation.operationId === operationId) ?? {};
  const asked = new URLSearchParams(query);
  return `${path.replace('{customer_id}', encodeURIComponent(customerId ?? ''))}?${asked}`;
}

/** Asks every operation for all that it can be asked for. */
async function assertAnswers(world: NaiveWorld): Promise<void> {
  await windowRows(place);
  const customers = { ...NO_NAMES, isPublic: () => true };
  const url = await serve({ store: await place.open(), words: INPUT_WORDS, customers });
  const answers = naiveAnswers(world, SORTS ?? []);
  expect(Object.keys(answers).sort()).toEqual(OPERATIONS.map(({ operationId }) => operationId).sort());
  for (const [operationId, asked] of Object.entries(answers)) {
    let count = 0;
    for (const answer of asked) {
      const path = pathOf(operationId, answer);
      const response = await fetch(url + path);
      expect([path, response.status, inOrderOfNames(await response.json())]).toEqual([
        ...[path, 200, answer.expected],
      ]);
      count++;
    }
    expect([operationId, count > 0]).toEqual([operationId, true]);
  }
}

/** One row of each kind is lost, and one is wrong. */
const DAMAGE = [
  "delete from customer_daily_stats where date = '2024-09-28'",
  "delete from hourly_stats where hour < '2024-09-28'",
  "delete from daily_endpoint_stats where endpoint = '(other)'",
  "delete from all_daily_stats where date = '2024-09-29'",
  "delete from all_hourly_stats where hour > '2024-09-29'",
  "delete from all_daily_endpoint_stats where date = '2024-09-30'",
  'update partition_days set lines = lines + 1',
];

describe.each(STORE_KINDS)('Every number of every operation, from a store of $name', (kind) => {
  it('is that of the lines, after they were shuffled, cut, killed and rebuilt', async () => {
    place = await kind.createPlace();
    const env = { ...envOf(place.location), TIME_ZONE: ZONE, LOG_FORMAT: FORMAT, LOGS_SOURCE_DIR: site.logs };
    const random = randomNumbers(41);
    const requests = shuffle(randomRequests(LINES, random, DAYS, false), random);
    const logs = [0, 1, 2].map((i) =>
      writeLog(
        `${i}.log`,
        requests.filter((_, at) => at % 3 === i),
        random,
      ),
    );
    await readAndKill(env);
    await read(['ingest'], env);
    const stored = await windowRows(place);
    for (const sql of DAMAGE) await place.query(sql);
    await read(['rebuild'], { DATA_DIR: join(site.directory, 'data'), ...env });
    expect(await windowRows(place)).toEqual(stored);
    await assertAnswers({ zone: ZONE, logs, isFinal: false, range: RANGE });
  });

  it('is that of the lines, also of those that came after their days were final', async () => {
    place = await kind.createPlace();
    const env = {
      ...{ ...envOf(place.location), TIME_ZONE: ZONE, LOG_FORMAT: FORMAT, LOGS_SOURCE_DIR: site.logs },
      WAIT_FOR_SYSTEM_DURATION: 'PT1H',
    };
    const random = randomNumbers(42);
    const inTime = (requests: NaiveRequest[]) => requests.sort((a, b) => a.eventTimeMs - b.eventTimeMs);
    const requests = inTime(randomRequests(LINES, random, DAYS, false));
    const logs = [0, 1].map((i) =>
      writeLog(
        `${i}.log`,
        requests.filter((_, at) => at % 2 === i),
        random,
      ),
    );
    await readAndKill(env);
    await read(['ingest'], env);
    logs.push(writeLog('late.log', inTime(randomRequests(LATE_LINES, random, DAYS - 2, true)), random));
    await read(['ingest'], env);
    await assertAnswers({ zone: ZONE, logs, isFinal: true, range: RANGE });
  });
});
