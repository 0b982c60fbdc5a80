/** `ingest --follow` processes that divide a topic: they are started, killed, paused and stopped. */

import { type RunningCli, start } from '../../support/cli.ts';

export interface Reader {
  readonly running: RunningCli;
  isPaused: boolean;
}

export class Readers {
  readonly #environments: readonly Readonly<Record<string, string>>[];
  #started = 0;
  readonly #readers = new Set<Reader>();
  /** Of all processes: how often each of these was said. */
  readonly said = new Map<string, number>();
  #errors = '';

  /** @param environments how they find topic and database; each process takes the next one. */
  constructor(environments: readonly Readonly<Record<string, string>>[]) {
    this.#environments = environments;
  }

  get count(): number {
    return this.#readers.size;
  }

  start(): void {
    const env = this.#environments[this.#started++ % this.#environments.length];
    const running = start(['ingest', '--follow'], { env });
    running.process.stderr?.on('data', (data) => this.#listen(String(data)));
    this.#readers.add({ running, isPaused: false });
  }

  #listen(text: string): void {
    this.#errors = (this.#errors + text).slice(-20_000);
    for (const line of text.split('\n')) {
      const what = /\b(took|gave up or lost|waiting for the database|the database is back)\b/.exec(line)?.[1];
      const code = /\b(KAFKA_[A-Z_]+|STORE_[A-Z_]+)\b/.exec(line)?.[1];
      for (const word of [what, code]) if (word) this.said.set(word, (this.said.get(word) ?? 0) + 1);
    }
  }

  /** @returns one of those that run, or of all; undefined where there is none. */
  choose(chance: number, { isPaused }: { readonly isPaused?: boolean } = {}): Reader | undefined {
    const all = [...this.#readers].filter((reader) => isPaused === undefined || reader.isPaused === isPaused);
    return all[Math.floor(chance * all.length)];
  }

  async kill(reader: Reader): Promise<void> {
    this.#readers.delete(reader);
    reader.running.process.kill('SIGKILL');
    await reader.running.ended;
  }

  pause(reader: Reader): void {
    reader.isPaused = true;
    reader.running.process.kill('SIGSTOP');
  }

  resume(reader: Reader): void {
    reader.isPaused = false;
    reader.running.process.kill('SIGCONT');
  }

  /** Ends one as a supervisor does. @throws where it fails. */
  async stop(reader: Reader): Promise<void> {
    this.#readers.delete(reader);
    reader.running.process.kill('SIGTERM');
    const { code, stderr } = await reader.running.ended;
    // Told to stop before it could, a process may be ended by the signal itself; in an outage it says what it holds.
    const isInOutage = /Stopped while waiting for the database/.test(stderr);
    if (code !== 0 && code !== null && !isInOutage)
      throw new Error(`a process ended with ${code}:\n${stderr}`);
  }

  async stopAll(): Promise<void> {
    for (const reader of [...this.#readers]) {
      if (reader.isPaused) this.resume(reader);
      await this.stop(reader);
    }
  }

  async killAll(): Promise<void> {
    await Promise.all([...this.#readers].map((reader) => this.kill(reader)));
  }

  /** @throws where one has ended by itself: nothing that happens may do that. */
  assertAlive(): void {
    for (const { running } of this.#readers) {
      const { exitCode, signalCode } = running.process;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`a process ended by itself, with ${exitCode ?? signalCode}:\n${this.#errors}`);
    }
  }
}
