/** The manual page `daymark(1)`, from the commands and the table of settings. Its language is roff (man(7)). */

import type { Argument, Command, Option } from 'commander';
import { optionMeaning } from '../src/commands/cli/help.ts';
import { buildProgram } from '../src/commands/cli/program.ts';
import { flagOf, SETTING_GROUPS, type SettingDefinition } from '../src/config/setting-definition.ts';
import { SETTING_NAMES, SETTINGS, type SettingName } from '../src/config/settings.ts';

const PROGRAM = buildProgram(() => undefined);
const COMMANDS = commandsOf(PROGRAM);
const SETTING_FLAGS = new Set(SETTING_NAMES.map((name) => `--${flagOf(name)}`));

/** The commands that do something: those of a group in place of the group. */
function commandsOf(parent: Command): readonly Command[] {
  const visible = parent.createHelp().visibleCommands(parent);
  const own = visible.filter((command) => command.name() !== 'help');
  return own.flatMap((command) => (command.commands.length === 0 ? [command] : commandsOf(command)));
}

/** Behind the name of the program: `keys create`. */
function nameOf(command: Command): string {
  const { parent } = command;
  return parent === null || parent === PROGRAM ? command.name() : `${nameOf(parent)} ${command.name()}`;
}

/** @returns the source of the page. */
export function manPage(): string {
  return [
    '.\\" Made by scripts/docs.ts. Do not edit: change the code and run "npm run generate".',
    '.TH DAYMARK 1 "" "daymark" "User Commands"',
    // Do not break flags and names, and do not stretch the spaces between words.
    '.nh',
    '.ad l',
    ...section('NAME', ['daymark \\- exact daily statistics for every customer of an API']),
    ...section('SYNOPSIS', ['.B daymark', '.I command', '.RI [ option ...]', '.RI [ argument ...]']),
    ...section('DESCRIPTION', [filled(PROGRAM.description())]),
    ...section('COMMANDS', COMMANDS.flatMap(commandLines)),
    ...section('SETTINGS', [filled(HOW_TO_SET), ...Object.entries(SETTING_GROUPS).flatMap(groupLines)]),
    ...section('FILES', tagged('.I ./data/daymark.db', 'The embedded store, unless `DATA_DIR` is set.')),
    ...section(
      'EXIT STATUS',
      EXIT_CODES.flatMap(([code, meaning]) => tagged(`.B ${code}`, meaning)),
    ),
    ...section('EXAMPLES', EXAMPLES.flatMap(example).slice(1)),
    '',
  ].join('\n');
}

const HOW_TO_SET =
  'A command takes the settings that it uses as options: `--data-dir` sets `DATA_DIR`. You can also set them in the environment, or in a file of `NAME=value` lines that `--config-file` names. An option wins over the environment, and the environment wins over the file. An empty value counts as unset.';

const EXIT_CODES = [
  ['0', 'Done.'],
  ['1', 'Failed.'],
  ['2', 'Wrong usage: the command line or a setting was not understood.'],
] as const;

const EXAMPLES = [
  ['See how a log would be understood:', 'daymark check /var/log/nginx/access.log'],
  ['Read it, and follow it:', 'LOG_FORMAT=combined daymark ingest --follow /var/log/nginx/access.log'],
  ["Print a customer's statistics:", 'daymark stats cust_40 --from 2024-10-01'],
  ['Do all of it in one process, with an API:', 'LOGS_SOURCE_DIR=/var/log/api daymark up'],
] as const;

function example([does, line]: readonly [string, string]): string[] {
  return ['.PP', roff(does), '.PP', '.EX', roff(line), '.EE'];
}

function section(name: string, lines: readonly string[]): string[] {
  return [`.SH ${name.includes(' ') ? `"${name}"` : name}`, ...lines];
}

function commandLines(command: Command): string[] {
  const { registeredArguments } = command;
  const options = command.options.filter(({ long }) => long && !SETTING_FLAGS.has(long));
  const synopsis = registeredArguments.map((argument) => ` ${argumentName(argument)}`).join('');
  return [
    `.SS ${roff(`daymark ${nameOf(command)}`)}${synopsis}`,
    ...command.description().split('\n\n').flatMap(paragraph),
    ...registeredArguments.flatMap((argument) =>
      tagged(`.I ${argument.name()}`, sentence(argument.description)),
    ),
    ...options.flatMap((option) => tagged(optionTag(option), sentence(optionMeaning(option)))),
    ...settingsOf(command),
  ];
}

/** A text with several lines is a table, which stays as it is. */
function paragraph(text: string, index: number): string[] {
  const before = index === 0 ? [] : ['.PP'];
  if (!text.includes('\n')) return [...before, filled(text)];
  return [...before, '.EX', ...text.split('\n').map(roff), '.EE'];
}

function argumentName(argument: Argument): string {
  const name = `\\fI${argument.name()}\\fR${argument.variadic ? ' ...' : ''}`;
  return argument.required ? name : `[${name}]`;
}

function optionTag({ flags }: Option): string {
  const [, flag = '', value] = /(--[\w-]+)(?: <(.+)>)?$/.exec(flags) ?? [];
  return value === undefined ? `.B ${roff(flag)}` : `.BI ${roff(flag)} " ${value}"`;
}

function settingsOf(command: Command): string[] {
  const flags = command.options.map(({ long }) => long ?? '').filter((long) => SETTING_FLAGS.has(long));
  if (flags.length === 0) return [];
  return ['.PP', filled(`Settings: ${flags.map((flag) => `\`${flag}\``).join(', ')}.`)];
}

function groupLines([group, heading]: [string, string]): string[] {
  const names = SETTING_NAMES.filter((name) => SETTINGS[name].group === group);
  return [`.SS ${roff(heading)}`, ...names.flatMap(settingLines)];
}

function settingLines(name: SettingName): string[] {
  const {
    placeholder,
    meaning,
    default: value,
    unit,
    min,
    max,
    choices,
    example,
  }: SettingDefinition = SETTINGS[name];
  const facts = [
    `Default: ${value === undefined ? 'unset' : value}${unit && value !== undefined ? ` ${unit}` : ''}.`,
    ...(min === undefined ? [] : [`From ${min} to ${max}.`]),
    ...(choices === undefined ? [] : [`One of: ${choices.join(', ')}.`]),
    `Example: \`${name}=${example}\`.`,
  ];
  return [
    '.TP',
    `.BR ${name} ", " \\-\\-${flagOf(name).replaceAll('-', '\\-')} " " \\fI${placeholder}\\fR`,
    filled(meaning),
    '.br',
    filled(facts.join(' ')),
  ];
}

function tagged(tag: string, text: string): string[] {
  return ['.TP', tag, filled(text)];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** The text of a paragraph, in lines short enough for any editor. */
function filled(text: string): string {
  const lines = [''];
  for (const word of roff(text).split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length >= MAX_COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map(plain).join('\n');
}

const MAX_COLUMNS = 79;

/** A line that begins with one of these would be a request to roff. */
function plain(line: string): string {
  return line.replace(/^['.]/, '\\&$&');
}

/** Text on a line: text between backticks becomes bold, and characters that mean something to roff are escaped. */
function roff(text: string): string {
  return text
    .split(/`([^`]*)`/)
    .map((part, i) => (i % 2 === 0 ? escaped(part) : `\\fB${escaped(part)}\\fR`))
    .join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll("'", '\\(aq')
    .replace(
      /[^\x20-\x7e]/gu,
      (character) => `\\[u${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
    );
}
