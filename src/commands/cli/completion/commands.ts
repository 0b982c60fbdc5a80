/** What a shell can complete, as the commands declare it. */

import type { Argument, Command, Option } from 'commander';
import { flagOf, type SettingDefinition } from '../../../config/setting-definition.ts';
import { SETTING_NAMES, SETTINGS } from '../../../config/settings.ts';
import { PRESETS } from '../../../log-format/presets.ts';
import { REJECTION_REASONS } from '../../../log-format/types.ts';

/** What can stand at a position: some words, names of files, or anything. */
export type Values = readonly string[] | 'files' | 'directories' | 'anything';

export interface CompletedOption {
  /** `--data-dir`. */
  readonly flag: string;
  readonly summary: string;
  /** Undefined: it takes no value. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments can be; undefined: it takes none. */
  readonly values: Values | undefined;
  /** Its own commands, such as those of `keys`. */
  readonly commands: readonly CompletedCommand[];
}

/** The program itself, and its commands. */
export interface CompletedProgram {
  readonly name: string;
  readonly options: readonly CompletedOption[];
  readonly commands: readonly CompletedCommand[];
}

/** Looks up what the commands of a program take. */
export function completedProgram(program: Command): CompletedProgram {
  return { name: program.name(), options: optionsOf(program), commands: commandsOf(program) };
}

function commandsOf(parent: Command): readonly CompletedCommand[] {
  // A program without commands of its own has no `help` that they share.
  const commands = parent.commands.length === 0 ? [] : parent.createHelp().visibleCommands(parent);
  const names = commands.map((command) => command.name());
  return commands.map((command) => ({
    name: command.name(),
    summary: command.summary() || command.description(),
    options: optionsOf(command),
    values: command.name() === 'help' ? names : argumentValues(command.registeredArguments[0]),
    commands: commandsOf(command),
  }));
}

function optionsOf(command: Command): CompletedOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      flag: option.long ?? '',
      summary: option.description,
      values: option.isBoolean() ? undefined : optionValues(option),
    }));
}

function optionValues({ long }: Option): Values {
  const setting = SETTING_NAMES.find((name) => `--${flagOf(name)}` === long);
  if (setting === 'LOG_FORMAT') return PRESETS.map(({ name }) => name);
  if (setting !== undefined) return settingValues(SETTINGS[setting]);
  if (long === '--reason') return Object.keys(REJECTION_REASONS);
  return long === '--config-file' ? 'files' : 'anything';
}

function settingValues({ kind, choices, placeholder }: SettingDefinition): Values {
  if (choices !== undefined) return choices;
  if (kind === 'time-zone') return ['UTC', ...Intl.supportedValuesOf('timeZone')];
  if (placeholder === 'file') return 'files';
  return placeholder === 'directory' ? 'directories' : 'anything';
}

function argumentValues(argument: Argument | undefined): Values | undefined {
  if (argument === undefined) return undefined;
  const name = argument.name();
  return argument.argChoices ?? (['path', 'file'].includes(name) ? 'files' : 'anything');
}
