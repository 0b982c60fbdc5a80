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
    advice: 'Check the spelling against `docs/settings.md`; the nearest known name is given with the error.',
    exitCode: 2,
  },
  INVALID_SETTING: {
    title: 'A setting has a value that it cannot have',
    advice: 'Give the setting a value of the kind that the error names; `docs/settings.md` lists them all.',
    exitCode: 2,
  },
  INVALID_LOG_FORMAT: {
    title: 'The log format cannot be understood',
    advice:
      'The error names the place and what is known there. `docs/log-formats.md` explains every way of writing a format; `daymark check` recognises the common ones by themselves.',
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
    advice:
      'Give the user that runs daymark read permission on the file, and search permission on its directories.',
    exitCode: 1,
  },
  NOT_A_FILE: {
    title: 'A path is neither a regular file nor a directory',
    advice: 'Name a log file or a directory of log files; read a pipe by giving `-` and redirecting it.',
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
      'From a directory, files with names of logs are read: `app.log`, rotated `app.log.1`, compressed `app.log.2.gz`; `docs/log-formats.md` has the rules. Name other files themselves.',
    exitCode: 1,
  },
  EMPTY_FILE: {
    title: 'A file is empty',
    advice: 'Check that the server writes to this file; with `--follow` daymark waits for its first line.',
    exitCode: 1,
  },
  BINARY_FILE: {
    title: 'A file is not a text log',
    advice:
      'The file holds NUL bytes. Remove them (`tr -d "\\000"`), or unpack the file, and read the result.',
    exitCode: 1,
  },
  NO_LINE_UNDERSTOOD: {
    title: 'No line of a file is in the log format',
    advice: 'Run `daymark check` on the file: it shows each kind of rejected line and the reason.',
    exitCode: 1,
  },
  HEADER_MISSING: {
    title: 'The first line of a file does not name the columns that the log format needs',
    advice:
      'Check that the file begins with the line of column names, and that the log format names its columns as that line does.',
    exitCode: 1,
  },
  TRUNCATED_ARCHIVE: {
    title: 'A compressed file ends too early',
    advice:
      'The whole lines before the cut count. Copy or compress the file again; the next run goes on behind them. One that is still being written is read with `--follow`, or when it is whole.',
    exitCode: 1,
  },
  CORRUPT_ARCHIVE: {
    title: 'A compressed file is damaged',
    advice:
      'The whole lines before the place that the error names count, and a sound copy in its place is read on behind them. Some damage shows only in a checksum further on: then lines before it may have been read wrongly, and only a new store, read from a sound copy, is surely right. `gzip -t` and its like test an archive before it is read.',
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
      'Run `daymark check` on the file: it shows why. Set `LOG_FORMAT` to the format that the file has, or raise `MAX_REJECTED_PERCENT`. What was committed before stands; the next run goes on from there.',
    exitCode: 1,
  },
  FILE_SHRANK: {
    title: 'Standard input is shorter than what was read of the same log before',
    advice:
      'All of it is counted already, if it is the log that it begins as. Pipe the whole log in to go on.',
    exitCode: 1,
  },
  FILE_REWRITTEN: {
    title: 'A file was rewritten in place',
    advice:
      'What stands in it now is read from its start, as a new file; what was read of it before stays counted. Lines that were written and overwritten before daymark saw them are lost: let the rotation rename logs instead of truncating them.',
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
    title: 'Standard input is another log than the one it begins as',
    advice:
      'Nothing of it was read. Save it as a file and read that: of a file, daymark can tell the two apart.',
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
      'Check the disk; of too many open files, the limit (`ulimit -n`). What was committed before stands; the next run goes on from there, and one that follows looks again by itself.',
    exitCode: 1,
  },
  CANNOT_WRITE: {
    title: 'A file cannot be written',
    advice: 'Check the path, the permissions of its directory, and the free space of its disk.',
    exitCode: 1,
  },
  FILE_EXISTS: {
    title: 'A file stands where one is to be written',
    advice: 'Give another name, or `--force` to replace it.',
    exitCode: 1,
  },
  // ── the store ──
  STORE_UNREACHABLE: {
    title: 'The database cannot be reached',
    advice:
      'Check that PostgreSQL runs, that it has connections left, and that `DATABASE_URL` names its host and port. daymark tries again by itself.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  STORE_REFUSED: {
    title: 'The database refuses daymark',
    advice:
      'Check the user, the password and the database that `DATABASE_URL` names, that this user may connect from here, and that it has the permissions that daymark needs.',
    exitCode: 1,
    httpStatus: 503,
  },
  STORE_UNWRITABLE: {
    title: 'The database cannot be written',
    advice:
      'Free some space on the disk of the database. For the embedded store, give the user that runs daymark write permission on `DATA_DIR`, or set `DATA_DIR` to another place. A PostgreSQL that only reads (after a failover) must be writable again. daymark tries again by itself.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  STORE_BUSY: {
    title: 'The database is busy',
    advice:
      'Another process holds the database for longer than daymark waits, or it has more to do than it can. daymark tries again by itself.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  STORE_CORRUPT: {
    title: 'The database holds something that daymark did not write',
    advice: 'Stop, keep a copy of the database, and restore a backup.',
    exitCode: 1,
    httpStatus: 503,
  },
  STORE_FAILED: {
    title: 'The database refused a statement',
    advice:
      'The database’s own words stand with the error. Nothing of the batch was stored; the next run goes on from the last commit.',
    exitCode: 1,
    httpStatus: 503,
  },
  STORE_ENCODING: {
    title: 'The database does not hold UTF-8',
    advice: "Create the database with `ENCODING 'UTF8'`: customer ids are UTF-8.",
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
      'Set `TIME_ZONE` back to the zone that the error names. For days of another zone use another database, and read the logs anew.',
    exitCode: 1,
  },
  NOT_EMBEDDED: {
    title: 'Only the embedded store can be copied this way',
    advice:
      'Back a PostgreSQL database up with its own `pg_dump`: all tables in one dump, which is consistent while daymark runs.',
    exitCode: 2,
  },
  CHECKPOINT_MOVED: {
    title: 'Another process has committed the same part of a log',
    advice:
      'Nothing to do: daymark drops its own reading of that part and goes on behind it. Nothing is counted twice.',
    exitCode: 1,
  },
  NO_SUCH_SOURCE: {
    title: 'No file of that name was read',
    advice: '`daymark sources` lists those that were.',
    exitCode: 1,
  },
  LOGS_MISSING: {
    title: 'Logs that were read are not there any more',
    advice:
      'Give the paths where they are now. Or rebuild only days in which they have no part, with `--from` and `--to`. Or go on with `--without-missing`: what stands in them and nowhere else is then lost from the days that are rebuilt.',
    exitCode: 1,
  },
  REBUILD_RUNNING: {
    title: 'Another rebuild is running',
    advice: 'Wait for it, or end it: nothing is changed before its end.',
    exitCode: 1,
  },
  // ── the API ──
  PORT_IN_USE: {
    title: 'The port is in use',
    advice: 'Stop the program that listens there, or set `PORT` to another one.',
    exitCode: 1,
  },
  CANNOT_LISTEN: {
    title: 'The address cannot be listened on',
    advice:
      'Set `HOST` to an address of this machine (`127.0.0.1`, or `0.0.0.0` for all) and `PORT` to one that this user may open.',
    exitCode: 1,
  },
  INVALID_REQUEST: {
    title: 'The request has a missing or malformed part',
    advice: 'The `detail` names the part; `/docs` describes each request.',
    exitCode: 1,
    httpStatus: 422,
  },
  BAD_REQUEST: {
    title: 'The request cannot be read as HTTP',
    advice: 'Percent-encode the customer id as UTF-8 (RFC 3986) and send well-formed HTTP.',
    exitCode: 1,
    httpStatus: 400,
  },
  RANGE_TOO_LARGE: {
    title: 'The range holds more days than one answer may',
    advice: 'Ask for a shorter range with `to`, and for the next one after it.',
    exitCode: 1,
    httpStatus: 422,
  },
  NOT_FOUND: {
    title: 'There is no such resource',
    advice: '`/docs` lists what there is.',
    exitCode: 1,
    httpStatus: 404,
  },
  METHOD_NOT_ALLOWED: {
    title: 'The resource does not take this method',
    advice: 'Everything here is read with GET.',
    exitCode: 1,
    httpStatus: 405,
  },
  RATE_LIMITED: {
    title: 'Too many requests from one address',
    advice: 'Wait for the number of seconds that `Retry-After` gives.',
    exitCode: 1,
    httpStatus: 429,
    isTransient: true,
  },
  OVERLOADED: {
    title: 'The server has more to do than it can',
    advice: 'Wait for the number of seconds that `Retry-After` gives, and ask again.',
    exitCode: 1,
    httpStatus: 503,
    isTransient: true,
  },
  INTERNAL: {
    title: 'A fault of daymark',
    advice: 'Report it, with the log of the server from that moment.',
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
