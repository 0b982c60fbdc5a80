/**
 * Writes the references that come from tables in the code: `docs/settings.md`, `docs/errors.md`, `docs/rejections.md`,
 * `docs/presets.md` and `docs/metrics.md`, the table of presets in `docs/log-formats.md`, the configurations in `docs/proxies.md`,
 * the settings that `compose.yaml` passes on, and the manual page `man/daymark.1`. With `--check`, it only says whether they are up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { flagOf, type SettingDefinition } from '../src/config/setting-definition.ts';
import { SETTING_NAMES, SETTINGS } from '../src/config/settings.ts';
import { ERRORS, type ErrorCode, type ErrorDefinition } from '../src/errors.ts';
import { hasDuration } from '../src/log-format/format-string/customer.ts';
import { parseLogFormat } from '../src/log-format/format-string/parse.ts';
import { NGINX_JSON_DIRECTIVE, PRESETS, type Preset } from '../src/log-format/presets.ts';
import { REJECTION_REASONS } from '../src/log-format/types.ts';
import { SQL_STATES } from '../src/store/postgres/errors.ts';
import { RESULT_CODES } from '../src/store/sqlite/errors.ts';
import { manPage } from './man-page.ts';
import { metricsReference } from './metrics-reference.ts';
import { costsTable, measuredTables, workedTable } from './plan.ts';

const NOTE =
  '<!-- Made by scripts/docs.ts. Do not edit: change the table in the code and run `npm run generate`. -->';

function settings(): string {
  const sections = SETTING_NAMES.map((name) => {
    const { meaning, default: value, unit, min, max, choices, example }: SettingDefinition = SETTINGS[name];
    const facts = [
      `- flag: \`--${flagOf(name)}\``,
      `- default: ${value === undefined ? 'unset' : `\`${value}\`${unit ? ` ${unit}` : ''}`}`,
      ...(min === undefined ? [] : [`- from ${min} to ${max}${unit ? ` ${unit}` : ''}`]),
      ...(choices === undefined ? [] : [`- one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`]),
      `- example: \`${name}=${example}\``,
    ];
    return `## \`${name}\`\n\n${meaning}\n\n${facts.join('\n')}\n`;
  });
  return `# Settings\n\n${NOTE}\n\nYou can give a setting as a flag, in the environment, or in a file of \`NAME=value\` lines that \`--config-file\` names. A flag\nwins over the environment, and the environment wins over the file. An empty value counts as unset. In the file, a value in\nquotes (\`'\`, \`"\` or a backtick) may have several lines. A command takes the flags of the settings that it uses; \`--help\`\nlists them. An unknown flag or an unknown name in the file is an error.\nSo is a variable of the environment whose name is one or two characters off the name of a setting, such as \`DATABSE_URL\`.\n\n${sections.join('\n')}`;
}

function errors(): string {
  const rows = Object.entries<ErrorDefinition>(ERRORS).map(
    ([code, { title, advice, exitCode = 1, isTransient, ...http }]) =>
      `## \`${code}\`\n\n${title}. ${advice}\n\nExit code ${exitCode}${httpStatuses(http)}${isTransient ? '; passes by itself' : ''}.\n`,
  );
  return `# Errors\n\n${NOTE}\n\nEvery error has a code. The program prints it on standard error, with what went wrong and what to do. The API sends it in a\nproblem document (RFC 9457). Exit codes: 0 done, 1 failed, 2 wrong usage. If an error *passes by itself*, wait and try again.\ndaymark does that itself for errors of the database (\`STORE_RETRY_SECONDS\`).\n\n${rows.join('\n')}\n${databaseErrors()}`;
}

/** `; HTTP status 400, or 408 if …`. */
function httpStatuses({
  httpStatus,
  otherHttpStatuses = {},
}: Pick<ErrorDefinition, 'httpStatus' | 'otherHttpStatuses'>): string {
  if (httpStatus === undefined) return '';
  const others = Object.entries(otherHttpStatuses).map(([status, when]) => `, or ${status} if ${when}`);
  return `; HTTP status ${httpStatus}${others.join('')}`;
}

