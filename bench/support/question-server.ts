import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cpuSOf } from './running-program.ts';
import { daymark, PROJECT_DIR } from './tools.ts';

const MONITOR = pathToFileURL(join(PROJECT_DIR, 'bench/support/hold-monitor.ts')).href;

export interface ServeProcess {
  readonly url: string;
  /** User and system time so far. */
  cpuS(): number;
  /** Measures the holds of the event loop from now on. */
  watchHolds(): void;
  /** @returns the longest hold in ms. */
  stop(): Promise<number>;
}

/** Starts a command of the built program that serves, by default `daymark serve`, on a free port. */
export async function startServe(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['serve'],
): Promise<ServeProcess> {
  const [file = '', ...rest] = daymark(...args, '--port', '0');
  const child = spawn(file, rest, {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_OPTIONS: `--import=${MONITOR}`,
      MESSAGE_FORMAT: 'text',
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (data) => {
      said += data;
      const match = /on (http:\/\/[\w.:]+)/.exec(said);
      if (match?.[1]) resolve(match[1]);
    });
    child.once('exit', () => reject(new Error(`daymark ended:\n${said}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    return Number(/held for ([\d.]+) ms/.exec(said)?.[1]);
  };
  const watchHolds = () => void child.kill('SIGUSR2');
  return { url, cpuS: () => cpuSOf(child.pid), watchHolds, stop };
}
