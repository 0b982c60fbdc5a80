/**
 * A day in the life of daymark: servers write and rotate their logs, clients ask, keys come and go, and the database is
 * restarted, while daymark reads and serves without a restart.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { assertRequests, assertSameAsUndisturbed, untilRead } from '../chaos/judge.ts';
import { type Cluster, startCluster } from '../support/postgres-cluster.ts';
import { Choice } from '../support/random-choice.ts';
import { randomNumbers } from '../support/random-log.ts';
import { openPostgresDirectly, openSqlite, type ReadableStore } from '../support/store-under-test.ts';
import { until } from '../support/until.ts';
import { DAY_MS, DayLines } from './day-lines.ts';
import type { Moment } from './flatness.ts';
import { Lane, type LaneResult } from './lane.ts';
import type { Sample } from './measures.ts';
import { OutageClock } from './outage-clock.ts';
import { RotatedLogs } from './rotated-logs.ts';

export type StoreName = 'sqlite' | 'postgres';

/** Everything happens at its tick, however long a tick takes. */
const TICK_MS = 50;
/** Between questions while something is still going on: no key may come near its limit. */
const AFTERWARDS_MS = 250;
/** A client that asks for more than it may asks so much faster than the others. */
const GREEDY_QUESTIONS_A_TICK = 5;
/** Where a program waits longer for a processor than that, other programs decide how long everything takes. */
const MAX_CALM_WAIT_PERCENT = 25;

export interface SoakPlan {
  readonly seed: number;
  readonly seconds: number;
  readonly stores: readonly StoreName[];
  readonly linesPerSecond: number;
  /** Of each API. */
  readonly requestsPerSecond: number;
  readonly rateLimitPerMinute: number;
  /** How many keys each store has at the beginning. */
  readonly keys: { readonly admins: number; readonly customers: number };
  /** How long the database is away at least, and how much longer at the most. */
  readonly outageMs: readonly [number, number];
  readonly secondsBetween: {
    readonly samples: number;
    /** The logs take turns. */
    readonly rotations: number;
    readonly keyChanges: number;
    readonly slowClients: number;
    readonly greedyClients: number;
    readonly restarts: number;
  };
  /** Is told of each sample. */
  readonly onMoment?: (moment: Moment) => void;
}

export interface SoakResult {
  readonly moments: readonly Moment[];
  readonly lines: number;
  readonly rotations: number;
  readonly restarts: number;
  /** From the start of the server until API and reading were well again. */
  readonly recoveryMs: readonly number[];
  readonly lanes: readonly LaneResult[];
}

/** @throws where a program ends by itself, or a row, a ledger or a log of daymark is not as it must be. */
export async function runSoak(plan: SoakPlan): Promise<SoakResult> {
  const soak = await Soak.begin(plan);
  try {
    await soak.run();
    return await soak.end();
  } finally {
    await soak.dispose();
  }
}

interface Parts {
  readonly directory: string;
  readonly cluster: Cluster | undefined;
  readonly lines: DayLines;
  readonly logs: RotatedLogs;
  readonly lanes: readonly Lane[];
  readonly stores: readonly ReadableStore[];
  readonly choice: Choice;
  readonly outages: OutageClock;
}

type Beside = 'rotation' | 'database' | 'sample';

