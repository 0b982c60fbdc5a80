import { expect, test } from 'vitest';
import { METRICS, type MetricDefinition } from '../../src/metrics/definitions.ts';
import { Metrics, type MetricsSnapshot } from '../../src/metrics/metrics.ts';
import { SummedMetrics } from '../../src/metrics/summed.ts';

const ROUTE = { route: '/x', method: 'GET', status: 200 };

/** Two processes, and what `/metrics` shows of them. */
function twoProcesses() {
  const processes = [new Metrics('1.2.3'), new Metrics('1.2.3')] as const;
  let isAway = false;
  const ask = async (process: number): Promise<MetricsSnapshot | undefined> =>
    // It crosses processes.
    isAway && process === 1 ? undefined : structuredClone(await processes[process]?.snapshot());
  const summed = new SummedMetrics(ask, async () => []);
  for (const process of [0, 1]) summed.add(process);
  const values = async (name: string) => {
    const lines = (await summed.text()).split('\n').filter((line) => line.startsWith(name));
    return lines.map((line) => Number(line.split(' ').at(-1)));
  };
  return {
    ...{ processes, summed, values },
    goAway: () => {
      isAway = true;
    },
  };
}

test('counters, histograms and open requests of all processes are added up', async () => {
  const { processes, values } = twoProcesses();
  for (const [i, process] of processes.entries()) {
    process.counter('daymark_http_requests_total').inc(ROUTE, 3 + i);
    process.histogram('daymark_http_request_duration_seconds').observe({ route: '/x' }, 0.3);
    process.gauge('daymark_http_connections').set(2);
  }
  expect(await values('daymark_http_requests_total')).toEqual([7]);
  expect(await values('daymark_http_request_duration_seconds_count')).toEqual([2]);
  expect(await values('daymark_http_request_duration_seconds_bucket{le="0.5"')).toEqual([2]);
  expect(await values('daymark_http_connections')).toEqual([4]);
  expect(await values('daymark_processes')).toEqual([2]);
  expect(await values('daymark_build_info')).toEqual([1]);
});

test('what all processes see in one store is no sum', async () => {
  const { processes, values } = twoProcesses();
  for (const [i, process] of processes.entries()) {
    process.gauge('daymark_store_size_bytes').set({ database: 'SQLite' }, 100 + i);
    process.gauge('daymark_store_up').set(i);
  }
  expect(await values('daymark_store_size_bytes')).toEqual([101]);
  expect(await values('daymark_store_up')).toEqual([0]);
});

test('every metric of the store says how it is put together', () => {
  const ofStore = Object.entries<MetricDefinition>(METRICS).filter(([name]) =>
    name.startsWith('daymark_store_'),
  );
  expect(ofStore.length).toBeGreaterThan(5);
  for (const [name, { aggregator }] of ofStore)
    expect([name, aggregator]).toEqual([name, expect.any(String)]);
});

test('a counter does not go back when a process ends, or does not answer', async () => {
  const { processes, summed, values, goAway } = twoProcesses();
  for (const process of processes) process.counter('daymark_http_requests_total').inc(ROUTE, 5);
  expect(await values('daymark_http_requests_total')).toEqual([10]);
  goAway();
  expect(await values('daymark_http_requests_total')).toEqual([10]);
  summed.remove(1);
  expect(await values('daymark_http_requests_total')).toEqual([10]);
  expect(await values('daymark_processes')).toEqual([1]);
  summed.remove(0);
  expect(await values('daymark_http_requests_total')).toEqual([10]);
});

test('gauges of several processes are added up only where that is a number of something', () => {
  const summed = Object.entries<MetricDefinition>(METRICS).filter(
    ([, { kind, aggregator = 'sum' }]) => kind === 'gauge' && aggregator === 'sum',
  );
  // Those of reading are of one process at most: `up`, which answers alone.
  expect(summed.map(([name]) => name)).toEqual([
    'daymark_processes',
    'daymark_http_requests_in_progress',
    'daymark_http_requests_waiting',
    'daymark_http_connections',
    'daymark_event_streams',
    'daymark_lag_bytes',
    'daymark_lag_messages',
    'daymark_lag_seconds',
    'daymark_reading_waits',
    'daymark_inputs_away',
    'daymark_leases_held',
  ]);
});
