/** What is handed in survives: cut connections, retries, and a server that is killed. */

import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { envOf, type RunningCli, run, servedUrl, start } from '../support/cli.ts';
import { byWindow, oracle, type Request } from '../support/oracle.ts';
import {
  ENCODINGS,
  exportOf,
  linesOf,
  linesPush,
  logsPush,
  type PushRequest,
  recordOf,
  send,
} from '../support/push-client.ts';
import { randomNumbers, randomRequests } from '../support/random-log.ts';
import { daysOfCustomers, ledger, windowRows } from '../support/rows.ts';
import type { StoreKind, StorePlace } from '../support/sqlite-place.ts';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { WAIT_BOUND_MS } from '../support/until.ts';

const SEED = Number(process.env.TEST_SEED ?? 17);
const IS_LONG = process.env.TEST_LONG !== undefined;
const CLIENTS = 4;
const PUSHES_A_CLIENT = IS_LONG ? 250 : 12;
const MAX_LINES = 60;
/** How often each push is sent at the least, whatever was answered. */
const SENDS = 3;
const KILLS = IS_LONG ? 40 : 4;
const MAX_LIFE_MS = 700;
/** Most cuts come within a push or its answer. */
const MAX_BYTES_TO_CUT = 9_000;
const MAX_PAUSE_MS = 40;

/** A push, and what must come of it. */
interface Planned {
  readonly push: PushRequest;
  readonly requests: readonly Request[];
  readonly rejected: number;
}

