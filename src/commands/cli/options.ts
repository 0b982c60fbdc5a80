import { type Command, Option } from 'commander';
import { loadSettings } from '../../config/load.ts';
import { flagOf, SETTING_GROUPS, type SettingDefinition } from '../../config/setting-definition.ts';
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from '../../config/settings.ts';

/** Is called with the exit code of a command when it has run. */
export type Done = (exitCode: number) => void;

/** Gives a command the flags of some settings and of the configuration file. */
export function addSettingOptions(command: Command, names: readonly SettingName[]): Command {
  command.option('--config-file <path>', 'a file of settings, one NAME=value a line');
  for (const [group, heading] of Object.entries(SETTING_GROUPS)) {
    const ofGroup = SETTING_NAMES.filter((name) => names.includes(name) && SETTINGS[name].group === group);
    for (const name of ofGroup) command.addOption(optionOf(name).helpGroup(`${heading}:`));
  }
  return command.addHelpText('after', SETTINGS_HELP);
}

const SETTINGS_HELP = `
You can also set options that take a value in the environment or in the file
of --config-file: there, --data-dir is DATA_DIR. docs/settings.md explains all.`;

function optionOf(name: SettingName): Option {
  const { placeholder, summary, default: value, unit }: SettingDefinition = SETTINGS[name];
  const byDefault = value === undefined ? '' : ` (default: ${value}${unit ? ` ${unit}` : ''})`;
  return new Option(`--${flagOf(name)} <${placeholder}>`, `${summary}${byDefault}`);
}

/** The settings for a run of a command. @param options the flags as commander read them. */
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
