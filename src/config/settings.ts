/**
 * Every setting, declared once, here, or in a file of settings that belong together (`…-settings.ts`). The flags, the
 * environment, the configuration file, `--help` and `docs/settings.md` come from this table.
 */

import { MAX_PROCESSES, MAX_WORKERS } from '../limits.ts';
import { MIN_STATE_BYTES } from '../statistics/window-accumulator.ts';
import { ACCESS_SETTINGS } from './access-settings.ts';
import { KAFKA_SETTINGS } from './kafka-settings.ts';
import { OPERATING_SETTINGS } from './operating-settings.ts';
import { PUSH_SETTINGS } from './push-settings.ts';
import { define, type SettingDefinition } from './setting-definition.ts';
import { WINDOW_SETTINGS } from './window-settings.ts';

const MIB = 1024 * 1024;

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
  DATABASE_READ_URL: {
    group: 'store',
    kind: 'text',
    default: undefined,
    placeholder: 'url',
    summary: 'a replica of that database, to answer from',
    meaning:
      'A streaming replica of the database in `DATABASE_URL`. `serve` and `up` read statistics from it, and keys, links and sessions from the database itself, so a revoked key ends within a second. Answers are as old as the replica is behind. If the replica is away, the API answers 503. `docs/postgresql.md` says more. Unset: all is read from `DATABASE_URL`.',
    example: 'postgres://daymark_reader@replica.example.com/daymark',
  },
  DATA_DIR: {
    group: 'store',
    kind: 'text',
    default: './data',
    placeholder: 'directory',
    summary: 'where the embedded store is kept',
    meaning:
      'The directory in which the embedded store keeps its file, `daymark.db`. daymark creates the directory if it does not exist. With `DATABASE_URL`, it takes what is temporary: the store of a rebuild, and windows of a read of very many customers. If it cannot be written, such a read takes longer.',
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
    summary: 'how long to wait for a database that is away',
    meaning:
      'How long daymark waits for a database that restarts, is unreachable, full or busy. After that it ends with the error. 0: it does not wait. Unset: `up`, `serve` and `ingest --follow` wait for ever, `ingest` and `migrate` wait 60 seconds. `stats` never waits. Errors that do not pass by themselves (a wrong password, a newer schema) end a command at once.',
    example: '600',
  },
  LOGS_SOURCE_DIR: {
    group: 'logs',
    kind: 'text',
    default: './logs',
    placeholder: 'directory',
    summary: 'the directory of your logs',
    meaning: 'The directory of the logs to read if you give no path.',
    example: '/var/log/api',
  },
  SOURCE_NAME: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'name',
    summary: 'the name of this host, where many hosts read into one database',
    meaning:
      'The name of the host whose logs are read, where several hosts read logs into one database. It belongs to the identity of each log (files and standard input): equal logs of two hosts with different names both count, and a host never takes the log of another one for its own. Choose a name that stays, and that no other host has. A log that was read before the name was set gets the name when it is found again, so nothing counts twice. If you change the name, logs that are still there count again. Unset: a log is known by its content alone. At most 255 bytes. `docs/hosts.md` explains it.',
    example: 'web-1',
  },
  LEASE_SECONDS: {
    group: 'logs',
    kind: 'integer',
    default: 10,
    unit: 'seconds',
    min: 2,
    max: 3600,
    placeholder: 'seconds',
    summary: 'when others take over from a process that is gone',
    meaning:
      'Where several processes divide the partitions of a topic: how long the others wait for a process that does not renew its leases before they take them over. Each process renews three times as often. A process that ends by itself gives its partitions up at once. Files are not divided.',
    example: '30',
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
      'Which symbolic links in a log directory daymark follows. `inside`: links to files within that directory. Any other link is reported as `LINK_OUTSIDE` and not read. `all`: every link. Use it only if you trust every person and program that can make links there. A link that you give as a path itself is always followed.',
    example: 'all',
  },
  LOG_FORMAT: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'format',
    summary: 'how a line is written (see check)',
    meaning:
      'How a log line is written: the name of a preset, a format from the configuration of nginx, Apache or Envoy, a pattern, or a mapping. `@FILE` (or `@FILE:NAME`) takes the format from a file, such as `nginx.conf`. `docs/log-formats.md` explains them. Unset: `default`. `daymark check` recognises the format of a log.',
    example: 'combined',
  },
  LOG_WRAPPER: {
    group: 'logs',
    kind: 'choice',
    choices: ['none', 'cri', 'docker', 'syslog', 'compose', 'compose-timestamps'],
    default: undefined,
    placeholder: 'wrapper',
    summary: 'what stands around each line (see check)',
    meaning:
      'What another program put around each line. daymark takes it off, joins the parts of long lines, and reads the rest by `LOG_FORMAT`. `cri`: Kubernetes. `docker`: the json-file of Docker. `syslog`: RFC 3164, RFC 5424, and the short forms of `journalctl`. `compose`: `docker compose logs`; `compose-timestamps`: the same with `--timestamps`. `none`: nothing. `docs/log-formats.md` explains them. Unset: `none`. `daymark check` recognises the wrapper of a log.',
    example: 'cri',
  },
  CUSTOMER_ID: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'place',
    summary: 'where the customer id is in a line',
    meaning:
      'Where the customer id is: a place in the request path, or a field as the log format writes it (`$remote_user`, `%{X-Customer-Id}i`, a key, a column), or several of these with `, ` between them, of which the first that has a value counts. `docs/customers.md` says how to take an address, an item of a list, a part of a value or a claim of a JWT. Unset: `LOG_FORMAT` says where.',
    example: '/customers/{customer_id}',
  },
  CUSTOMERS_FILE: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'file',
    summary: 'names and aliases of the customers',
    meaning:
      'A file (CSV or JSON) with the customers: their ids, their names for people, and their aliases, such as keys, addresses and old ids. Lines with an alias count for the customer. `docs/customers.md` describes it. `up` and `ingest --follow` notice a change and use it from the next commit on; `rebuild` applies it to the past. Give it to `serve` and `stats` as well: they answer with names, and take an alias for its customer.',
    example: './customers.csv',
  },
  MISSING_CUSTOMER_ID: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'customer',
    summary: 'the customer for lines without one',
    meaning:
      'The customer to count lines for that have no customer id. Unset: such lines are rejected as `missing_customer_id`.',
    example: 'anonymous',
  },
  EXCLUDE: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'rules',
    summary: 'requests that do not count',
    meaning:
      'Rules for requests that do not count, such as health checks: `path=/health* method=OPTIONS agent=*kube-probe*`. Spaces separate rules, and a request that matches any of them is left out. `&` joins conditions that must all hold. A rule can look at `path`, `method`, `status`, `host`, `client`, `agent`, or a field by its name in the log format. Such lines are in the ledger as `excluded`. `docs/excluding.md` explains it. Unset: all requests count.',
    example: 'path=/health* method=OPTIONS agent=*kube-probe*',
  },
  INCLUDE: {
    group: 'logs',
    kind: 'text',
    default: undefined,
    placeholder: 'rules',
    summary: 'the only requests that count',
    meaning:
      'Rules for the only requests that count, written as those of `EXCLUDE`. A request that matches none of them is left out. `EXCLUDE` wins. Unset: all requests count that `EXCLUDE` does not leave out.',
    example: 'path=/api/*',
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
    summary: 'the time zone of the days',
    meaning:
      'The time zone of the days that daymark counts, as an IANA name or a fixed offset (`+02:00`). A database holds days of one zone only. The first lines that are read set it.',
    example: 'Europe/Berlin',
  },
  WAIT_FOR_SYSTEM_DURATION: {
    group: 'days',
    kind: 'duration',
    default: 'max',
    placeholder: 'duration',
    summary: 'how long a day waits for late lines',
    meaning:
      'How long a day stays open for late lines after its end: an ISO 8601 duration (`PT1H`, `P2D`), a number of seconds, or `max` (for ever). It is measured by the times in the logs. A day is final when all files have passed that time. `docs/definitions.md` explains late and final. With a duration, a single thread reads, whatever `WORKERS` is.',
    example: 'PT1H',
  },
  LATE_EVENTS: {
    group: 'days',
    kind: 'choice',
    choices: ['revise', 'drop'],
    default: 'revise',
    placeholder: 'policy',
    summary: 'how to treat late lines',
    meaning:
      'How to treat a line that arrives after its day closed for its file (see `WAIT_FOR_SYSTEM_DURATION`). `revise`: the line counts, and the day shows how many such lines it has. `drop`: the line adds nothing to any day, and its file counts it as dropped.',
    example: 'drop',
  },
  MAX_EVENT_AGE: {
    group: 'days',
    kind: 'duration',
    default: 'max',
    placeholder: 'duration',
    summary: 'reject lines that are older',
    meaning:
      'How old a line may be when it is read: an ISO 8601 duration, a number of seconds, or `max` (no bound). Older lines are rejected as `event_too_old`.',
    example: 'P90D',
  },
  MAX_EVENT_AHEAD: {
    group: 'days',
    kind: 'duration',
    default: undefined,
    placeholder: 'duration',
    summary: 'reject lines further in the future',
    meaning:
      'How far in the future the time of a line may be when it is read: an ISO 8601 duration, a number of seconds, or `max` (no bound). Lines further ahead are rejected as `event_too_far_ahead`. Unset: `P1D` if `WAIT_FOR_SYSTEM_DURATION` is a duration, because one line with a wrong time would make all later lines late. Otherwise `max`, so that the same lines always give the same rows.',
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
    summary: 'when to take a last line without its newline',
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
      'What makes two files the same log, so that its lines count once. `content`: the same content, whatever the names. Logs may be renamed, moved, copied and compressed. `directory`: the same content in the same directory, for logs of several servers that may be equal to the last byte. `inode`: the same content in the same file of this machine, for logs whose lines are all equal. Copies and compressed copies then count again.',
    example: 'directory',
  },
  ...WINDOW_SETTINGS,
  ALIVE_FILE: {
    group: 'logs',
    kind: 'text',
    summary: 'a file to touch while reading works',
    default: undefined,
    placeholder: 'file',
    meaning:
      'A file that `ingest` and `up` touch while they read, poll for more, or retry a database that is away: at most once a second and at least once a minute. If a health check finds it older, reading is stuck. Unset: none.',
    example: '/tmp/alive',
  },
  HOST: {
    group: 'api',
    kind: 'text',
    default: '127.0.0.1',
    placeholder: 'address',
    summary: 'the address to listen on',
    meaning:
      'The address that the API listens on. The default can be reached from this machine only. `0.0.0.0` means every address; then set `AUTH`.',
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
  PROCESSES: {
    group: 'api',
    kind: 'integer',
    default: 1,
    unit: 'processes',
    min: 1,
    max: MAX_PROCESSES,
    placeholder: 'number',
    summary: 'how many processes of serve answer',
    meaning:
      'How many processes of `serve` answer on `HOST` and `PORT`. Each new connection goes to the next one. Limits of clients, metrics and the memory of kept answers are those of all together. With more processes than processors nothing gets faster. `up` has one: for more, run `ingest --follow` and `serve` beside each other. `docs/operating.md` says more.',
    example: '4',
  },
  ...ACCESS_SETTINGS,
  ...PUSH_SETTINGS,
  ...OPERATING_SETTINGS,
  ...KAFKA_SETTINGS,
  MAX_EVENT_STREAMS: {
    group: 'api',
    kind: 'integer',
    summary: 'the most streams of events at once',
    default: undefined,
    unit: 'streams',
    min: 0,
    max: 1_000_000,
    placeholder: 'number',
    meaning:
      'The most open streams of `/v1/events` at once. Each page that somebody looks at has one, and each takes one of `MAX_CONNECTIONS`, so it cannot be more. A key, or without one an address, may have a quarter of them. Beyond it, clients get 429 or 503, and the page asks every half minute instead. 0: no streams. Unset: half of the connections.',
    example: '200',
  },
  MAX_CONNECTIONS: {
    group: 'api',
    kind: 'integer',
    summary: 'the most connections to the API at once',
    default: undefined,
    unit: 'connections',
    min: 1,
    max: 1_000_000,
    placeholder: 'number',
    meaning:
      'The most connections to the API at once. Beyond it, the connection that has been idle longest is closed to make room for a new one. If all are busy, the new one gets 503. Each connection takes a file descriptor, and the store and the logs need some, too. So the most you can set is half of what the process may open (`ulimit -n`). Unset: a quarter of that, and at most 1,000.',
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
    summary: 'requests from one client; 0: no limit',
    meaning:
      'How many requests one client may send in a minute. More get 429. A client is a key (`AUTH`), whatever its address, or without a key an address (of IPv6: a network of 64 bits). 0: no limit.',
    example: '6000',
  },
  CORS_ORIGINS: {
    group: 'api',
    kind: 'origins',
    summary: 'origins whose pages may read the API',
    default: undefined,
    placeholder: 'origins',
    meaning:
      'The origins whose web pages may read answers of the API in a browser (CORS): exact origins, separated by commas, or `*` for all of them. A page never sends cookies or passwords of the browser along. Unset: only pages of this server may.',
    example: 'https://app.example.com,http://localhost:3000',
  },
  BATCH_LINES: {
    group: 'work',
    kind: 'integer',
    default: 500_000_000,
    unit: 'lines',
    min: 1,
    max: 1_000_000_000,
    placeholder: 'lines',
    summary: 'how many lines one commit covers at most',
    meaning:
      'How many lines one commit covers at most. daymark also commits after two seconds of reading (five if it reads uncompressed files without following them), and when `WINDOW_STATE_BYTES` are full. The rows do not depend on it. Several workers may exceed it if lines are shorter than 32 bytes. Below 16,384 lines for each worker, only one reads.',
    example: '100000',
  },
  WINDOW_STATE_BYTES: {
    group: 'work',
    kind: 'integer',
    default: 48 * MIB,
    unit: 'bytes',
    min: MIN_STATE_BYTES,
    max: 1024 * MIB,
    placeholder: 'bytes',
    summary: 'memory of all workers between commits',
    meaning:
      'How much memory all workers together use for what they read since the last commit; each has 8 MiB at the least. The thread that reads small logs has as much again. When the part of one is full, daymark commits. The rows do not depend on it. A line takes 2 bytes, or 6 if its duration is not in whole milliseconds below 2.047 s, and as many again if endpoints are kept. Many lines of one customer and hour take a byte or two for each different duration.',
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
      'How many threads scan logs side by side if there is more than 32 MiB to read. Unset: as many as this process has processors but one, which is left to what answers people, and one at the least. With one, the thread that commits scans, too. The rows do not depend on it.',
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
      'The share of rejected lines above which daymark stops reading a file, because the file is probably in another format. daymark judges it when a run has read 1,000 lines of the file. The error is MOSTLY_REJECTED. The batch at that point is not stored. Lines rejected as `header_line`, `missing_customer_id`, `continued_line` or `event_too_old` do not count here. 100: no bound.',
    example: '10',
  },
});

export type SettingName = keyof typeof SETTINGS;

type ValueOf<D extends SettingDefinition> =
  | (D['kind'] extends 'integer' | 'percentage' | 'duration' ? number : string)
  | (D['default'] extends undefined ? undefined : never);

/** The values of all settings: what was set, or the defaults. A duration is in milliseconds; `max` is Infinity. */
export type Settings = { readonly [N in SettingName]: ValueOf<(typeof SETTINGS)[N]> };

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
