/** What lines that are handed in mean: the settings of logs hold for them as for files. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { exportOf, linesPush, logsPush, recordOf, send } from '../../support/push-client.ts';
import { startPushServer } from '../../support/push-server.ts';
import { daysOfCustomers, ledger, windowRows } from '../../support/rows.ts';

async function pushing(environment: Readonly<Record<string, string>>) {
  const server = await startPushServer(environment);
  onTestFinished(() => server.close());
  return { ...server, url: await server.serve() };
}

const requestsOf = async ({ place }: Awaited<ReturnType<typeof pushing>>) =>
  (await daysOfCustomers(place)).map((row) => [
    ...[row.customer_id, row.date, Number(row.success_requests) + Number(row.failed_requests)],
    row.duration_mean,
  ]);

test('NDJSON, rules, aliases and endpoints are as the settings say, and attributes count beside lines', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-push-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const table = join(directory, 'customers.json');
  const write = (aliases: readonly string[]) =>
    writeFileSync(table, JSON.stringify([{ id: 'cust_1', aliases }]));
  write(['one']);
  const server = await pushing({
    LOG_FORMAT: 'json timestamp=at customer_id=who request_path=path status=code duration=took:ms',
    EXCLUDE: 'path=/health',
    CUSTOMERS_FILE: table,
    OTLP_CUSTOMER_ATTRIBUTE: 'tenant.id',
    OTLP_DURATION_ATTRIBUTE: 'took',
    OTLP_DURATION_UNIT: 'ms',
  });
  const { url, place } = server;
  const line = (who: string, path: string) =>
    `${JSON.stringify({ at: '2024-10-02T05:10:46Z', who, path, code: 200, took: 250 })}\n`;
  const first = linesPush(
    `${line('one', '/orders/17')}${line('cust_1', '/health')}${line('cust_2', '/a')}`,
    'a',
  );
  expect(
    (await send(url, { ...first, headers: { ...first.headers, 'content-type': 'application/x-ndjson' } }))
      .body,
  ).toMatchObject({ lines: 3, accepted: 2, excluded: 1 });
  const record = {
    timeUnixNano: '1727845846000000000',
    attributes: [
      { key: 'tenant.id', value: { stringValue: 'one' } },
      { key: 'http.response.status_code', value: { intValue: '200' } },
      { key: 'url.path', value: { stringValue: '/orders/18' } },
      { key: 'took', value: { intValue: '750' } },
    ],
  };
  const health = {
    ...record,
    attributes: [...record.attributes.slice(0, 2), { key: 'url.path', value: { stringValue: '/health' } }],
  };
  const logs = logsPush(exportOf([record, health]), 'gzip');
  expect(await send(url, logs)).toMatchObject({ status: 200, body: {} });
  // A collector that did not get the answer sends the same bytes. Another batch counts.
  expect((await send(url, logs)).headers.get('idempotency-replayed')).toBe('true');
  const next = exportOf([{ ...record, observedTimeUnixNano: '1' }]);
  expect((await send(url, logsPush(next))).headers.get('idempotency-replayed')).toBeNull();
  expect(await requestsOf(server)).toEqual([
    ['cust_1', '2024-10-02', 3, (0.25 + 0.75 + 0.75) / 3],
    ['cust_2', '2024-10-02', 1, 0.25],
  ]);
  const endpoints = await place.query('select distinct endpoint from daily_endpoint_stats order by endpoint');
  expect(endpoints.map(({ endpoint }) => endpoint)).toEqual(['/a', '/orders/{id}']);
  await windowRows(place);
  // Lines from now on count by the table as it is then.
  write(['one', 'two']);
  let sent = 0;
  await eventually(async () => {
    await send(url, linesPush(line('two', '/a'), `two-${sent++}`));
    return (await requestsOf(server)).filter(([id]) => id === 'cust_1');
  }).toEqual([['cust_1', '2024-10-02', 4, 0.5]]);
});

test('each push names its columns itself, and one that does not is refused', async () => {
  const server = await pushing({
    LOG_FORMAT: 'csv timestamp=at customer_id=who status=code duration=ms:ms',
    OTLP_RECORDS: 'body',
  });
  const { url, place } = server;
  const row = '2024-10-02T05:10:46Z,cust_1,200,250\n';
  expect((await send(url, linesPush(`at,who,code,ms\n${row}`, 'a'))).body).toMatchObject({
    ...{ lines: 2, accepted: 1, rejected_by_reason: { header_line: 1 } },
  });
  const other = 'ms,code,who,at\n250,200,cust_1,2024-10-02T05:10:46Z\n';
  expect((await send(url, linesPush(other, 'b'))).body).toMatchObject({ accepted: 1 });
  const without = await send(url, linesPush(row, 'c'));
  expect([without.status, without.body.code]).toEqual([400, 'PUSH_UNREADABLE']);
  const bodies = ['at,who,code,ms', row.trim()].map((stringValue) => ({ body: { stringValue } }));
  expect((await send(url, logsPush(exportOf(bodies)))).body).toMatchObject({
    partialSuccess: { rejectedLogRecords: '1' },
  });
  expect(await requestsOf(server)).toEqual([['cust_1', '2024-10-02', 3, 0.25]]);
  expect(await ledger(place)).toMatchObject({ lines: 6, accepted: 3, rejected: 3 });
});

test.each([
  ['has no effect until it is confirmed', {}, { accepted: 1 }],
  ['that is confirmed rejects lines of older days', { CONFIRM_RETENTION_DAYS: '1' }, { rejected: 1 }],
])('a retention %s', async (_, confirmation, expected) => {
  const { url } = await pushing({ RETENTION_DAYS: '1', ...confirmation });
  const push = linesPush('2024-10-02 12:00:00 cust_1 /a 200 0.25\n', 'a');
  expect((await send(url, push)).body).toMatchObject({ lines: 1, ...expected });
});

test('late lines are told, and days become final by what is handed in', async () => {
  const server = await pushing({ WAIT_FOR_SYSTEM_DURATION: 'PT1H', LATE_EVENTS: 'drop' });
  const { url, store } = server;
  const at = (time: string) => `${time} cust_1 /a 200 0.25\n`;
  await send(url, linesPush(at('2024-10-02 12:00:00'), 'a'));
  expect(await store.status()).toMatchObject({ finalThrough: '2024-10-01' });
  await send(url, linesPush(at('2024-10-03 01:00:00'), 'b'));
  const partitions = { finished: 1, live: 0 };
  expect(await store.status()).toMatchObject({ finalThrough: '2024-10-02', partitions });
  const late = await send(url, linesPush(`${at('2024-10-02 23:59:59')}${at('2024-10-03 00:00:00')}`, 'c'));
  expect(late.body).toMatchObject({ lines: 2, accepted: 1, late: 1, dropped: 1 });
  expect(await requestsOf(server)).toMatchObject([
    ['cust_1', '2024-10-02', 1, 0.25],
    ['cust_1', '2024-10-03', 2, 0.25],
  ]);
});

test('wrapped lines, also those in parts, are read as from a file', async () => {
  const server = await pushing({ LOG_WRAPPER: 'cri' });
  const { url } = server;
  const cri = (flag: string, text: string) => `2024-10-02T05:10:46.1Z stdout ${flag} ${text}\n`;
  const parts = [
    ...[
      cri('F', '2024-10-02 05:10:46 cust_1 /a 200 0.25'),
      cri('P', '2024-10-02 05:10:46 cust_1'),
      cri('F', ' /b 200 0.75'),
    ],
    // Its end does not come: a push is whole.
    cri('P', '2024-10-02 05:10:46 cust_1 /c 200 0'),
  ];
  expect((await send(url, linesPush(parts.join(''), 'a'))).body).toMatchObject({ accepted: 2, rejected: 1 });
  // What is logged by another push is none of it.
  expect((await send(url, linesPush(cri('F', '.5'), 'b'))).body).toMatchObject({ accepted: 0, rejected: 1 });
  expect(await requestsOf(server)).toEqual([['cust_1', '2024-10-02', 2, 0.5]]);
});

test('a record with a customer in its resource counts for it', async () => {
  const server = await pushing({});
  const record = recordOf({
    eventTimeMs: 1_727_845_846_000,
    customerId: '',
    status: 200,
    durationUs: 250_000,
  });
  const attributes = record.attributes.filter(({ key }) => key !== 'customer.id');
  const resource = [{ key: 'customer.id', value: { intValue: '7' } }];
  expect((await send(server.url, logsPush(exportOf([{ ...record, attributes }], resource)))).body).toEqual(
    {},
  );
  expect(await requestsOf(server)).toEqual([['7', '2024-10-02', 1, 0.25]]);
});
