import type { Command } from 'commander';
import { bashCompletion } from './cli/completion/bash.ts';
import { completedProgram } from './cli/completion/commands.ts';
import { fishCompletion } from './cli/completion/fish.ts';
import type { Shell } from './cli/completion/shells.ts';
import { zshCompletion } from './cli/completion/zsh.ts';

const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<
  Shell,
  unknown
>;

/** `daymark completion`. */
export function printCompletion(shell: Shell, program: Command): number {
  process.stdout.write(SCRIPTS[shell](completedProgram(program)));
  return 0;
}
