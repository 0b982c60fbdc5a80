/**
 * Processes that divide a topic, and a producer of numbered lines, while processes are killed, paused, stopped and added,
 * brokers killed, the database restarted and partitions added. Afterwards every row must equal the producer's lines.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KafkaBroker } from '../../support/kafka/cluster.ts';
import type { Cluster } from '../../support/postgres-cluster.ts';
import type { ReadableStore } from '../../support/store-under-test.ts';
import { assertSameAsUndisturbed, untilRead } from '../judge.ts';
import { type Fault, type FaultKind, faultsOf } from './faults.ts';
import { assertRows, atSteadyRate, numberedLine } from './numbered-lines.ts';
import { linesOf, Producer } from './producer.ts';
import { Readers } from './readers.ts';

export interface ChaosSite {
  /** `host:port`, comma-separated: where lines are written. */
  readonly brokers: string;
  /** Settings by which processes reach the brokers; each process takes the next ones. */
  readonly ways: readonly Readonly<Record<string, string>>[];
  readonly topic: string;
  readonly partitions: number;
  /** Sets how many partitions the topic has. */
  readonly setPartitions: (count: number) => Promise<void>;
  /** Those that may be killed, one at a time. */
  readonly members: readonly KafkaBroker[];
  readonly store: ReadableStore;
  /** The server of the store; undefined: it is not restarted. */
  readonly database: Cluster | undefined;
}

export interface ChaosOptions {
  readonly seed: number;
  readonly durationMs: number;
  readonly linesASecond: number;
  readonly processes: number;
  readonly leaseSeconds: number;
  /** Hears of what happens. */
  readonly log?: (text: string) => void;
}

/** What happened. */
export interface ChaosReport {
  readonly lines: number;
  readonly rows: number;
  readonly partitions: number;
  readonly faults: Readonly<Record<string, number>>;
  /** Pauses that were longer than a lease. */
  readonly zombies: number;
  readonly said: Readonly<Record<string, number>>;
  /** From the last message to the last commit. */
  readonly caughtUpMs: number;
}

/** Processes that run at the most. */
const MOST_PROCESSES = 6;

/** @throws at the first difference. */
export async function runChaos(site: ChaosSite, options: ChaosOptions): Promise<ChaosReport> {
  return await new Chaos(site, options).run();
}

class Chaos {
  readonly #site: ChaosSite;
  readonly #options: ChaosOptions;
  readonly #readers: Readers;
  readonly #producers: readonly Producer[];
  readonly #happened: Record<string, number> = {};
  #zombies = 0;
  #partitions: number;
  readonly #beganMs = performance.now();

