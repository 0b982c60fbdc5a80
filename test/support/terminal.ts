/** Runs the built program as somebody at a terminal does. */

import { spawn } from 'node:child_process';
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
