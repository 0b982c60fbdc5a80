/** The exporter of OpenTelemetry's SDK hands in log records, and retries as it does where the network fails. */

import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { byWindow } from '../../support/oracle.ts';
import { startPushServer } from '../../support/push-server.ts';
import { randomRequests } from '../../support/random-log.ts';
import { daysOfCustomers, ledger } from '../../support/rows.ts';
import { startProxy } from '../../support/tcp-proxy.ts';
import { addKey } from '../access/credentials.ts';

const BATCHES = 2;
const RECORDS_A_BATCH = 25;

test('an exporter whose connections are cut in the middle of each answer ends with exact rows', async () => {
  const server = await startPushServer();
  onTestFinished(() => server.close());
  const { store, place } = server;
  const key = await addKey(store, 'ingest');
  const url = await server.serve({ access: { keys: store.apiKeys, signingKeys: store.signingKeys } });
  const proxy = await startProxy(url.replace('http:', 'tcp:'));
  onTestFinished(() => proxy.close());
  const exporter = new OTLPLogExporter({
    url: `http://${proxy.host}:${proxy.port}/v1/logs`,
    headers: { authorization: `Bearer ${key}` },
  });
  const provider = new LoggerProvider({
    processors: [
      new BatchLogRecordProcessor({
        exporter,
        maxExportBatchSize: RECORDS_A_BATCH,
        scheduledDelayMillis: 3_600_000,
      }),
    ],
  });
  const logger = provider.getLogger('requests');
  const requests = randomRequests(BATCHES * RECORDS_A_BATCH, 3, { customers: 12, hoursADay: 1 });
  for (let batch = 0; batch < BATCHES; batch++) {
    for (const request of requests.slice(batch * RECORDS_A_BATCH, (batch + 1) * RECORDS_A_BATCH))
      logger.emit({
        timestamp: request.eventTimeMs,
        body: 'request',
        attributes: {
          'customer.id': request.customerId,
          'http.response.status_code': request.status,
          'url.path': '/api/v1/resource1',
          'http.server.request.duration': request.durationUs / 1e6,
        },
      });
    // All of the request has passed. Of the answer, only the first bytes do.
    server.gate.close();
    const flushed = provider.forceFlush();
    await eventually(() => server.gate.held).toBe(1);
    proxy.cutAfter(20);
    server.gate.open();
    await flushed;
  }
  await provider.shutdown();
  expect(proxy.cuts).toBe(BATCHES);
  expect(await ledger(place)).toMatchObject({ lines: requests.length, accepted: requests.length });
  const counts = (await daysOfCustomers(place)).map((row) => [
    `${row.customer_id} ${row.date}`,
    Number(row.success_requests) + Number(row.failed_requests),
  ]);
  const expected = [...byWindow(requests)].map(([window, own]) => [window, own.length]);
  expect(new Map(counts as [string, number][])).toEqual(new Map(expected as [string, number][]));
});
