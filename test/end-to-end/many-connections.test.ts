/** More connections than the program may open files. */

import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { envOf, type RunningCli, run, start, withOpenFiles } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { STORE_KINDS } from '../support/stores.ts';

const MAX_OPEN_FILES = 200;
const IDLE = 450;
const PATH = '/customers/cust_1/stats?from=2024-10-02';
const line = (second: number) => `2024-10-02 05:10:0${second} cust_1 /api/v1/resource1 200 0.316\n`;

let directory: string;
let log: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'daymark-connections-'));
  log = join(directory, 'api.log');
  appendFileSync(log, line(1));
});
afterEach(() => rmSync(directory, { recursive: true }));

async function urlOf(running: RunningCli): Promise<string> {
  onTestFinished(async () => {
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
  return /on (http:\S+)/.exec(await running.says('serving'))?.[1] as string;
}

/** Opens connections on which nothing is sent. */
async function flood(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let i = 0; i < IDLE; i++) {
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  }
}

/** Asks over the connection of an agent. @returns how many requests succeeded that day. */
async function successes(url: string, agent: Agent): Promise<number> {
  const [answer] = await once(get(url + PATH, { agent }), 'response');
  expect(answer.statusCode).toBe(200);
  const [day] = JSON.parse((await answer.toArray()).join('')) as { success_requests: number }[];
  return day?.success_requests ?? 0;
}

function connection(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

describe.each(STORE_KINDS)('on $name', (kind) => {
  test('clients old and new are answered, and the log is followed, whatever stands open', async () => {
    const place = await kind.createPlace();
    onTestFinished(() => place.dispose());
    const env = { ...envOf(place.location), LOGS_SOURCE_DIR: directory, PORT: '0' };
    const url = await urlOf(start(['up'], { env, within: withOpenFiles(MAX_OPEN_FILES) }));
    const old = connection();
    await eventually(() => successes(url, old)).toBe(1);
    for (const second of [2, 3]) {
      await flood(url);
      expect(await successes(url, old)).toBe(second - 1);
      appendFileSync(log, line(second));
      await eventually(() => successes(url, connection())).toBe(second);
      expect(await successes(url, old)).toBe(second);
    }
  });
});

test('more connections than there are descriptors for are refused at the start, with what to do', async () => {
  const env = { DATA_DIR: directory, PORT: '0', MAX_CONNECTIONS: '150' };
  expect((await run(['ingest', log], { env })).code).toBe(0);
  const { code, stderr } = await run(['serve'], { env, within: withOpenFiles(MAX_OPEN_FILES) });
  expect(code).toBe(2);
  expect(stderr).toMatch(/INVALID_SETTING.*MAX_CONNECTIONS is 150.*may open 200 files.*100 is the most/);
});
