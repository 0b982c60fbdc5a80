/** One random sequence of what happens to logs, to the program and to its store, and what must hold after it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Follower } from '../support/follower.ts';
import { Choice } from '../support/random-choice.ts';
import { randomNumbers } from '../support/random-log.ts';
import type { OpenStoreUnderTest, StoreUnderTest } from '../support/store-under-test.ts';
import { Copies } from './copies.ts';
import { assertReadOnce, untilRead } from './judge.ts';
import { LaggingView } from './lagging-view.ts';
import { LivingLog } from './living-log.ts';

/** How often each thing happened. */
export type Tally = Record<Happening, number>;

type Happening =
  | 'write'
  | 'half a line'
  | 'rename'
  | 'copy and truncate'
  | 'compress'
  | 'copy beside'
  | 'delete the oldest'
  | 'truncate'
  | 'rewrite'
  | 'vanish while followed'
  | 'longer copy'
  | 'equal copy'
  | 'shorter copy'
  | 'sed -i'
  | 'delete and restore'
  | 'view catches up'
  | 'view is killed or started'
  | 'move the directory'
  | 'stop'
  | 'kill'
  | 'freeze'
  | 'start or resume'
  | 'store outage'
  | 'wait';

/** How often each is chosen, beside the others. */
const WEIGHTS: Record<Happening, number> = {
  write: 20,
  'half a line': 4,
  rename: 6,
  'copy and truncate': 3,
  compress: 4,
  'copy beside': 2,
  'delete the oldest': 1,
  truncate: 1,
  rewrite: 1,
  'vanish while followed': 1,
  'longer copy': 6,
  'equal copy': 2,
  'shorter copy': 2,
  'sed -i': 2,
  'delete and restore': 2,
  'view catches up': 6,
  'view is killed or started': 2,
  'move the directory': 1,
  stop: 2,
  kill: 5,
  freeze: 2,
  'start or resume': 6,
  'store outage': 3,
  wait: 8,
};

const BAG = Object.entries(WEIGHTS).flatMap(([name, weight]) =>
  Array<Happening>(weight).fill(name as Happening),
);

/** Small batches have many commits to be killed in. */
const BATCH_LINES = ['1', '7', '100', '100000000'];

/** Days become final early, so that most lines change final days, whose history is kept. */
export const FINAL_DAYS = { WAIT_FOR_SYSTEM_DURATION: 'PT1H' };

export interface SequenceOptions {
  readonly seed: number;
  readonly happenings: number;
  readonly openStore: OpenStoreUnderTest;
}

/** @returns what happened. @throws where anything differs from what must be. */
export async function runSequence(options: SequenceOptions): Promise<Tally> {
  const sequence = await Sequence.begin(options);
  try {
    await sequence.run(options.happenings);
    return sequence.tally;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new Error(`seed ${options.seed}: ${words}\n${sequence.story}`, { cause: error });
  } finally {
    await sequence.dispose();
  }
}

class Sequence {
  readonly tally = Object.fromEntries(Object.keys(WEIGHTS).map((name) => [name, 0])) as Tally;
  readonly #directory: string;
  readonly #choice: Choice;
  readonly #log: LivingLog;
  readonly #store: StoreUnderTest;
  readonly #follower: Follower;
  readonly #copies: Copies;
  /** A second program with the same store, in half of the sequences. */
  readonly #view: LaggingView | undefined;
  readonly #happened: string[] = [];

  private constructor(directory: string, choice: Choice, store: StoreUnderTest) {
    this.#directory = directory;
    this.#choice = choice;
    this.#store = store;
    this.#log = new LivingLog(directory, choice);
    const env = {
      ...{ ...store.env, BATCH_LINES: choice.of(BATCH_LINES), MAX_REJECTED_PERCENT: '100' },
      ...(choice.once(2) ? FINAL_DAYS : {}),
    };
    this.#follower = new Follower({ directory: this.#log.directory, env, isUp: choice.once(4) });
    this.#copies = new Copies(this.#log, directory, choice);
    if (choice.once(2)) this.#view = new LaggingView(this.#log.directory, directory, env, choice.once(2));
  }

