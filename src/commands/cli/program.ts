import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { SettingName } from '../../config/settings.ts';
import { SAMPLE_LOG_BOUNDS } from '../../sample-log/options.ts';
import { SPAN_GRANULARITIES } from '../../window/calendar.ts';
import { lowerProcessPriority } from '../ingesting/lower-priority.ts';
import { VERSION } from '../program-files.ts';
import { SHELLS } from './completion/shells.ts';
import { HELP, usageError } from './help.ts';
import { addKeys } from './key-commands.ts';
import { addLinks } from './link-commands.ts';
import { addSettingOptions, type Done, settingsOf } from './options.ts';
import { addCustomers, addEndpoints, addWorstDays } from './ranking-commands.ts';
import { reportError } from './report.ts';
import { AVAILABILITY, CUSTOMERS, STORE } from './setting-groups.ts';
import { wholeNumber } from './whole-number.ts';

const WAITED_FOR_STORE: SettingName[] = [...STORE, 'STORE_RETRY_SECONDS'];
const FORMAT: SettingName[] = [
  'LOG_FORMAT',
  'LOG_WRAPPER',
  'CUSTOMER_ID',
  ...CUSTOMERS,
  'MISSING_CUSTOMER_ID',
  'LOG_TIME_ZONE',
  'EXCLUDE',
  'INCLUDE',
  'ENDPOINTS',
];
const KAFKA: SettingName[] = [
  ...(['KAFKA_BROKERS', 'KAFKA_TOPIC', 'KAFKA_GROUP'] as const),
  ...(['KAFKA_TLS', 'KAFKA_TLS_CA', 'KAFKA_TLS_CERT', 'KAFKA_TLS_KEY'] as const),
  ...(['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const),
];
const LOGS: SettingName[] = ['LOGS_SOURCE_DIR', 'FOLLOW_SYMLINKS', 'FILE_IDENTITY', ...KAFKA, ...FORMAT];
const EVENT_TIME: SettingName[] = ['WAIT_FOR_SYSTEM_DURATION', 'MAX_EVENT_AGE', 'MAX_EVENT_AHEAD'];
const PIPELINE: SettingName[] = [
  'TIME_ZONE',
  ...EVENT_TIME,
  'LATE_EVENTS',
  'SOURCE_RETRY_SECONDS',
  'SOURCE_NAME',
  'LEASE_SECONDS',
  'BATCH_LINES',
  'WINDOW_STATE_BYTES',
  'WORKERS',
  'MAX_REJECTED_PERCENT',
  'LAST_LINE_WAIT_SECONDS',
  'RETENTION_DAYS',
  'CONFIRM_RETENTION_DAYS',
  'HOURS',
  'HOURS_RETENTION_DAYS',
  'ALL_CUSTOMERS',
];
/** Settings that mean nothing to a rebuild: one thread reads what was read before, and does not wait for logs. */
const OF_FIRST_READING: ReadonlySet<SettingName> = new Set([
  'WORKERS',
  'MAX_EVENT_AGE',
  'LAST_LINE_WAIT_SECONDS',
  'SOURCE_RETRY_SECONDS',
  'LEASE_SECONDS',
  'HOURS_RETENTION_DAYS',
]);
const REBUILDING = PIPELINE.filter((name) => !OF_FIRST_READING.has(name));
const PUSH: SettingName[] = [
  ...(['PUSH', 'PUSH_KEY_DURATION', 'OTLP_RECORDS', 'OTLP_CUSTOMER_ATTRIBUTE'] as const),
  ...(['OTLP_DURATION_ATTRIBUTE', 'OTLP_DURATION_UNIT'] as const),
];
/** What `serve` needs to understand lines that are handed in. */
const PUSHED_LINES: SettingName[] = [
  ...FORMAT,
  'TIME_ZONE',
  ...EVENT_TIME,
  ...(['LATE_EVENTS', 'WINDOW_STATE_BYTES', 'RETENTION_DAYS', 'HOURS', 'ALL_CUSTOMERS'] as const),
];
const OPERATING: SettingName[] = ['METRICS_PORT', 'METRICS_HOST', 'MESSAGE_FORMAT'];
const API: SettingName[] = [
  ...OPERATING,
  'ACCESS_LOG',
  ...([
    'HOST',
    'PORT',
    'PROCESSES',
    'MAX_CONNECTIONS',
    'MAX_EVENT_STREAMS',
    'RATE_LIMIT_PER_MINUTE',
    'TRUSTED_PROXIES',
    'CORS_ORIGINS',
  ] as const),
  ...(['TLS_CERT', 'TLS_KEY'] as const),
  ...(['AUTH', 'SESSION_DURATION', 'INSECURE_NO_AUTH', 'EVERYONE_MIN_CUSTOMERS'] as const),
  ...(['EMBED_ANCESTORS', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const),
  ...(['JWT_JWKS_URL', 'JWT_JWKS_FILE', 'JWT_SECRET_FILE'] as const),
  ...(['JWT_CUSTOMER_CLAIM', 'JWT_ROLE_CLAIM', 'JWT_ADMIN_ROLE'] as const),
  ...AVAILABILITY,
  'TARGET_PERCENT',
];

/**
 * Runs the program.
 * @param argv as Node gives it: the runtime, the script, then the arguments.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const done = (code: number) => {
    exitCode = code;
  };
  const program = buildProgram(done, argv[2]);
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportError(error);
  }
}

const PATHS = 'files, directories of logs, or - for standard input (default: LOGS_SOURCE_DIR)';

/**
 * All commands and their options. Each command loads its own code when it runs, so that none waits for code that only
 * another one needs.
 * @param done called with the exit code of the command that ran.
 * @param only the name of a command. The others are left out: to make their options took 7 ms of a start of 260 ms (2026-11-30). Any
 * other text, or none: all commands.
 */
export function buildProgram(done: Done, only?: string): Command {
  const program = new Command('daymark')
    .description('Shows how an API treated each of its customers: exact daily statistics from request logs.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureHelp(HELP)
    .showSuggestionAfterError(false)
    .showHelpAfterError('  Run the command with `--help` to see what it takes.')
    .addHelpText('after', PROGRAM_HELP);
  const hasAll = !isCommand(only);
  for (const [heading, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const [name, add] of Object.entries(commands)) if (hasAll || name === only) add(program, done);
  }
  program.helpCommand('help [command]', 'print the help of a command');
  for (const command of [program, ...program.commands.flatMap(withSubcommands)]) {
    command.configureOutput({ outputError: (text, write) => write(usageError(text, command)) });
  }
  return program;
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands];
}

const PROGRAM_HELP = `
daymark COMMAND --help lists the options of a command.
Exit codes: 0 done, 1 failed, 2 wrong usage.`;

type AddCommand = (program: Command, done: Done) => void;

/** By heading and name. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, AddCommand>>>> = {
  'Read logs:': { check: addCheck, ingest: addIngest, up: addUp },
  'See the results:': {
    stats: addStats,
    customers: addCustomers,
    'worst-days': addWorstDays,
    endpoints: addEndpoints,
    top: addTop,
    serve: addServe,
    sources: addSources,
    history: addHistory,
    rejected: addRejected,
  },
  'Look after the database:': {
    migrate: addMigrate,
    backup: addBackup,
    rebuild: addRebuild,
    keys: addKeys,
    links: addLinks,
  },
  'More:': { generate: addGenerate, completion: addCompletion },
};

function isCommand(name: string | undefined): boolean {
  return name !== undefined && Object.values(COMMANDS).some((commands) => Object.hasOwn(commands, name));
}

function addGenerate(program: Command, done: Done): void {
  program
    .command('generate')
    .summary('write a sample log')
    .description(
      'Writes a sample log in the default format, in random time order. The same arguments give the same bytes.',
    )
    .argument('[file]', 'where to write it (default: standard output)')
    .option('--lines <number>', 'how many lines to write', boundedInteger('lines'), 10_000)
    .option('--seed <number>', 'the seed of the random numbers', boundedInteger('seed'), 42)
    .option('--customers <number>', 'how many customers: cust_1, cust_2, …', boundedInteger('customers'), 50)
    .option('--days <number>', 'how many days the log covers', boundedInteger('days'), 30)
    .option(
      '--until <time>',
      'when the log ends: 2024-10-03 or 2024-10-03T12:00:00Z (default: the next midnight in UTC)',
    )
    .option('--force', 'replace the file if it exists', false)
    .action(async (file, options) => done(await (await import('../generate.ts')).generate(file, options)));
}

function boundedInteger(name: keyof typeof SAMPLE_LOG_BOUNDS): (text: string) => number {
  const { least, greatest } = SAMPLE_LOG_BOUNDS[name];
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= greatest) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${greatest}.`);
  };
}

function addMigrate(program: Command, done: Done): void {
  const command = program
    .command('migrate')
    .summary('create or upgrade the database schema')
    .description(
      'Creates or upgrades the database schema. You can safely run it twice, and in two places at once.',
    )
    .action(async (options) => done(await (await import('../migrate.ts')).migrate(settingsOf(options))));
  addSettingOptions(command, WAITED_FOR_STORE);
}

function addIngest(program: Command, done: Done): void {
  const command = program
    .command('ingest')
    .summary('read logs into the statistics')
    .description(
      'Reads logs into the statistics. It goes on where an earlier run stopped and counts no line twice. Files are recognised by their content, so you may rename or rotate them.',
    )
    .argument('[path...]', PATHS)
    .option('--follow', 'keep reading as logs grow, until you stop it', false)
    .option('--again', 'first read again what was read before, with the settings of now (a rebuild)', false)
    .option('--json', 'print the summary as JSON', false)
    .action(async (paths, options) => {
      lowerProcessPriority();
      done(await (await import('../ingest.ts')).ingest(paths, settingsOf(options), options));
    });
  addSettingOptions(command, [...WAITED_FOR_STORE, ...LOGS, ...PIPELINE, 'ALIVE_FILE', ...OPERATING]);
}

function addServe(program: Command, done: Done): void {
  const command = program
    .command('serve')
    .summary('serve the API')
    .description('Serves the API and its page from the database, until you stop it.')
    .action(async (options) => done(await (await import('../serve.ts')).serve(settingsOf(options))));
  addSettingOptions(command, [...WAITED_FOR_STORE, 'DATABASE_READ_URL', ...API, ...PUSH, ...PUSHED_LINES]);
}

function addUp(program: Command, done: Done): void {
  const command = program
    .command('up')
    .summary('migrate, ingest and serve in one process')
    .description(
      'Upgrades the schema, reads the logs in LOGS_SOURCE_DIR, follows them, and serves the API, until you stop it.',
    )
    .action(async (options) => done(await (await import('../up.ts')).up(settingsOf(options))));
  addSettingOptions(command, [
    ...[...WAITED_FOR_STORE, 'DATABASE_READ_URL' as const, ...LOGS, ...PIPELINE],
    ...['ALIVE_FILE' as const, ...API, ...PUSH],
  ]);
}

function addCheck(program: Command, done: Done): void {
  const command = program
    .command('check')
    .summary('recognise the format of logs and show what would be read')
    .description(
      'Shows how daymark understands the lines of logs and which lines it would reject. If LOG_FORMAT is not set, it recognises the format and says what to set. It writes nothing.',
    )
    .argument('[path...]', PATHS)
    .option('--json', 'print the findings as JSON', false)
    .action(async (paths, options) =>
      done(await (await import('../check.ts')).check(paths, settingsOf(options), options)),
    );
  addSettingOptions(command, [...LOGS, ...EVENT_TIME]);
}

function addStats(program: Command, done: Done): void {
  const command = program
    .command('stats')
    .summary('print statistics by hour, day, week or month, or a summary')
    .description(
      'Prints the statistics of a customer, or of all customers together, one line an hour, day, week or month. Or prints the numbers of all these days together, beside those of as many days before.',
    )
    .argument('[customer]', 'the customer id, as in the log (default: all customers together)')
    .requiredOption('--from <date>', 'the first day, YYYY-MM-DD')
    .option('--to <date>', 'the last day, YYYY-MM-DD')
    .addOption(
      new Option(
        '--granularity <span>',
        'what a line covers, with more numbers: hour, day, week or month',
      ).choices(SPAN_GRANULARITIES),
    )
    .option('--fill', 'with --granularity: print lines for spans without requests, too', false)
    .option('--summary', 'print the numbers of all days together, and those of as many days before', false)
    .option(
      '--share-under <seconds>',
      'with --summary: print the share of requests that took less than so many seconds (0.5,1)',
    )
    .option('--json', 'print JSON, like the API', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (customer, options) =>
      done(await (await import('../stats.ts')).stats(customer, settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...AVAILABILITY, ...CUSTOMERS]);
}

function addTop(program: Command, done: Done): void {
  const command = program
    .command('top')
    .summary('watch what is read, the lag and the worst customers')
    .description(
      'Shows what is read, how fast, how far it is behind the logs, and the customers with the most failures of today and yesterday. It looks again every second until you press q. Without a terminal it prints one snapshot.',
    )
    .option('--once', 'print one snapshot', false)
    .option('--json', 'print one snapshot as JSON', false)
    .action(async (options) => done(await (await import('../top.ts')).top(settingsOf(options), options)));
  addSettingOptions(command, [...STORE, ...AVAILABILITY, ...CUSTOMERS]);
}

function addSources(program: Command, done: Done): void {
  const command = program
    .command('sources')
    .summary('print how far each file was read, or the files of a day')
    .description(
      'Prints how far each file was read, and how many of its lines were accepted and rejected. Or prints the files that have lines of a day, and where these lines stand.',
    )
    .option('--date <date>', 'only the files that have lines of this day, YYYY-MM-DD')
    .option('--customer <customer>', 'with --date: also count the requests of a customer on this day')
    .option('--json', 'print JSON', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (options) =>
      done(await (await import('../sources.ts')).sources(settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...CUSTOMERS]);
}

function addHistory(program: Command, done: Done): void {
  const command = program
    .command('history')
    .summary('print what was changed of final days of a customer')
    .description(
      'Prints what late lines and `daymark rebuild` changed of the days of a customer after they were final: the numbers before and after, when, and from which files.',
    )
    .argument('<customer>', 'the id of a customer, or an alias')
    .option('--from <date>', 'the first day, YYYY-MM-DD (default: 29 days before the last)')
    .option('--to <date>', 'the last day, YYYY-MM-DD (default: today)')
    .option('--json', 'print JSON, like the API', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (customer, options) =>
      done(await (await import('../history.ts')).history(customer, settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...AVAILABILITY, ...CUSTOMERS]);
}

function addRejected(program: Command, done: Done): void {
  const command = program
    .command('rejected')
    .summary('print lines that were rejected')
    .description(
      'Prints rejected lines, each with its place and reason. The store keeps the first 1,000 of each file.',
    )
    .option('--source <name>', 'only lines of this file: its path, name or id')
    .option('--reason <reasons>', 'only lines with these reasons, separated by commas')
    .option('--limit <number>', 'how many lines to print at most', wholeNumber, 100)
    .option('--json', 'print JSON', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (options) =>
      done(await (await import('../rejected.ts')).rejected(settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function addBackup(program: Command, done: Done): void {
  const command = program
    .command('backup')
    .summary('copy the embedded store while it is in use')
    .description(
      'Writes a consistent copy of the embedded store. Other processes may keep writing to it. docs/operating.md explains how to restore a copy.',
    )
    .argument('<file>', 'where to write the copy')
    .option('--force', 'replace the file if it exists', false)
    .option('--json', 'print JSON', false)
    .action(async (file, options) =>
      done(await (await import('../backup.ts')).backup(file, settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function addRebuild(program: Command, done: Done): void {
  const command = program
    .command('rebuild')
    .summary('recompute days from the logs')
    .description(
      'Reads the logs again, as far as they were read before. Then it replaces the days that differ in one transaction; nothing changes before that. It prints the changed days.',
    )
    .argument(
      '[path...]',
      'files or directories of logs (default: LOGS_SOURCE_DIR, and the places where the logs were)',
    )
    .option('--from <date>', 'the first day to replace, YYYY-MM-DD')
    .option('--to <date>', 'the last day to replace, YYYY-MM-DD')
    .option('--without-missing', 'rebuild although logs are gone; their lines are lost', false)
    .option('--dry-run', 'only print what would change', false)
    .option('--json', 'print JSON, with all days', false)
    .action(async (paths, options) => {
      lowerProcessPriority();
      done(await (await import('../rebuild.ts')).rebuildDays(paths, settingsOf(options), options));
    });
  addSettingOptions(command, [...STORE, ...LOGS, ...REBUILDING]);
}

function addCompletion(program: Command, done: Done): void {
  program
    .command('completion')
    .summary('print a script that completes commands in a shell')
    .description(COMPLETION_HELP)
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .action(async (shell) =>
      done((await import('../completion.ts')).printCompletion(shell, buildProgram(done))),
    );
}

const COMPLETION_HELP = `Prints a script with which a shell completes commands, options and their values. Save it where your shell looks for it:

bash  ~/.local/share/bash-completion/completions/daymark
zsh   _daymark, in a directory of $fpath
fish  ~/.config/fish/completions/daymark.fish`;
