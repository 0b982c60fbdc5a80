import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve } from '../api/support.ts';
import { envOf, run } from '../support/cli.ts';
import { naiveHours, naiveSpans } from '../support/naive-spans.ts';
import type { Request } from '../support/oracle.ts';
import { lineOf, randomRequests } from '../support/random-log.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { naiveClasses, naiveShare, naiveStatuses, naiveSummary } from '../support/summary-oracle.ts';

/** Its clocks went forward on 2024-09-29. */
const ZONE = 'Pacific/Auckland';
const RANGE = { from: '2024-09-19', to: '2024-10-02' };
const BEFORE = { from: '2024-09-05', to: '2024-09-18' };
const SEED = 12;

type Row = Record<string, unknown>;

/** The last digits of a mean differ with the order in which numbers are added. */
const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9));
const numbersOf = (requests: readonly Request[]) => {
  const numbers = naiveSummary(requests);
  return {
    ...numbers,
    duration_mean: near(numbers.duration_mean),
    uptime_percentage: near(numbers.uptime_percentage),
  };
};

/** What is told of all customers: nothing from which the number of requests of another one could be told. */
function everyonesNumbers(requests: readonly Request[]) {
  const { availability_percentage, success_percentage, uptime_percentage, ...rest } = numbersOf(requests);
  const { duration_mean, duration_p50, duration_p90, duration_p95, duration_p99, duration_p999 } = rest;
  return {
    ...{ availability_percentage, success_percentage, uptime_percentage, duration_mean },
    ...{ duration_p50, duration_p90, duration_p95, duration_p99, duration_p999, duration_precision: null },
  };
}
const shareOf = (requests: readonly Request[], seconds: number) => {
  const { percentage } = naiveShare(requests, seconds);
  return { seconds, percentage };
};

/** By availability, then by the 99th percentile; every request of the log has a duration. */
const better = (a: Row, b: Row) =>
  Number(b.availability_percentage) - Number(a.availability_percentage) ||
  Number(a.duration_p99) - Number(b.duration_p99);

let directory: string;
let place: StorePlace;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-ranges-'));
});
afterEach(async () => {
  await place.dispose();
  rmSync(directory, { recursive: true });
});

describe.each(STORE_KINDS)('ranges of a log in $name', (kind) => {
  it('have the numbers of its lines, in the API and in the terminal', async () => {
    place = await kind.createPlace();
    const requests = randomRequests(20_000, SEED);
    const file = join(directory, 'api.log');
    writeFileSync(file, `${requests.map(lineOf).join('\n')}\n`);
    const env = { ...envOf(place.location), TIME_ZONE: ZONE };
    expect(await run(['ingest', file], { env })).toMatchObject({ code: 0 });
    const url = await serve({ store: await place.open() });
    const query = `from=${RANGE.from}&to=${RANGE.to}`;
    const daysOfAll = naiveSpans(requests, 'day', RANGE, ZONE);
    const inRange = daysOfAll.flatMap(({ requests: same }) => same);
    const everyone = {
      ...everyonesNumbers(inRange),
      days_with_requests: daysOfAll.filter(({ requests: same }) => same.length > 0).length,
    };
    for (const [id, own] of Map.groupBy(requests, ({ customerId }) => customerId)) {
      const base = `${url}/v1/customers/${encodeURIComponent(id)}`;
      for (const granularity of ['day', 'week', 'month'] as const) {
        const spans = naiveSpans(own, granularity, RANGE, ZONE);
        const rows = await (
          await fetch(`${base}/stats?${query}&granularity=${granularity}&fill=true`)
        ).json();
        const expected = spans.map(({ requests: same, ...span }) => ({
          customer_id: id,
          ...span,
          ...numbersOf(same),
        }));
        expect(rows).toMatchObject(expected);
        expect(rows).toHaveLength(expected.length);
      }
      const hours = naiveHours(own, RANGE, ZONE)
        .filter(({ requests: same }) => same.length > 0)
        .map(({ span, requests: same }) => ({ hour: span, ...naiveSummary(same) }))
        .map(({ hour, requests: count, availability_percentage, duration_p99 }) => ({
          ...{ hour, requests: count, availability_percentage, duration_p99 },
        }));
      const all = (range: typeof RANGE) =>
        naiveSpans(own, 'day', range, ZONE).flatMap(({ requests: same }) => same);
      const summary = await (await fetch(`${base}/summary?${query}&share_under=0.5,60`)).json();
      expect(summary).toMatchObject({
        ...{ customer_id: id, ...RANGE, ...numbersOf(all(RANGE)) },
        shares_under: [naiveShare(all(RANGE), 0.5), naiveShare(all(RANGE), 60)],
        statuses: naiveStatuses(all(RANGE)),
        status_classes: naiveClasses(all(RANGE)),
        best_hour: [...hours].sort(better)[0],
        worst_hour: [...hours].sort((a, b) => better(b, a))[0],
        preceding: { ...BEFORE, ...numbersOf(all(BEFORE)) },
        everyone: { ...everyone, shares_under: [0.5, 60].map((seconds) => shareOf(inRange, seconds)) },
      });
    }
    for (const [id, own] of [...Map.groupBy(requests, ({ customerId }) => customerId)].slice(0, 5)) {
      const base = `${url}/v1/customers/${encodeURIComponent(id)}/stats?${query}&granularity=hour`;
      const expected = naiveHours(own, RANGE, ZONE).map(({ requests: same, ...hour }) => ({
        ...{ customer_id: id, ...hour, ...numbersOf(same) },
      }));
      expect(await (await fetch(`${base}&fill=true`)).json()).toMatchObject(expected);
      const withRequests = expected.filter((hour) => hour.requests > 0);
      const rows = (await (await fetch(base)).json()) as Row[];
      expect(rows).toMatchObject(withRequests);
      expect(rows).toHaveLength(withRequests.length);
    }
    const print = async (...flags: string[]) =>
      (await run(['stats', 'cust_1', '--from', RANGE.from, '--to', RANGE.to, ...flags], { env })).stdout;
    const get = async (path: string) => (await fetch(`${url}/v1/customers/cust_1/${path}`)).json();
    expect(JSON.parse(await print('--granularity', 'week', '--json'))).toEqual(
      await get(`stats?${query}&granularity=week`),
    );
    expect(JSON.parse(await print('--summary', '--share-under', '0.5', '--json'))).toEqual(
      await get(`summary?${query}&share_under=0.5`),
    );
  });
});

