/** One store, the programs that use it, and the clients of its API. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Choice } from '../support/random-choice.ts';
import type { ReadableStore } from '../support/store-under-test.ts';
import { until } from '../support/until.ts';
import { ApiLoad } from './api-load.ts';
import { DifficultClients } from './difficult-clients.ts';
import { atRank } from './flatness.ts';
import { KeyRing } from './key-ring.ts';
import type { Sample } from './measures.ts';
import type { OutageClock } from './outage-clock.ts';
import { Program } from './programs.ts';
import { Questions } from './questions.ts';
import { Sampler, samplesWith } from './sampler.ts';

export interface LaneResult {
  readonly name: string;
  readonly answers: number;
  /** Broken off by the client. */
  readonly aborted: number;
  readonly slowClients: number;
  readonly overloaded: number;
  /** Answers that the database was away. */
  readonly outageAnswers: number;
  /** Questions that were not asked, because too many were unanswered. */
  readonly leftOut: number;
  readonly keysCreated: number;
  readonly keysRevoked: number;
  /** By who asks what and the status: how often. */
  readonly tally: ReadonlyMap<string, number>;
  /** Wrong answers in words, not all of them. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

export interface LaneOptions {
  readonly name: string;
  readonly store: ReadableStore;
  /** True: one process reads and serves. */
  readonly isUp: boolean;
  readonly directory: string;
  readonly logs: string;
  readonly choice: Choice;
  readonly outages: OutageClock;
  /** When the soak's day begins. */
  readonly firstMs: number;
  readonly rateLimitPerMinute: number;
  /** How many keys there are at the beginning. */
  readonly keys: { readonly admins: number; readonly customers: number };
}

export class Lane {
  readonly name: string;
  readonly store: ReadableStore;
  readonly keys: KeyRing;
  readonly load: ApiLoad;
  readonly difficult: DifficultClients;
  readonly #questions: Questions;
  readonly #programs: readonly Program[];
  readonly #url: string;
  readonly #rateLimitPerMinute: number;
  readonly #sampler = new Sampler();
  #lastSampleMs = performance.now();

  private constructor(
    { name, store, choice, outages, firstMs, rateLimitPerMinute }: LaneOptions,
    parts: { programs: readonly Program[]; keys: KeyRing; url: string },
  ) {
    this.name = name;
    this.store = store;
    this.keys = parts.keys;
    this.load = new ApiLoad(parts.url, choice, outages);
    this.difficult = new DifficultClients(parts.url, choice);
    this.#questions = new Questions(parts.keys, choice, firstMs);
    this.#programs = parts.programs;
    this.#url = parts.url;
    this.#rateLimitPerMinute = rateLimitPerMinute;
  }

  static async open(options: LaneOptions): Promise<Lane> {
    const { name, store, isUp, directory, logs, choice, rateLimitPerMinute } = options;
    const env = {
      ...{ ...store.env, LOGS_SOURCE_DIR: logs, PORT: '0', MAX_REJECTED_PERCENT: '100' },
      ...{ AUTH: 'keys', TRUSTED_PROXIES: '127.0.0.1', ACCESS_LOG: 'json' },
      ...{ RATE_LIMIT_PER_MINUTE: String(rateLimitPerMinute), WAIT_FOR_SYSTEM_DURATION: 'PT1H' },
    };
    const programs: Program[] = [];
    const start = async (program: string, args: readonly string[], says: string) => {
      const one = new Program(`${program}, ${name}`, args, env, join(directory, `${program} ${name}`));
      programs.push(one);
      await one.untilSays(says);
      return one;
    };
    try {
      const reading = await (isUp
        ? start('up', ['up'], 'following')
        : start('ingest', ['ingest', '--follow', logs], 'following'));
      const serving = isUp ? reading : await start('serve', ['serve'], 'serving ');
      const keys = new KeyRing(store.env, choice);
      await keys.fill(options.keys);
      return new Lane(options, { programs, keys, url: await serving.url() });
    } catch (error) {
      await Promise.all(programs.map((program) => program.kill()));
      throw error;
    }
  }

  assertAlive(): void {
    for (const program of this.#programs) program.assertAlive();
  }

  ask(): void {
    this.load.ask(this.#questions.next());
  }

  /** Something of what is odd: a slow client, or a client that asks for more than it may. */
  askSlowly(): void {
    this.difficult.come(this.keys.admins[0]?.text ?? '');
  }

  /** How many questions a greedy client asks at once. */
  get greed(): number {
    return Math.ceil(this.#rateLimitPerMinute * 1.1);
  }

  /** @returns false where the API has too much to answer at the moment. */
  askGreedily(): boolean {
    return this.keys.greedy !== undefined && this.load.ask(this.#questions.ofKey(this.keys.greedy));
  }

  /** Waits until the API is ready and the logs are read again. @param assertPossible throws where that cannot come. */
  async untilWell(): Promise<void> {
    await until(
      async () => {
        const { status } = await fetch(`${this.#url}/health/ready`);
        return (
          status === 200 &&
          (await this.#programs[0]?.metrics())?.get('daymark_reading_waits{source="files"}') === 0
        );
      },
      { assertPossible: () => this.assertAlive() },
    );
  }

  async sample(): Promise<Sample[]> {
    const samples = await Promise.all(this.#programs.map((program) => this.#sampler.sample(program)));
    const { requests, latenciesMs } = this.load.takeInterval();
    const nowMs = performance.now();
    const seconds = (nowMs - this.#lastSampleMs) / 1000;
    this.#lastSampleMs = nowMs;
    const share = samples.at(-1)?.find(({ measure }) => measure === 'processor time')?.value;
    const values = {
      requests: requests / seconds,
      'latency p50': atRank(latenciesMs, 50),
      'latency p99': atRank(latenciesMs, 99),
      'processor time an answer':
        share === undefined || requests === 0 ? undefined : (share * 10 * seconds) / requests,
    };
    return [...samples.flat(), ...samplesWith(`API, ${this.name}`, values)];
  }

  get #serving(): Program {
    return this.#programs.at(-1) as Program;
  }

  /** Ends the clients and then the programs. @throws where a program does not end well. */
  async stop(): Promise<void> {
    this.difficult.end();
    await this.load.end();
    const lost = (await this.#serving.metrics()).get('daymark_access_log_lost_total');
    if (lost !== 0) throw new Error(`${this.name}: ${lost} lines of the access log are lost`);
    for (const program of this.#programs) await program.stop();
  }

  /** @throws where a line of the access log is missing or broken, or has a secret in it. */
  assertAccessLog(): void {
    const text = readFileSync(this.#serving.standardOutput, 'utf8');
    const lines = text.split('\n').filter((line) => line.startsWith('{'));
    const answered = lines.filter((line) => (JSON.parse(line) as { status: number }).status > 0);
    if (answered.length < this.load.answers)
      throw new Error(
        `${this.name}: ${answered.length} lines of the access log, of ${this.load.answers} answers`,
      );
    if (/_[0-9a-f]{64}/.test(text)) throw new Error(`${this.name}: a key is in the access log`);
  }

  result(): LaneResult {
    const { tally, faults, faultCount, answers, aborted, overloaded, outageAnswers, leftOut } = this.load;
    return {
      ...{ name: this.name, tally, faults, faultCount, answers, aborted, overloaded, outageAnswers, leftOut },
      ...{ slowClients: this.difficult.count },
      ...{ keysCreated: this.keys.created, keysRevoked: this.keys.revoked },
    };
  }

  async kill(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.kill()));
  }
}
