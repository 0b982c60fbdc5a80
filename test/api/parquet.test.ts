import { expect, test } from 'vitest';
import { MAX_DAYS_IN_ONE_PIECE, PARQUET_GROUP_ROWS } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { readParquet } from '../support/read-parquet.ts';
import { add, addLogs, deltaOf, SUCCESS } from './requests.ts';
import { emptyStore, serve } from './support.ts';

const PARQUET = 'application/vnd.apache.parquet';
const RANGE = 'from=2024-10-01&to=2024-10-31';

type Row = Record<string, unknown>;

/** Lists, with the name of the rows in JSON; undefined: it is an array. */
const LISTS: readonly (readonly [path: string, rows: string | undefined])[] = [
  ['/customers/cust_1/stats?from=0001-01-01', undefined],
  ['/customers/nobody/stats?from=0001-01-01', undefined],
  ['/customers/long/stats?from=1970-01-01', undefined],
  ['/customers/long/stats?from=1972-01-01', undefined],
  [`/v1/customers/cust_1/stats?${RANGE}&granularity=week&fill=true`, undefined],
  [`/v1/customers?${RANGE}`, 'customers'],
  [`/v1/worst-days?${RANGE}`, 'customers'],
  [`/v1/statuses?${RANGE}`, 'days'],
  ['/v1/sources', 'sources'],
  ['/v1/rejected', 'rejected'],
];

async function filledStore(): Promise<Store> {
  const store = await emptyStore();
  await add(store, 'cust_1', {
    '0001-01-01': [SUCCESS],
    '2024-10-02': [SUCCESS, { status: 404, durationUs: 7 }],
    '9999-12-31': [{ status: 0, durationUs: -1 }],
  });
  await add(store, 'untimed', { '2024-10-03': [{ status: 503, durationUs: -1 }, SUCCESS] });
  await add(store, '=1+1,"é😀', { '2024-10-03': [SUCCESS] });
  const days = Array.from({ length: MAX_DAYS_IN_ONE_PIECE + PARQUET_GROUP_ROWS }, (_, day) => dateOfDay(day));
  const deltas = days.map((date) => deltaOf('long', date, [SUCCESS]));
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
  await addLogs(store, 'a', 'b', '=c\u001b[31m\n');
  return store;
}

/** The flat rows of a row of JSON, each value as DuckDB gives it. */
function flat({ statuses, status_classes, ...row }: Row): Row[] {
  if (Array.isArray(statuses))
    return statuses.map(({ status, requests }) => ({ date: row.date, status, requests }));
  return [{ ...row, ...(status_classes as Row | undefined) }];
}

function valueIn(type: string | undefined, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'BIGINT') return String(value);
  if (type?.startsWith('TIMESTAMP')) return Date.parse(String(value));
  return typeof value === 'object' ? JSON.stringify(value) : value;
}

test('Parquet of each list says the same as JSON, value by value', async () => {
  const url = await serve({ store: await filledStore() });
  for (const [path, name] of LISTS) {
    const json = (await (await fetch(url + path)).json()) as Row & Row[];
    const rows = (name === undefined ? json : (json[name] as Row[])).flatMap(flat);
    const answer = await fetch(url + path, { headers: { accept: PARQUET } });
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, PARQUET]);
    const table = await readParquet(await answer.bytes());
    expect([path, table.rows.length]).toEqual([path, rows.length]);
    for (const [at, row] of table.rows.entries()) {
      for (const [column, value] of Object.entries(row)) {
        const type = table.types[column];
        const expected = valueIn(type, rows[at]?.[column]);
        const found = type?.startsWith('TIMESTAMP') && value !== null ? instantOf(value) : value;
        expect([path, at, column, found]).toEqual([path, at, column, expected]);
      }
      expect([path, Object.keys(row)]).toEqual([path, expect.arrayContaining(Object.keys(rows[at] ?? {}))]);
    }
  }
});

/** DuckDB writes `2024-10-02 00:00:00+00`. */
function instantOf(value: unknown): number {
  return Date.parse(String(value).replace(' ', 'T').replace(/\+00$/, 'Z'));
}

test('its columns have types: counts, shares, days, instants and texts', async () => {
  const url = await serve({ store: await filledStore() });
  const typesOf = async (path: string) => (await readParquet(await (await fetch(url + path)).bytes())).types;
  expect(await typesOf('/customers/cust_1/stats?from=2024-10-01&format=parquet')).toMatchObject({
    ...{ customer_id: 'VARCHAR', date: 'DATE', success_requests: 'BIGINT', duration_p99: 'DOUBLE' },
    ...{ uptime_percentage: 'DOUBLE', state: 'VARCHAR', state_since: 'TIMESTAMP WITH TIME ZONE' },
    ...{ revision: 'BIGINT', counted_requests: 'BIGINT', duration_precision: 'BIGINT' },
  });
  expect(await typesOf(`/v1/customers?${RANGE}&format=parquet`)).toMatchObject({
    ...{ requests_change: 'BIGINT', availability_change: 'DOUBLE', '5xx': 'BIGINT', no_response: 'BIGINT' },
  });
  expect(await typesOf('/v1/sources?format=parquet')).toMatchObject({
    ...{ offset: 'BIGINT', lines: 'BIGINT', rejected_by_reason: 'VARCHAR', at: 'VARCHAR' },
    ...{ first_event: 'TIMESTAMP WITH TIME ZONE', added: 'TIMESTAMP WITH TIME ZONE' },
  });
  expect(await typesOf(`/v1/statuses?${RANGE}&format=parquet`)).toEqual({
    ...{ date: 'DATE', status: 'BIGINT', requests: 'BIGINT' },
  });
});

test('a long answer is streamed in few row groups, and a short one has a tag of its own', async () => {
  const url = await serve({ store: await filledStore() });
  const long = await fetch(`${url}/customers/long/stats?from=1970-01-01&format=parquet`);
  expect(long.headers.get('etag')).toBeNull();
  const { rows, rowGroups } = await readParquet(await long.bytes());
  expect(rows).toHaveLength(MAX_DAYS_IN_ONE_PIECE + PARQUET_GROUP_ROWS);
  expect(rowGroups).toBe(Math.ceil(rows.length / PARQUET_GROUP_ROWS));

  const short = `${url}/customers/cust_1/stats?from=2024-10-01`;
  const tags = await Promise.all(
    ['json', 'csv', 'ndjson', 'parquet'].map(async (format) =>
      (await fetch(`${short}&format=${format}`)).headers.get('etag'),
    ),
  );
  expect(new Set(tags).size).toBe(4);
  const again = await fetch(`${short}&format=parquet`, { headers: { 'if-none-match': String(tags[3]) } });
  expect(again.status).toBe(304);
  for (const encoding of ['gzip', 'br', 'zstd']) {
    const headers = { 'accept-encoding': encoding };
    const page = await fetch(`${url}/v1/customers?${RANGE}&format=parquet`, { headers });
    expect(page.headers.get('content-encoding')).toBe(encoding);
    expect((await readParquet(await page.bytes())).rows).toHaveLength(3);
  }
});
