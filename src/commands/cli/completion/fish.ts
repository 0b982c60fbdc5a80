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

/** @param within the command that it is one of. */
function commandLines(program: string, command: CompletedCommand, within?: CompletedCommand): string[] {
  const { name, options, values, commands } = command;
  const ofOuter = within ? `__fish_seen_subcommand_from ${within.name}; and ` : '';
  const begin = `complete -c ${program} -n '${ofOuter}__fish_seen_subcommand_from ${name}'`;
  if (commands.length > 0) {
    const names = commands.map((inner) => inner.name).join(' ');
    const atStart = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${names}'`;
    return [
      ...commands.map((inner) => `${atStart} -a ${inner.name} -d ${quoted(inner.summary)}`),
      ...commands.flatMap((inner) => commandLines(program, inner, command)),
    ];
  }
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
