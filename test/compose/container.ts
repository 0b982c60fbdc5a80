import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How a process is run in place of a container. */
export interface ContainerOptions {
  readonly argv: readonly string[];
  /** All of its environment: nothing of the tests' own gets in. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Whom it runs as; without it, as whoever runs the tests. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A process that is run as the container of a service would be: same command, same environment. */
export class Container {
  readonly options: ContainerOptions;
  readonly exitCode: Promise<number>;
  readonly #process: ChildProcess;
  #output = '';

  constructor(options: ContainerOptions) {
    this.options = options;
    const [file, ...args] = options.argv as [string, ...string[]];
    const { cwd, env, user } = options;
    // A process group of its own: what it starts ends with it, as all processes of a container do.
    this.#process = spawn(file, args, { cwd, env, ...user, stdio: 'pipe', detached: true });
    this.#process.stdin!.end();
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
    }
    this.exitCode = new Promise((resolve, reject) => {
      this.#process.once('error', reject);
      // By a signal that it did not handle, a process exits as a shell and Docker count it: 128 and more.
      this.#process.once('close', (code) => resolve(code ?? 128));
    });
  }

  /** What it printed until now. */
  get output(): string {
    return this.#output;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Whom it runs as by what the kernel says, while it runs. */
  get userId(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
  }

  /** Runs a command beside it, as `docker exec` and health checks do. @returns its exit code. */
  async run(argv: readonly string[]): Promise<number> {
    return new Container({ ...this.options, argv }).exitCode;
  }

  /** Asks it to end, and kills it where it has not within the grace period, as `docker stop` does. */
  async stop(signal: NodeJS.Signals, graceMs: number): Promise<number> {
    const timer = setTimeout(() => this.#killAll(), graceMs);
    if (signal === 'SIGKILL') this.#killAll();
    else this.#process.kill(signal);
    return this.exitCode.finally(() => clearTimeout(timer));
  }

  #killAll(): void {
    if (this.#process.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, 'SIGKILL');
    } catch {
      // None of them is left.
    }
  }
}
