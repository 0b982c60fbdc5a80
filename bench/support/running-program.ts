import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { daymark } from './tools.ts';

/** Clock ticks a second in proc(5), on all current systems. */
const TICKS_A_SECOND = 100;
const POLL_MS = 100;
const TIMEOUT_MS = 300_000;

/** The built program while it runs, and its use of resources. */
export interface RunningProgram {
  readonly ended: Promise<void>;
  /** Waits until standard error holds this text. */
  says(text: string): Promise<void>;
  /** User and system time so far. */
  cpuS(): number;
  residentMb(): number;
  /** The number of lines in its store, of all partitions or of those whose names end with `nameEnd`. */
  linesIn(dataDirectory: string, nameEnd?: string): number;
  kill(): Promise<void>;
}

export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): RunningProgram {
  const [file = '', ...rest] = daymark(...args);
  const child = spawn(file, rest, {
    env: { PATH: process.env.PATH ?? '', MESSAGE_FORMAT: 'text', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const proc = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    ended,
    says: (text) => waitUntil(() => said.includes(text)),
    cpuS: () => cpuSOf(child.pid),
    residentMb: () => (Number(/^VmRSS:\s+(\d+) kB/m.exec(proc('status'))?.[1]) * 1024) / 1e6,
    linesIn,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** User and system time of a process so far. */
export function cpuSOf(pid: number | undefined): number {
  // The 14th and 15th of all fields, counted after the name, which may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function linesIn(dataDirectory: string, nameEnd = ''): number {
  const file = join(dataDirectory, 'daymark.db');
  if (!existsSync(file)) return 0;
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    const [row] = database
      .prepare(`select coalesce(sum(lines), 0) as lines from checkpoints where name like '%' || ?`)
      .all(nameEnd);
    return Number(row?.lines);
  } catch {
    return 0;
  } finally {
    database.close();
  }
}

/** @throws Error if it does not become true within TIMEOUT_MS. */
export async function waitUntil(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`not true within ${TIMEOUT_MS} ms: ${isTrue}`);
    await delay(POLL_MS);
  }
}
