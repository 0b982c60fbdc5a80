/** The programs of daymark, each a process of its own with one store, and what the system says of them. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningCli, start } from '../support/cli.ts';
import { samplesOf } from '../support/metrics.ts';

/** `kill -USR2 PID` writes a heap snapshot into the process's folder: for whoever looks for what grows. */
const NODE_OPTIONS = '--heapsnapshot-signal=SIGUSR2';

export class Program {
  readonly name: string;
  readonly #running: RunningCli;
  /** The access log. */
  readonly standardOutput: string;
  #metrics = '';

  /** @param folder for what it writes beside its store. */
  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>>, folder: string) {
    this.name = name;
    mkdirSync(folder);
    this.standardOutput = join(folder, 'standard-output');
    this.#running = start(args, {
      env: { ...env, NODE_OPTIONS, METRICS_PORT: '0' },
      cwd: folder,
      within: ['sh', '-c', `exec "$0" "$@" >"${this.standardOutput}"`],
    });
  }

  async untilSays(text: string): Promise<string> {
    return await this.#running.says(text);
  }

  /** @returns the URL of its API. */
  async url(): Promise<string> {
    return /serving .* on (http:[\w:./]+\d)/.exec(await this.untilSays('serving '))?.[1] ?? '';
  }

  /** @throws where it has ended. */
  assertAlive(): void {
    const { exitCode, signalCode } = this.#running.process;
    if (exitCode !== null || signalCode !== null)
      throw new Error(`${this.name} ended by itself, with ${exitCode ?? signalCode}`);
  }

  /** What `/metrics` says. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    this.#metrics ||= /metrics are on (http:[\w:./]+)/.exec(await this.untilSays('/metrics'))?.[1] ?? '';
    return samplesOf(await (await fetch(this.#metrics)).text());
  }

  /** How many milliseconds its main thread has waited for a processor: the second number of `schedstat`. */
  get waitedMs(): number {
    return Number(readFileSync(join(this.#folder, 'schedstat'), 'utf8').split(' ')[1]) / 1e6;
  }

  get #folder(): string {
    return `/proc/${this.#running.process.pid}`;
  }

  get residentMb(): number {
    return (Number(this.#status('VmRSS')) * 1024) / 1e6;
  }

  get threads(): number {
    return Number(this.#status('Threads'));
  }

  get descriptors(): number {
    return readdirSync(join(this.#folder, 'fd')).length;
  }

  /** A number of proc(5). */
  #status(name: string): string | undefined {
    return new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(
      readFileSync(join(this.#folder, 'status'), 'utf8'),
    )?.[1];
  }

  /** Ends it as a supervisor does. @returns what it said. @throws where it does not end well. */
  async stop(): Promise<string> {
    this.#running.process.kill('SIGTERM');
    const { code, signal, stderr } = await this.#running.ended;
    if (code !== 0) throw new Error(`${this.name} ended with ${code ?? signal}:\n${stderr}`);
    return stderr;
  }

  async kill(): Promise<void> {
    this.#running.process.kill('SIGKILL');
    await this.#running.ended;
  }
}
