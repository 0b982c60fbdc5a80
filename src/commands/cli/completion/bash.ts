import type { CompletedCommand, CompletedOption, CompletedProgram, Values } from './commands.ts';

/** For bash 3.2, which macOS has, and later. */
export function bashCompletion({ name, options, commands }: CompletedProgram): string {
  const every = commands.flatMap((command) => [command, ...command.commands]);
  const all = [...options, ...every.flatMap((command) => command.options)];
  const withValues = new Map(all.map(({ flag, values }) => [flag, values]));
  const valueCases = [...withValues].flatMap(([flag, values]) => (values ? [valueCase(flag, values)] : []));
  const first = [...commands.map((command) => command.name), ...flagsOf(options)];
  return `# Completes ${name} in bash. Made by: ${name} completion bash
_${name}_words() { _${name}_add < <(compgen -W "$1" -- "$current"); }
_${name}_paths() {
  compopt -o filenames 2>/dev/null
  _${name}_add < <(compgen "$1" -- "$current")
}
_${name}_add() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done
}
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  # Bash makes words of their own of "=" and of what stands behind it.
  if [[ $current == '=' ]]; then
    current=
  elif [[ $previous == '=' ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  case $previous in
${valueCases.join('\n')}
  esac
  if ((COMP_CWORD == 1)); then
    _${name}_words '${first.join(' ')}'
    return
  fi
  case \${COMP_WORDS[1]} in
${commands.map((command) => commandCase(name, command, 2)).join('\n')}
  esac
}
complete -F _${name} ${name}
`;

  function valueCase(flag: string, values: Values): string {
    return `    ${flag}) ${valuesOf(name, values)}; return ;;`;
  }
}

/**
 * If there is something else to offer, options are offered only after a dash.
 * @param place the place of the word behind the command.
 */
function commandCase(program: string, command: CompletedCommand, place: number): string {
  const { name, options, values, commands } = command;
  if (commands.length > 0) {
    const names = commands.map((inner) => inner.name).join(' ');
    const cases = commands.map((inner) => commandCase(program, inner, place + 1)).join('\n');
    const first = `    if ((COMP_CWORD == ${place})); then _${program}_words '${names}'; return; fi`;
    return `    ${name})\n${first}\n    case \${COMP_WORDS[${place}]} in\n${cases}\n    esac ;;`;
  }
  const flags = `_${program}_words '${flagsOf(options).join(' ')}'`;
  if (values === undefined) return `    ${name}) ${flags} ;;`;
  return `    ${name}) if [[ $current == -* ]]; then ${flags}; else ${valuesOf(program, values)}; fi ;;`;
}

function flagsOf(options: readonly CompletedOption[]): string[] {
  return options.map(({ flag }) => flag);
}

function valuesOf(program: string, values: Values): string {
  if (values === 'files') return `_${program}_paths -f`;
  if (values === 'directories') return `_${program}_paths -d`;
  return values === 'anything' ? ':' : `_${program}_words '${values.join(' ')}'`;
}
