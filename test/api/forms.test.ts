/** CSV and NDJSON. */

import { expect, test } from 'vitest';
import type { Problem } from '../../src/api/problem.ts';
import { DailyStatsSchema } from '../../src/api/routes/stats.ts';
import { MAX_DAYS_IN_ONE_PIECE } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { dateOfDay } from '../../src/window/day.ts';
import { add, deltaOf, SUCCESS } from './requests.ts';
import { parseCsv, rowsOfNdjson } from './rows.ts';
import { emptyStore, getRaw, serve } from './support.ts';

const STATS = '/customers/cust_1/stats?from=1970-01-01';

/** Stores so many days of a customer. */
async function addDays(store: Store, customerId: string, count: number): Promise<void> {
  const deltas = Array.from({ length: count }, (_, day) => deltaOf(customerId, dateOfDay(day), [SUCCESS]));
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
}

/** The rows of CSV as the JSON answer has them: empty cells are null, or absent for a name. */
function rowsOfCsv(text: string): Record<string, unknown>[] {
  const [names = [], ...rows] = parseCsv(text);
  return rows.map((cells) =>
    Object.fromEntries(
      cells.flatMap((cell, i): [string, unknown][] => {
        const name = names[i] ?? '';
        if (cell === '') return name === 'customer_name' ? [] : [[name, null]];
        const isText = ['customer_id', 'date', 'state', 'state_since', 'customer_name'].includes(name);
        return [[name, isText ? cell : Number(cell)]];
      }),
    ),
  );
}

const ask = (url: string, accept: string) => fetch(url, { headers: { accept } });

test('CSV and NDJSON say the same as JSON, number by number, in a short answer, a long one and an empty one', async () => {
  const store = await emptyStore();
  await addDays(store, 'cust_1', MAX_DAYS_IN_ONE_PIECE + 777);
  await add(store, 'untimed', { '2024-10-02': [{ status: 503, durationUs: -1 }, SUCCESS] });
  const url = await serve({ store });
  for (const path of [
    STATS,
    `${STATS}&to=1970-01-05`,
    `${STATS}&to=1972-12-31`,
    '/stats?customer_id=untimed&from=2024-01-01',
    '/stats?customer_id=nobody&from=2024-01-01',
  ]) {
    const json = await (await fetch(url + path)).json();
    const csv = await ask(url + path, 'text/csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect([path, rowsOfCsv(await csv.text())]).toEqual([path, json]);
    const ndjson = await ask(url + path, 'application/x-ndjson');
    expect(ndjson.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect([path, rowsOfNdjson(await ndjson.text())]).toEqual([path, json]);
  }
});

test('`format` and `Accept` ask for the same, and `format` wins', async () => {
  const store = await emptyStore();
  await addDays(store, 'cust_1', 3);
  const url = await serve({ store });
  for (const [format, type] of [
    ['json', 'application/json'],
    ['csv', 'text/csv'],
    ['ndjson', 'application/x-ndjson'],
  ]) {
    const byAccept = await ask(url + STATS, type);
    const byFormat = await ask(`${url}${STATS}&format=${format}`, 'image/png');
    expect(byFormat.headers.get('etag')).toBe(byAccept.headers.get('etag'));
    expect(await byFormat.text()).toBe(await byAccept.text());
    for (const answer of [byAccept, byFormat]) {
      expect(answer.headers.get('content-type')).toContain(type);
      expect(answer.headers.get('vary')).toBe('Accept, Accept-Encoding');
    }
  }
  const wrong = await fetch(`${url}${STATS}&format=xml`);
  expect([wrong.status, ((await wrong.json()) as Problem).detail]).toEqual([
    422,
    '`format` is malformed. Give `json`, `csv`, `ndjson` or `parquet`.',
  ]);
});

test('who asks as before gets JSON, whatever quality or parameter stands there', async () => {
  const store = await emptyStore();
  await addDays(store, 'cust_1', 3);
  const url = await serve({ store });
  for (const accept of [
    '*/*',
    '',
    'application/*',
    'application/json; charset=utf-8',
    'application/json;version="1,2";q=0.9',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'text/csv;q=0.5, application/json',
    'APPLICATION/JSON',
  ]) {
    const { headers, status } = await ask(url + STATS, accept);
    expect([accept, status, headers.get('content-type')]).toEqual([
      accept,
      200,
      'application/json; charset=utf-8',
    ]);
  }
  expect((await getRaw(url, STATS)).headers['content-type']).toBe('application/json; charset=utf-8');
});

test('a client that accepts none of the forms is told so', async () => {
  const url = await serve({ store: await emptyStore() });
  for (const accept of [
    'image/png',
    'text/html',
    'application/json;q=0',
    '*/*;q=0',
    'text/csv;q=0.0, text/xml',
  ]) {
    const answer = await ask(url + STATS, accept);
    expect([accept, answer.status, answer.headers.get('content-type')]).toEqual([
      accept,
      406,
      'application/problem+json',
    ]);
    expect(await answer.json()).toMatchObject({ code: 'NOT_ACCEPTABLE' });
  }
});

test('a spreadsheet takes no cell for a formula, and reads commas, quotes and newlines as they were', async () => {
  const ids = ['=1+1', '+1', '-1', '@sum', '＝1', 'a,"b"', '"=1', 'plain', ' =1', '\u2028'];
  const store = await emptyStore();
  for (const id of ids) await add(store, id, { '2024-10-02': [SUCCESS] });
  const url = await serve({ store });
  const written = await Promise.all(
    ids.map(async (id) => {
      const path = `/customers/${encodeURIComponent(id)}/stats?from=2024-10-02&format=csv`;
      return parseCsv(await (await fetch(url + path)).text())[1]?.[0];
    }),
  );
  expect(written).toEqual(ids.map((id) => (/^[=+\-@＝]/.test(id) ? `'${id}` : id)));
});

test('the columns of CSV are the fields of the documented row, whether a customer has a name or not', async () => {
  const store = await emptyStore();
  await addDays(store, 'cust_1', 1);
  const customers = { idOf: (id: string) => id, nameOf: () => '=cmd', isPublic: () => false };
  const [named, unnamed] = [await serve({ store, customers }), await serve({ store })];
  const columns = Object.keys(DailyStatsSchema.properties);
  const csv = await Promise.all(
    [named, unnamed].map(async (url) => parseCsv(await (await fetch(`${url}${STATS}&format=csv`)).text())),
  );
  expect(csv.map(([names]) => names)).toEqual([columns, columns]);
  expect(csv.map(([, row]) => row?.at(-1))).toEqual(["'=cmd", '']);
});
