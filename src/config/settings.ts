/**
 * Every setting, declared once: the flags, the environment, the configuration file, `--help` and
 * `docs/settings.md` come from this table.
 */

import { MAX_WORKERS } from '../limits.ts';
import { MIN_STATE_BYTES } from '../statistics/window-accumulator.ts';

/** The headings under which `--help` and the manual list settings. */
export const SETTING_GROUPS = {
  logs: 'Logs and their lines',
  days: 'Days, late lines, and how long they are kept',
  store: 'The database',
  api: 'The API',
  work: 'Memory and speed',
} as const;

export interface SettingDefinition {
  readonly group: keyof typeof SETTING_GROUPS;
  readonly kind: 'text' | 'integer' | 'time-zone' | 'duration' | 'choice';
  /** Undefined: unset unless the operator sets it. */
  readonly default: string | number | undefined;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** Of a choice: what it can be. */
  readonly choices?: readonly string[];
  /** What `--help` calls the value. */
  readonly placeholder: string;
  /** A few words for `--help`. */
  readonly summary: string;
  readonly meaning: string;
  readonly example: string;
}

const MIB = 1024 * 1024;

const define = <const T extends Record<string, SettingDefinition>>(table: T): T => table;

export const SETTINGS = define({
  DATABASE_URL: {
    group: 'store',
    kind: 'text',
    default: undefined,
    placeholder: 'url',
    summary: 'the PostgreSQL database to use',
    meaning: 'The PostgreSQL database (15 or later) to use. Unset: the embedded store in `DATA_DIR`.',
    example: 'postgres://daymark:secret@localhost:5432/daymark',
  },
  DATA_DIR: {
    group: 'store',
    kind: 'text',
    default: './data',
    placeholder: 'directory',
    summary: 'where the embedded store is kept',
    meaning:
      'The directory in which the embedded store keeps its file, `daymark.db`. daymark makes the directory if it does not exist.',
    example: '/var/lib/daymark',
  },
  STORE_RETRY_SECONDS: {
    group: 'store',
    kind: 'integer',
    default: undefined,
    unit: 'seconds',
    min: 0,
    max: 31_536_000,
    placeholder: 'seconds',
    summary: 'wait for a database that is away',
    meaning:
      'How long daymark waits for a database that is restarted, out of reach, full or busy. After that it ends with the error. 0: it does not wait. Unset: `up`, `serve` and `ingest --follow` wait for ever, `ingest` and `migrate` wait 60 seconds. `stats` never waits. Errors that do not pass by themselves (a wrong password, a newer schema) end a command at once.',
    example: '600',
  },
  LOGS_SOURCE_DIR: {
    group: 'logs',
    kind: 'text',
    default: './logs',
    placeholder: 'directory',
    summary: 'the directory of the logs',
    meaning: 'The directory of the logs that are read if no path is given.',
    example: '/var/log/api',
  },
  SOURCE_RETRY_SECONDS: {
    group: 'logs',
    kind: 'integer',
    default: undefined,
    unit: 'seconds',
    min: 0,
    max: 31_536_000,
    placeholder: 'seconds',
    summary: 'wait for a log that cannot be read',
    meaning:
      'How long daymark waits for a log that cannot be read at the moment, because too many files are open, or a disk or a network file system is away. It reads the other logs meanwhile. After that `ingest` goes on without the log and ends with exit code 1; `up` and `ingest --follow` end with the error. 0: it does not wait. Unset: `up` and `ingest --follow` wait for ever, `ingest` waits 60 seconds. `rebuild` never waits.',
    example: '600',
  },
  FOLLOW_SYMLINKS: {
    group: 'logs',
    kind: 'choice',
    summary: 'which links in a directory to follow',
    choices: ['inside', 'all'],
    default: 'inside',
    placeholder: 'links',
    meaning:
      'Which symbolic links in a log directory are followed. `inside`: those that lead to a file within that directory; each other one is told as `LINK_OUTSIDE` and not read. `all`: every one, for directories in which only people and programs that you trust can make links. A link that is given as a path itself is always followed.',
    example: 'all',
  },
  LOG_FORMAT: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'format',
    summary: 'how a line is written (see check)',
    meaning:
      'How a line of the logs is written: the name of a preset, a format from the configuration of nginx, Apache or Envoy, a pattern, a mapping, or `@FILE` (`@FILE:NAME`), which takes the format out of that file, such as `nginx.conf`. `docs/log-formats.md` explains them. Unset: `default`; `check` recognises the format.',
    example: 'combined',
  },
  CUSTOMER_ID: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'place',
    summary: 'where the customer id stands in a line',
    meaning:
      'Where the customer id stands: a place in the request path, or a field as the log format writes it (`$remote_user`, `%{X-Customer-Id}i`, a key, a column). Unset: `LOG_FORMAT` says where.',
    example: '/customers/{customer_id}',
  },
  MISSING_CUSTOMER_ID: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'customer',
    summary: 'the customer of lines without one',
    meaning:
      'The customer to whom lines without a customer id are counted. Unset: such lines are rejected as `missing_customer_id`.',
    example: 'anonymous',
  },
  LOG_TIME_ZONE: {
    group: 'logs',
    kind: 'time-zone',
    default: 'UTC',
    placeholder: 'zone',
    summary: 'the time zone of times without an offset',
    meaning: 'The time zone of timestamps without an offset, as an IANA name or a fixed offset (`+02:00`).',
    example: 'America/New_York',
  },
  TIME_ZONE: {
    group: 'days',
    kind: 'time-zone',
    default: 'UTC',
    placeholder: 'zone',
    summary: 'the time zone whose days are counted',
    meaning:
      'The time zone whose days are counted, as an IANA name or a fixed offset (`+02:00`). A database holds days of one zone only; the first lines that are read set it.',
    example: 'Europe/Berlin',
  },
  WAIT_FOR_SYSTEM_DURATION: {
    group: 'days',
    kind: 'duration',
    default: 'max',
    placeholder: 'duration',
    summary: 'how long a day waits for late lines',
    meaning:
      'How long a day stays open for late lines after its end, measured by the times in the logs: an ISO 8601 duration (`PT1H`, `P2D`), a number of seconds, or `max`, which is for ever. The day is final when all files have passed that time; `docs/definitions.md` explains late and final. With a duration, a single thread reads, whatever `WORKERS` is.',
    example: 'PT1H',
  },
  LATE_EVENTS: {
    group: 'days',
    kind: 'choice',
    choices: ['revise', 'drop'],
    default: 'revise',
    placeholder: 'policy',
    summary: 'what becomes of late lines',
    meaning:
      'What daymark does with a line that comes after its day was over for its file, by `WAIT_FOR_SYSTEM_DURATION`. `revise`: the line counts, and the day says how many such lines there were. `drop`: the line is left out, and counted as dropped in the ledger of its file.',
    example: 'drop',
  },
  MAX_EVENT_AGE: {
    group: 'days',
    kind: 'duration',
    default: 'max',
    placeholder: 'duration',
    summary: 'reject lines that are older',
    meaning:
      'How old a line may be when it is read. Older lines are rejected as `event_too_old`. An ISO 8601 duration, a number of seconds, or `max`: no bound.',
    example: 'P90D',
  },
  MAX_EVENT_AHEAD: {
    group: 'days',
    kind: 'duration',
    default: undefined,
    placeholder: 'duration',
    summary: 'reject lines from further in the future',
    meaning:
      'How far in the future the time of a line may be when it is read. Lines further ahead are rejected as `event_too_far_ahead`. An ISO 8601 duration, a number of seconds, or `max`: no bound. Unset: `P1D` if `WAIT_FOR_SYSTEM_DURATION` is a duration, because one line of a wrong clock would make all lines after it late. Otherwise `max`, so that the same lines always give the same rows.',
    example: 'PT10M',
  },
  LAST_LINE_WAIT_SECONDS: {
    group: 'logs',
    kind: 'integer',
    default: 0,
    unit: 's',
    min: 0,
    max: 31_536_000,
    placeholder: 'seconds',
    summary: 'wait for the newline of a last line',
    meaning:
      'How long a followed log must be quiet before daymark takes its last line without a newline. What is added to that line later is rejected as `continued_line`. 0: daymark waits for the newline for ever, or until the log is rotated.',
    example: '60',
  },
  FILE_IDENTITY: {
    group: 'logs',
    kind: 'choice',
    summary: 'what makes two files one log',
    choices: ['content', 'directory', 'inode'],
    default: 'content',
    placeholder: 'identity',
    meaning:
      'What makes two files the same log, so that its lines count once. `content`: the same content, whatever the names: logs may be renamed, moved, copied and compressed. `directory`: the same content in the same directory, for logs of several servers that may be equal to the last byte. `inode`: the same content in the same file of this machine, for logs whose lines are all equal; copies and compressed copies count again then.',
    example: 'directory',
  },
  RETENTION_DAYS: {
    group: 'days',
    kind: 'integer',
    default: 0,
    unit: 'days',
    min: 0,
    max: 36_500,
    placeholder: 'days',
    summary: 'delete days that are older; 0: none',
    meaning:
      'How many days are kept: today, by the system time and in `TIME_ZONE`, and so many days before it. `ingest` and `up` delete older days for good, when they start, every hour while they follow, and when they end; they say first which days and how many rows. This must be confirmed once for each database: on a terminal daymark asks, elsewhere set `CONFIRM_RETENTION_DAYS`. Until then `RETENTION_DAYS` has no effect, and a warning says so. 0: all days are kept.',
    example: '400',
  },
  CONFIRM_RETENTION_DAYS: {
    group: 'days',
    kind: 'integer',
    default: undefined,
    unit: 'days',
    min: 1,
    max: 36_500,
    placeholder: 'days',
    summary: 'confirm that RETENTION_DAYS may delete',
    meaning:
      'Confirms that `RETENTION_DAYS` may delete days, where it keeps so many days or more. Set both to the same number. The database remembers the number, so that this is needed only once; a smaller `RETENTION_DAYS` must be confirmed again.',
    example: '400',
  },
  ALIVE_FILE: {
    group: 'logs',
    kind: 'text',
    summary: 'a file to touch while reading goes on',
    default: undefined,
    placeholder: 'file',
    meaning:
      'A file that `ingest` and `up` touch while they read, look for more, or try a database that is away: once a second at the most, and at least once a minute. A health check that finds it older knows that the reading is stuck. Unset: none.',
    example: '/tmp/alive',
  },
  HOST: {
    group: 'api',
    kind: 'text',
    default: '127.0.0.1',
    placeholder: 'address',
    summary: 'the address to listen on',
    meaning:
      'The address that the API listens on. The default can be reached from this machine only; `0.0.0.0` stands for every address.',
    example: '0.0.0.0',
  },
  PORT: {
    group: 'api',
    kind: 'integer',
    default: 8888,
    min: 0,
    max: 65535,
    placeholder: 'number',
    summary: 'the TCP port to listen on; 0: a free one',
    meaning: 'The TCP port that the API listens on. 0: daymark takes a free port and prints it.',
    example: '8080',
  },
  MAX_CONNECTIONS: {
    group: 'api',
    kind: 'integer',
    summary: 'connections to the API at once',
    default: undefined,
    unit: 'connections',
    min: 1,
    max: 1_000_000,
    placeholder: 'number',
    meaning:
      'Connections to the API at once. Past it the connection that was idle for longest is closed for a new one; where all are at work, the new one is answered with 503. Each takes a file descriptor, which the store and the logs need, too: half of what the process may open (`ulimit -n`) is the most. Unset: a quarter of that, and at most 1,000.',
    example: '200',
  },
  RATE_LIMIT_PER_MINUTE: {
    group: 'api',
    kind: 'integer',
    default: 0,
    unit: 'requests a minute',
    min: 0,
    max: 1_000_000_000,
    placeholder: 'requests',
    summary: 'requests of one client address; 0: no limit',
    meaning:
      'How many requests one client address may send in a minute. More are answered with 429. 0: no limit.',
    example: '6000',
  },
  BATCH_LINES: {
    group: 'work',
    kind: 'integer',
    default: 500_000_000,
    unit: 'lines',
    min: 1,
    max: 1_000_000_000,
    placeholder: 'lines',
    summary: 'lines of one commit at the most',
    meaning:
      'How many lines one commit covers at the most. daymark also commits after two seconds of reading (five if it reads uncompressed files and does not follow them), and when `WINDOW_STATE_BYTES` are full. The rows do not depend on it. Several workers may exceed it if lines are shorter than 32 bytes. Below 16,384 lines for each worker, only one reads.',
    example: '100000',
  },
  WINDOW_STATE_BYTES: {
    group: 'work',
    kind: 'integer',
    default: 12 * MIB,
    unit: 'bytes',
    min: MIN_STATE_BYTES,
    max: 1024 * MIB,
    placeholder: 'bytes',
    summary: 'memory of each worker between commits',
    meaning:
      'How much memory each worker uses for what it read since the last commit. A line takes 2 bytes, or 6 if its duration is not in whole milliseconds below 2.047 s; many lines of one customer and day take a byte or two for each different duration. When the memory is full, daymark commits. The rows do not depend on it.',
    example: '134217728',
  },
  WORKERS: {
    group: 'work',
    kind: 'integer',
    default: undefined,
    min: 1,
    max: MAX_WORKERS,
    placeholder: 'number',
    summary: 'how many threads scan logs',
    meaning:
      'How many threads scan logs side by side if there is more than 32 MiB to read. Unset: as many as this process has processors. The rows do not depend on it.',
    example: '4',
  },
  MAX_REJECTED_PERCENT: {
    group: 'logs',
    kind: 'integer',
    default: 50,
    unit: '%',
    min: 0,
    max: 100,
    placeholder: 'percent',
    summary: 'stop reading a file with more bad lines',
    meaning:
      'The share of rejected lines above which daymark stops reading a file, because it is probably in another format. It is judged when a run has read 1,000 lines of the file. The error is MOSTLY_REJECTED; the batch at that point is not stored. Lines rejected as `header_line`, `missing_customer_id`, `continued_line` or `event_too_old` do not count here. 100: no bound.',
    example: '10',
  },
});

export type SettingName = keyof typeof SETTINGS;

type ValueOf<D extends SettingDefinition> =
  | (D['kind'] extends 'integer' | 'duration' ? number : string)
  | (D['default'] extends undefined ? undefined : never);

/** Values for all settings: what was set, or the defaults. A duration is in milliseconds, `max` Infinity. */
export type Settings = { readonly [N in SettingName]: ValueOf<(typeof SETTINGS)[N]> };

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** `DATA_DIR` as a flag: `data-dir`. */
export function flagOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
