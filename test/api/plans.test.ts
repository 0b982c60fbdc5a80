/** The plans of PostgreSQL for what the API asks: each statement finds its rows by an index. */

import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { NO_NAMES } from '../../src/api/customer-names.ts';
import { INPUT_WORDS } from '../../src/commands/cli/input-words.ts';
import type { Store, WindowDelta } from '../../src/store/contract.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { TYPES } from '../../src/store/postgres/types.ts';
import { compareKeys } from '../../src/window/key.ts';
import {
  ALL_DAYS,
  ALL_ENDPOINTS,
  ALL_HOURS,
  CUSTOMER_DAYS,
  CUSTOMER_ENDPOINTS,
  CUSTOMER_HOURS,
  WINDOW_KINDS,
  type WindowKind,
} from '../../src/window/kind.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { createDatabase } from '../support/postgres-database.ts';
import { operationQueries } from './operation-queries.ts';
import { serve } from './support.ts';

const CUSTOMERS = 150;
const DAYS = 240;
const DATE = '2024-03-02';
const RANGE = 'from=2024-03-01&to=2024-03-05';
const dateOf = (day: number): string => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
const customerOf = (number: number): string => `cust_${number}`;

/** As many rows as make a planner look for an index, of each kind. */
function manyDeltas(): WindowDelta[] {
  const [{ statistics }] = deltasOf([requestOf('', DATE)]);
  const of = (kind: WindowKind, values: string[]): WindowDelta => ({ key: { kind, values }, statistics });
  const deltas: WindowDelta[] = [];
  for (let day = 0; day < DAYS; day++) {
    const date = dateOf(day);
    const hour = `${date}T10:00:00.000Z`;
    for (let shard = 0; shard < 16; shard++) {
      const text = String(shard);
      deltas.push(
        of(ALL_DAYS, [text, date]),
        of(ALL_HOURS, [text, hour]),
        of(ALL_ENDPOINTS, [date, '/a', text]),
      );
    }
    for (let number = 0; number < CUSTOMERS; number++) {
      const id = customerOf(number);
      deltas.push(of(CUSTOMER_DAYS, [id, date]), of(CUSTOMER_HOURS, [id, hour]));
      deltas.push(of(CUSTOMER_ENDPOINTS, [id, date, `/a${number % 7}`]));
    }
  }
  return deltas.sort((a, b) => compareKeys(a.key, b.key));
}

interface Asked {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Notes what goes to PostgreSQL. @returns takes what came since the last time. */
function noteStatements(): () => Asked[] {
  const asked: Asked[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, text: unknown, values: unknown, ...rest: unknown[]) {
    if (typeof text === 'string' && Array.isArray(values)) asked.push({ text, values });
    return Reflect.apply(query, this, [text, values, ...rest]);
  } as typeof query;
  onTestFinished(() => {
    pg.Client.prototype.query = query;
  });
  return () => asked.splice(0);
}

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

function* nodesOf(plan: Plan): Generator<Plan> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}

async function operationsOf(url: string): Promise<[id: string, path: string][]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, { readonly get?: { readonly operationId: string } }>;
  };
  return Object.entries(paths).flatMap(([path, { get }]) => (get ? [[get.operationId, path]] : []));
}

async function filledStore(): Promise<{ readonly store: Store; readonly explain: pg.Client }> {
  const database = await createDatabase();
  const store = await openPostgresStore(database.url);
  const explain = new pg.Client({ connectionString: database.url, types: TYPES });
  onTestFinished(async () => {
    await store.close();
    await explain.end();
    await database.drop();
  });
  await store.migrate();
  await store.addPartitions(() => adding('p'));
  await store.commit({ timeZone: 'UTC', advances: [advanceOf('p', 0, 1)], deltas: manyDeltas() });
  await explain.connect();
  await explain.query('vacuum analyze');
  return { store, explain };
}

test('finds the rows of every operation by an index, and reads no large table from its beginning to its end', async () => {
  const { store, explain } = await filledStore();
  const url = await serve({ store, words: INPUT_WORDS, customers: { ...NO_NAMES, isPublic: () => true } });
  const queries = operationQueries(customerOf(7), RANGE, DATE);
  const large = new Set(WINDOW_KINDS.filter(({ shardColumn }) => !shardColumn).map(({ table }) => table));
  const take = noteStatements();
  const scans: string[] = [];
  const indexes = new Set<string>();
  const operations = (await operationsOf(url)).map(([id, path]) => ({ id, path, query: queries[id] }));
  const ofEndpoint = { id: 'rankCustomers', path: '/v1/customers', query: `endpoint=/a0&${RANGE}` };
  for (const { id, path, query } of [...operations, ofEndpoint]) {
    if (query === undefined) continue;
    take();
    const response = await fetch(`${url}${path.replace('{customer_id}', customerOf(7))}?${query}`);
    expect([id, response.status]).toEqual([id, 200]);
    await response.arrayBuffer();
    for (const { text, values } of take().filter((one) => /^\s*(select|with)\b/i.test(one.text))) {
      const { rows } = await explain.query(`explain (format json) ${text}`, [...values]);
      take();
      for (const node of nodesOf(JSON.parse(rows[0]['QUERY PLAN'])[0].Plan)) {
        if (node['Index Name']) indexes.add(node['Index Name']);
        if (node['Node Type'] === 'Seq Scan' && large.has(node['Relation Name'] ?? ''))
          scans.push(`${id}: ${node['Relation Name']}: ${text.slice(0, 160)}`);
      }
    }
  }
  expect(scans).toEqual([]);
  expect([...indexes]).toEqual(
    expect.arrayContaining([
      ...['daily_stats_pkey', 'hourly_stats_pkey', 'daily_endpoint_stats_pkey'],
      'daily_endpoint_stats_by_endpoint',
    ]),
  );
});
