import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseCsv } from '../api/rows.ts';
import { serve } from '../api/support.ts';
import { envOf, run } from '../support/cli.ts';
import { naiveWorstDays } from '../support/naive-ranking.ts';
import { localDate } from '../support/naive-spans.ts';
import { lineOf, randomRequests } from '../support/random-log.ts';
import { siteOfEachTest } from '../support/site.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const ZONE = 'Asia/Kathmandu';
const site = siteOfEachTest('worst-days');
let place: StorePlace;
afterEach(() => place.dispose());

const near = (value: unknown) => expect.closeTo(value as number, 9);

describe.each(STORE_KINDS)('the worst days of customers in $name', (kind) => {
  it('are those of the lines, and of each summary', async () => {
    place = await kind.createPlace();
    // Few requests a day, so that days of a customer, and customers, often have the same availability.
    const requests = randomRequests(3_000, 33).map((one) => ({
      ...one,
      date: localDate(one.eventTimeMs, ZONE),
    }));
    writeFileSync(join(site.logs, 'api.log'), `${requests.map(lineOf).join('\n')}\n`);
    const env = { ...envOf(place.location), TIME_ZONE: ZONE };
    expect(await run(['ingest', site.logs], { env })).toMatchObject({ code: 0 });
    const url = await serve({ store: await place.open() });
    const get = async (path: string) => (await fetch(url + path)).json() as Promise<Record<string, unknown>>;
    for (const [from, to, least] of [
      ['2024-09-23', '2024-09-29', 1],
      ['2024-09-23', '2024-09-29', 5],
      ['2024-09-10', '2024-10-05', 6],
      ['2024-09-20', '2024-09-20', 1],
      ['2023-09-20', '2023-09-20', 1],
    ] as const) {
      const range = `from=${from}&to=${to}`;
      const expected = naiveWorstDays(requests, { from, to }, least);
      expect(await get(`/v1/worst-days?${range}&min_requests=${least}&limit=1000`)).toEqual({
        ...{ from, to, min_requests: least },
        customers: expected.map((day) => ({
          ...{ ...day, duration_mean: near(day.duration_mean), duration_precision: null },
          uptime_percentage: near(day.uptime_percentage),
        })),
      });
      const first = (await get(`/v1/worst-days?${range}&min_requests=${least}&limit=3`)).customers;
      expect(first).toMatchObject(
        expected.slice(0, 3).map(({ customer_id, date }) => ({ customer_id, date })),
      );
      if (least > 1) continue;
      for (const { customer_id: id, date } of expected.slice(0, 5))
        expect(await get(`/v1/summary?customer_id=${encodeURIComponent(id)}&${range}`)).toMatchObject({
          worst_day: { date },
        });
    }
    const asked = ['--from', '2024-09-23', '--to', '2024-09-29', '--min-requests', '5', '--limit', '10'];
    const printed = await run(['worst-days', ...asked, '--json'], { env });
    const path = '/v1/worst-days?from=2024-09-23&to=2024-09-29&min_requests=5&limit=10';
    expect(JSON.parse(printed.stdout)).toEqual(await get(path));
    const table = (await run(['worst-days', ...asked], { env })).stdout.split('\n');
    expect(table).toHaveLength(12);
    const rows = parseCsv(await (await fetch(`${url}${path}&format=csv`)).text());
    expect(rows.slice(1).map(([id, date]) => [id, date])).toEqual(
      naiveWorstDays(requests, { from: '2024-09-23', to: '2024-09-29' }, 5)
        .slice(0, 10)
        .map(({ customer_id, date }) => [
          /^[=+@-]/.test(customer_id) ? `'${customer_id}` : customer_id,
          date,
        ]),
    );
  });

  it('are refused of more than a month', async () => {
    place = await kind.createPlace();
    await (await place.open()).migrate();
    const url = await serve({ store: await place.open() });
    const tooMany = await fetch(`${url}/v1/worst-days?from=2024-08-01&to=2024-09-01`);
    expect(await tooMany.json()).toMatchObject({ status: 422, code: 'RANGE_TOO_LARGE' });
  });
});