/** A server that is killed and started again at the same port. */
class Server {
  readonly #env: Readonly<Record<string, string>>;
  #running: RunningCli | undefined;
  #port = '0';

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  async start(): Promise<string> {
    for (;;) {
      const running = start(['serve'], { env: { ...this.#env, PORT: this.#port, PUSH: 'on', AUTH: 'keys' } });
      this.#running = running;
      try {
        const url = await servedUrl(running);
        this.#port = new URL(url).port;
        return url;
      } catch (error) {
        const { stderr } = await running.ended;
        // What was killed may not be gone yet.
        if (!stderr.includes('PORT_IN_USE')) throw error;
      }
    }
  }

  /** Kills it, or one of its processes that answer. */
  async kill(random: () => number): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const children = childrenOf(running.process.pid ?? 0);
    if (children.length > 0 && random() < 0.5) {
      process.kill(children[Math.floor(random() * children.length)], 'SIGKILL');
      return;
    }
    running.process.kill('SIGKILL');
    await running.ended;
    await this.start();
  }

  async stop(): Promise<number | null> {
    this.#running?.process.kill('SIGTERM');
    return (await this.#running?.ended)?.code ?? null;
  }

  killForEver(): void {
    this.#running?.process.kill('SIGKILL');
  }
}

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** Cuts connections after a random number of bytes, again and again. */
async function cutting(proxy: TcpProxy, random: () => number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { cuts } = proxy;
    proxy.cutAfter(1 + Math.floor(random() ** 2 * MAX_BYTES_TO_CUT));
    while (!isOver() && proxy.cuts === cuts) await delay(5);
  }
  proxy.cutAfter(undefined);
}

function planOf(client: number): Planned[] {
  const random = randomNumbers(SEED * 100 + client);
  const requests = randomRequests(PUSHES_A_CLIENT * MAX_LINES, SEED * 100 + client, {
    ...{ customers: 14, hoursADay: 2 },
  });
  return Array.from({ length: PUSHES_A_CLIENT }, (_, i) => {
    const own = requests.splice(0, 1 + Math.floor(random() * MAX_LINES));
    const encoding = ENCODINGS[Math.floor(random() * ENCODINGS.length)];
    if (random() < 0.25) {
      const records = [...own.map(recordOf), { timeUnixNano: `${Date.UTC(2024, 9, 2, client, i)}000000` }];
      return { push: logsPush(exportOf(records), encoding), requests: own, rejected: 1 };
    }
    const content = `${linesOf(own)}no line of client ${client}, push ${i}`;
    return {
      push: linesPush(content, `client-${client}-${i}`, encoding),
      requests: own,
      rejected: 1,
    };
  });
}

/** Sends a push at least so often, and until one answer has come. All answers must be the same. */
async function deliver(
  proxy: TcpProxy,
  { push, requests, rejected }: Planned,
  key: string,
  random: () => number,
) {
  const deadlineMs = performance.now() + WAIT_BOUND_MS;
  const answers: unknown[] = [];
  for (let sends = 0; sends < SENDS || answers.length === 0; sends++) {
    if (performance.now() > deadlineMs) throw new Error(`no answer within ${WAIT_BOUND_MS} ms`);
    const answered = await send(`http://${proxy.host}:${proxy.port}`, push, {
      authorization: `Bearer ${key}`,
    }).catch(() => undefined);
    if (answered?.status === 200) answers.push(answered.body);
    // Nothing else may come: a push in progress, too many at once, a database or a process that is just starting.
    else if (answered) expect([409, 429, 503]).toContain(answered.status);
    await delay(random() * MAX_PAUSE_MS);
  }
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  if (push.path === '/v1/ingest')
    expect(answers[0]).toMatchObject({
      lines: requests.length + rejected,
      accepted: requests.length,
      rejected,
    });
  else expect(answers[0]).toMatchObject({ partialSuccess: { rejectedLogRecords: String(rejected) } });
  return answers.length;
}

const near = (value: number | null) => (value === null ? null : expect.closeTo(value, 9));

function expectedDays(requests: readonly Request[]) {
  return [...byWindow(requests)].map(([key, own]) => {
    const { successRequests, failedRequests, ...numbers } = oracle(own);
    return {
      ...{ customer_id: key.slice(0, -11), date: key.slice(-10) },
      ...{ success_requests: successRequests, failed_requests: failedRequests },
      ...{ duration_p50: near(numbers.durationP50S), duration_p99: near(numbers.durationP99S) },
      duration_mean: near(numbers.durationMeanS),
    };
  });
}

const keyOf = (row: Record<string, unknown>) => `${row.customer_id} ${row.date}`;
const inOrder = <T extends Record<string, unknown>>(rows: readonly T[]) =>
  rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

/** The tests of one store, and so many processes of `serve`. */
export function describePushes(kind: StoreKind, processes: readonly number[]): void {
  describe(`pushes into ${kind.name}`, () => {
    let place: StorePlace | undefined;
    let server: Server | undefined;
    let proxy: TcpProxy | undefined;

    afterEach(async () => {
      server?.killForEver();
      await proxy?.close();
      await place?.dispose();
    });

    test.each(processes)(
      'count once through cut connections, retries and killed servers, with %i processes',
      async (count) => {
        console.log(`seed ${SEED}`);
        place = await kind.createPlace();
        const env = { ...envOf(place.location), ...(count > 1 ? { PROCESSES: String(count) } : {}) };
        const made = await run(['keys', 'create', '--ingest'], { env });
        const key = made.stdout.trim();
        server = new Server(env);
        const own = await startProxy(`tcp://${new URL(await server.start()).host}`);
        proxy = own;
        const plans = Array.from({ length: CLIENTS }, (_, client) => planOf(client));
        let isOver = false;
        const cuts = cutting(own, randomNumbers(SEED + 1), () => isOver);
        const random = randomNumbers(SEED + 2);
        const kills = (async () => {
          for (let i = 0; i < KILLS; i++) {
            await delay(random() * MAX_LIFE_MS);
            await server?.kill(random);
          }
        })();
        const delivered = Promise.all(
          plans.map(async (plan, client) => {
            const chance = randomNumbers(SEED + 10 + client);
            let answers = 0;
            for (const planned of plan) answers += await deliver(own, planned, key, chance);
            return answers;
          }),
        );
        const answers = await delivered.finally(() => {
          isOver = true;
        });
        await Promise.all([cuts, kills]);
        expect(await server.stop()).toBe(0);
        expect(own.cuts).toBeGreaterThan(PUSHES_A_CLIENT);
        // Otherwise nothing was a retry.
        expect(answers.reduce((a, b) => a + b)).toBeGreaterThan(CLIENTS * PUSHES_A_CLIENT);
        const all = plans.flat();
        const requests = all.flatMap((planned) => planned.requests);
        expect(await ledger(place)).toMatchObject({
          ...{ lines: requests.length + all.length, accepted: requests.length, rejected: all.length },
        });
        // All kinds of windows, and the lines of days by partition, agree with the days of customers.
        await windowRows(place);
        const days = inOrder(await daysOfCustomers(place));
        expect(days).toMatchObject(inOrder(expectedDays(requests)));
      },
    );
  });
}
