import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../support/cli.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-unanswered-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Counts a log, and gives the days of some customers. */
async function daysOf(
  log: { readonly path: string } | { readonly lines: readonly string[] },
  env: Readonly<Record<string, string>>,
  ...customers: readonly string[]
): Promise<unknown[]> {
  const settings = { ...env, DATA_DIR: directory };
  const isFile = 'path' in log;
  const read = await run(['ingest', isFile ? log.path : '-'], {
    env: settings,
    input: isFile ? '' : `${log.lines.join('\n')}\n`,
  });
  expect(read.code).toBe(0);
  const days = customers.map(async (customer) => {
    const { stdout } = await run(['stats', customer, '--from', '2000-01-01', '--json'], { env: settings });
    return JSON.parse(stdout);
  });
  return (await Promise.all(days)).flat();
}

const fixture = (name: string) => ({ path: join(import.meta.dirname, 'fixtures', name) });

describe('a request that got no response is a failure', () => {
  it('in a log of Caddy, which writes 0', async () => {
    const env = { LOG_FORMAT: 'caddy', CUSTOMER_ID: 'request.remote_ip' };
    const days = await daysOf(fixture('caddy-status-0.log'), env, '127.0.0.1', '172.17.0.1');
    expect(days).toMatchObject([
      {
        ...{ customer_id: '127.0.0.1', date: '2024-03-29', success_requests: 1, failed_requests: 2 },
        ...{ duration_p50: 0.78267, duration_p99: 0.794682 },
        duration_mean: expect.closeTo(0.5257953333333334, 12),
        uptime_percentage: expect.closeTo(50.379678785027885, 9),
      },
      {
        ...{ customer_id: '172.17.0.1', date: '2023-09-04', success_requests: 0, failed_requests: 7 },
        ...{ duration_p50: 0.000003, duration_p99: 0.000003, uptime_percentage: 0 },
        duration_mean: expect.closeTo(2.7142857142857144e-6, 15),
      },
    ]);
  });

  it('in a log of CloudFront, which writes 000', async () => {
    const env = { LOG_FORMAT: 'cloudfront', CUSTOMER_ID: 'c-ip' };
    expect(await daysOf(fixture('cloudfront-000.log'), env, '198.51.100.143')).toMatchObject([
      {
        ...{ customer_id: '198.51.100.143', date: '2022-04-19', success_requests: 1, failed_requests: 1 },
        ...{ duration_mean: 0.238, duration_p50: 0.238, duration_p99: 0.238, uptime_percentage: 50 },
      },
    ]);
  });

  it('in a log of HAProxy, which writes -1', async () => {
    const line = (timers: string, status: number, flags: string) =>
      `Feb  6 12:14:14 lb haproxy[14389]: 192.0.2.7:33317 [06/Feb/2009:12:14:14.655] http-in static/srv1 ${timers} ${status} 0 - - ${flags} 1/1/1/1/0 0/0 "GET /customers/cust_1 HTTP/1.1"`;
    const lines = [line('10/0/30/69/109', 200, '----'), line('-1/-1/-1/-1/5000', -1, 'CR--')];
    const env = { LOG_FORMAT: 'haproxy', CUSTOMER_ID: '/customers/{customer_id}' };
    expect(await daysOf({ lines }, env, 'cust_1')).toMatchObject([
      { success_requests: 1, failed_requests: 1, duration_p99: 5 },
    ]);
  });

  it('in a log of nginx, which writes 000', async () => {
    const line = (status: string) =>
      `192.0.2.7 - cust_1 [06/Feb/2009:12:14:14 +0000] "GET / HTTP/1.1" ${status} 0 "-" "curl/8"`;
    const lines = ['200', '000', '499', '-'].map(line);
    expect(await daysOf({ lines }, { LOG_FORMAT: 'combined' }, 'cust_1')).toMatchObject([
      { success_requests: 1, failed_requests: 2 },
    ]);
  });
});
