import type { CompletedCommand, CompletedOption, CompletedProgram, Values } from './commands.ts';

/** For bash 3.2, which macOS has, and later. */
export function bashCompletion({ name, options, commands }: CompletedProgram): string {
  const all = [...options, ...commands.flatMap((command) => command.options)];
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
${commands.map((command) => commandCase(name, command)).join('\n')}
  esac
}
complete -F _${name} ${name}
`;

  function valueCase(flag: string, values: Values): string {
    return `    ${flag}) ${valuesOf(name, values)}; return ;;`;
  }
}

/** If there is something else to offer, options are offered only after a dash. */
function commandCase(program: string, { name, options, values }: CompletedCommand): string {
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
