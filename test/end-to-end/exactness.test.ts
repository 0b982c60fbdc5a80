import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { envOf, run } from '../support/cli.ts';
import { byWindow, distance, oracle, type Request } from '../support/oracle.ts';
import { lineOf, randomNumbers, randomRequests, shuffle } from '../support/random-log.ts';
import { ledger, statisticsRows } from '../support/rows.ts';
import { STORE_KINDS, type StoreKind, type StorePlace } from '../support/stores.ts';

const SEED = 7;
/** Each commit of lines in random order writes a row for nearly each of them: more lines only in the long run (`npm run test:long`). */
const LINES = process.env.TEST_LONG ? 200_000 : 20_000;
/** The same holds for a commit a line. */
const SINGLE_LINES = process.env.TEST_LONG ? LINES : 1_000;
/** Of the log, in one that is long enough for five workers. */
const REPETITIONS = process.env.TEST_LONG ? 10 : 35;

let directory: string;
let requests: Request[];
const logs: Record<string, string> = {};

function writeLog(name: string, files: readonly (readonly string[])[]): void {
  const path = join(directory, name);
  mkdirSync(path);
  for (const [i, lines] of files.entries()) writeFileSync(join(path, `${i}.log`), `${lines.join('\n')}\n`);
  logs[name] = path;
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-exactness-'));
  console.log(`random log of seed ${SEED}`);
  requests = randomRequests(LINES, SEED);
  const lines = requests.map(lineOf);
  writeLog('whole', [lines]);
  writeLog('shuffled', [shuffle([...lines], randomNumbers(SEED))]);
  const size = Math.ceil(lines.length / 7);
  writeLog(
    'seven',
    Array.from({ length: 7 }, (_, i) => lines.slice(i * size, (i + 1) * size)),
  );
  // More than one thread reads before others have started.
  writeLog('long', [Array.from({ length: REPETITIONS }, () => lines).flat()]);
  writeLog('single', [lines.slice(0, SINGLE_LINES)]);
});

afterAll(() => rmSync(directory, { recursive: true }));

/** The first and the last event time of a store, and where its clock stands. */
async function eventTimes(place: StorePlace): Promise<number[]> {
  const times = 'min(first_event_ms) as first, max(last_event_ms) as last, max(clock_ms) as clock';
  const [{ first, last, clock }] = await place.query(`select ${times} from checkpoints`);
  return [first, last, clock].map(Number);
}

function timesOf(all: readonly Request[]): number[] {
  const reduce = (best: (a: number, b: number) => number) =>
    all.map(({ eventTimeMs }) => eventTimeMs).reduce((a, b) => best(a, b));
  return [reduce(Math.min), reduce(Math.max), reduce(Math.max)];
}

/** Ingests into a fresh store. @returns its rows, as the store and as the program serve them. */
async function rowsAfter(kind: StoreKind, log: string, flags: readonly string[] = []) {
  const place = await kind.createPlace();
  try {
    const env = envOf(place.location);
    const result = await run(['ingest', logs[log] ?? '', '--json', ...flags], { env });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    if (log !== 'single') expect(await eventTimes(place)).toEqual(timesOf(requests));
    const { lines, accepted, rejected } = await ledger(place);
    expect(accepted + rejected).toBe(lines);
    expect(JSON.parse(result.stdout)).toMatchObject({ lines_read: lines, accepted, rejected: 0 });
    return await statisticsRows(place);
  } finally {
    await place.dispose();
  }
}

describe.each(STORE_KINDS)('rows in $name', (kind) => {
  let reference: Record<string, unknown>[];

  beforeAll(async () => {
    reference = await rowsAfter(kind, 'whole');
  });

  it('equal an independent recomputation from the requests', () => {
    const windows = byWindow(requests);
    expect(reference).toHaveLength(windows.size);
    for (const row of reference) {
      const expected = oracle(windows.get(`${row.customer_id} ${row.date}`) ?? []);
      expect(row).toMatchObject({
        success_requests: expected.successRequests,
        failed_requests: expected.failedRequests,
        duration_p50: expected.durationP50S,
        duration_p99: expected.durationP99S,
      });
      const { durationMeanS, uptimePercentage } = expected;
      expect(distance(Number(row.duration_mean), durationMeanS)).toBeLessThan(1e-9 * (durationMeanS ?? 0));
      const uptimeError = distance(Number(row.uptime_percentage), uptimePercentage);
      expect(uptimeError).toBeLessThanOrEqual(1e-9 * (uptimePercentage ?? 0));
      expect(row.success_percentage).toBeCloseTo(expected.successPercentage, 10);
    }
  });

  it('are the same for the lines in another order', async () => {
    expect(await rowsAfter(kind, 'shuffled')).toEqual(reference);
  });

  it('are the same for the log cut into seven files', async () => {
    expect(await rowsAfter(kind, 'seven')).toEqual(reference);
  });

  it.each(['1000000', '4097', '997'])('are the same in batches of %s lines', async (lines) => {
    expect(await rowsAfter(kind, 'whole', ['--batch-lines', lines])).toEqual(reference);
  });

  it.each(['10000000', '200000'])(
    'are the same whatever the number of workers, in batches of %s lines',
    async (batchLines) => {
      const alone = await rowsAfter(kind, 'long', ['--workers', '1']);
      for (const workers of ['2', '3', '5']) {
        const flags = ['--workers', workers, '--batch-lines', batchLines];
        expect(await rowsAfter(kind, 'long', flags)).toEqual(alone);
      }
    },
  );

  it('are the same where late events are merged, one file in its order by one thread', async () => {
    const late = await rowsAfter(kind, 'long', ['--workers', '3', '--wait-for-system-duration', 'PT1H']);
    expect(late).toEqual(await rowsAfter(kind, 'long', ['--workers', '3']));
  });

  it('are the same in batches of 1 line', async () => {
    const single = await rowsAfter(kind, 'single', ['--batch-lines', '1', '--workers', '3']);
    expect(single).toEqual(await rowsAfter(kind, 'single'));
  });
});

describe('rows in different stores', () => {
  const CUSTOMERS_ASKED = ['cust_1', 'cust_33', '漢字', '😀', 'x'.repeat(255), '../%2F?x=1&y'];

  async function served(kind: StoreKind) {
    const place = await kind.createPlace();
    try {
      const env = envOf(place.location);
      await run(['ingest', logs.whole ?? ''], { env });
      const asked = CUSTOMERS_ASKED.map((id) =>
        run(['stats', id, '--from', '2024-01-01', '--json'], { env }),
      );
      const answers = (await Promise.all(asked)).map(({ stdout }) => JSON.parse(stdout) as unknown[]);
      const states = (await statisticsRows(place)).map(({ customer_id, date, state }) => [
        customer_id,
        date,
        state,
      ]);
      return { answers, states };
    } finally {
      await place.dispose();
    }
  }

  it('and what is served of them are the same', async () => {
    const [first, ...others] = await Promise.all(STORE_KINDS.map(served));
    for (const days of first?.answers ?? []) expect(days).toHaveLength(20);
    for (const other of others) expect(other).toEqual(first);
  });
});
