/** The stream of events of a running program: it hears of what is read, and holds nobody up who stops the program. */

import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { openStream, type ReadStream } from '../support/event-stream.ts';

const LINE = '2024-10-02 05:10:46 cust_40 /api/v1/resource1 400 0.316\n';

let folder: string;
let log: string;
let env: Record<string, string>;
let server: RunningCli | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daymark-events-'));
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  log = join(logs, 'api.log');
  writeFileSync(log, LINE);
  env = { DATA_DIR: join(folder, 'data'), LOGS_SOURCE_DIR: logs, PORT: '0' };
});

afterEach(async () => {
  server?.process.kill('SIGKILL');
  await server?.ended;
  rmSync(folder, { recursive: true });
});

async function serving(args: readonly string[], says: string): Promise<(id?: string) => Promise<ReadStream>> {
  server = start(args, { env });
  const url = await servedUrl(server, says);
  return (id) => openStream(`${url}/v1/events`, id === undefined ? {} : { headers: { 'last-event-id': id } });
}

/** Stops the program as systemd does. A stream that was cut off would not end, and one that is waited for is cut off. */
async function stop(streams: readonly ReadStream[]): Promise<void> {
  server?.process.kill('SIGTERM');
  await Promise.all(streams.map(({ ended }) => ended));
  expect(await server?.ended).toMatchObject({ code: 0, signal: null });
}

it('`up` tells of the lines that it reads, and stops with streams open', async () => {
  const open = await serving(['up'], 'look at ');
  const streams = [await open(), await open()];
  for (const stream of streams) await stream.next('current');
  appendFileSync(log, LINE);
  for (const stream of streams) await stream.next('change');
  await stop(streams);
});

it('every process of `serve --processes` tells of what another program stores, and all stop with streams open', async () => {
  expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
  const open = await serving(['serve', '--processes', '2'], 'by 2 processes');
  const streams = [await open(), await open(), await open(), await open()];
  const ids = await Promise.all(streams.map(async (stream) => (await stream.next('current')).id));
  // Each process has ids of its own.
  expect(new Set(ids).size).toBe(2);
  appendFileSync(log, LINE);
  expect(await run(['ingest'], { env })).toMatchObject({ code: 0 });
  for (const stream of streams) await stream.next('change');
  await stop(streams);
});
