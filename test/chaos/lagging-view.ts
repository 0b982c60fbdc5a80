/** A second program with the same store, which sees the logs as they were some time ago. */

import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withView } from '../support/cli.ts';
import { Follower } from '../support/follower.ts';

export class LaggingView {
  readonly #logs: string;
  readonly #directory: string;
  readonly #parent: string;
  readonly #follower: Follower;

  /** @param isAtSamePath true: it sees them under the path of the logs, where this user may do that. */
  constructor(logs: string, parent: string, env: Readonly<Record<string, string>>, isAtSamePath: boolean) {
    this.#logs = logs;
    this.#parent = parent;
    this.#directory = join(parent, 'view');
    mkdirSync(this.#directory);
    const within = isAtSamePath ? withView(logs, this.#directory) : undefined;
    const directory = within ? logs : this.#directory;
    this.#follower = new Follower({ directory, env, isUp: false, within: within ?? [] });
  }

  get said(): string {
    return this.#follower.said;
  }

  start(): void {
    this.#follower.start();
  }

  stop(): Promise<void> {
    return this.#follower.stop();
  }

  async kill(): Promise<void> {
    await this.#follower.kill();
  }

  async killOrStart(): Promise<void> {
    if (this.#follower.isRunning) await this.kill();
    else this.start();
  }

  /** It becomes what the logs are now: what has grown grows, the rest comes anew. */
  catchUp(): void {
    const names = readdirSync(this.#logs);
    for (const name of names) this.#see(name);
    for (const name of readdirSync(this.#directory))
      if (!names.includes(name)) rmSync(join(this.#directory, name));
  }

  #see(name: string): void {
    const path = join(this.#directory, name);
    const present = readFileSync(join(this.#logs, name));
    const seen = readdirSync(this.#directory).includes(name) ? readFileSync(path) : undefined;
    if (seen && Buffer.compare(seen, present.subarray(0, seen.length)) === 0) {
      appendFileSync(path, present.subarray(seen.length));
      return;
    }
    const temporary = join(this.#parent, 'view of a file');
    writeFileSync(temporary, present);
    renameSync(temporary, path);
  }
}