describe('daymark stats', () => {
  const line = (time: string, status: number, seconds: string) =>
    `2024-10-${time} a /api/v1/resource1 ${status} ${seconds}`;
  let env: Record<string, string>;
  beforeEach(async () => {
    place = await (STORE_KINDS[0] as (typeof STORE_KINDS)[number]).createPlace();
    env = envOf(place.location);
    const lines = [
      line('01 05:00:00', 200, '0.100'),
      line('07 05:00:00', 200, '0.300'),
      line('07 06:00:00', 500, '2.000'),
      line('08 05:00:00', 404, '0.200'),
    ];
    const file = join(directory, 'api.log');
    writeFileSync(file, `${lines.join('\n')}\n`);
    expect(await run(['ingest', file], { env })).toMatchObject({ code: 0 });
  });
  const stats = (...args: string[]) => run(['stats', ...args], { env });

  it('prints weeks as a table and as CSV', async () => {
    const weeks = ['a', '--from', '2024-10-01', '--to', '2024-10-14', '--granularity', 'week'];
    expect((await stats(...weeks, '--fill')).stdout.split('\n')).toEqual([
      'a',
      'from                to  requests  failed  errors  availability %    mean s  p50 s  p90 s  p95 s  p99 s  max s  state',
      '2024-10-01  2024-10-06         1       0       0        100.0000  0.100000    0.1    0.1    0.1    0.1    0.1   open  ████',
      '2024-10-07  2024-10-13         3       2       1         66.6667  0.833333    0.3      2      2      2      2   open  ██████████',
      '2024-10-14  2024-10-14         0       0       0               -         -      -      -      -      -      -   open',
      '',
    ]);
    expect((await stats(...weeks, '--csv')).stdout.split('\n')).toEqual([
      'customer_id,span,from,to,requests,success_requests,failed_requests,error_requests,counted_requests,availability_percentage,success_percentage,uptime_percentage,duration_mean,duration_min,duration_p50,duration_p90,duration_p95,duration_p99,duration_p999,duration_max,duration_precision,state,state_since,revision',
      'a,2024-09-30,2024-10-01,2024-10-06,1,1,0,0,1,100,100,100,0.1,0.1,0.1,0.1,0.1,0.1,0.1,0.1,,open,2024-10-01T00:00:00.000Z,0',
      'a,2024-10-07,2024-10-07,2024-10-13,3,1,2,1,3,66.66666666666667,33.333333333333336,12,0.8333333333333334,0.2,0.3,2,2,2,2,2,,open,2024-10-07T00:00:00.000Z,0',
      '',
    ]);
  });

  it('prints a summary beside the preceding range, and as CSV', async () => {
    const summary = ['a', '--from', '2024-10-07', '--to', '2024-10-13', '--summary'];
    const { stdout } = await stats(...summary, '--share-under', '0.3,1');
    expect(stdout.split('\n')).toEqual([
      'a',
      '2024-10-07 to 2024-10-13, beside 2024-09-30 to 2024-10-06',
      '',
      '                   range    before     change  everyone',
      'requests               3         1         +2         -',
      'success                1         1          0         -',
      'failed                 2         0         +2         -',
      'errors                 1         0         +1         -',
      'counted                3         1         +2         -',
      'availability %   66.6667  100.0000   −33.3333   66.6667',
      'success %        33.3333  100.0000   −66.6667   33.3333',
      'uptime %         12.0000  100.0000   −88.0000   12.0000',
      'mean s          0.833333  0.100000  +0.733333  0.833333',
      'min s                0.2       0.1       +0.1         -',
      'p50 s                0.3       0.1       +0.2       0.3',
      'p90 s                  2       0.1       +1.9         2',
      'p95 s                  2       0.1       +1.9         2',
      'p99 s                  2       0.1       +1.9         2',
      'p99.9 s                2       0.1       +1.9         2',
      'max s                  2       0.1       +1.9         -',
      'under 0.3 s %    33.3333  100.0000   −66.6667   33.3333',
      'under 1 s %      66.6667  100.0000   −33.3333   66.6667',
      '',
      'classes     2xx: 1, 4xx: 1, 5xx: 1',
      'statuses    200: 1, 404: 1, 500: 1',
      'best day    2024-10-08: availability 100.0000 %, p99 0.2 s, 1 request',
      'worst day   2024-10-07: availability 50.0000 %, p99 2 s, 2 requests',
      'best hour   2024-10-08T05:00:00Z: availability 100.0000 %, p99 0.2 s, 1 request',
      'worst hour  2024-10-07T06:00:00Z: availability 0.0000 %, p99 2 s, 1 request',
      'days        2 days with requests; state: open',
      '',
    ]);
    const csv = (await stats(...summary, '--csv')).stdout.split('\n');
    expect(csv.map((each) => each.split(',').slice(0, 6).join())).toEqual([
      'customer_id,range,from,to,requests,success_requests',
      'a,asked,2024-10-07,2024-10-13,3,1',
      'a,preceding,2024-09-30,2024-10-06,1,1',
      '',
    ]);
  });

  it('prints hours, and refuses those of days that were read without hours', async () => {
    const range = ['--from', '2024-10-07', '--to', '2024-10-08', '--granularity', 'hour'];
    const { stdout } = await stats('a', ...range);
    expect(stdout.split('\n').map((row) => row.slice(0, 35))).toEqual(
      [
        'a',
        'hour                  requests  fail',
        '2024-10-07T05:00:00Z         1     0',
        '2024-10-07T06:00:00Z         1     1',
        '2024-10-08T05:00:00Z         1     1',
        '',
      ].map((row) => row.slice(0, 35)),
    );
    const older = join(directory, 'older.log');
    writeFileSync(older, `${line('07 23:00:00', 200, '0.100')}\n`);
    expect(await run(['ingest', older], { env: { ...env, HOURS: 'off' } })).toMatchObject({ code: 0 });
    const refused = await stats('a', ...range);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('HOURS_UNKNOWN: The hours of 2024-10-07 are not complete.');
    expect((await stats('a', '--from', '2024-10-08', '--granularity', 'hour')).code).toBe(0);
    const summary = await stats('a', '--from', '2024-10-07', '--to', '2024-10-08', '--summary', '--json');
    expect(JSON.parse(summary.stdout)).toMatchObject({ requests: 4, best_hour: null, worst_hour: null });
  });

  it('says what is wrong with a customer or with options, and prints nothing', async () => {
    const range = ['--from', '2024-10-01', '--to', '2024-10-02'];
    for (const [args, code, message] of [
      [['A', ...range, '--summary'], 1, 'CUSTOMER_UNKNOWN: No customer "A" is known. Did you mean a?'],
      [['b', ...range, '--granularity', 'day', '--json'], 1, 'CUSTOMER_UNKNOWN: No customer "b" is known.'],
      [
        ['a', '--from', '2024-10-01', '--summary'],
        2,
        'WRONG_USAGE: Give the last day, --to, with --summary.',
      ],
      [['a', ...range, '--summary', '--granularity', 'day'], 2, 'WRONG_USAGE: Give either --summary or'],
      [['a', ...range, '--share-under', '1'], 2, 'WRONG_USAGE: Give --share-under only with --summary.'],
      [['a', ...range, '--summary', '--share-under', '1s'], 2, 'INVALID_SETTING: --share-under is "1s", but'],
      [['a', ...range, '--granularity', 'year'], 2, "WRONG_USAGE: Option '--granularity"],
    ] as const) {
      const result = await stats(...args);
      expect(result).toMatchObject({ code, stdout: '' });
      expect(result.stderr).toContain(message);
    }
    expect((await stats('b', ...range)).code).toBe(0);
  });
});

it('have rows for each of a customer’s months', async () => {
  place = await (STORE_KINDS[0] as (typeof STORE_KINDS)[number]).createPlace();
  const file = join(directory, 'api.log');
  writeFileSync(file, ['2024-09-30', '2024-10-01'].map((day) => `${day} 05:00:00 a /x 200 0.1\n`).join(''));
  const env = envOf(place.location);
  expect(await run(['ingest', file], { env })).toMatchObject({ code: 0 });
  const { stdout } = await run(['stats', 'a', '--from', '2024-01-01', '--granularity', 'month', '--json'], {
    env,
  });
  expect((JSON.parse(stdout) as Row[]).map(({ span, requests }) => [span, requests])).toEqual([
    ['2024-09-01', 1],
    ['2024-10-01', 1],
  ]);
});
