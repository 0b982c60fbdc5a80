import { spawn } from 'node:child_process';
import { cpuSOf } from './running-program.ts';
import { daymark } from './tools.ts';

export interface ServeProcess {
  readonly url: string;
  /** User and system time so far. */
  cpuS(): number;
  stop(): Promise<void>;
}

/** Starts a command of the built program that serves, by default `daymark serve`, on a free port. */
export async function startServe(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['serve'],
): Promise<ServeProcess> {
  const [file = '', ...rest] = daymark(...args, '--port', '0');
  const child = spawn(file, rest, {
    env: { PATH: process.env.PATH ?? '', MESSAGE_FORMAT: 'text', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
      const match = /on (http:\/\/\S+)/.exec(said);
      if (match?.[1]) resolve(match[1]);
    });
    child.once('exit', () => reject(new Error(`daymark ended:\n${said}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url, cpuS: () => cpuSOf(child.pid), stop };
}