  constructor(site: ChaosSite, options: ChaosOptions) {
    const { brokers, ways, topic, store } = site;
    this.#site = site;
    this.#options = options;
    this.#partitions = site.partitions;
    const shared = { ...store.env, KAFKA_TOPIC: topic, LEASE_SECONDS: String(options.leaseSeconds) };
    this.#readers = new Readers(ways.map((way) => ({ ...shared, ...way })));
    this.#producers = [
      new Producer({ brokers, topic, linesAMessage: 1, compression: 'lz4' }),
      new Producer({ brokers, topic, linesAMessage: 25, compression: 'zstd' }),
    ];
  }

  async run(): Promise<ChaosReport> {
    const { durationMs, linesASecond, processes } = this.#options;
    const stop = new AbortController();
    try {
      for (let i = 0; i < processes; i++) this.#readers.start();
      const produced = atSteadyRate(linesASecond, stop.signal, (numbers) => this.#send(numbers));
      await Promise.race([
        produced,
        Promise.all([delay(durationMs), this.#faults(), this.#watch(durationMs)]),
      ]);
      stop.abort();
      const sent = await produced;
      await Promise.all(this.#producers.map((producer) => producer.flush()));
      return await this.#judge(sent);
    } finally {
      stop.abort();
      for (const producer of this.#producers) producer.kill();
      await this.#readers.killAll();
    }
  }

  /** One of five lines comes in a message of its own. */
  #send(numbers: readonly number[]): void {
    const [single, many] = this.#producers;
    single?.send(numbers.filter((number) => number % 5 === 0));
    many?.send(numbers.filter((number) => number % 5 !== 0));
  }

  async #watch(durationMs: number): Promise<void> {
    while (performance.now() - this.#beganMs < durationMs) {
      this.#readers.assertAlive();
      await delay(500);
    }
  }

  /** Faults of one kind come one after the other, and those of different kinds beside each other. */
  async #faults(): Promise<void> {
    const { seed, durationMs } = this.#options;
    const kinds: FaultKind[] = [
      'kill a process',
      'pause a process',
      'stop a process',
      'add a process',
      'add partitions',
    ];
    if (this.#site.members.length > 0) kinds.push('kill a broker');
    if (this.#site.database) kinds.push('restart the database');
    const faults = faultsOf(seed, durationMs, kinds);
    await Promise.all(
      kinds.map(async (kind) => {
        for (const fault of faults.filter((one) => one.kind === kind)) {
          await delay(Math.max(0, fault.atMs - (performance.now() - this.#beganMs)));
          if (await this.#happen(fault)) this.#happened[kind] = (this.#happened[kind] ?? 0) + 1;
        }
      }),
    );
  }

  /** @returns false where there was nothing that it could happen to. */
  async #happen({ kind, chance }: Fault): Promise<boolean> {
    this.#log(kind);
    if (kind === 'kill a process') return await this.#killProcess(chance);
    if (kind === 'pause a process') return await this.#pauseProcess(chance);
    if (kind === 'stop a process') return await this.#stopProcess(chance);
    if (kind === 'add a process') return this.#addProcess();
    if (kind === 'kill a broker') return await this.#killBroker(chance);
    if (kind === 'restart the database') return await this.#restartDatabase(chance);
    this.#partitions += 1 + Math.floor(2 * chance);
    await this.#site.setPartitions(this.#partitions);
    return true;
  }

  async #killProcess(chance: number): Promise<boolean> {
    const reader = this.#readers.choose(chance);
    if (!reader) return false;
    await this.#readers.kill(reader);
    await delay(2_000 * chance);
    if (this.#readers.count < this.#options.processes) this.#readers.start();
    return true;
  }

  async #pauseProcess(chance: number): Promise<boolean> {
    const reader = this.#readers.choose(chance, { isPaused: false });
    if (!reader) return false;
    this.#readers.pause(reader);
    const leaseMs = 1000 * this.#options.leaseSeconds;
    const pauseMs = leaseMs * (0.5 + 2 * chance);
    await delay(pauseMs);
    this.#readers.resume(reader);
    if (pauseMs > leaseMs) this.#zombies++;
    return true;
  }

  async #stopProcess(chance: number): Promise<boolean> {
    const reader = this.#readers.choose(chance, { isPaused: false });
    if (!reader) return false;
    // Another fault may pause or kill it meanwhile, so nothing waits for its end here.
    const stopped = this.#readers.stop(reader);
    await delay(1_000);
    if (this.#readers.count < this.#options.processes) this.#readers.start();
    await stopped;
    return true;
  }

  #addProcess(): boolean {
    if (this.#readers.count >= MOST_PROCESSES) return false;
    this.#readers.start();
    return true;
  }

  async #killBroker(chance: number): Promise<boolean> {
    const { members } = this.#site;
    const broker = members[Math.floor(chance * members.length)];
    if (!broker) return false;
    await broker.kill();
    await delay(2_000 + 6_000 * chance);
    await broker.start();
    return true;
  }

  async #restartDatabase(chance: number): Promise<boolean> {
    const { database } = this.#site;
    database?.shutDown(chance < 0.5 ? 'fast' : 'immediate');
    await delay(5_000 * chance);
    database?.startAgain();
    return true;
  }

  async #judge(sent: number): Promise<ChaosReport> {
    const { store, brokers, topic } = this.#site;
    const beganMs = performance.now();
    this.#log(`${sent} lines were sent; reading the topic back`);
    const numbers = await linesOf(brokers, topic);
    assertOnce(numbers, sent);
    if (this.#readers.count === 0) this.#readers.start();
    await untilRead(this.#readers, store, sent);
    const caughtUpMs = performance.now() - beganMs;
    this.#log('all lines are read; comparing');
    await this.#readers.stopAll();
    const rows = await assertRows(store, numbers);
    const directory = mkdtempSync(join(tmpdir(), 'daymark-chaos-'));
    try {
      const path = join(directory, 'all.log');
      writeFileSync(path, numbers.map((number) => `${numberedLine(number)}\n`).join(''));
      await assertSameAsUndisturbed([store], path);
    } finally {
      rmSync(directory, { recursive: true });
    }
    return {
      ...{ lines: sent, rows, partitions: this.#partitions, faults: this.#happened, zombies: this.#zombies },
      said: Object.fromEntries(this.#readers.said),
      caughtUpMs,
    };
  }

  #log(text: string): void {
    const seconds = ((performance.now() - this.#beganMs) / 1000).toFixed(1);
    this.#options.log?.(`${seconds} s: ${text}; ${this.#readers.count} processes`);
  }
}

/** The ledger of the producer: every line was acknowledged, and stands in the topic once. */
function assertOnce(numbers: readonly number[], sent: number): void {
  const seen = new Uint8Array(sent);
  for (const number of numbers) seen[number]++;
  const wrong = seen.findIndex((times) => times !== 1);
  if (wrong >= 0 || numbers.length !== sent)
    throw new Error(
      `the topic has ${numbers.length} lines of ${sent}; line ${wrong} stands there ${seen[wrong]} times`,
    );
}
