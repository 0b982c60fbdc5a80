import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { buildApp } from '../../src/api/app.ts';
import { tracingOptionsOf } from '../../src/config/tracing-variables.ts';
import { DaymarkError } from '../../src/errors.ts';
import type { StoredCommit } from '../../src/pipeline/types.ts';
import { Tracing } from '../../src/tracing/tracing.ts';
import { sendRaw, UNHURRIED } from '../api/support.ts';
import { type Collector, openCollector, type ReceivedSpan } from '../support/collector.ts';
import { eventually } from '../support/eventually.ts';
import { SQLITE } from '../support/sqlite-place.ts';

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const SERVER = 2;
const CLIENT = 3;
const ERROR = 2;

const COMMIT: StoredCommit = {
  ...{ lines: 10, accepted: 7, rejected: 1, late: 3, dropped: 2, excluded: 0 },
  ...{ rejectedByReason: {}, windows: 4, rows: 9, partitions: 2, bytes: 500 },
  ...{ durationMs: 100, totalMs: 2000, tries: 2, failures: [{ afterMs: 500, code: 'STORE_UNREACHABLE' }] },
};

afterEach(() => {
  vi.unstubAllEnvs();
});

async function allOf<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

/** Traces to a collector, and what became of the spans. Close both. */
async function openTraced(variables: Record<string, string>, answer?: RequestListener) {
  const { collector, close } = await openCollector(answer);
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '1',
    ...variables,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const options = tracingOptionsOf(process.env) ?? expect.fail('no collector is named');
  const heard = { lost: 0, sent: 0, failures: [] as string[], odd: [] as string[] };
  const tracing = new Tracing({
    options,
    database: 'sqlite',
    flushMs: 200,
    version: '1.2.3',
    events: {
      lost: (spans) => {
        heard.lost += spans;
      },
      sent: () => {
        heard.sent++;
      },
      failed: ({ message }) => heard.failures.push(message),
    },
    odd: (text) => heard.odd.push(text),
  });
  return { collector, tracing, heard, close };
}

/** The same for one test. */
async function traced(variables: Record<string, string> = {}, answer?: RequestListener) {
  const { close, ...parts } = await openTraced(variables, answer);
  onTestFinished(close);
  return parts;
}

const STATS = '/customers/secret-customer/stats?from=2024-10-01';
const CALLS = ['windows', 'dataVersion'] as const;

/** What the store answers to a read of windows; undefined: what it has. */
let failure: DaymarkError | undefined;

/** One for all tests: to build an API takes longer than all that they ask of it. */
let api: { readonly url: string; readonly collector: Collector };

