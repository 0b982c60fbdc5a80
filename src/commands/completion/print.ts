import type { Command } from 'commander';
import { bashCompletion } from './bash.ts';
import { completedProgram } from './commands.ts';
import { fishCompletion } from './fish.ts';
import type { Shell } from './shells.ts';
import { zshCompletion } from './zsh.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<
  Shell,
  unknown
>;

/** `daymark completion`. */
export function printCompletion(shell: Shell, program: Command): number {
  process.stdout.write(SCRIPTS[shell](completedProgram(program)));
  return 0;
}
