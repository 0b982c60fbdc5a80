/** Reads metrics as a Prometheus server does. */

import { spawnSync } from 'node:child_process';

/** Debian's package `prometheus` has it. */
const PROMTOOL = 'promtool';

export const hasPromtool = spawnSync(PROMTOOL, ['--version']).status === 0;

/** Samples by their name and labels as written: `name{label="value"}`. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/** Runs promtool. @returns what it printed, with its exit code first. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { input, encoding: 'utf8' });
  return `${status} ${stdout}${stderr}`;
}