/** The meaning of the databases' own codes. */
function databaseErrors(): string {
  const postgres = SQL_STATES.map(({ state, ...meaning }) => databaseRow(state, meaning));
  const sqlite = RESULT_CODES.map((meaning) => databaseRow(String(meaning.result), meaning));
  const head =
    '| code | its name | daymark error | passes by itself | why |\n| --- | --- | --- | --- | --- |';
  return `## What the databases say\n\n### PostgreSQL\n\nBy SQLSTATE. An entry of two or three characters stands for all codes that begin with them. Any code that is not here is\n\`STORE_FAILED\` and ends the run. An internal error (\`XX000\`) that keeps PostgreSQL from opening a session is\n\`STORE_UNREACHABLE\` and passes by itself: on a full disk PostgreSQL says \`could not write init file\` with that code.\n\n${head}\n${postgres.join('\n')}\n\n### SQLite\n\nBy result code, extended ones first. Any code that is not here is \`STORE_FAILED\` and ends the run.\n\n${head}\n${sqlite.join('\n')}\n`;
}

function databaseRow(
  state: string,
  { name, code, reason }: { readonly name: string; readonly code: ErrorCode; readonly reason: string },
): string {
  const { isTransient }: ErrorDefinition = ERRORS[code];
  return `| \`${state}\` | \`${name}\` | \`${code}\` | ${isTransient ? 'yes' : 'no'} | ${reason} |`;
}

function rejections(): string {
  const rows = Object.entries(REJECTION_REASONS).map(([reason, meaning]) => `| \`${reason}\` | ${meaning} |`);
  return `# Rejected lines\n\n${NOTE}\n\ndaymark rejects a line that is not a record. The line adds nothing to the statistics. The ledger of its file counts it, with\nits reason. The table \`rejected_lines\` keeps the first 1,000 of each file, with their place and their first 200 bytes.\n\`daymark rejected\` prints them. \`daymark check\` shows them before anything is read.\n\n| reason | meaning |\n| --- | --- |\n${rows.join('\n')}\n`;
}

function presets(): string {
  return `# Presets\n\n${NOTE}\n\nFormats with a name, for \`LOG_FORMAT\`. \`daymark check FILE\` tells you which of them a file is in.\n[log-formats.md](log-formats.md#presets) lists them and explains how to describe any other format.\n\n${PRESETS.map(preset).join('\n')}`;
}

const PRESETS_BEGIN =
  '<!-- The presets. Made by scripts/docs.ts; change them in the code and run `npm run generate`. -->';
const PRESETS_END = '<!-- The end of the presets. -->';

/** Puts the table of presets into a document that is otherwise written by hand. */
function withPresetTable(text: string): string {
  const [before, rest] = text.split(PRESETS_BEGIN);
  const [, after] = rest?.split(PRESETS_END) ?? [];
  if (after === undefined) throw new Error('docs/log-formats.md has no place for the table of presets.');
  return `${before}${PRESETS_BEGIN}\n\n${presetTable()}\n\n${PRESETS_END}${after}`;
}

function presetTable(): string {
  const rows = PRESETS.map(
    ({ name, title, format, customer }) =>
      `| [\`${name}\`](presets.md#${name}) | ${title} | ${hasDuration(parseLogFormat(format)) ? 'yes' : 'no'} | ${customer ?? 'set `CUSTOMER_ID`'} |`,
  );
  return `| name | written by | duration | where the customer id is |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function preset({ name, title, format, manual, note, header, examples }: Preset): string {
  const source = manual.startsWith('https') ? `<${manual}>` : `[its description](${manual})`;
  const directive = name === 'nginx-json' ? `\nFor nginx.conf:\n\n${fenced(NGINX_JSON_DIRECTIVE)}\n` : '';
  const remark = note === undefined ? '' : ` ${note}`;
  return `## \`${name}\`\n\n${title}. Manual: ${source}.${remark}\n${directive}\nThe same as:\n\n${fenced(format)}\n\nExamples of lines:\n\n${fenced([...(header === undefined ? [] : [header]), ...examples].join('\n'))}\n`;
}

