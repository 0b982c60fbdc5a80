/**
 * How long a commit takes. It prints a table and is not a test.
 *
 *     node bench/commit-speed.ts                                  the embedded store, in a temporary directory
 *     node bench/commit-speed.ts postgres://user@host/database    PostgreSQL; the database should be empty
 *
 * Each case commits one kind of batch. Every batch of a case touches the same windows, so all commits but the first read,
 * merge and write each of them. At the end, the served sums are checked.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeStatistics } from '../src/statistics/daily-statistics.ts';
import type { DailyStatistics } from '../src/statistics/types.ts';
import type { Store, WindowDelta } from '../src/store/contract.ts';
import { openPostgresStore } from '../src/store/postgres/open.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import { customerDay, customerDays } from '../src/window/key.ts';
import { adding, advanceOf } from '../test/support/batches.ts';

const COMMITS = 25;
const CASES = [
  { windows: 1, values: 1 },
  { windows: 1, values: 2000 },
  { windows: 100, values: 50 },
  { windows: 1500, values: 50 },
  { windows: 1500, values: 2000 },
];

/** Irregular steps and counts, as in a log. PostgreSQL would compress a regular state to nothing. */
function* pseudoRandom(): Generator<number, never> {
  for (let seed = 42; ; seed = (seed * 48271) % 0x7fffffff) yield seed;
}

/** @param values the number of different durations. */
function statisticsOf(values: number): DailyStatistics {
  const random = pseudoRandom();
  let ms = 3;
  const durationsMs = Float64Array.from({ length: values }, () => {
    ms += 1 + (random.next().value % 13);
    return ms;
  });
  const counts = Float64Array.from({ length: values }, () => 1 + (random.next().value % 4));
  const requests = counts.reduce((sum, count) => sum + count, 0);
  return {
    statuses: [{ status: 200, requests, durationUs: BigInt(requests) * 9000n }],
    histogram: {
      level: 0,
      milliseconds: { values: durationsMs, counts },
      others: { values: new Float64Array(), counts: new Float64Array() },
    },
    firstEventMs: 1.7e12,
    lastEventMs: 1.7e12 + 1000,
  };
}

function deltasOf(prefix: string, windows: number, statistics: DailyStatistics): WindowDelta[] {
  return Array.from({ length: windows }, (_, i) => {
    const customerId = `${prefix}_${String(Math.floor(i / 30)).padStart(3, '0')}`;
    return { key: customerDay(customerId, `2024-10-${String((i % 30) + 1).padStart(2, '0')}`), statistics };
  });
}

async function measure(store: Store, { windows, values }: (typeof CASES)[number]): Promise<void> {
  const id = `${windows}_${values}`;
  const statistics = statisticsOf(values);
  const deltas = deltasOf(id, windows, statistics);
  await store.addPartitions(() => adding(id));
  const times: number[] = [];
  for (let i = 0; i < COMMITS; i++) {
    const started = performance.now();
    await store.commit({ timeZone: 'UTC', advances: [advanceOf(id, i, i + 1)], deltas });
    times.push(performance.now() - started);
  }
  const [first, ...rest] = times;
  rest.sort((a, b) => a - b);
  const days = await store.windows({
    ...customerDays(deltas[0].key.values[0]),
    from: '2024-10-01',
    limit: 100,
  });
  const right = days.every((day) => day.success_requests === statistics.statuses[0].requests * COMMITS);
  const state = encodeStatistics(statistics).length;
  const numbers = [
    windows,
    state,
    first.toFixed(1),
    rest[Math.floor(rest.length / 2)].toFixed(1),
    rest.at(-1)?.toFixed(1),
  ];
  console.log(`${numbers.map((n) => String(n).padStart(10)).join('')}${right ? '' : '   WRONG'}`);
}

const url = process.argv[2];
const dataDir = mkdtempSync(join(tmpdir(), 'daymark-speed-'));
const store = url === undefined ? await openSqliteStore({ dataDir }) : await openPostgresStore(url);
try {
  await store.migrate();
  console.log(store.description);
  console.log('   windows state (B)  first ms median ms    max ms');
  for (const kind of CASES) await measure(store, kind);
} finally {
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
}
