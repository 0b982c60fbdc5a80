/** The program's own log cannot be written. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { placeOf } from '../api/support.ts';
import { envOf } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';

const MAIN = join(import.meta.dirname, '../../dist/main.js');
const PATH = '/customers/cust_1/stats?from=2024-10-02';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

test('a full disk under the log changes no answer and ends nothing', async () => {
  const place = await placeOf();
  await (await place.open()).migrate();
  await place.query('alter table customer_daily_stats rename column uptime_percentage to hidden');
  const port = await freePort();
  const command = ['-c', 'exec "$@" 2>/dev/full', 'sh', process.execPath, MAIN, 'serve'];
  const env = { PATH: process.env.PATH, ...envOf(place.location), PORT: String(port) };
  const serving = spawn('sh', command, { env, stdio: 'ignore' });
  const ended = once(serving, 'exit');
  onTestFinished(() => void serving.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  const statusOf = async (path: string) => (await fetch(url + path).catch(() => undefined))?.status;
  await eventually(() => statusOf('/health/live')).toBe(200);
  for (let i = 0; i < 20; i++) {
    const answer = await fetch(url + PATH);
    expect(await answer.json()).toMatchObject({ status: 503, code: 'STORE_FAILED' });
  }
  await place.query('alter table customer_daily_stats rename column hidden to uptime_percentage');
  expect(await statusOf(PATH)).toBe(200);
  serving.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
