/** What must hold after anything: every line that was written stands in the store once. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../support/cli.ts';
import { assertDayChanges } from '../support/day-changes.ts';
import type { Follower } from '../support/follower.ts';
import { randomNumbers, shuffle } from '../support/random-log.ts';
import { statisticsRows } from '../support/rows.ts';
import {
  openSqlite,
  type ReadableStore,
  type Row,
  type StoreUnderTest,
} from '../support/store-under-test.ts';
import { until } from '../support/until.ts';

export interface Written {
  /** All lines, without their newlines. */
  readonly lines: readonly string[];
  /** By customer: how many different requests stand in them. */
  readonly requests: ReadonlyMap<string, number>;
  /** Those of the lines that stand in them a second time. */
  readonly again: readonly string[];
}

/** Waits until so many lines are in the store. @throws where more are there. */
export async function untilRead(
  follower: Pick<Follower, 'assertAlive'>,
  store: ReadableStore,
  expected: number,
): Promise<void> {
  let lines = 0;
  const isRead = async () => {
    const [row] = await store.rows('select sum(lines) as lines from checkpoints');
    lines = Number(row?.lines ?? 0);
    if (lines > expected) throw new Error(`${lines} lines were counted, of ${expected}`);
    return lines === expected;
  };
  await until(isRead, {
    assertPossible: () => follower.assertAlive(),
    describe: () => `${lines} lines were read, of ${expected}`,
  });
}

/**
 * Lets the follower read all, stops it, and holds all kinds of windows to those of a store that read every line once and
 * undisturbed, and to the numbers of the requests.
 * @param directory for a file of all lines.
 */
export async function assertReadOnce({
  follower,
  store,
  directory,
  lines,
  requests,
  again,
}: Written & {
  readonly follower: Follower;
  readonly store: StoreUnderTest;
  readonly directory: string;
}): Promise<void> {
  await untilRead(follower, store, lines.length);
  await follower.stop();
  const path = join(directory, 'all.log');
  const shuffled = shuffle([...lines], randomNumbers(1));
  writeFileSync(path, shuffled.map((line) => `${line}\n`).join(''));
  await assertSameAsUndisturbed([store], path);
  const twice = requestsOf(again);
  const written = [...requests].map(([id, count]) => [id, count + (twice.get(id) ?? 0)] as const);
  await assertRequests(store, new Map(written));
}

/** @param path of all lines: a store that reads them once and undisturbed has the same rows. @throws where one has others. */
export async function assertSameAsUndisturbed(stores: readonly ReadableStore[], path: string): Promise<void> {
  const expected = await undisturbed(path);
  try {
    for (const { rows } of stores) {
      for (const sql of COMPARED) assertSame(sql, await rows(sql), await expected.rows(sql));
      const place = { query: rows };
      await assertDayChanges(place, await statisticsRows(place), () => true);
    }
  } finally {
    await expected.dispose();
  }
}

/** @throws where a customer has more or fewer requests than these. */
export async function assertRequests(
  store: ReadableStore,
  requests: ReadonlyMap<string, number>,
): Promise<void> {
  for (const { customer_id: id, requests: counted } of await store.rows(REQUESTS)) {
    const written = requests.get(String(id)) ?? 0;
    if (Number(counted) !== written) throw new Error(`${id}: ${counted} requests, of ${written}`);
  }
}

const COMPARED = [
  'select * from daily_stats order by customer_id, date',
  'select * from hourly_stats order by customer_id, hour',
  'select * from daily_endpoint_stats order by customer_id, date, endpoint',
  'select sum(lines) as lines, sum(accepted) as accepted, sum(rejected) as rejected from checkpoints',
  'select reason, sum(lines) as lines from rejection_counts group by reason order by reason',
];

const REQUESTS = `select customer_id, sum(success_requests + failed_requests) as requests from daily_stats
  group by customer_id`;

async function undisturbed(path: string): Promise<StoreUnderTest> {
  const store = await openSqlite();
  const { code, stderr } = await run(['ingest', path], {
    env: { ...store.env, MAX_REJECTED_PERCENT: '100' },
  });
  if (code !== 0) throw new Error(`the undisturbed run ended with ${code}:\n${stderr}`);
  return store;
}

function assertSame(what: string, actual: readonly Row[], expected: readonly Row[]): void {
  const [a, b] = [actual, expected].map((rows) => rows.map(comparable));
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if (a[i] !== b[i]) throw new Error(`${what}, row ${i}:\n${a[i]}\ninstead of\n${b[i]}`);
}

/** Sums of PostgreSQL are strings, and its bytes have a class of their own. */
function comparable(row: Row): string {
  const values = Object.entries(row).map(([name, value]) => {
    if (value instanceof Uint8Array) return [name, Buffer.from(value).toString('hex')];
    return [name, typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value];
  });
  return JSON.stringify(Object.fromEntries(values));
}

function requestsOf(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const customer = line.split(' ')[2] ?? '';
    counts.set(customer, (counts.get(customer) ?? 0) + 1);
  }
  return counts;
}
