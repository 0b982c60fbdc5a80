/** Runs the built program as a user does: another process, its arguments, its environment. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { StoreLocation } from './stores.ts';

export const MAIN = join(import.meta.dirname, '../../dist/main.js');

/** Node keeps compiled code there. Without it, a command of a few lines takes a sixth more processor time (2026-11-29). */
const COMPILE_CACHE = join(import.meta.dirname, '../../node_modules/.cache/daymark-test');

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What standard input holds; a promise leaves it open, for the test to write to. */
  readonly input?: string | Uint8Array | Promise<string>;
  /** Run as this system user; only root may. */
  readonly uid?: number;
  /** A command that becomes the program that follows it, after it has changed what that sees or may do. */
  readonly within?: readonly string[];
}

export interface CliResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCli {
  readonly process: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** Waits until standard error says this. @returns all that it said. */
  says(text: string): Promise<string>;
  /** All that standard error said so far. */
  said(): string;
}

/** Starts the program. */
export function start(args: readonly string[], options: CliOptions = {}): RunningCli {
  const { env = {}, cwd, input, uid, within = [] } = options;
  const [program = '', ...rest] = [...within, process.execPath, MAIN, ...args];
  const child = spawn(program, rest, {
    cwd,
    // Tests read messages as people do, unless they look at the other form.
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILE_CACHE, MESSAGE_FORMAT: 'text', ...env },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let [stdout, stderr] = ['', ''];
  const waiting: (() => void)[] = [];
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
    for (const look of waiting) look();
  });
  child.stdin.on('error', () => undefined);
  if (!(input instanceof Promise)) child.stdin.end(input);
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      for (const look of waiting) look();
      resolve({ code, signal, stdout, stderr });
    });
  });
  const says = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (stderr.includes(text)) resolve(stderr);
        else if (child.exitCode !== null) reject(new Error(`it ended without saying "${text}":\n${stderr}`));
      };
      waiting.push(look);
      look();
    });
  return { process: child, ended, says, said: () => stderr };
}

/** Waits until a program serves. @param says what its message says then. @returns the first URL that it has told. */
export async function servedUrl(program: RunningCli, says = 'serving '): Promise<string> {
  const said = await program.says(says);
  const url = /http:\/\/[\w.:]+/.exec(said)?.[0];
  if (url === undefined) throw new Error(`no URL: ${said}`);
  return url;
}

/** Runs the program to its end. */
export function run(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return start(args, options).ended;
}

/** The environment that makes the program use a store. */
export function envOf(location: StoreLocation): Record<string, string> {
  return location.kind === 'sqlite' ? { DATA_DIR: location.dataDir } : { DATABASE_URL: location.url };
}

/** With this, the program may have so many files open at once. */
export function withOpenFiles(count: number): readonly string[] {
  return ['sh', '-c', `ulimit -n ${count} && exec "$0" "$@"`];
}

/** With this, the program sees another directory under the path of one; undefined where this user may not do so. */
export function withView(directory: string, view: string): readonly string[] | undefined {
  const command = (flags: string) => [
    ...['unshare', flags, 'sh', '-c', `mount --bind "${view}" "${directory}" && exec "$0" "$@"`],
  ];
  return ['-m', '-Urm'].map(command).find(([program = '', ...args]) => {
    return spawnSync(program, [...args, 'true']).status === 0;
  });
}
