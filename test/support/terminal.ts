/** Runs the built program as somebody at a terminal does. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from './cli.ts';

/**
 * Runs it on a pseudo-terminal.
 * @param answer is typed where it asks a question.
 * @returns what stood on the screen.
 */
export function onTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  answer = '',
): Promise<string> {
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'dumb', ...env },
  });
  let screen = '';
  let isAnswered = false;
  terminal.stdout.on('data', (data) => {
    screen += data;
    if (isAnswered || !screen.includes('[y/N]')) return;
    isAnswered = true;
    terminal.stdin.write(`${answer}\r`);
  });
  return new Promise((resolve, reject) => {
    terminal.on('error', reject);
    terminal.on('close', () => resolve(screen));
  });
}

export interface OpenTerminal {
  /** All that the program wrote so far. */
  readonly written: () => string;
  type(keys: string): void;
  /** Of the program. */
  readonly pid: () => number;
  /** What was written, and the exit code of the program, when it has ended. */
  readonly ended: Promise<{ readonly written: string; readonly code: number }>;
}

/**
 * Starts it on a pseudo-terminal of a size, and goes on while it runs. Behind it, the terminal's settings are compared with
 * those before it: `LEFT CLEAN`.
 * @param directory for a file.
 */
export function openTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  {
    columns,
    rows,
    directory,
  }: { readonly columns: number; readonly rows: number; readonly directory: string },
): OpenTerminal {
  const pidFile = join(directory, 'pid');
  const program = [process.execPath, MAIN, ...args].map((word) => `"${word}"`).join(' ');
  const command = [
    `stty cols ${columns} rows ${rows}; before=$(stty -g)`,
    `sh -c 'echo $$ > "${pidFile}"; exec ${program}'; code=$?`,
    `[ "$(stty -g)" = "$before" ] && echo "LEFT CLEAN"; exit $code`,
  ].join('; ');
  const terminal = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env.PATH, TERM: 'xterm', SHELL: '/bin/sh', ...env },
  });
  let written = '';
  terminal.stdout.on('data', (data) => {
    written += data;
  });
  return {
    written: () => written,
    type: (keys) => terminal.stdin.write(keys),
    pid: () => Number(readFileSync(pidFile, 'utf8')),
    ended: new Promise((resolve, reject) => {
      terminal.on('error', reject);
      terminal.on('close', (code) => resolve({ written, code: code ?? -1 }));
    }),
  };
}
