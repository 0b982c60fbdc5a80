import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { SettingName } from '../config/settings.ts';
import { printable } from '../printable.ts';
import { SAMPLE_LOG_BOUNDS } from '../sample-log/options.ts';
import { addSettingOptions, settingsOf } from './options.ts';
import { reportError } from './report.ts';
import { VERSION } from './version.ts';

const STORE: SettingName[] = ['DATABASE_URL', 'DATA_DIR'];
const WAITED_FOR_STORE: SettingName[] = [...STORE, 'STORE_RETRY_SECONDS'];
const FORMAT: SettingName[] = ['LOG_FORMAT', 'CUSTOMER_ID', 'MISSING_CUSTOMER_ID', 'LOG_TIME_ZONE'];
const LOGS: SettingName[] = ['LOGS_SOURCE_DIR', 'FOLLOW_SYMLINKS', ...FORMAT];
const EVENT_TIME: SettingName[] = ['WAIT_FOR_SYSTEM_DURATION', 'MAX_EVENT_AGE', 'MAX_EVENT_AHEAD'];
const PIPELINE: SettingName[] = [
  'TIME_ZONE',
  ...EVENT_TIME,
  'LATE_EVENTS',
  'BATCH_LINES',
  'WINDOW_STATE_BYTES',
  'WORKERS',
  'MAX_REJECTED_PERCENT',
  'LAST_LINE_WAIT_SECONDS',
  'RETENTION_DAYS',
];
const API: SettingName[] = ['HOST', 'PORT', 'MAX_CONNECTIONS', 'RATE_LIMIT_PER_MINUTE'];

/**
 * Runs the program.
 * @param argv as Node gives it: the runtime, the script, then the arguments.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return reportError(error);
  }
}

type Done = (exitCode: number) => void;

/** Each command loads its own code when it runs, so that none waits for what only another needs. */
function buildProgram(done: Done): Command {
  const program = new Command('daymark')
    .description(
      'Tells every customer of an API how the API treated them: exact daily statistics out of request logs.',
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(usageError(text)) })
    .showHelpAfterError('Run it with --help to see what it takes.')
    .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 wrong usage.');
  const reading = [addIngest, addServe, addUp, addCheck, addStats, addSources, addRejected];
  for (const add of [addGenerate, addMigrate, ...reading, addBackup, addRebuild]) add(program, done);
  return program;
}

/** commander's words, with the code that the table of errors has for them. */
function usageError(text: string): string {
  const code = text.includes('unknown option') ? 'UNKNOWN_SETTING' : 'WRONG_USAGE';
  // The words may hold an argument, with any character in it; they end with a newline.
  return `${printable(text.trimEnd().replace(/^error: /, `daymark: ${code}: `))}\n`;
}

function addGenerate(program: Command, done: Done): void {
  program
    .command('generate')
    .summary('write a sample log')
    .description(
      'Writes a sample log in the default format, in random time order: the same bytes for the same arguments.',
    )
    .argument('[file]', 'where to write it; standard output without one')
    .option('--lines <number>', 'how many lines', boundedInteger('lines'), 10_000)
    .option('--seed <number>', 'where the random numbers begin', boundedInteger('seed'), 42)
    .option('--customers <number>', 'how many customers, cust_1 and on', boundedInteger('customers'), 50)
    .option('--days <number>', 'how many days before the end the log covers', boundedInteger('days'), 30)
    .option(
      '--until <time>',
      'the end, ISO 8601: 2024-10-03 or 2024-10-03T12:00:00Z (default: the next midnight, UTC)',
    )
    .option('--force', 'replace the file if it is there', false)
    .action(async (file, options) => done(await (await import('./generate.ts')).generate(file, options)));
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
    .description('Creates or upgrades the database schema. Safe to run twice, and from two places at once.')
    .action(async (options) => done(await (await import('./migrate.ts')).migrate(settingsOf(options))));
  addSettingOptions(command, WAITED_FOR_STORE);
}

function addIngest(program: Command, done: Done): void {
  const command = program
    .command('ingest')
    .summary('read logs into the statistics')
    .description(
      'Reads logs into the statistics, from where an earlier run stopped to the end. Nothing is counted twice.\n' +
        'Files are known by their content, so a renamed log goes on where it was.',
    )
    .argument(
      '[path...]',
      'files, directories (the logs in them), or - for standard input; without one LOGS_SOURCE_DIR',
    )
    .option('--follow', 'go on reading what is written, until SIGINT or SIGTERM', false)
    .option('--json', 'print the summary as one JSON object', false)
    .action(async (paths, options) =>
      done(await (await import('./ingest.ts')).ingest(paths, settingsOf(options), options)),
    );
  addSettingOptions(command, [...WAITED_FOR_STORE, ...LOGS, ...PIPELINE, 'ALIVE_FILE']);
}

