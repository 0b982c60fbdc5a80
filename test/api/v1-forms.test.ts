/** The forms of what stands under `/v1`. */

import { expect, test } from 'vitest';
import { MAX_MERGED_HOURS, MAX_MERGED_SPANS } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { STORE_KINDS } from '../support/stores.ts';
import { add, addLate, addLogs, deltaOf, SUCCESS } from './requests.ts';
import { parseCsv, rowsOfNdjson } from './rows.ts';
import { emptyStore, serve } from './support.ts';

type Row = Record<string, unknown>;

const RANGE = 'from=2024-10-01&to=2024-10-31';

/** Resources that are lists, with the name of the rows in JSON; undefined: it is an array. */
const LISTS: readonly (readonly [path: string, rows: string | undefined])[] = [
  [`/v1/customers/cust_1/stats?${RANGE}`, undefined],
  [`/v1/customers/cust_1/stats?${RANGE}&granularity=week&fill=true`, undefined],
  [`/v1/stats?customer_id=untimed&${RANGE}`, undefined],
  [`/v1/worst-days?${RANGE}`, 'customers'],
  [`/v1/worst-days?${RANGE}&min_requests=2`, 'customers'],
  [`/v1/customers?${RANGE}`, 'customers'],
  [`/v1/customers?${RANGE}&sort=availability_percentage&limit=1`, 'customers'],
  [`/v1/customers?${RANGE}&prefix=nobody`, 'customers'],
  [`/v1/statuses?${RANGE}`, 'days'],
  [`/v1/statuses?${RANGE}&customer_id=untimed`, 'days'],
  ['/v1/statuses?from=2020-10-01&to=2020-10-31', 'days'],
  ['/v1/sources', 'sources'],
  ['/v1/sources?limit=1', 'sources'],
  ['/v1/rejected', 'rejected'],
  ['/v1/rejected?limit=1', 'rejected'],
  ['/v1/customers/cust_1/sources?date=2024-10-02', 'sources'],
  ['/v1/day-sources?date=2024-10-02&limit=1', 'sources'],
  ['/v1/day-sources?date=2020-10-02', 'sources'],
  [`/v1/customers/cust_1/history?${RANGE}`, 'changes'],
  [`/v1/history?customer_id=cust_1&${RANGE}&limit=1`, 'changes'],
  [`/v1/history?customer_id=untimed&${RANGE}`, 'changes'],
];

/** Resources that are one object. */
const OBJECTS = [
  `/v1/customers/cust_1/summary?${RANGE}`,
  `/v1/summary?customer_id=cust_1&${RANGE}`,
  '/v1/status',
];

async function filledStore(kind = STORE_KINDS[0]): Promise<Store> {
  const store = await emptyStore(kind);
  await add(store, 'cust_1', {
    '2024-10-02': [SUCCESS, { status: 404, durationUs: 7 }],
    '2024-10-14': [SUCCESS],
  });
  await add(store, 'untimed', { '2024-10-03': [{ status: 503, durationUs: -1 }, SUCCESS] });
  await add(store, '=1+1,"x"', { '2024-10-03': [SUCCESS] });
  const logs = ['a', 'b', '=c\u001b[31m\n'];
  await addLogs(store, ...logs);
  await addLate(store, 'cust_1', '2024-10-02', logs);
  await addLate(store, 'cust_1', '2024-10-05', []);
  return store;
}

const ask = (url: string, accept: string, headers: Record<string, string> = {}) =>
  fetch(url, { headers: { accept, ...headers } });

/** What a cell of CSV must hold. Objects are written as JSON, or flattened. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value).replace(
    /\p{Cc}/gu,
    (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return typeof value === 'string' && /^[=+\-@]/.test(text) ? `'${text}` : text;
}

/** The flat rows of a row of JSON: statuses one by one, classes of statuses and the numbers of changes as columns. */
function flat({ statuses, status_classes, ...row }: Row): Row[] {
  if ('before' in row) {
    const { before, after, ...change } = row;
    return [{ ...change, ...numbersOf('before', before), ...numbersOf('after', after) }];
  }
  if (Array.isArray(statuses))
    return statuses.map(({ status, requests }) => ({ date: row.date, status, requests }));
  return [{ ...row, ...(status_classes as Row | undefined) }];
}

function numbersOf(prefix: string, numbers: unknown): Row {
  const { statuses: _, ...counts } = (numbers ?? {}) as Row;
  return Object.fromEntries(Object.entries(counts).map(([name, value]) => [`${prefix}_${name}`, value]));
}

