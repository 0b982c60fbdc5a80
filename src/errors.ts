/**
 * The one table of error codes. `docs/errors.md` is generated from it, the API's problem documents and the
 * program's exit codes are read from it.
 */

/** What a code means, and what the person who meets it should do. */
export interface ErrorDefinition {
  /** Short and the same every time it occurs (RFC 9457, `title`). */
  readonly title: string;
  /** What to do about it. */
  readonly advice: string;
  /** Exit code of the program: 1 failed, 2 wrong usage. */
  readonly exitCode: 1 | 2;
  /** HTTP status where the API answers with this code. */
  readonly httpStatus?: number;
  /** Closer statuses that the API answers with this code in some cases, and the case of each. */
  readonly otherHttpStatuses?: Readonly<Record<number, string>>;
  /**
   * True where it passes by itself, without anybody changing what daymark was told: whoever meets it waits and tries
   * again. Undefined: somebody must mend something first.
   */
  readonly isTransient?: true;
}

const define = <const T extends Record<string, ErrorDefinition>>(table: T): T => table;

export const ERRORS = define({
  // ── usage ──
  WRONG_USAGE: {
    title: 'The command was not understood',
    advice: 'Run the command with `--help` to see what it takes.',
    exitCode: 2,
  },
  UNKNOWN_SETTING: {
    title: 'There is no such setting',
    advice:
      'Check the spelling against `--help` or `docs/settings.md`. A known name that is near is given with the error.',
    exitCode: 2,
  },
  INVALID_SETTING: {
    title: 'A setting has a value that is not allowed',
    advice: 'Give the setting a value as the error describes it. `docs/settings.md` explains every setting.',
    exitCode: 2,
  },
  INVALID_LOG_FORMAT: {
    title: 'The log format cannot be understood',
    advice:
      'The error names the place in the format and what is allowed there. `docs/log-formats.md` explains how to write a format. `daymark check` recognises the common ones.',
    exitCode: 2,
  },
  // ── what is read ──
  PATH_NOT_FOUND: {
    title: 'A path does not exist',
    advice: 'Check the spelling, and that the disk or volume that holds it is mounted.',
    exitCode: 1,
  },
  PATH_UNREADABLE: {
    title: 'A path cannot be read',
    advice: 'Give the user that runs daymark permission to read the file and to enter its directories.',
    exitCode: 1,
  },
  NOT_A_FILE: {
    title: 'A path is neither a regular file nor a directory',
    advice:
      'Give a log file or a directory of log files. To read a pipe, give `-` and redirect the pipe to standard input.',
    exitCode: 1,
  },
  LINK_OUTSIDE: {
    title: 'A symbolic link leads out of the log directory',
    advice:
      'It is not followed, because whoever may write to the directory could have any file read. Give the file that it leads to as a path of its own, or set `FOLLOW_SYMLINKS=all` where you trust everybody who may write there; `docs/files.md` has the recipe for Kubernetes.',
    exitCode: 1,
  },
  NO_LOGS: {
    title: 'A directory holds no logs',
    advice:
      'In a directory daymark reads files that are named like logs: `app.log`, `app.log.1`, `app.log.2.gz`; `docs/log-formats.md` has the rules. Give files with other names as paths of their own.',
    exitCode: 1,
  },
  EMPTY_FILE: {
    title: 'A file is empty',
    advice: 'Check that your server writes to this file. With `--follow`, daymark waits for its first line.',
    exitCode: 1,
  },
  BINARY_FILE: {
    title: 'A file is not a text log',
    advice: 'The file holds NUL bytes. Unpack it, or remove them (`tr -d "\\000"`), and read the result.',
    exitCode: 1,
  },
  NO_LINE_UNDERSTOOD: {
    title: 'No line of a file fits the log format',
    advice: 'Run `daymark check` on the file. It recognises the format, or shows why lines are rejected.',
    exitCode: 1,
  },
  HEADER_MISSING: {
    title: 'The first line of a file does not name the columns that the log format needs',
    advice:
      'Check that the first line of the file holds the column names, and that the log format uses the same names.',
    exitCode: 1,
  },
  TRUNCATED_ARCHIVE: {
    title: 'A compressed file ends too early',
    advice:
      'All whole lines before the cut are counted. Copy or compress the file again, and the next run reads the rest. If the file is still being written, use `--follow` or wait until it is complete.',
    exitCode: 1,
  },
  CORRUPT_ARCHIVE: {
    title: 'A compressed file is damaged',
    advice:
      'All whole lines before the damage are counted. Replace the file with a sound copy, and the next run reads the rest. Some damage shows only in a checksum at the end, so that lines before it may be wrong; only a new database that is read from a sound copy is then surely right. Test an archive with `gzip -t`, `zstd -t`, `bzip2 -t` or `xz -t` before you read it.',
    exitCode: 1,
  },
  UNSUPPORTED_ARCHIVE: {
    title: 'A compressed file asks for what daymark does not have',
    advice:
      'The whole lines before the place that the error names count. Unpack the file, and compress it again without unusual options: windows of at most 128 MiB (zstd) or 64 MiB (xz), no dictionary, no check by SHA-256. A sound copy in its place is read on behind those lines.',
    exitCode: 1,
  },
  MOSTLY_REJECTED: {
    title: 'Most lines of a file are rejected',
    advice:
      'Run `daymark check` on the file to see why. Set `LOG_FORMAT` to the format of the file, or raise `MAX_REJECTED_PERCENT`. What was stored before stays, and the next run goes on from there.',
    exitCode: 1,
  },
  NOTHING_ACCEPTED: {
    title: 'Of the lines that were read, none was accepted',
    advice:
      'Nothing was counted for anybody. Run `daymark check` on the file: it shows the first rejected lines, and what to set. The lines count as read: `daymark rebuild`, with the right settings, reads them again.',
    exitCode: 1,
  },
  SETTINGS_CHANGED: {
    title: 'Logs were read with other settings than those of now',
    advice:
      'If the settings of now are right for them, run `daymark rebuild` with these. It reads all logs again with the settings of now, also those that were read with others rightly, and replaces the days (`--dry-run` says what would change); it refuses where a log had accepted lines and would have none. If the format of the log has changed at a rotation, there is nothing to do: what was read before stays as it is, and what is new is read as it is set now.',
    exitCode: 1,
  },
  SAMPLE_IN_STORE: {
    title: 'The store holds the sample log beside others',
    advice:
      'Leave this store behind: set `DATA_DIR` to a new directory (or `DATABASE_URL` to a new database) and read your own logs into that. `npm start` keeps the sample in `./data/sample`; earlier versions read it into `./data`.',
    exitCode: 1,
  },
  FILE_SHRANK: {
    title: 'Standard input is shorter than what was read of the same log before',
    advice: 'Every line of it is counted already, if it is the same log. Pipe in the whole log to read on.',
    exitCode: 1,
  },
  FILE_REWRITTEN: {
    title: 'A file was rewritten in place',
    advice:
      'daymark reads the new content from its start; what it read before stays counted. Lines that were overwritten before daymark read them are lost. To lose none, let logrotate rename logs (`create`) instead of truncating them (`copytruncate`).',
    exitCode: 1,
  },
  REWRITTEN_AGAIN: {
    title: 'A file is written anew again and again',
    advice:
      'Something copies the log over itself and changes what daymark has read. The path is not read for ten minutes. Stop what does it; then read the log again with `daymark rebuild`.',
    exitCode: 1,
  },
  COPY_BEHIND: {
    title: 'A file holds less than what was read of the same log before',
    advice:
      'All of its lines are counted already, if it is a copy that is still being written or restored. It is read on when it holds more than was read, or differs from that. If it is a new log whose lines happen to be equal, set `FILE_IDENTITY`; `docs/files.md` has the rules.',
    exitCode: 1,
  },
  OTHER_CONTENT: {
    title: 'Standard input begins like a known log, but goes on differently',
    advice: 'Nothing of it was read. Save it as a file and read the file: daymark can tell two files apart.',
    exitCode: 1,
  },
  SAME_CONTENT: {
    title: 'A file is a copy of another one',
    advice:
      'All of its lines are counted already, as lines of the other file. If they are lines of two logs that happen to be equal, such as those of two servers, set `FILE_IDENTITY`; `docs/files.md` has the rules.',
    exitCode: 1,
  },
  READ_FAILED: {
    title: 'Reading failed',
    advice:
      'Check the disk. What was stored before stays. The next run goes on from there; a run that follows tries again by itself.',
    exitCode: 1,
  },
  SOURCE_UNAVAILABLE: {
    title: 'A log cannot be read at the moment',
    advice:
      'daymark reads the other logs, and tries this one again by itself. `SOURCE_RETRY_SECONDS` bounds that. Check the disk or the network file system. If too many files are open, raise the limit (`ulimit -n`).',
    exitCode: 1,
    isTransient: true,
  },
  CANNOT_WRITE: {
    title: 'A file cannot be written',
    advice: 'Check the path, the permissions of its directory, and the free space on the disk.',
    exitCode: 1,
  },
  FILE_EXISTS: {
    title: 'A file of this name exists already',
    advice: 'Give another name, or add `--force` to replace the file.',
    exitCode: 1,
  },
  // ── the store ──
  STORE_UNREACHABLE: {
    title: 'The database cannot be reached',
    advice:
      'Check that PostgreSQL runs, that it has free connections, and that `DATABASE_URL` has the right host and port. daymark tries again by itself.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  STORE_REFUSED: {
    title: 'The database refuses daymark',
    advice:
      'Check the user, the password and the database in `DATABASE_URL`. The user must be allowed to connect from this machine, and needs the permissions that daymark uses.',
    exitCode: 1,
    httpStatus: 503,
  },
  DATA_DIR_UNUSABLE: {
    title: 'The data directory can never hold the database',
    advice:
      'Set `DATA_DIR` to a directory in which the user that runs daymark may write, or give that user write permission. daymark makes the directory where it is missing.',
    exitCode: 1,
    httpStatus: 503,
  },
  STORE_UNWRITABLE: {
    title: 'The database cannot be written',
    advice:
      'Free some space on the disk of the database. For the embedded store, give the user that runs daymark write permission on `DATA_DIR`. If PostgreSQL is read-only (as after a failover), make it writable. daymark tries again by itself.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  STORE_UNREADABLE: {
    title: 'The database cannot be read by this user',
    advice:
      'Give this user read permission on `daymark.db`, `daymark.db-wal` and `daymark.db-shm` in `DATA_DIR`. `serve` also needs a running `ingest` or `up`, or write permission on `DATA_DIR`. `docs/operating.md` explains how to share a database.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  STORE_BUSY: {
    title: 'The database is busy',
    advice:
      'Another process has locked the database for too long, or the database is overloaded. daymark tries again by itself.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  STORE_CORRUPT: {
    title: 'The database is damaged',
    advice:
      'It holds something that daymark did not write. Stop daymark, keep a copy of the database, and restore a backup.',
    exitCode: 1,
    httpStatus: 503,
  },
  STORE_FAILED: {
    title: 'The database refused a statement',
    advice:
      'The error quotes the database. Nothing of the batch was stored, and the next run goes on from the last commit.',
    exitCode: 1,
    httpStatus: 503,
  },
  STORE_ENCODING: {
    title: 'The database does not hold UTF-8',
    advice: "Create a database with `ENCODING 'UTF8'`, because customer ids are UTF-8.",
    exitCode: 1,
    httpStatus: 503,
  },
  SCHEMA_MISSING: {
    title: 'The database has no tables of daymark',
    advice: 'Run `daymark migrate` with the same settings, or read a log first with `daymark ingest`.',
    exitCode: 1,
    httpStatus: 503,
  },
  SCHEMA_OLDER: {
    title: 'The database has the schema of an older daymark',
    advice: 'Run `daymark migrate` with the same settings.',
    exitCode: 1,
    httpStatus: 503,
  },
  SCHEMA_NEWER: {
    title: 'The database has the schema of a newer daymark',
    advice: 'Use the daymark that wrote it, or a newer one: an older one could damage it.',
    exitCode: 1,
    httpStatus: 503,
  },
  TIME_ZONE_DIFFERS: {
    title: 'The database holds days of another time zone',
    advice:
      'Set `TIME_ZONE` back to the zone that the error names. To count days of another zone, use another database (a new `DATA_DIR`, or another `DATABASE_URL`) and read the logs again. A store that holds only the sample log of an earlier `npm start` can be left behind like that.',
    exitCode: 1,
  },
  RETENTION_UNCONFIRMED: {
    title: 'Nobody has confirmed that old days may be deleted',
    advice:
      'Deleted days do not come back. If they may go, set `CONFIRM_RETENTION_DAYS` to the same number as `RETENTION_DAYS`, once for this database. Otherwise unset `RETENTION_DAYS`.',
    exitCode: 1,
  },
  NOT_EMBEDDED: {
    title: 'Only the embedded store can be copied this way',
    advice: 'Back up a PostgreSQL database with `pg_dump`. The dump is consistent, also while daymark runs.',
    exitCode: 2,
  },
  CHECKPOINT_MOVED: {
    title: 'Another process has committed the same part of a log',
    advice:
      'There is nothing to do. daymark drops what it read of that part and goes on after it, so nothing is counted twice.',
    exitCode: 1,
  },
  NO_SUCH_SOURCE: {
    title: 'No file of that name was read',
    advice: '`daymark sources` lists the files that were read.',
    exitCode: 1,
  },
  LOGS_MISSING: {
    title: 'Logs that were read before are gone',
    advice:
      'Give the paths where they are now. Or use `--from` and `--to` to rebuild only days that do not need them. Or add `--without-missing`: the rebuilt days then lack the lines that stand only in these logs.',
    exitCode: 1,
  },
  REBUILD_RUNNING: {
    title: 'Another rebuild is running',
    advice: 'Wait until it is done, or stop it. A rebuild that is stopped changes nothing.',
    exitCode: 1,
  },
  // ── the API ──
  PORT_IN_USE: {
    title: 'The port is in use',
    advice: 'Stop the program that listens there, or set `PORT` to another one.',
    exitCode: 1,
  },
  CANNOT_LISTEN: {
    title: 'daymark cannot listen on the address',
    advice:
      'Set `HOST` to an address of this machine (`127.0.0.1`, or `0.0.0.0` for all of them) and `PORT` to a port that this user may open.',
    exitCode: 1,
  },
  INVALID_REQUEST: {
    title: 'The request has a missing or malformed part',
    advice: 'The `detail` names the part. `/docs` describes each request.',
    exitCode: 1,
    httpStatus: 422,
  },
  BAD_REQUEST: {
    title: 'The request cannot be read as HTTP',
    advice: 'Percent-encode the customer id as UTF-8 (RFC 3986) and send well-formed HTTP.',
    exitCode: 1,
    httpStatus: 400,
    otherHttpStatuses: {
      408: 'the request came too slowly',
      413: 'it has a body, or too long chunk extensions',
      417: 'the header `Expect` asks for something that cannot be met',
      431: 'the request line and headers are too long',
    },
  },
  RANGE_TOO_LARGE: {
    title: 'The range has too many days for one answer',
    advice: 'Ask for a shorter range with `to`, then for the days after it.',
    exitCode: 1,
    httpStatus: 422,
  },
  NOT_FOUND: {
    title: 'There is no such resource',
    advice: '`/docs` lists the resources that exist.',
    exitCode: 1,
    httpStatus: 404,
  },
  METHOD_NOT_ALLOWED: {
    title: 'The resource does not take this method',
    advice: 'Use GET.',
    exitCode: 1,
    httpStatus: 405,
    otherHttpStatuses: { 501: 'no resource takes the method, because HTTP does not know it' },
  },
  RATE_LIMITED: {
    title: 'Too many requests from one address',
    advice: 'Wait for the number of seconds in `Retry-After`, and ask again.',
    exitCode: 1,
    httpStatus: 429,
    isTransient: true,
  },
  OVERLOADED: {
    title: 'The server is overloaded',
    advice: 'Wait for the number of seconds in `Retry-After`, and ask again.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  INTERNAL: {
    title: 'A bug in daymark',
    advice: 'Please report it, with what daymark printed at that moment.',
    exitCode: 1,
    httpStatus: 500,
  },
});

export type ErrorCode = keyof typeof ERRORS;

interface ErrorParts {
  readonly cause?: unknown;
  readonly lines?: readonly string[] | undefined;
}

/**
 * Something that can go wrong in the world and that the table above names. A broken invariant is not one of
 * these: it is a bug, thrown as {@link bug}.
 */
export class DaymarkError extends Error {
  override readonly name = 'DaymarkError';
  readonly code: ErrorCode;
  /** More of what went wrong, a line each: the logs that are missing. */
  readonly lines: readonly string[];

  /**
   * @param detail what went wrong this time: the path, the setting, the address, with the cause's own words. It is shown
   * as one line: names that stand in it may hold newlines.
   */
  constructor(code: ErrorCode, detail: string, { lines = [], ...options }: ErrorParts = {}) {
    super(detail, options);
    this.code = code;
    this.lines = lines;
  }

  get definition(): ErrorDefinition {
    return ERRORS[this.code];
  }

  /** True where it passes by itself. */
  get isTransient(): boolean {
    return this.definition.isTransient === true;
  }
}

/** A broken invariant: the program is wrong, not the world. It stops the program. */
export function bug(message: string): Error {
  return new Error(`BUG: ${message}`);
}

/** The words of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