function addServe(program: Command, done: Done): void {
  const command = program
    .command('serve')
    .summary('serve the API and the page')
    .description('Serves the API and the page from the database, until SIGINT or SIGTERM.')
    .action(async (options) => done(await (await import('./serve.ts')).serve(settingsOf(options))));
  addSettingOptions(command, [...WAITED_FOR_STORE, ...API]);
}

function addUp(program: Command, done: Done): void {
  const command = program
    .command('up')
    .summary('migrate, ingest and serve, in one process')
    .description(
      'Upgrades the schema, reads LOGS_SOURCE_DIR and follows it, and serves the API and the page.',
    )
    .action(async (options) => done(await (await import('./up.ts')).up(settingsOf(options))));
  addSettingOptions(command, [...WAITED_FOR_STORE, ...LOGS, ...PIPELINE, 'ALIVE_FILE', ...API]);
}

function addCheck(program: Command, done: Done): void {
  const command = program
    .command('check')
    .summary('recognise the format of logs, and say what would be read and rejected')
    .description(
      'Reads logs from their beginning and says how they are understood, and what would be accepted and rejected.\n' +
        'Recognises their format where LOG_FORMAT is not set, and says what to set. Writes nothing.',
    )
    .argument(
      '[path...]',
      'files, directories (the logs in them), or - for standard input; without one LOGS_SOURCE_DIR',
    )
    .option('--json', 'print the findings as one JSON object', false)
    .action(async (paths, options) =>
      done(await (await import('./check.ts')).check(paths, settingsOf(options), options)),
    );
  addSettingOptions(command, [...LOGS, ...EVENT_TIME]);
}

function addStats(program: Command, done: Done): void {
  const command = program
    .command('stats')
    .summary("print a customer's days")
    .description('Prints the days of a customer as a table.')
    .argument('<customer>', 'the customer id, as the log has it')
    .requiredOption('--from <date>', 'the first day, YYYY-MM-DD')
    .option('--to <date>', 'the last day, YYYY-MM-DD')
    .option('--json', 'print a JSON array, as the API answers', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (customer, options) =>
      done(await (await import('./stats.ts')).stats(customer, settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function addSources(program: Command, done: Done): void {
  const command = program
    .command('sources')
    .summary('say what was read of each file')
    .description('Prints the ledger of each file: how far it was read, and what became of its lines.')
    .option('--json', 'print one JSON object', false)
    .action(async (options) =>
      done(await (await import('./sources.ts')).sources(settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function addRejected(program: Command, done: Done): void {
  const command = program
    .command('rejected')
    .summary('print lines that were rejected')
    .description('Prints the rejected lines that were kept, the first 1,000 of each file, by file and place.')
    .option('--source <name>', 'those of one file only: its path, its name or its id')
    .option('--reason <reason>', 'those of one reason only')
    .option('--limit <number>', 'how many lines at the most', wholeNumber, 100)
    .option('--json', 'print one JSON object', false)
    .option('--csv', 'print CSV with a header line', false)
    .action(async (options) =>
      done(await (await import('./rejected.ts')).rejected(settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
}

function addBackup(program: Command, done: Done): void {
  const command = program
    .command('backup')
    .summary('copy the embedded store while it is in use')
    .description(
      'Writes a consistent copy of the embedded store, also while other processes write to it.\n' +
        'To restore it, stop them and put it in the place of DATA_DIR/daymark.db; the next ingest goes on from there.',
    )
    .argument('<file>', 'where to write it')
    .option('--force', 'replace the file if it is there', false)
    .option('--json', 'print one JSON object', false)
    .action(async (file, options) =>
      done(await (await import('./backup.ts')).backup(file, settingsOf(options), options)),
    );
  addSettingOptions(command, STORE);
}

function addRebuild(program: Command, done: Done): void {
  const command = program
    .command('rebuild')
    .summary('compute the days anew from the logs that are still there')
    .description(
      'Reads the logs again, as far as they were read, and replaces the days in one transaction, also while others follow.\n' +
        'Until its end nothing changes. Says which days are other ones now.',
    )
    .argument(
      '[path...]',
      'files, or directories (the logs in them); without one LOGS_SOURCE_DIR and where logs were when they were read',
    )
    .option('--from <date>', 'the first day to replace, YYYY-MM-DD')
    .option('--to <date>', 'the last day to replace, YYYY-MM-DD')
    .option('--without-missing', 'go on where logs are not there any more; their lines are lost', false)
    .option('--dry-run', 'say what would change, and change nothing', false)
    .option('--json', 'print one JSON object, with all days', false)
    .action(async (paths, options) =>
      done(await (await import('./rebuild.ts')).rebuildDays(paths, settingsOf(options), options)),
    );
  addSettingOptions(command, [...STORE, ...LOGS, ...PIPELINE]);
}
