import type { CompletedCommand, CompletedOption, CompletedProgram, Values } from './commands.ts';

/** For a file `_daymark` in a directory of `$fpath`, or to be sourced. */
export function zshCompletion({ name, options, commands }: CompletedProgram): string {
  return `#compdef ${name}
# Completes ${name} in zsh. Made by: ${name} completion zsh
_${name}() {
  if ((CURRENT == 2)); then
    local -a commands
    commands=(
${commands.map((command) => `      ${quoted(`${command.name}:${command.summary}`)}`).join('\n')}
    )
    _describe command commands
    _arguments ${options.map(optionSpec).join(' ')}
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function commandCase({ name, options, values, commands }: CompletedCommand): string {
  if (commands.length > 0) {
    const names = commands.map((inner) => quoted(`${inner.name}:${inner.summary}`)).join(' ');
    return `    ${name})
      if ((CURRENT == 2)); then
        local -a commands
        commands=(${names})
        _describe command commands
        return
      fi
      local inner=$words[2]
      shift words
      ((CURRENT--))
      case $inner in
${commands.map(commandCase).join('\n')}
      esac ;;`;
  }
  const specs = options.map(optionSpec);
  if (values !== undefined) specs.push(quoted(`*:argument:${actionOf(values)}`));
  return `    ${name}) _arguments ${specs.join(' \\\n      ')} ;;`;
}

function optionSpec({ flag, summary, values }: CompletedOption): string {
  const text = summary.replaceAll(/[[\]:\\]/g, '\\$&');
  return quoted(values === undefined ? `${flag}[${text}]` : `${flag}=[${text}]:value:${actionOf(values)}`);
}

function actionOf(values: Values): string {
  if (values === 'files') return '_files';
  if (values === 'directories') return '_files -/';
  // A space: nothing to offer.
  return values === 'anything' ? ' ' : `(${values.join(' ')})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
