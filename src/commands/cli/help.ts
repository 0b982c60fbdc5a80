/** How `--help` and errors of usage look. */

import type { Command, HelpConfiguration, Option } from 'commander';
import { nearestHint } from '../../nearest.ts';
import { printable } from '../../printable.ts';

/** Columns of a text behind a flag: commander would leave longer lines as they are where it has less than 40. */
const MIN_TEXT_COLUMNS = 20;

export const HELP: HelpConfiguration = {
  minWidthToWrap: MIN_TEXT_COLUMNS,
  optionDescription: optionMeaning,
};

/** What an option is for, as help and the manual page say it. That a switch is off by default goes without saying. */
export function optionMeaning(option: Option): string {
  const { description, defaultValue, mandatory } = option;
  if (mandatory) return `${description} (required)`;
  if (option.isBoolean() || defaultValue === undefined) return description;
  return `${description} (default: ${defaultValue})`;
}

/**
 * What commander says of a command line that it does not take, with the code that the table of errors has for it.
 * @param command that the arguments were for.
 */
export function usageError(text: string, command: Command): string {
  const isOfOption = text.includes('unknown option');
  const code = isOfOption ? 'UNKNOWN_SETTING' : 'WRONG_USAGE';
  const sentence = text.trimEnd().replace(/^error: (.)/, (_, first: string) => first.toUpperCase());
  // An argument may hold any character, and a terminal obeys some.
  return `daymark: ${code}: ${printable(ended(sentence))}${isOfOption ? optionHint(text, command) : commandHint(text, command)}\n`;
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
