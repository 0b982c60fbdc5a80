import { DaymarkError } from '../errors.ts';
import { nearestHint } from '../nearest.ts';
import { parseStatuses } from '../statuses.ts';
import { canonicalZone } from '../window/zone.ts';
import { readConfigFile } from './config-file.ts';
import { durationMsOf, isOfCalendar } from './duration.ts';
import { refuseMistyped } from './environment-names.ts';
import { parseNetworks } from './networks.ts';
import { parseOrigins } from './origins.ts';
import { flagOf, type SettingDefinition } from './setting-definition.ts';
import { SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './settings.ts';
import { TRACING_VARIABLES } from './tracing-variables.ts';
import { zoneHint } from './zone-hint.ts';

/** Where values come from. An earlier one wins. */
export interface SettingSources {
  /** By name, as given on the command line. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file of `NAME=value` lines. */
  readonly configFile: string | undefined;
}

/**
 * Finds the value of every setting. A flag wins over the environment, the environment over the file, the file over the
 * default. An empty value counts as unset.
 * @throws {DaymarkError} UNKNOWN_SETTING, INVALID_SETTING.
 */
export function loadSettings({ flags, environment, configFile }: SettingSources): Settings {
  refuseMistyped(environment, [...SETTING_NAMES, ...TRACING_VARIABLES]);
  const file = configFile === undefined ? {} : valuesIn(configFile);
  const entries = SETTING_NAMES.map((name) => {
    const [text, origin] = firstOf([
      [flags[name], `--${flagOf(name)}`],
      [environment[name], `${name} in the environment`],
      [file[name], `${name} in ${configFile}`],
    ]);
    return [name, text === undefined ? defaultOf(SETTINGS[name]) : parse(SETTINGS[name], text, origin)];
  });
  return Object.fromEntries(entries) as Settings;
}

type Candidate = readonly [text: string | undefined, origin: string];

function firstOf(candidates: readonly Candidate[]): Candidate {
  return candidates.find(([text]) => text !== undefined && text !== '') ?? [undefined, ''];
}

function valuesIn(path: string): Record<string, string | undefined> {
  const values = readConfigFile(path);
  for (const name of Object.keys(values)) {
    if (!(SETTING_NAMES as string[]).includes(name)) throw unknownSetting(name, path);
  }
  return values;
}

function unknownSetting(name: string, origin: string): DaymarkError {
  const hint = nearestHint(name.toUpperCase(), SETTING_NAMES);
  return new DaymarkError('UNKNOWN_SETTING', `${name} in ${origin} is not a setting of this version.${hint}`);
}

function defaultOf({ kind, default: value }: SettingDefinition): string | number | undefined {
  return kind === 'duration' && typeof value === 'string' ? durationMsOf(value) : value;
}

function parse(definition: SettingDefinition, text: string, origin: string): string | number {
  switch (definition.kind) {
    case 'text':
      return text;
    case 'time-zone':
      return parseTimeZone(text, origin);
    case 'duration':
      return parseDuration(text, origin);
    case 'statuses':
      return parseStatusList(text, origin);
    case 'origins':
      return parseOriginList(text, origin);
    case 'networks':
      return parseNetworkList(text, origin);
    case 'choice':
      return parseChoice(definition, text, origin);
    case 'integer':
      return parseInteger(definition, text, origin);
    case 'percentage':
      return parsePercentage(text, origin);
  }
}

function parseInteger(definition: SettingDefinition, text: string, origin: string): number {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = definition;
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
  const bounds = `a whole number from ${min} to ${max}`;
  throw new DaymarkError('INVALID_SETTING', `${origin} is ${JSON.stringify(text)}, but must be ${bounds}.`);
}

function parsePercentage(text: string, origin: string): number {
  const value = Number(text);
  if (/^\d{1,3}(\.\d{1,6})?$/.test(text) && value > 0 && value < 100) return value;
  const bounds = 'a number over 0 and under 100, such as 99.9';
  throw new DaymarkError('INVALID_SETTING', `${origin} is ${JSON.stringify(text)}, but must be ${bounds}.`);
}

function parseDuration(text: string, origin: string): number {
  const durationMs = durationMsOf(text);
  if (durationMs !== undefined) return durationMs;
  const kind = 'an ISO 8601 duration such as PT1H or P2D, a number of seconds, or max';
  const hint = isOfCalendar(text) ? ' Years and months differ in length: give it in days.' : '';
  throw new DaymarkError(
    'INVALID_SETTING',
    `${origin} is ${JSON.stringify(text)}, but must be ${kind}.${hint}`,
  );
}

function parseChoice({ choices = [] }: SettingDefinition, text: string, origin: string): string {
  if (choices.includes(text)) return text;
  const one = choices.join(' or ');
  throw new DaymarkError('INVALID_SETTING', `${origin} is ${JSON.stringify(text)}, but must be ${one}.`);
}

function parseStatusList(text: string, origin: string): string {
  if (parseStatuses(text)) return text;
  const list =
    'status codes (0, or 100 to 599) and ranges of them, separated by commas, such as 0,429,500-599';
  throw new DaymarkError('INVALID_SETTING', `${origin} is ${JSON.stringify(text)}, but must be ${list}.`);
}

function parseOriginList(text: string, origin: string): string {
  if (parseOrigins(text)) return text;
  const list =
    'origins (scheme, host in lower case, and a port unless it is the default one), separated by commas, such as https://app.example.com, or * for all';
  throw new DaymarkError('INVALID_SETTING', `${origin} is ${JSON.stringify(text)}, but must be ${list}.`);
}

function parseNetworkList(text: string, origin: string): string {
  if (parseNetworks(text)) return text;
  const list = 'addresses and networks, separated by commas, such as 127.0.0.1,10.0.0.0/8';
  throw new DaymarkError('INVALID_SETTING', `${origin} is ${JSON.stringify(text)}, but must be ${list}.`);
}

function parseTimeZone(text: string, origin: string): string {
  if (canonicalZone(text) !== undefined) return text;
  throw new DaymarkError(
    'INVALID_SETTING',
    `${origin} is ${JSON.stringify(text)}, but must be the IANA name of a time zone, such as Europe/Berlin, or a fixed offset, such as +02:00.${zoneHint(text)}`,
  );
}
