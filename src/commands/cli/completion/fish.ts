import type { CompletedCommand, CompletedOption, CompletedProgram, Values } from './commands.ts';

export function fishCompletion({ name, options, commands }: CompletedProgram): string {
  const atStart = '-n __fish_use_subcommand';
  return `# Completes ${name} in fish. Made by: ${name} completion fish
complete -c ${name} -f
${options.map((option) => `complete -c ${name} ${atStart} ${optionParts(option)}`).join('\n')}
${commands.map((command) => `complete -c ${name} ${atStart} -a ${command.name} -d ${quoted(command.summary)}`).join('\n')}
${commands.flatMap((command) => commandLines(name, command)).join('\n')}
`;
}

function commandLines(program: string, { name, options, values }: CompletedCommand): string[] {
  const begin = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  const lines = options.map((option) => `${begin} ${optionParts(option)}`);
  if (values === 'files') lines.push(`${begin} -F`);
  else if (Array.isArray(values)) lines.push(`${begin} -a ${quoted(values.join(' '))}`);
  return lines;
}

function optionParts({ flag, summary, values }: CompletedOption): string {
  const option = `-l ${flag.replace(/^--/, '')} -d ${quoted(summary)}`;
  return values === undefined ? option : `${option} ${valueParts(values)}`;
}

function valueParts(values: Values): string {
  if (values === 'files') return '-r -F';
  if (values === 'directories') return "-x -a '(__fish_complete_directories)'";
  return values === 'anything' ? '-x' : `-x -a ${quoted(values.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
