import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { serve } from '../api/support.ts';
import { envOf, run } from '../support/cli.ts';
import { naiveHours, naiveSpans } from '../support/naive-spans.ts';
import type { Request } from '../support/oracle.ts';
import { lineOf, randomRequests } from '../support/random-log.ts';
import { siteOfEachTest } from '../support/site.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { naiveClasses, naiveShare, naiveStatuses, naiveSummary } from '../support/summary-oracle.ts';

/** Its clocks went forward on 2024-09-29. */
const ZONE = 'Pacific/Auckland';
const RANGE = { from: '2024-09-19', to: '2024-10-02' };
const BEFORE = { from: '2024-09-05', to: '2024-09-18' };
const QUERY = `from=${RANGE.from}&to=${RANGE.to}`;

const site = siteOfEachTest('all-customers');
let place: StorePlace;
afterEach(() => place.dispose());

/** The last digits of a mean differ with the order in which numbers are added. */
function numbersOf(requests: readonly Request[]) {
  const numbers = naiveSummary(requests);
  const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9));
  const { duration_mean: mean, uptime_percentage: uptime } = numbers;
  return { ...numbers, duration_mean: near(mean), uptime_percentage: near(uptime) };
}

describe.each(STORE_KINDS)('all customers together in $name', (kind) => {
  let env: Record<string, string>;
  let get: (path: string) => Promise<unknown>;

  async function open(): Promise<void> {
    place = await kind.createPlace();
    env = { ...envOf(place.location), TIME_ZONE: ZONE, LOGS_SOURCE_DIR: site.logs };
  }

  async function read(name: string, requests: readonly Request[], settings = {}): Promise<void> {
    writeFileSync(join(site.logs, name), `${requests.map(lineOf).join('\n')}\n`);
    expect(await run(['ingest'], { env: { ...env, ...settings } })).toMatchObject({ code: 0 });
  }

  async function startServer(): Promise<void> {
    const url = await serve({ store: await place.open() });
    get = async (path) => (await fetch(url + path)).json();
  }

  async function assertNumbers(requests: readonly Request[]): Promise<void> {
    const all = (range: typeof RANGE) =>
      naiveSpans(requests, 'day', range, ZONE).flatMap((day) => day.requests);
    for (const granularity of ['day', 'week', 'month'] as const) {
      const expected = naiveSpans(requests, granularity, RANGE, ZONE);
      expect(await get(`/v1/stats?${QUERY}&granularity=${granularity}&fill=true`)).toMatchObject(
        expected.map(({ requests: same, ...span }) => ({ customer_id: null, ...span, ...numbersOf(same) })),
      );
    }
    expect(await get(`/v1/stats?${QUERY}&granularity=hour&fill=true`)).toMatchObject(
      naiveHours(requests, RANGE, ZONE).map(({ requests: same, ...hour }) => ({
        ...{ customer_id: null, ...hour, ...numbersOf(same) },
      })),
    );
    expect(await get(`/v1/summary?${QUERY}&share_under=0.5`)).toMatchObject({
      ...{ customer_id: null, ...RANGE, ...numbersOf(all(RANGE)), everyone: null },
      shares_under: [naiveShare(all(RANGE), 0.5)],
      statuses: naiveStatuses(all(RANGE)),
      status_classes: naiveClasses(all(RANGE)),
      preceding: { ...BEFORE, ...numbersOf(all(BEFORE)) },
    });
  }

  it('have the numbers of all lines, in the API and in the terminal', async () => {
    await open();
    const requests = randomRequests(10_000, 21);
    await read('a.log', requests.slice(0, 4_000));
    await read('b.log', requests.slice(4_000));
    await startServer();
    await assertNumbers(requests);
    const print = async (...flags: string[]) => {
      const { stdout } = await run(['stats', ...['--from', RANGE.from, '--to', RANGE.to], ...flags], { env });
      return JSON.parse(stdout);
    };
    expect(await print('--json')).toEqual(await get(`/v1/stats?${QUERY}`));
    expect(await print('--summary', '--json')).toEqual(await get(`/v1/summary?${QUERY}`));
  });

  it('are not told of days of which some lines were read without them, until a rebuild', async () => {
    await open();
    const requests = randomRequests(6_000, 22);
    const isLate = ({ eventTimeMs }: Request) => eventTimeMs >= Date.UTC(2024, 8, 25, 12);
    const [early, late] = [requests.filter((one) => !isLate(one)), requests.filter(isLate)];
    await read('a.log', early);
    await read('b.log', late.slice(0, 500), { ALL_CUSTOMERS: 'off' });
    // Now there are windows of all of these days, and each customer has fewer requests than they.
    await read('c.log', late.slice(500));
    await startServer();
    const unknown = { status: 422, code: 'ALL_CUSTOMERS_UNKNOWN' };
    for (const path of [`summary?${QUERY}`, `stats?${QUERY}`, `stats?from=2024-09-26&granularity=hour`])
      expect(await get(`/v1/${path}`)).toMatchObject(unknown);
    expect(await get(`/v1/customers/cust_1/summary?${QUERY}`)).toMatchObject({ everyone: null });
    const inRange = naiveSpans(requests, 'day', RANGE, ZONE).flatMap((day) => day.requests);
    expect(await get(`/v1/endpoints?${QUERY}`)).toMatchObject({ requests: inRange.length });
    expect(await get('/v1/summary?from=2024-09-14&to=2024-09-24')).toMatchObject({ days_with_requests: 11 });

    expect(await run(['rebuild'], { env })).toMatchObject({ code: 0 });
    await assertNumbers(requests);
    expect(await run(['rebuild'], { env: { ...env, ALL_CUSTOMERS: 'off' } })).toMatchObject({ code: 0 });
    expect(await get(`/v1/summary?${QUERY}`)).toMatchObject(unknown);
  });
});