beforeAll(async () => {
  const { collector, tracing, close } = await openTraced({ OTEL_SERVICE_NAME: 'statistics' });
  vi.unstubAllEnvs();
  const place = await SQLITE.createPlace();
  const store = await place.open();
  await store.migrate();
  const flaky = new Proxy(store, {
    get: (_, name) => {
      const value: unknown = Reflect.get(store, name, store);
      if (name === 'windows' && failure) return () => Promise.reject(failure);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });
  const app = await buildApp({ ...UNHURRIED, store: tracing.calls(flaky, CALLS), tracing });
  api = { url: await app.listen({ host: '127.0.0.1', port: 0 }), collector };
  return async () => {
    await app.close();
    await place.dispose();
    await tracing.close();
    close();
  };
});

/** The spans of a trace, as soon as there are so many. */
async function spansOf(traceId: string, count: number): Promise<readonly ReceivedSpan[]> {
  const spans = () => api.collector.spans().filter((span) => span.traceId === traceId);
  await eventually(() => spans().length).toBeGreaterThanOrEqual(count);
  return spans().toSorted((a, b) => a.kind - b.kind);
}

const traceparentOf = (traceId: string) => `00-${traceId}-${PARENT.spanId}-01`;
const newTrace = () => randomBytes(16).toString('hex');

test('a request continues the trace of its client, and the calls of the store are its children', async () => {
  const traceId = newTrace();
  const headers = { traceparent: traceparentOf(traceId), tracestate: 'secret=1', 'x-request-id': 'secret' };
  expect((await fetch(api.url + STATS, { headers })).status).toBe(200);
  const [request, ...others] = await spansOf(traceId, 3);
  expect(request).toMatchObject({
    name: 'GET /customers/{customer_id}/stats',
    ...{ kind: SERVER, parentSpanId: PARENT.spanId },
  });
  expect(request?.attributes).toEqual({
    'http.request.method': 'GET',
    'url.scheme': 'http',
    'http.route': '/customers/{customer_id}/stats',
    'url.path': '/customers/{customer_id}/stats',
    'http.response.status_code': 200,
  });
  expect(request?.durationMs).toBeGreaterThan(0);
  expect(others.map(({ name }) => name).sort()).toEqual(['dataVersion', 'windows']);
  for (const { name, ...call } of others) {
    expect(call).toMatchObject({ kind: CLIENT, parentSpanId: request?.spanId });
    expect(call.attributes).toEqual({ 'db.system.name': 'sqlite', 'db.operation.name': name });
  }
  expect(api.collector.resource()).toMatchObject({
    'service.name': 'statistics',
    'service.version': '1.2.3',
  });
});

test('each request has its own children, however many are answered at once', async () => {
  const traces = Array.from({ length: 20 }, newTrace);
  const ask = async (traceId: string, i: number) =>
    (
      await fetch(`${api.url}/customers/c${i}/stats?from=2024-10-01`, {
        headers: { traceparent: traceparentOf(traceId) },
      })
    ).text();
  await Promise.all(traces.map(ask));
  for (const traceId of traces) {
    // They may share a look at the version of the data, but each has rows of its own.
    const spans = await spansOf(traceId, 2);
    const reads = spans.filter(({ name }) => name === 'windows');
    expect(reads.map(({ parentSpanId }) => parentSpanId)).toEqual([spans[0]?.spanId]);
  }
});

test.each([
  ['no traceparent', '/health/live', {}],
  ['one that is malformed', '/openapi.json', { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}` }],
  ['one of zeros', '/health/ready', { traceparent: `00-${'0'.repeat(32)}-${PARENT.spanId}-01` }],
])('a request with %s begins a trace', async (_, path, headers: Record<string, string>) => {
  await fetch(api.url + path, { headers });
  const found = () => api.collector.spans().find(({ attributes }) => attributes['http.route'] === path);
  await eventually(() => found()?.name).toBe(`GET ${path}`);
  expect(found()?.parentSpanId).toBeUndefined();
  expect(found()?.traceId).toMatch(/^(?!0+$)[\da-f]{32}$/);
  expect(found()?.traceId).not.toBe(PARENT.traceId);
});

test('what no route takes has no path in its span, and no method that a client made up', async () => {
  const [one, other] = [newTrace(), newTrace()];
  const headers = { traceparent: traceparentOf(one) };
  expect((await fetch(`${api.url}/secret/path?secret=1`, { headers })).status).toBe(404);
  const lines = ['Host: secret', `Traceparent: ${traceparentOf(other)}`, 'Connection: close'];
  await sendRaw(api.url, `PROPFIND /secret HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  const spans = [...(await spansOf(one, 1)), ...(await spansOf(other, 1))];
  expect(spans.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['GET', { 'http.request.method': 'GET', 'url.scheme': 'http', 'http.response.status_code': 404 }],
    ['HTTP', expect.objectContaining({ 'http.request.method': '_OTHER' })],
  ]);
});

test('a fault is an error of the request and of the call, and says no more than its code', async () => {
  const traceId = newTrace();
  failure = new DaymarkError('STORE_FAILED', 'secret words');
  onTestFinished(() => {
    failure = undefined;
  });
  const headers = { traceparent: traceparentOf(traceId) };
  expect((await fetch(`${api.url}/customers/fails/stats?from=2024-10-01`, { headers })).status).toBe(503);
  const spans = Object.fromEntries((await spansOf(traceId, 3)).map((span) => [span.name, span]));
  expect(spans.windows).toMatchObject({
    status: { code: ERROR },
    attributes: { 'error.type': 'STORE_FAILED' },
  });
  expect(spans['GET /customers/{customer_id}/stats']).toMatchObject({
    status: { code: ERROR },
    attributes: { 'error.type': '503', 'http.response.status_code': 503 },
  });
  expect(spans.dataVersion?.status.code).not.toBe(ERROR);
});

test('nothing that was asked for is in what was sent', () => {
  expect(api.collector.spans().length).toBeGreaterThan(20);
  expect(api.collector.text()).not.toMatch(/secret|2024-10-01|PROPFIND/);
});

test('a call of the store outside any request is no span, and answers as it is', async () => {
  const { collector, tracing } = await traced();
  const pages = async function* () {
    yield 1;
    yield 2;
  };
  const calls = tracing.calls({ one: async () => 1, fails: () => Promise.reject(new Error('x')), pages }, [
    ...(['one', 'fails', 'pages'] as const),
  ]);
  expect(await calls.one()).toBe(1);
  await expect(calls.fails()).rejects.toThrow('x');
  expect(await allOf(calls.pages())).toEqual([1, 2]);
  await tracing.close();
  expect(collector.messages).toEqual([]);
});

test('pages are one span, which ends with the last page, also where the reader leaves or the store fails', async () => {
  const { collector, tracing } = await traced();
  const pages = async function* (isFailing: boolean) {
    yield 1;
    if (isFailing) throw new DaymarkError('STORE_UNREACHABLE', 'secret');
    yield 2;
  };
  const calls = tracing.calls({ pages }, ['pages']);
  const span = tracing.begin({ method: 'GET', protocol: 'http', headers: {} });
  const read = Promise.withResolvers<void>();
  span.run(() => {
    const all = async () => {
      expect(await allOf(calls.pages(false))).toEqual([1, 2]);
      for await (const page of calls.pages(false)) if (page === 1) break;
      await expect(allOf(calls.pages(true))).rejects.toThrow('secret');
    };
    all().then(read.resolve, read.reject);
  });
  await read.promise;
  span.end('/pages', 200);
  await tracing.close();
  const errors = collector
    .spans()
    .filter(({ name }) => name === 'pages')
    .map(({ attributes }) => attributes['error.type']);
  expect(errors).toEqual([undefined, undefined, 'STORE_UNREACHABLE']);
});

test('a commit is a span with its numbers, and a retry is an event', async () => {
  const { collector, tracing } = await traced();
  tracing.commit(COMMIT);
  await tracing.close();
  const [span] = collector.spans();
  expect(span).toMatchObject({ name: 'commit', kind: CLIENT, parentSpanId: undefined });
  expect(span?.durationMs).toBeCloseTo(2000, 0);
  expect(span?.attributes).toEqual({
    ...{ 'db.system.name': 'sqlite', 'db.operation.name': 'commit' },
    ...{ 'daymark.lines': 10, 'daymark.lines.accepted': 7, 'daymark.lines.rejected': 1 },
    ...{ 'daymark.lines.late': 3, 'daymark.lines.dropped': 2, 'daymark.lines.excluded': 0 },
    ...{ 'daymark.bytes': 500, 'daymark.partitions': 2, 'daymark.rows': 9, 'daymark.tries': 2 },
  });
  expect(span?.events).toEqual([
    expect.objectContaining({ name: 'retry', attributes: { 'error.type': 'STORE_UNREACHABLE' } }),
  ]);
});

test.each([
  ['always_off', undefined, 0, 0],
  ['traceidratio', '0', 0, 0],
  ['parentbased_always_off', undefined, 0, 1],
  ['parentbased_traceidratio', '1', 1, 1],
  ['always_on', undefined, 1, 1],
])(
  'with the sampler %s and %s, %i of a new and %i of a sampled trace is sent',
  async (name, ratio, ofNew, ofSampled) => {
    const { collector, tracing } = await traced({
      OTEL_TRACES_SAMPLER: name,
      OTEL_TRACES_SAMPLER_ARG: ratio ?? '',
    });
    const traceparent = `00-${PARENT.traceId}-${PARENT.spanId}-01`;
    for (const headers of [{}, { traceparent }])
      tracing.begin({ method: 'GET', protocol: 'http', headers }).end(undefined, 200);
    await tracing.close();
    const spans = collector.messages.length > 0 ? collector.spans() : [];
    expect(spans.filter(({ traceId }) => traceId !== PARENT.traceId)).toHaveLength(ofNew);
    expect(spans.filter(({ traceId }) => traceId === PARENT.traceId)).toHaveLength(ofSampled);
  },
);

test('spans go as protobuf unless JSON is asked for, with the headers of the collector', async () => {
  const { collector, tracing } = await traced({
    OTEL_EXPORTER_OTLP_PROTOCOL: '',
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=abc,x-team=a%20b',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  });
  tracing.commit(COMMIT);
  await tracing.close();
  const [message] = collector.messages;
  expect(message).toMatchObject({
    path: '/v1/traces',
    headers: { 'content-type': 'application/x-protobuf', 'api-key': 'abc', 'x-team': 'a b' },
  });
  for (const text of ['daymark.lines', 'deployment.environment.name', 'daymark'])
    expect(collector.text()).toContain(text);
});

test('spans that a collector refuses are lost, and counted, and the next are sent', async () => {
  let isRefusing = true;
  const { tracing, heard } = await traced({}, (_, response) => {
    response.statusCode = isRefusing ? 500 : 200;
    response.end();
  });
  for (let i = 0; i < 3; i++) tracing.commit(COMMIT);
  await eventually(() => heard.lost).toBe(3);
  isRefusing = false;
  tracing.commit(COMMIT);
  await eventually(() => heard.sent).toBe(1);
  expect(heard.lost).toBe(3);
  expect(heard.failures.length).toBeGreaterThan(0);
  expect(await tracing.close()).toBe(0);
});

test('a bounded number of spans waits for a slow collector, further ones are lost, and a stop gives up the rest', async () => {
  const { collector, tracing, heard } = await traced(
    { OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '4' },
    () => undefined,
  );
  for (let i = 0; i < 4; i++) tracing.commit(COMMIT);
  await eventually(() => collector.messages.length).toBe(1);
  for (let i = 0; i < 25; i++) tracing.commit(COMMIT);
  expect(heard.lost).toBe(15);
  expect(await tracing.close()).toBe(14);
});

test('what the library does not understand is told', async () => {
  const { heard } = await traced({ OTEL_EXPORTER_OTLP_COMPRESSION: 'brotli' });
  expect(heard.odd).toEqual([expect.stringContaining('OTEL_EXPORTER_OTLP_COMPRESSION')]);
});
