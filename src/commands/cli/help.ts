/** How `--help` and usage errors look. */

import type { Command, HelpConfiguration, Option } from 'commander';
import { nearestHint } from '../../nearest.ts';
import { printable, withoutPasswords } from '../../printable.ts';

/** The least columns for the text after a flag. By default commander does not wrap text in fewer than 40. */
const MIN_TEXT_COLUMNS = 20;

export const HELP: HelpConfiguration = {
  minWidthToWrap: MIN_TEXT_COLUMNS,
  optionDescription: optionMeaning,
};

/** The description of an option for the help and the manual page. The default of a switch, off, is left out. */
export function optionMeaning(option: Option): string {
  const { description, defaultValue, mandatory } = option;
  if (mandatory) return `${description} (required)`;
  if (option.isBoolean() || defaultValue === undefined) return description;
  return `${description} (default: ${defaultValue})`;
}

/**
 * Commander's message about a wrong command line, with its code from the table of errors.
 * @param command the command that the arguments were for.
 */
export function usageError(text: string, command: Command): string {
  const isOfOption = text.includes('unknown option');
  const code = isOfOption ? 'UNKNOWN_SETTING' : 'WRONG_USAGE';
  const sentence = withoutValue(text)
    .trimEnd()
    .replace(/^error: (.)/, (_, first: string) => first.toUpperCase());
  // An argument may hold control characters, which a terminal would obey.
  return `daymark: ${code}: ${printable(ended(sentence))}${isOfOption ? optionHint(text, command) : commandHint(text, command)}\n`;
}

/** The value of an option that is mistyped may be a password. */
function withoutValue(text: string): string {
  return withoutPasswords(text.replace(/(unknown option '[^'=]+)=.*'/s, "$1'"));
}

function ended(sentence: string): string {
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}

function optionHint(text: string, command: Command): string {
  const [, name = ''] = /unknown option '([^'=]+)/.exec(text) ?? [];
  const known = command.createHelp().visibleOptions(command);
  return nearestHint(
    name,
    known.map(({ long }) => long ?? ''),
  );
}

function commandHint(text: string, command: Command): string {
  const [, name] = /unknown command '([^']+)'/.exec(text) ?? [];
  if (name === undefined) return '';
  return nearestHint(
    name,
    command.commands.map((known) => known.name()),
  );
}
