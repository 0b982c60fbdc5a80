import { type Command, Option } from 'commander';
import { loadSettings } from '../config/load.ts';
import {
  flagOf,
  SETTINGS,
  type SettingDefinition,
  type SettingName,
  type Settings,
} from '../config/settings.ts';

/** Gives a command the flags of some settings, and of the configuration file. */
export function addSettingOptions(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { placeholder, meaning, default: value, unit }: SettingDefinition = SETTINGS[name];
    const byDefault = value === undefined ? '' : ` (default: ${value}${unit ? ` ${unit}` : ''})`;
    command.addOption(new Option(`--${flagOf(name)} <${placeholder}>`, `${meaning}${byDefault} [${name}]`));
  }
  return command.option(
    '--config-file <path>',
    'A file of NAME=value lines: settings that neither a flag nor the environment sets.',
  );
}

/** The settings of a run of a command. @param options what commander read of its flags. */
export function settingsOf(options: Record<string, unknown>): Settings {
  const flags: Partial<Record<SettingName, string>> = {};
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    const value = options[camelCase(flagOf(name))];
    if (typeof value === 'string') flags[name] = value;
  }
  const { configFile } = options;
  return loadSettings({
    flags,
    environment: process.env,
    configFile: typeof configFile === 'string' ? configFile : undefined,
  });
}

function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
