import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { daymark } from './tools.ts';

/** What a second of a processor is in proc(5), on all systems of today. */
const TICKS_A_SECOND = 100;
const LOOK_MS = 100;
const PATIENCE_MS = 300_000;

/** The built program while it runs, and what it takes. */
export interface RunningProgram {
  readonly ended: Promise<void>;
  /** Waits until standard error says this. */
  says(text: string): Promise<void>;
  /** User and system time so far. */
  cpuS(): number;
  residentMb(): number;
  /** How many lines its store has, of all partitions or of those whose names end so. */
  linesIn(dataDirectory: string, nameEnd?: string): number;
  kill(): Promise<void>;
}

export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): RunningProgram {
  const [file = '', ...rest] = daymark(...args);
  const child = spawn(file, rest, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const proc = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
  return {
    ended,
    says: (text) => waitUntil(() => said.includes(text)),
    cpuS: () => {
      // Behind the name, which may hold spaces; the 14th and 15th of all fields.
      const fields = proc('stat')
        .replace(/^.*\) /s, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    },
    residentMb: () => (Number(/^VmRSS:\s+(\d+) kB/m.exec(proc('status'))?.[1]) * 1024) / 1e6,
    linesIn,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
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

/** @throws Error where it is not true for minutes. */
export async function waitUntil(isTrue: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`not true for ${PATIENCE_MS} ms: ${isTrue}`);
    await delay(LOOK_MS);
  }
}
