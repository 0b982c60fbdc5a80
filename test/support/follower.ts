/** The program as it follows logs: it is started, stopped, killed and frozen. */

import { readFileSync } from 'node:fs';
import { type RunningCli, start } from './cli.ts';

export interface FollowerOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** True: with the API, as `up`. */
  readonly isUp: boolean;
  /** As in `cli.ts`. */
  readonly within?: readonly string[];
}

export class Follower {
  readonly #options: FollowerOptions;
  #running: RunningCli | undefined;
  #isFrozen = false;
  /** All that the processes said, the last 20 KB. */
  said = '';

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Of the process that runs. */
  get pid(): number | undefined {
    return this.#running?.process.pid;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts it where it does not run. */
  start(): void {
    if (this.#running) return;
    const { directory, env, isUp, within = [] } = this.#options;
    const args = isUp ? ['up', '--port', '0'] : ['ingest', '--follow', directory];
    const running = start(args, { env: { LOGS_SOURCE_DIR: directory, ...env }, within });
    running.process.stderr?.on('data', (data) => {
      this.said = (this.said + data).slice(-20_000);
    });
    this.#running = running;
  }

  /** Waits until it has read all that was there when it started, and looks for more. */
  async untilFollowing(): Promise<void> {
    await this.#running?.says('following');
  }

  /** Ends it as a supervisor does. @throws where it fails. */
  async stop(): Promise<void> {
    this.resume();
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    running.process.kill('SIGTERM');
    const { code, stderr } = await running.ended;
    // Told to stop before it could, a process may be ended by the signal itself; in an outage it says what it holds.
    const isInOutage = stderr.includes('Stopped while waiting for the database');
    if (code !== 0 && code !== null && !isInOutage) throw new Error(`it ended with ${code}:\n${stderr}`);
  }

  /** @returns the most memory that it had, in MB. */
  async kill(): Promise<number> {
    const running = this.#running;
    if (!running) return 0;
    this.#running = undefined;
    this.#isFrozen = false;
    const peakMb = peakMemoryMb(running.process.pid);
    running.process.kill('SIGKILL');
    await running.ended;
    return peakMb;
  }

  /** @throws where it has ended by itself: nothing that a test does may do that. */
  assertAlive(): void {
    const { exitCode } = this.#running?.process ?? {};
    if (exitCode !== null && exitCode !== undefined)
      throw new Error(`it ended by itself, with ${exitCode}:\n${this.said}`);
  }

  freeze(): void {
    if (!this.#running || this.#isFrozen) return;
    this.#running.process.kill('SIGSTOP');
    this.#isFrozen = true;
  }

  resume(): void {
    if (this.#isFrozen) this.#running?.process.kill('SIGCONT');
    this.#isFrozen = false;
  }
}

/** The most resident memory that a process had (proc(5)); 0 where that is not to be had. */
function peakMemoryMb(pid: number | undefined): number {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kib ?? 0) * 1024) / 1e6;
  } catch {
    return 0;
  }
}
