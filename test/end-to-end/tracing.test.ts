/** Traces of the real program. `test/tracing/` has what is in them. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type RunningCli, run, start } from '../support/cli.ts';
import { startCollector } from '../support/collector.ts';
import { eventually } from '../support/eventually.ts';
import { samplesOf } from '../support/metrics.ts';
import { siteOfEachTest } from '../support/site.ts';

const SAMPLE = join(import.meta.dirname, '../../logs/api_requests.log');
const TRACE = '0af7651916cd43dd8448eb211c80319c';

const site = siteOfEachTest('tracing');

function environment(more: Record<string, string> = {}): Record<string, string> {
  mkdirSync(site.logs, { recursive: true });
  copyFileSync(SAMPLE, join(site.logs, 'secret-name.log'));
  return {
    ...{ DATA_DIR: join(site.directory, 'data'), LOGS_SOURCE_DIR: site.logs, PORT: '0', METRICS_PORT: '0' },
    ...{ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_BSP_SCHEDULE_DELAY: '20' },
    ...more,
  };
}

function started(command: string, env: Record<string, string>): RunningCli {
  const program = start([command], { env });
  onTestFinished(async () => {
    program.process.kill('SIGTERM');
    await program.ended;
  });
  return program;
}

async function urlIn(program: RunningCli, text: string, pattern: RegExp): Promise<string> {
  return pattern.exec(await program.says(text))?.[1] ?? expect.fail(`no URL behind "${text}"`);
}
const apiOf = (program: RunningCli) => urlIn(program, 'serving', /serving .* on (http:[\w:./]+\d)/);
const metricsOf = (program: RunningCli) => urlIn(program, '/metrics', /metrics are on (http:[\w:./]+)/);

it('of up hold each commit and each request to its end, and nothing of a customer, a key or a file', async () => {
  const collector = await startCollector();
  const customers = join(site.directory, 'customers.csv');
  writeFileSync(customers, 'id,name,aliases\ncust_4,Secret Name,secret-alias\n');
  const env = environment({
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, AUTH: 'keys', CUSTOMERS_FILE: customers },
  });
  const program = started('up', env);
  const url = await apiOf(program);
  await program.says('following');
  const key = (await run(['keys', 'create', '--admin', '--name', 'Secret key'], { env })).stdout.trim();
  const ask = async (path: string, authorization: string) => {
    const headers = { authorization, 'user-agent': 'secret-agent', 'x-request-id': 'secret-id' };
    const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;
    await (await fetch(url + path, { headers: { ...headers, traceparent, tracestate: 'a=secret' } })).text();
  };
  for (const path of [
    '/customers/secret-alias/stats?from=2024-09-18',
    '/v1/customers/cust_4/summary?from=2024-09-18&to=2024-10-01',
    '/v1/customers?from=2024-09-18&to=2024-10-01&q=cust_4',
    '/v1/sources?source=secret-name.log',
    '/secret',
  ])
    for (const authorization of [`Bearer ${key}`, `Bearer ${key.replace(/.$/, 'x')}`, 'Bearer secret'])
      await ask(path, authorization);
  program.process.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);
  const spans = collector.spans();
  const lines = spans
    .filter(({ name }) => name === 'commit')
    .reduce((sum, { attributes }) => sum + Number(attributes['daymark.lines']), 0);
  expect(lines).toBe(10_000);
  const requests = spans.filter(({ kind, traceId }) => kind === 2 && traceId === TRACE);
  expect(requests).toHaveLength(15);
  const ids = new Set(requests.map(({ spanId }) => spanId));
  const calls = spans.filter(({ kind, traceId }) => kind === 3 && traceId === TRACE);
  expect(new Set(calls.map(({ name }) => name))).toContain('find');
  expect(new Set(calls.map(({ name }) => name))).toContain('readSnapshot');
  for (const { parentSpanId } of calls) expect(ids).toContain(parentSpanId);
  const [, id = 'none', secret = 'none'] = key.split('_');
  for (const hidden of ['cust_', 'secret', 'Secret', id, secret, '2024-09-18', site.directory, '127.0.0.1'])
    expect(collector.text()).not.toContain(hidden);
});

it('of an ingest to the end hold its commits', async () => {
  const collector = await startCollector();
  const { code } = await run(['ingest'], {
    env: environment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }),
  });
  expect(code).toBe(0);
  const [span, ...others] = collector.spans();
  expect(others).toEqual([]);
  expect(span).toMatchObject({ name: 'commit', attributes: { 'daymark.lines': 10_000, 'daymark.tries': 1 } });
});

it('are lost while the collector is away, which is said once, counted, and holds nothing', async () => {
  // Nobody listens on a port that was just closed.
  const env = environment({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
  });
  const program = started('up', env);
  const [url, metrics] = [await apiOf(program), await metricsOf(program)];
  await program.says('following');
  const lost = async () =>
    samplesOf(await (await fetch(metrics)).text()).get('daymark_trace_spans_lost_total') ?? 0;
  await program.says('TRACES_NOT_SENT');
  let answered = 0;
  await eventually(async () => {
    answered += Number((await fetch(`${url}/customers/cust_4/stats?from=2024-09-18`)).ok);
    return lost();
  }).toBeGreaterThan(20);
  expect(answered).toBeGreaterThan(2);
  program.process.kill('SIGTERM');
  const { code, stderr } = await program.ended;
  expect(code).toBe(0);
  expect(stderr.match(/TRACES_NOT_SENT/g)).toHaveLength(1);
});

it('do not hold the program at its end, although the collector never answers', async () => {
  const collector = await startCollector(() => undefined);
  const { code, stdout, stderr } = await run(['ingest', '--json'], {
    env: environment({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_TIMEOUT: '3600000' }),
  });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ lines_read: 10_000 });
  expect(stderr).toContain('stopped before the collector took 1 span');
  expect(collector.spans()).toHaveLength(1);
});

it('are off, with a warning, where a variable cannot be used, and everything else works', async () => {
  const env = environment({
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  });
  const { code, stderr } = await run(['ingest'], { env });
  expect(code).toBe(0);
  expect(stderr).toContain('TRACING_OFF: Traces are off: OTEL_EXPORTER_OTLP_PROTOCOL is "grpc"');
});

it('cost nothing where no collector is named: their code is not even loaded', async () => {
  const loaded = async (more: Record<string, string>) => {
    const coverage = join(site.directory, `coverage-${Object.keys(more).length}`);
    const { code } = await run(['ingest'], { env: { ...environment(more), NODE_V8_COVERAGE: coverage } });
    expect(code).toBe(0);
    const reports = readdirSync(coverage).map((file) => readFileSync(join(coverage, file), 'utf8'));
    return reports.join('').match(/\/dist\/tracing-[^"]+/g) ?? [];
  };
  expect(await loaded({})).toEqual([]);
  const collector = await startCollector();
  expect(await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })).not.toEqual([]);
});
