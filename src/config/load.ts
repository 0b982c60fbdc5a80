import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { DaymarkError, messageOf } from '../errors.ts';
import { nearestHint } from '../nearest.ts';
import { canonicalZone } from '../window/zone.ts';
import {
  flagOf,
  SETTING_NAMES,
  SETTINGS,
  type SettingDefinition,
  type SettingName,
  type Settings,
} from './settings.ts';

/** A name of a later version: set and not obeyed would be worse than refused. */
const NOT_YET_KNOWN = ['WAIT_FOR_SYSTEM_DURATION'];

/** Where values come from, the strongest first. */
export interface SettingSources {
  /** By name, as given on the command line. */
  readonly flags: Readonly<Partial<Record<SettingName, string>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file of `NAME=value` lines. */
  readonly configFile: string | undefined;
}

/**
 * Finds the value of every setting: flags over environment over file over default. An empty value counts as
 * unset.
 * @throws {DaymarkError} UNKNOWN_SETTING, INVALID_SETTING, PATH_NOT_FOUND.
 */
export function loadSettings({ flags, environment, configFile }: SettingSources): Settings {
  const file = configFile === undefined ? {} : readConfigFile(configFile);
  for (const name of NOT_YET_KNOWN) if (environment[name]) throw unknownSetting(name, 'the environment');
  const entries = SETTING_NAMES.map((name) => {
    const [text, origin] = firstOf([
      [flags[name], `--${flagOf(name)}`],
      [environment[name], `${name} in the environment`],
      [file[name], `${name} in ${configFile}`],
    ]);
    return [name, text === undefined ? SETTINGS[name].default : parse(SETTINGS[name], text, origin)];
  });
  return Object.fromEntries(entries) as Settings;
}

type Candidate = readonly [text: string | undefined, origin: string];

function firstOf(candidates: readonly Candidate[]): Candidate {
  return candidates.find(([text]) => text !== undefined && text !== '') ?? [undefined, ''];
}

function readConfigFile(path: string): Record<string, string | undefined> {
  const text = readText(path);
  // parseEnv passes over what it does not understand.
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)|^\s*(export\s+)?\w+\s*=/.test(line)) continue;
    throw new DaymarkError('INVALID_SETTING', `Line ${i + 1} of ${path} is no NAME=value.`);
  }
  const values = parseEnv(text);
  for (const name of Object.keys(values)) {
    if (!(SETTING_NAMES as string[]).includes(name)) throw unknownSetting(name, path);
  }
  return values;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new DaymarkError('PATH_NOT_FOUND', `The configuration file cannot be read: ${messageOf(error)}.`);
  }
}

function unknownSetting(name: string, origin: string): DaymarkError {
  const hint = nearestHint(name.toUpperCase(), SETTING_NAMES);
  return new DaymarkError('UNKNOWN_SETTING', `${name}, in ${origin}, is no setting of this version.${hint}`);
}

function parse(definition: SettingDefinition, text: string, origin: string): string | number {
  if (definition.kind === 'text') return text;
  if (definition.kind === 'time-zone') return parseTimeZone(text, origin);
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = definition;
  const value = Number(text);
  if (/^\d{1,15}$/.test(text) && value >= min && value <= max) return value;
  const bounds = `a whole number from ${min} to ${max}`;
  throw new DaymarkError('INVALID_SETTING', `${origin} is ${JSON.stringify(text)}, but must be ${bounds}.`);
}

function parseTimeZone(text: string, origin: string): string {
  if (canonicalZone(text) !== undefined) return text;
  const kind = 'the IANA name of a time zone, such as Europe/Berlin';
  const near = nearestZone(text);
  throw new DaymarkError(
    'INVALID_SETTING',
    `${origin} is ${JSON.stringify(text)}, but must be ${kind}. Did you mean ${near}?`,
  );
}

/** By its whole name, or by the place in it: `Berlin`. */
function nearestZone(text: string): string {
  const wanted = text.toLowerCase();
  const far = (name: string): number => {
    const known = name.toLowerCase();
    return Math.min(distance(wanted, known), distance(wanted, known.slice(known.lastIndexOf('/') + 1)));
  };
  return Intl.supportedValuesOf('timeZone').reduce((near, name) => (far(name) < far(near) ? name : near));
}