for (const kind of STORE_KINDS) {
  test(`CSV and NDJSON of each list say the same as JSON, cell by cell (${kind.name})`, async () => {
    const url = await serve({ store: await filledStore(kind) });
    for (const [path, name] of LISTS) {
      const answer = (await (await fetch(url + path)).json()) as Row & Row[];
      const rows = name === undefined ? answer : (answer[name] as Row[]);
      const ndjson = await ask(url + path, 'application/x-ndjson');
      expect(ndjson.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
      expect([path, rowsOfNdjson(await ndjson.text())]).toEqual([path, rows]);
      const csv = await ask(url + path, 'text/csv');
      expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
      const [columns = [], ...cells] = parseCsv(await csv.text());
      const flatRows = rows.flatMap(flat);
      expect([path, cells]).toEqual([
        path,
        flatRows.map((row) => columns.map((column) => cellOf(row[column]))),
      ]);
      for (const row of flatRows)
        expect([path, columns]).toEqual([path, expect.arrayContaining(Object.keys(row))]);
    }
  });
}

test('each list has a tag for each form and encoding, revalidates, and takes HEAD', async () => {
  const store = await filledStore();
  const url = await serve({ store });
  for (const [path] of LISTS) {
    const tags = new Set<string | null>();
    for (const accept of ['application/json', 'text/csv', 'application/x-ndjson']) {
      const answer = await ask(url + path, accept);
      const tag = answer.headers.get('etag') ?? '';
      tags.add(tag);
      expect([path, answer.headers.get('vary')]).toEqual([path, 'Accept, Accept-Encoding']);
      const again = await ask(url + path, accept, { 'if-none-match': `"other", ${tag}` });
      expect([path, again.status, again.headers.get('etag')]).toEqual([path, 304, tag]);
      const head = await fetch(url + path, { method: 'HEAD', headers: { accept } });
      expect([path, head.status, head.headers.get('etag'), await head.text()]).toEqual([path, 200, tag, '']);
    }
    expect([path, tags.size]).toEqual([path, 3]);
  }
});

test('a page of each form links to the next one, in which the list goes on', async () => {
  const url = await serve({ store: await filledStore() });
  for (const [path, name] of [
    [`/v1/customers?${RANGE}&search=%3D1%2B1&limit=1`, 'customers'],
    [`/v1/customers?${RANGE}&limit=1`, 'customers'],
    ['/v1/sources?limit=1', 'sources'],
    ['/v1/rejected?limit=1', 'rejected'],
    ['/v1/day-sources?date=2024-10-02&limit=1', 'sources'],
    [`/v1/history?customer_id=cust_1&${RANGE}&limit=1`, 'changes'],
  ]) {
    const json: Row[] = [];
    const byLink: Row[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = (await (await fetch(`${url}${path}${cursor && `&cursor=${cursor}`}`)).json()) as Row;
      json.push(...(page[name] as Row[]));
      cursor = page.next_cursor as string | null;
    }
    for (let next: string | undefined = url + path; next !== undefined; ) {
      const page: Response = await ask(next, 'application/x-ndjson');
      byLink.push(...rowsOfNdjson(await page.text()));
      const link: string | undefined = /^<(.*)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1];
      next = link === undefined ? undefined : new URL(link, next).href;
    }
    expect(json.length).toBeGreaterThan(0);
    expect([path, byLink]).toEqual([path, json]);
  }
});

test('the last page is another answer once a page follows it', async () => {
  const store = await filledStore();
  const url = await serve({ store });
  const path = `${url}/v1/customers?${RANGE}&limit=3&format=csv`;
  const last = await fetch(path);
  expect(last.headers.get('link')).toBe(null);
  await add(store, 'z', { '2024-10-03': [SUCCESS] });
  const more = await fetch(path, { headers: { 'if-none-match': last.headers.get('etag') ?? '' } });
  expect([more.status, await more.text()]).toEqual([200, await last.text()]);
  expect(more.headers.get('link')).toContain('cursor=');
});

test('one object comes as JSON only, compressed for those who accept it', async () => {
  const url = await serve({ store: await filledStore() });
  for (const path of OBJECTS) {
    for (const accept of ['text/csv', 'application/x-ndjson', 'image/png']) {
      const answer = await ask(url + path, accept);
      expect([path, answer.status, await answer.json()]).toEqual([
        ...[path, 406],
        expect.objectContaining({
          code: 'NOT_ACCEPTABLE',
          detail: 'This resource comes as application/json.',
        }),
      ]);
    }
    const encoded = await ask(url + path, '*/*', { 'accept-encoding': 'gzip, identity;q=0' });
    expect([path, encoded.headers.get('content-encoding'), encoded.headers.get('vary')]).toEqual([
      ...[path, 'gzip', 'Accept, Accept-Encoding'],
    ]);
    expect([path, Object.keys((await encoded.json()) as Row).length > 3]).toEqual([path, true]);
    expect((await ask(url + path, '*/*', { 'accept-encoding': 'identity;q=0' })).status).toBe(406);
  }
});

test('answers of many spans let other requests have their turn, in each form', async () => {
  const store = await emptyStore();
  const deltas = Array.from({ length: MAX_MERGED_SPANS }, (_, day) =>
    deltaOf('cust_1', dateOfDay(day), [SUCCESS]),
  );
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
  await add(store, 'cust_2', { '2023-12-31': [SUCCESS] });
  const url = await serve({ store });
  for (const [path, rows] of [
    ['/v1/customers/cust_1/stats?from=1970-01-01', MAX_MERGED_SPANS],
    ['/v1/customers/cust_2/stats?from=2024-01-01&to=2024-12-31&granularity=hour&fill=true', MAX_MERGED_HOURS],
  ] as const) {
    for (const format of ['json', 'csv', 'ndjson']) {
      const turns = countTurns();
      const text = await (await fetch(`${url}${path}&format=${format}`)).text();
      // A turn for each piece of 50 rows, whatever the machine does meanwhile.
      expect(turns()).toBeGreaterThan(rows / 50);
      const count = format === 'json' ? JSON.parse(text).length : text.split('\n').length - 1;
      expect([path, format, count]).toEqual([path, format, format === 'csv' ? rows + 1 : rows]);
    }
  }
  const tooMany = '/v1/customers/cust_2/stats?from=2023-12-31&to=2024-12-31&granularity=hour&fill=true';
  expect(await (await fetch(url + tooMany)).json()).toMatchObject({
    code: expect.stringMatching(/RANGE_TOO_LARGE|HOURS_UNKNOWN/),
  });
});

/** Counts turns of the event loop until it is asked how many there were. */
function countTurns(): () => number {
  let count = 0;
  let isCounting = true;
  const turn = (): void => {
    count++;
    if (isCounting) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isCounting = false;
    return count;
  };
}