  static async begin({ seed, openStore }: SequenceOptions): Promise<Sequence> {
    const directory = mkdtempSync(join(tmpdir(), 'daymark-chaos-'));
    return new Sequence(directory, new Choice(randomNumbers(seed)), await openStore());
  }

  /** What has happened, and what the program said of it. */
  get story(): string {
    const view = this.#view ? `\nthe other one said:\n${this.#view.said}` : '';
    return `happened: ${this.#happened.join(', ')}\nsaid:\n${this.#follower.said}${view}`;
  }

  async run(happenings: number): Promise<void> {
    this.#log.write();
    this.#follower.start();
    this.#view?.start();
    for (let i = 0; i < happenings; i++) {
      const name = this.#choice.of(BAG);
      this.tally[name]++;
      this.#happened.push(name);
      await this.#happen(name);
      this.#follower.assertAlive();
      await delay(this.#choice.below(120));
    }
    this.#run();
    this.#view?.start();
    this.#view?.catchUp();
    await this.#untilRead();
    await this.#view?.stop();
    await assertReadOnce({
      follower: this.#follower,
      store: this.#store,
      directory: this.#directory,
      lines: this.#log.lines,
      requests: this.#log.requests,
      again: this.#log.writtenAgain,
    });
  }

  async #happen(name: Happening): Promise<void> {
    const [log, follower] = [this.#log, this.#follower];
    switch (name) {
      case 'write':
        return log.write();
      case 'half a line':
        return log.writeHalf();
      case 'rename':
        return log.rename();
      case 'copy and truncate':
        return log.copyAndTruncate();
      case 'compress':
        return await log.compress();
      case 'copy beside':
        return log.copyBeside();
      case 'delete the oldest':
        await this.#untilRead();
        return log.deleteOldest();
      case 'truncate':
        log.endLine();
        await this.#untilRead();
        return log.truncate();
      case 'rewrite':
        log.endLine();
        await this.#untilRead();
        log.rewrite();
        // Moved on before anybody looked, it could not be told from a copy that was not finished.
        return await this.#untilRead();
      case 'vanish while followed':
        log.endLine();
        log.write();
        await this.#untilRead();
        log.vanish();
        return await this.#untilRead();
      case 'move the directory':
        // A process that starts while it is away has nothing to follow, and says so; what was read may be all there is.
        await this.#untilRead();
        await follower.untilFollowing();
        return await log.moveDirectory();
      case 'longer copy':
        return await this.#copies.longer();
      case 'equal copy':
        return await this.#copies.equal();
      case 'shorter copy':
        log.endLine();
        await this.#untilRead();
        return await this.#copies.shorter(() => this.#disturb());
      case 'sed -i':
        return this.#copies.edit();
      case 'delete and restore':
        log.endLine();
        await this.#untilRead();
        return await this.#copies.deleteAndRestore(() => this.#disturb());
      case 'view catches up':
        return this.#view?.catchUp();
      case 'view is killed or started':
        return await this.#view?.killOrStart();
      case 'stop':
        return await follower.stop();
      case 'kill':
        await follower.kill();
        return;
      case 'freeze':
        return follower.freeze();
      case 'start or resume':
        follower.resume();
        return follower.start();
      case 'store outage':
        return await this.#store.disturb(this.#choice);
      case 'wait':
        return await delay(this.#choice.below(600));
    }
  }

  /** In the middle of something: the program is killed and started, or only looks. */
  async #disturb(): Promise<void> {
    await delay(this.#choice.below(700));
    if (!this.#choice.once(3)) return;
    await this.#follower.kill();
    await delay(this.#choice.below(200));
    this.#follower.start();
  }

  /** Waits until every line that was written is in the store. */
  async #untilRead(): Promise<void> {
    this.#run();
    await untilRead(this.#follower, this.#store, this.#log.lines.length);
  }

  #run(): void {
    this.#log.endLine();
    this.#follower.resume();
    this.#follower.start();
  }

  async dispose(): Promise<void> {
    await this.#follower.kill();
    await this.#view?.kill();
    await this.#store.dispose();
    rmSync(this.#directory, { recursive: true });
  }
}