function fenced(text: string): string {
  return `\`\`\`\n${text}\n\`\`\``;
}

const SETTINGS_BEGIN = '  # The settings. Made by scripts/docs.ts.\n';
const SETTINGS_END = '  # The end of the settings.\n';

/** Settings that compose.yaml sets itself, because their values make sense only inside containers. */
const SET_BY_COMPOSE: ReadonlySet<string> = new Set([
  'DATABASE_URL',
  'DATA_DIR',
  'LOGS_SOURCE_DIR',
  'ALIVE_FILE',
  'HOST',
  'PORT',
  'INSECURE_NO_AUTH',
  'METRICS_PORT',
  'METRICS_HOST',
  'KAFKA_BROKERS',
  'KAFKA_TOPIC',
]);

/** `compose.yaml` that passes on all other settings. */
function withPassedSettings(text: string): string {
  const [before, rest] = text.split(SETTINGS_BEGIN);
  const [, after] = rest?.split(SETTINGS_END) ?? [];
  if (after === undefined) throw new Error('compose.yaml has no place for the settings.');
  const names = SETTING_NAMES.filter((name) => !SET_BY_COMPOSE.has(name));
  const lines = names.map((name) => `  ${name}: \${${name}:-}\n`);
  return `${before}${SETTINGS_BEGIN}${lines.join('')}${SETTINGS_END}${after}`;
}

const FILE_END = '<!-- The end of the file. -->';

/** A document that shows files as they are shipped. */
function withFiles(text: string, ...paths: readonly string[]): string {
  return paths.reduce((all, path) => {
    const begin = `<!-- ${path}. Put here by scripts/docs.ts. -->`;
    const [before, rest] = all.split(begin);
    const end = rest?.indexOf(FILE_END) ?? -1;
    if (rest === undefined || end < 0) throw new Error(`No place for ${path}.`);
    const shown = fenced(readFileSync(path, 'utf8').trimEnd());
    return `${before}${begin}\n\n${shown}\n\n${rest.slice(end)}`;
  }, text);
}

/** A document with parts that are computed. */
function withParts(text: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce((all, [name, part]) => {
    const [before, rest] = all.split(`<!-- The ${name}. Put here by scripts/docs.ts. -->\n`);
    const [, after] = rest?.split(`<!-- The end of the ${name}. -->`) ?? [];
    if (after === undefined) throw new Error(`No place for the ${name}.`);
    return `${before}<!-- The ${name}. Put here by scripts/docs.ts. -->\n\n${part}\n\n<!-- The end of the ${name}. -->${after}`;
  }, text);
}

const documents = {
  'docs/settings.md': settings(),
  'docs/errors.md': errors(),
  'docs/rejections.md': rejections(),
  'docs/presets.md': presets(),
  'docs/metrics.md': metricsReference(NOTE),
  'compose.yaml': withPassedSettings(readFileSync('compose.yaml', 'utf8')),
  'man/daymark.1': manPage(),
  'docs/proxies.md': withFiles(
    readFileSync('docs/proxies.md', 'utf8'),
    'operating/nginx.conf',
    'operating/nginx-upstream.conf',
    'operating/Caddyfile',
  ),
  'docs/scaling.md': withParts(readFileSync('docs/scaling.md', 'utf8'), {
    costs: costsTable(),
    points: measuredTables(),
    plans: workedTable(),
  }),
  'docs/shippers.md': withFiles(
    readFileSync('docs/shippers.md', 'utf8'),
    'operating/shippers/rsyslog.conf',
    'operating/shippers/vector.yaml',
    'operating/shippers/fluent-bit.yaml',
    'operating/shippers/filebeat.yml',
  ),
  'docs/log-formats.md': withPresetTable(readFileSync('docs/log-formats.md', 'utf8')),
};
for (const [path, text] of Object.entries(documents)) {
  if (!process.argv.includes('--check')) {
    writeFileSync(path, text);
  } else if (readFileSync(path, 'utf8') !== text) {
    console.error(`${path} is out of date. Run: npm run generate`);
    process.exitCode = 1;
  }
}
