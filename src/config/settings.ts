/**
 * Every setting, declared once: the flags, the environment, the configuration file, `--help` and
 * `docs/settings.md` come from this table.
 */

import { MAX_WORKERS } from '../limits.ts';
import { MIN_STATE_BYTES } from '../statistics/window-accumulator.ts';

export interface SettingDefinition {
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
  readonly meaning: string;
  readonly example: string;
}

const MIB = 1024 * 1024;

const define = <const T extends Record<string, SettingDefinition>>(table: T): T => table;

export const SETTINGS = define({
  DATABASE_URL: {
    kind: 'text',
    default: undefined,
    placeholder: 'url',
    meaning: 'The PostgreSQL database (15 or later) to use. Unset: the embedded store in `DATA_DIR`.',
    example: 'postgres://daymark:secret@localhost:5432/daymark',
  },
  DATA_DIR: {
    kind: 'text',
    default: './data',
    placeholder: 'directory',
    meaning: 'Where the embedded store keeps its file, `daymark.db`. Made where it does not exist.',
    example: '/var/lib/daymark',
  },
  STORE_RETRY_SECONDS: {
    kind: 'integer',
    default: undefined,
    unit: 'seconds',
    min: 0,
    max: 31_536_000,
    placeholder: 'seconds',
    meaning:
      'How long daymark waits for a database that is away (restarted, out of reach, full, busy), at the start and later, before it ends with the error. 0: not at all. Unset: `up`, `serve` and `ingest --follow` wait for ever, `ingest` and `migrate` for 60 seconds. `stats` never waits. What does not pass by itself (a wrong password, a newer schema) ends the command at once.',
    example: '600',
  },
  LOGS_SOURCE_DIR: {
    kind: 'text',
    default: './logs',
    placeholder: 'directory',
    meaning: 'The directory whose logs are read where no path is given.',
    example: '/var/log/api',
  },
  FOLLOW_SYMLINKS: {
    kind: 'choice',
    choices: ['inside', 'all'],
    default: 'inside',
    placeholder: 'links',
    meaning:
      'Which symbolic links in a log directory are followed. `inside`: those that lead to a file within that directory; each other one is told as `LINK_OUTSIDE` and not read. `all`: every one, for directories in which only people and programs that you trust can make links. A link that is given as a path itself is always followed.',
    example: 'all',
  },
  LOG_FORMAT: {
    kind: 'text',
    default: undefined,
    placeholder: 'format',
    meaning:
      'How a line of the logs is written: the name of a preset, what stands in the configuration of nginx, Apache or Envoy, a pattern, or a mapping; `docs/log-formats.md` explains them. Unset: `default`, and `check` recognises the format.',
    example: 'combined',
  },
  CUSTOMER_ID: {
    kind: 'text',
    default: undefined,
    placeholder: 'place',
    meaning:
      'Where the customer id stands: a place in the request path, or a field of the log format in its own words (`$remote_user`, `%{X-Customer-Id}i`, a key, a column). Unset: where `LOG_FORMAT` says.',
    example: '/customers/{customer_id}',
  },
  MISSING_CUSTOMER_ID: {
    kind: 'text',
    default: undefined,
    placeholder: 'customer',
    meaning:
      'The customer for whom lines without a customer id count. Unset: such lines are rejected as `missing_customer_id`.',
    example: 'anonymous',
  },
  LOG_TIME_ZONE: {
    kind: 'time-zone',
    default: 'UTC',
    placeholder: 'zone',
    meaning:
      'The time zone of timestamps in a log that have no offset, by its IANA name or as a fixed offset (`+02:00`).',
    example: 'America/New_York',
  },
  TIME_ZONE: {
    kind: 'time-zone',
    default: 'UTC',
    placeholder: 'zone',
    meaning:
      'The time zone whose days are counted, by its IANA name or as a fixed offset (`+02:00`). A database holds days of one zone: the first lines that are read decide.',
    example: 'Europe/Berlin',
  },
  WAIT_FOR_SYSTEM_DURATION: {
    kind: 'duration',
    default: 'max',
    placeholder: 'duration',
    meaning:
      'How long a day stays open for late lines after its end, by the clock of the event times: an ISO 8601 duration (`PT1H`, `P2D`), seconds, or `max`, which is for ever. When all files have passed it, the day is final; `docs/definitions.md` says what late and final mean. With a duration, one thread reads each file in its order, whatever `WORKERS` is.',
    example: 'PT1H',
  },
  LATE_EVENTS: {
    kind: 'choice',
    choices: ['revise', 'drop'],
    default: 'revise',
    placeholder: 'policy',
    meaning:
      'What becomes of late lines, which come when the day of their event time was over for their file, by `WAIT_FOR_SYSTEM_DURATION`. `revise`: they count, and the day says how many there were. `drop`: they are only counted as dropped, in the ledger of their file.',
    example: 'drop',
  },
  MAX_EVENT_AGE: {
    kind: 'duration',
    default: 'max',
    placeholder: 'duration',
    meaning:
      'How long ago the event time of a line may be when it is read; older lines are rejected as `event_too_old`. An ISO 8601 duration, seconds, or `max`: no bound.',
    example: 'P90D',
  },
  MAX_EVENT_AHEAD: {
    kind: 'duration',
    default: undefined,
    placeholder: 'duration',
    meaning:
      'How far in the future the event time of a line may be when it is read; others are rejected as `event_too_far_ahead`. An ISO 8601 duration, seconds, or `max`: no bound. Unset: `P1D` where `WAIT_FOR_SYSTEM_DURATION` is a duration, for there a single line of a wrong clock would make all lines behind it late; else `max`, so that the same lines give the same rows whenever they are read.',
    example: 'PT10M',
  },
  LAST_LINE_WAIT_SECONDS: {
    kind: 'integer',
    default: 0,
    unit: 's',
    min: 0,
    max: 31_536_000,
    placeholder: 'seconds',
    meaning:
      'How long a log that is followed must be quiet before its last line is taken without its newline; what is added to the line later is rejected as `continued_line`. 0: it waits for its newline for ever, or until the log is rotated.',
    example: '60',
  },
  FILE_IDENTITY: {
    kind: 'choice',
    choices: ['content', 'directory', 'inode'],
    default: 'content',
    placeholder: 'identity',
    meaning:
      'What makes two files the same log, so that its lines count once. `content`: the same content, whatever the names: logs may be renamed, moved, copied and compressed. `directory`: the same content in the same directory, for logs of several servers that may be equal to the last byte. `inode`: the same content in the same file of this machine, for logs whose lines are all equal; copies and compressed copies count again then.',
    example: 'directory',
  },
  RETENTION_DAYS: {
    kind: 'integer',
    default: 0,
    unit: 'days',
    min: 0,
    max: 36_500,
    placeholder: 'days',
    meaning:
      'How long days are kept: today, by the system time and in `TIME_ZONE`, and so many days before it. What is older is deleted by `ingest` and `up`, when they start and every hour while they follow. 0: all days are kept.',
    example: '400',
  },
  ALIVE_FILE: {
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    meaning:
      'A file that `ingest` and `up` touch while they read, look for more, or try a database that is away: once a second at the most, and at least once a minute. A health check that finds it older knows that the reading is stuck. Unset: none.',
    example: '/tmp/alive',
  },
  HOST: {
    kind: 'text',
    default: '127.0.0.1',
    placeholder: 'address',
    meaning:
      'The address that the API listens on. The default is reached from this machine alone; `0.0.0.0` is every address.',
    example: '0.0.0.0',
  },
  PORT: {
    kind: 'integer',
    default: 8888,
    min: 0,
    max: 65535,
    placeholder: 'number',
    meaning: 'The TCP port that the API listens on; 0 takes a free one and says which.',
    example: '8080',
  },
  MAX_CONNECTIONS: {
    kind: 'integer',
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
    kind: 'integer',
    default: 0,
    unit: 'requests a minute',
    min: 0,
    max: 1_000_000_000,
    placeholder: 'requests',
    meaning:
      'Requests that one client address may send in a minute; more are answered with 429. 0: no limit.',
    example: '6000',
  },
  BATCH_LINES: {
    kind: 'integer',
    default: 500_000_000,
    unit: 'lines',
    min: 1,
    max: 1_000_000_000,
    placeholder: 'lines',
    meaning:
      'The most lines that one commit covers. A commit also comes after two seconds of reading (five where uncompressed files are read to their ends, and not followed), and when `WINDOW_STATE_BYTES` are full. The rows do not depend on it. Several workers may pass it where lines are shorter than 32 bytes; below 16,384 lines for each worker, one reads alone.',
    example: '100000',
  },
  WINDOW_STATE_BYTES: {
    kind: 'integer',
    default: 12 * MIB,
    unit: 'bytes',
    min: MIN_STATE_BYTES,
    max: 1024 * MIB,
    placeholder: 'bytes',
    meaning:
      'The budget of memory of each worker for what it read since the last commit: 2 bytes a line, 6 where its duration is not of whole milliseconds below 2.047 s, or a byte or two for each distinct duration of a customer and day. When it is full, it goes to the store and is emptied. The rows do not depend on it.',
    example: '134217728',
  },
  WORKERS: {
    kind: 'integer',
    default: undefined,
    min: 1,
    max: MAX_WORKERS,
    placeholder: 'number',
    meaning:
      'How many threads scan logs side by side, where there is more than 32 MiB to read. Unset: as many as the machine has processors for this process. The rows do not depend on it.',
    example: '4',
  },
  MAX_REJECTED_PERCENT: {
    kind: 'integer',
    default: 50,
    unit: '%',
    min: 0,
    max: 100,
    placeholder: 'percent',
    meaning:
      'The share of rejected lines above which a file is taken for one in another format: when a run has read 1,000 lines of it, it stops reading the file, with MOSTLY_REJECTED, before it stores them (so what is stored of such a file depends on where batches end). Lines rejected as `header_line`, `missing_customer_id`, `continued_line` or `event_too_old` do not count. 100: no bound.',
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