class Soak {
  readonly #plan: SoakPlan;
  readonly #parts: Parts;
  readonly #ticks: number;
  readonly #moments: Moment[] = [];
  readonly #recoveryMs: number[] = [];
  #restarts = 0;
  #isInPeace = true;
  /** Questions that the greedy clients have not asked yet, by lane. */
  readonly #greedyLeft = new Map<Lane, number>();
  /** What goes on beside the ticks. Keys are not changed while the database is away. */
  readonly #beside: Record<Beside, Promise<void>> = {
    rotation: Promise.resolve(),
    database: Promise.resolve(),
    sample: Promise.resolve(),
  };
  #error: unknown;

  private constructor(plan: SoakPlan, parts: Parts) {
    this.#plan = plan;
    this.#parts = parts;
    this.#ticks = Math.ceil((plan.seconds * 1000) / TICK_MS);
  }

  static async begin(plan: SoakPlan): Promise<Soak> {
    const directory = mkdtempSync(join(tmpdir(), 'daymark-soak-'));
    const choice = new Choice(randomNumbers(plan.seed));
    const outages = new OutageClock();
    // All of yesterday: no line is of the future, however long it takes.
    const firstMs = Math.floor(Date.now() / DAY_MS - 1) * DAY_MS;
    const lines = new DayLines(choice, firstMs);
    const logs = new RotatedLogs(directory, lines, choice);
    logs.writeHistory();
    const isPostgres = plan.stores.includes('postgres');
    const cluster = isPostgres ? await startCluster() : undefined;
    const lanes: Lane[] = [];
    const stores: ReadableStore[] = [];
    const soak = new Soak(plan, { directory, cluster, lines, logs, lanes, stores, choice, outages });
    try {
      for (const name of plan.stores) {
        const store = name === 'postgres' ? await openDurably(cluster as Cluster) : await openSqlite();
        stores.push(store);
        const own = { name: name === 'postgres' ? 'PostgreSQL' : 'SQLite', isUp: name === 'sqlite' };
        const { rateLimitPerMinute, keys } = plan;
        lanes.push(
          await Lane.open({
            ...{ ...own, store, directory, logs: logs.directory, choice, outages, firstMs },
            ...{ rateLimitPerMinute, keys },
          }),
        );
      }
      return soak;
    } catch (error) {
      await soak.dispose();
      throw error;
    }
  }

  async run(): Promise<void> {
    const beganMs = performance.now();
    for (let tick = 1; tick <= this.#ticks; tick++) {
      this.#tick(tick);
      await this.#untilMs(beganMs + tick * TICK_MS);
    }
    // What goes on may wait for an answer, so the clients ask on.
    let isGoingOn = true;
    const ended = Promise.all(Object.values(this.#beside)).then(() => {
      isGoingOn = false;
    });
    while (isGoingOn) {
      for (const lane of this.#parts.lanes) lane.ask();
      await this.#untilMs(performance.now() + AFTERWARDS_MS);
    }
    await ended;
  }

  /** @throws where something has gone wrong. */
  async #untilMs(ms: number): Promise<void> {
    if (this.#error) throw this.#error;
    for (const lane of this.#parts.lanes) lane.assertAlive();
    await delay(Math.max(0, ms - performance.now()));
  }

  #tick(tick: number): void {
    const { linesPerSecond, requestsPerSecond, secondsBetween: between } = this.#plan;
    const { lanes, logs } = this.#parts;
    const progress = tick / this.#ticks;
    const times = (perSecond: number) => timesAt(tick, perSecond);
    const isTurn = (seconds: number) => times(1 / seconds) > 0;
    logs.write(times(linesPerSecond), progress);
    for (const lane of lanes) {
      for (let i = times(requestsPerSecond); i > 0; i--) lane.ask();
      if (isTurn(between.slowClients)) lane.askSlowly();
      if (isTurn(between.greedyClients)) this.#greedyLeft.set(lane, lane.greed);
      this.#askGreedily(lane);
      lane.keys.sort(Date.now());
    }
    if (isTurn(between.rotations)) this.#do('rotation', () => logs.rotate());
    if (isTurn(between.keyChanges)) this.#do('database', () => this.#changeKeys());
    if (isTurn(between.restarts)) this.#do('database', () => this.#restart());
    if (isTurn(between.samples)) this.#do('sample', () => this.#sample(progress));
  }

  #askGreedily(lane: Lane): void {
    const left = this.#greedyLeft.get(lane) ?? 0;
    let asked = 0;
    while (asked < Math.min(left, GREEDY_QUESTIONS_A_TICK) && lane.askGreedily()) asked++;
    this.#greedyLeft.set(lane, left - asked);
  }

  /** Does something behind what is going on already. */
  #do(where: Beside, what: () => Promise<void>): void {
    this.#beside[where] = this.#beside[where].then(what).catch((error) => {
      this.#error ??= error;
    });
  }

  async #changeKeys(): Promise<void> {
    for (const { keys } of this.#parts.lanes) await keys.change();
  }

  async #restart(): Promise<void> {
    const { cluster, outages, choice, lanes } = this.#parts;
    if (!cluster) return;
    const [leastMs, moreMs] = this.#plan.outageMs;
    const lane = lanes.find(({ store }) => store.env.DATABASE_URL !== undefined) as Lane;
    const { outageAnswers } = lane.load;
    this.#isInPeace = false;
    outages.begin();
    cluster.shutDown(this.#restarts++ % 2 === 0 ? 'fast' : 'immediate');
    await delay(leastMs + choice.below(moreMs));
    await until(() => lane.load.outageAnswers > outageAnswers);
    const startMs = performance.now();
    cluster.startAgain();
    await lane.untilWell();
    this.#recoveryMs.push(performance.now() - startMs);
    outages.end();
  }

  async #sample(progress: number): Promise<void> {
    const { lanes, outages } = this.#parts;
    const samples = (await Promise.all(lanes.map((lane) => lane.sample()))).flat();
    const isAway = () => outages.overlaps(Date.now(), Date.now());
    for (const { name, store } of lanes)
      if (store.env.DATABASE_URL !== undefined) samples.push(...(await connectionsTo(name, store, isAway)));
    const waits = samples.filter(({ measure }) => measure === 'wait for a processor');
    const isCalm = waits.length > 0 && waits.every(({ value }) => value <= MAX_CALM_WAIT_PERCENT);
    const moment = { progress, isInPeace: this.#isInPeace && !isAway(), isCalm, samples };
    this.#isInPeace = !isAway();
    this.#moments.push(moment);
    this.#plan.onMoment?.(moment);
  }

  /** Lets everything be read, ends the programs, and looks at what they leave. */
  async end(): Promise<SoakResult> {
    const { lanes, logs, lines } = this.#parts;
    logs.end();
    for (const lane of lanes) await untilRead(lane, lane.store, lines.count);
    for (const lane of lanes) await lane.stop();
    for (const lane of lanes) {
      await assertLedger(lane.store);
      await assertRequests(lane.store, lines.requests);
      lane.assertAccessLog();
    }
    await assertSameAsUndisturbed(
      lanes.map(({ store }) => store),
      logs.everything,
    );
    return {
      ...{ moments: this.#moments, lines: lines.count, rotations: logs.rotations },
      ...{ restarts: this.#restarts, recoveryMs: this.#recoveryMs },
      lanes: lanes.map((lane) => lane.result()),
    };
  }

  async dispose(): Promise<void> {
    const { lanes, stores, cluster, directory } = this.#parts;
    await Promise.all(lanes.map((lane) => lane.kill()));
    for (const store of stores) await store.dispose().catch(() => undefined);
    cluster?.stop();
    rmSync(directory, { recursive: true });
  }
}

/** How often something of a rate happens at a tick. */
function timesAt(tick: number, perSecond: number): number {
  const upTo = (ticks: number) => Math.floor((ticks * TICK_MS * perSecond) / 1000 + 1e-9);
  return upTo(tick) - upTo(tick - 1);
}

/** What the server has confirmed survives its crash, as in real life. The other tests have nothing to lose. */
async function openDurably(cluster: Cluster): Promise<ReadableStore> {
  const store = await openPostgresDirectly(cluster.url);
  await store.rows(`alter database ${store.name} set synchronous_commit = on`);
  return store;
}

async function connectionsTo(name: string, store: ReadableStore, isAway: () => boolean): Promise<Sample[]> {
  try {
    const [row] = await store.rows(
      'select count(*) as number from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    return [{ subject: name, measure: 'database connections', value: Number(row?.number) }];
  } catch (error) {
    if (isAway()) return [];
    throw error;
  }
}

/** @throws where the lines of a log are not all accounted for. */
async function assertLedger(store: ReadableStore): Promise<void> {
  const [row] = await store.rows(
    'select count(*) as number from checkpoints where lines <> accepted + rejected + dropped + excluded',
  );
  if (Number(row?.number) !== 0) throw new Error(`${row?.number} logs have ledgers that do not add up`);
}
