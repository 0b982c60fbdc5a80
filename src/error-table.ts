/**
 * The one table of error codes. `docs/errors.md` is generated from it. The API's problem documents and the program's
 * exit codes are read from it.
 */

import { API_ERRORS } from './api-error-table.ts';
import { define } from './error-definition.ts';

export type { ErrorDefinition } from './error-definition.ts';

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
      'Check the spelling against `--help` or `docs/settings.md`. The error suggests a similar name if there is one.',
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
  INVALID_ENDPOINTS: {
    title: 'The file of ENDPOINTS cannot be used',
    advice:
      'Give `ENDPOINTS` an OpenAPI document of version 3 (YAML or JSON), or a list with one template a line, such as `GET /orders/{id}`. The error names the place. `docs/endpoints.md` explains both.',
    exitCode: 2,
  },
  SPILL_FAILED: {
    title: 'There is no room for what a large read spills',
    advice:
      'Nothing is lost: what was not committed is read again, with more and smaller commits, which takes longer. Free space on the disk of `DATA_DIR`: for the embedded store at least three times what the database will take, else a gigabyte. `docs/operating.md` explains what is spilled.',
  },
  // ── what is read ──
  PATH_NOT_FOUND: {
    title: 'A path does not exist',
    advice: 'Check the spelling, and that the disk or volume that holds it is mounted.',
  },
  PATH_UNREADABLE: {
    title: 'A path cannot be read',
    advice: 'Give the user that runs daymark permission to read the file and to enter its directories.',
  },
  NOT_A_FILE: {
    title: 'A path is neither a regular file nor a directory',
    advice:
      'Give a log file or a directory of log files. To read a pipe, give `-` and redirect the pipe to standard input.',
  },
  LINK_OUTSIDE: {
    title: 'A symbolic link leads out of the log directory',
    advice:
      'daymark does not follow the link. Otherwise anybody who can write to the directory could make daymark read any file. Give the target of the link as a path of its own. Or set `FOLLOW_SYMLINKS=all` if you trust everybody who can write there. `docs/files.md` has the recipe for Kubernetes.',
  },
  NO_LOGS: {
    title: 'A directory holds no logs',
    advice:
      'In a directory, daymark reads only files that are named like logs: `app.log`, `app.log.1`, `app.log.2.gz`. `docs/log-formats.md` has the rules. Give files with other names as paths of their own.',
  },
  EMPTY_FILE: {
    title: 'A file is empty',
    advice: 'Check that your server writes to this file. With `--follow`, daymark waits for its first line.',
  },
  BINARY_FILE: {
    title: 'A file is not a text log',
    advice:
      'The file holds NUL bytes, and neither begins with them nor has many in a row before a line, as a log has after a crash. Unpack it, or remove them (`tr -d "\\000"`), and read the result.',
  },
  NO_LINE_UNDERSTOOD: {
    title: 'No line of a file fits the log format',
    advice: 'Run `daymark check` on the file. It recognises the format, or shows why lines are rejected.',
  },
  HEADER_MISSING: {
    title: 'The first line of a file does not name the columns that the log format needs',
    advice:
      'Check that the first line of the file holds the column names, and that the log format uses the same names.',
  },
  TRUNCATED_ARCHIVE: {
    title: 'A compressed file ends too early',
    advice:
      'All whole lines before the cut are counted. Copy or compress the file again, and the next run reads the rest. If the file is still being written, use `--follow` or wait until it is complete.',
  },
  CORRUPT_ARCHIVE: {
    title: 'A compressed file is damaged',
    advice:
      'All whole lines before the damage are counted. Replace the file with a good copy, and the next run reads the rest. Some damage shows only in a checksum at the end. Then lines before it may be wrong, and only a new database that is read from a good copy is certainly right. Test an archive with `gzip -t`, `zstd -t`, `bzip2 -t` or `xz -t` before you read it.',
  },
  UNSUPPORTED_ARCHIVE: {
    title: 'A compressed file needs a feature that daymark does not have',
    advice:
      'The whole lines before the place that the error names are counted. Unpack the file and compress it again without unusual options: a window of at most 128 MiB (zstd) or 64 MiB (xz), no dictionary, no SHA-256 check. Put the new file in its place, and daymark reads on after those lines.',
  },
  MOSTLY_REJECTED: {
    title: 'Most lines of a file are rejected',
    advice:
      'Run `daymark check` on the file to see why. Set `LOG_FORMAT` to the format of the file, or raise `MAX_REJECTED_PERCENT`. What was stored before stays. The next run goes on from there.',
  },
  NOTHING_ACCEPTED: {
    title: 'None of the lines that were read was accepted',
    advice:
      'Nothing was counted for any customer. Run `daymark check` on the file: it shows the first rejected lines and what to set. The lines now count as read. To read them again, run `daymark ingest --again` with the right settings.',
  },
  FEW_ACCEPTED: {
    title: 'Most of the lines that were read were rejected',
    advice:
      'The settings probably do not fit the log. Run `daymark check` on the file: it shows the first rejected lines and what to set. The lines now count as read. To read them again, run `daymark ingest --again` with the right settings. If the log is like that, set `MAX_REJECTED_PERCENT` to 100.',
  },
  SETTINGS_CHANGED: {
    title: 'Logs were read with other settings than the current ones',
    advice:
      'If the current settings are right for these logs, run `daymark ingest --again` with them, or `daymark rebuild`. Both read all logs again with the current settings and replace the days. That includes logs that were read correctly with other settings, so look at `daymark rebuild --dry-run` first. They refuse if a log had accepted lines and would have none. If the log format changed at a rotation, do nothing: lines that were read stay as they are, and new lines are read with the current settings.',
  },
  CUSTOMERS_CHANGED: {
    title: 'The table of customers has changed',
    advice:
      'Nothing, if new lines should count by the new table, and old lines as they were read. To apply it to the past, run `daymark rebuild` with the same settings.',
  },
  FILE_REFUSED: {
    title: 'A file that a setting names has changed, and cannot be used',
    advice:
      'Mend the file. daymark reads it again when it has changed. Until then it uses what was in it before. Of a certificate and its key, both must be new.',
  },
  CUSTOMERS_REFUSED: {
    title: 'The table of customers has changed, and cannot be used',
    advice:
      'Mend the file that `CUSTOMERS_FILE` names. daymark reads it again when it has changed. Until then it uses the table from before.',
  },
  SAMPLE_IN_STORE: {
    title: 'The store holds the sample log beside other logs',
    advice:
      'Use a new store: set `DATA_DIR` to a new directory (or `DATABASE_URL` to a new database) and read your own logs into that. `npm start` keeps the sample in `./data/sample`. Earlier versions read it into `./data`.',
  },
  FILE_SHRANK: {
    title: 'Standard input is shorter than what was read of the same log before',
    advice: 'If it is the same log, every line of it is counted already. Pipe in the whole log to read on.',
  },
  FILE_REWRITTEN: {
    title: 'A file was rewritten in place',
    advice:
      'daymark reads the new content from its start. What it read before stays counted. Lines that were overwritten before daymark read them are lost. To lose none, let logrotate rename logs (`create`) instead of truncating them (`copytruncate`).',
  },
  REWRITTEN_AGAIN: {
    title: 'A file is rewritten again and again',
    advice:
      'Some program copies the log over itself and changes what daymark has read. daymark does not read the path for ten minutes. Stop that program, then read the log again with `daymark rebuild`.',
  },
  COPY_BEHIND: {
    title: 'A file holds less than what was read of the same log before',
    advice:
      'All of its lines are counted already if the file is a copy that is still being written or restored. daymark reads on when the file holds more than was read, or differs from it. If it is a new log with the same lines by chance, set `FILE_IDENTITY`. `docs/files.md` has the rules.',
  },
  OTHER_CONTENT: {
    title: 'Standard input begins like a known log, but goes on differently',
    advice: 'Nothing of it was read. Save it as a file and read the file: daymark can tell two files apart.',
  },
  SAME_CONTENT: {
    title: 'A file is a copy of another one',
    advice:
      'All of its lines are counted already, as lines of the other file. If these are two logs that happen to be equal, such as those of two servers, set `FILE_IDENTITY`. `docs/files.md` has the rules.',
  },
  READ_BY_TWO_HOSTS: {
    title: 'Two hosts read the same log',
    advice:
      'The numbers are right: the store takes each line once. If both hosts really read one log, such as one on a shared disk, let one of them read it. If these are two logs that are equal so far, give each host a `SOURCE_NAME` of its own, so that the lines of both count. `docs/hosts.md` explains it.',
  },
  READ_FAILED: {
    title: 'Reading failed',
    advice:
      'Check the disk. What was stored before stays. The next run goes on from there; a run with `--follow` tries again by itself.',
  },
  SOURCE_UNAVAILABLE: {
    title: 'A log cannot be read at the moment',
    advice:
      'daymark reads the other logs, and tries this one again by itself. `SOURCE_RETRY_SECONDS` bounds that. Check the disk or the network file system. If too many files are open, raise the limit (`ulimit -n`).',
    isTransient: true,
  },
  // ── Kafka ──
  KAFKA_UNAVAILABLE: {
    title: 'A broker of Kafka cannot be asked at the moment',
    advice:
      'daymark tries again by itself, and reads what other brokers have meanwhile. `SOURCE_RETRY_SECONDS` bounds that. Check that the brokers run, and that this machine reaches the addresses that they advertise.',
    isTransient: true,
  },
  KAFKA_REFUSED: {
    title: 'Kafka refuses daymark',
    advice:
      'Check `KAFKA_TLS`, `KAFKA_SASL_MECHANISM`, the user and the password, and what the user may do: `docs/kafka.md` lists the rights that daymark needs.',
  },
  KAFKA_TOPIC_NOT_FOUND: {
    title: 'A topic does not exist',
    advice:
      'Check the name in `KAFKA_TOPIC`. A user who may not describe a topic is told the same. With `--follow`, daymark waits for the topic.',
  },
  KAFKA_CORRUPT: {
    title: 'A batch of messages is damaged',
    advice:
      'Nothing of the batch was counted. daymark fetches it again and again: what was damaged on the way is whole the next time. If it stays, it is damaged on the disk of the broker: the error names the topic, the partition and the offset.',
    isTransient: true,
  },
  KAFKA_UNSUPPORTED: {
    title: 'A batch of messages is in a format that daymark does not read',
    advice:
      'daymark reads the batches that Kafka has written since version 0.11. Write the topic anew with a current producer.',
  },
  KAFKA_MESSAGES_MISSING: {
    title: 'Messages were deleted before they were read',
    advice:
      'The retention of the topic is shorter than daymark was behind. The error says how many messages are gone; a rejected line with the reason `missing_messages` stands in their place. daymark goes on with the first message that is there. Give the topic more retention, or daymark more machines.',
  },
  KAFKA_LOG_TRUNCATED: {
    title: 'Kafka lost messages that were read',
    advice:
      'A broker that did not have all messages was made the leader of the partition (an unclean election). What daymark has counted stays. daymark reads what was written since as a new partition, so that nothing of it is left out. Set `unclean.leader.election.enable=false` and `min.insync.replicas=2`, and let producers wait for all replicas.',
  },
  KAFKA_TOPIC_REPLACED: {
    title: 'A topic was deleted and made anew',
    advice: 'daymark reads the new topic from its beginning. What the old one held and was not read is gone.',
  },
  CANNOT_WRITE: {
    title: 'A file cannot be written',
    advice: 'Check the path, the permissions of its directory, and the free space on the disk.',
  },
  FILE_EXISTS: {
    title: 'A file of this name exists already',
    advice: 'Give another name, or add `--force` to replace the file.',
  },
  // ── the store ──
  STORE_UNREACHABLE: {
    title: 'The database cannot be reached',
    advice:
      'Check that PostgreSQL runs, that it has free connections, and that `DATABASE_URL` has the right host and port. daymark tries again by itself.',
    httpStatus: 503,
    isTransient: true,
  },
  STORE_REFUSED: {
    title: 'The database refuses daymark',
    advice:
      'Check the user, the password and the database in `DATABASE_URL`. The user must be allowed to connect from this machine, and needs the rights that the command uses: `docs/postgresql.md` says which.',
    httpStatus: 503,
  },
  DATA_DIR_UNUSABLE: {
    title: 'The data directory cannot hold the database',
    advice:
      'Set `DATA_DIR` to a directory in which the user that runs daymark may write, or give that user write permission. daymark creates the directory if it is missing.',
    httpStatus: 503,
  },
  STORE_UNWRITABLE: {
    title: 'The database cannot be written',
    advice:
      'Free some space on the disk of the database. For the embedded store, give the user that runs daymark write permission on `DATA_DIR`. If PostgreSQL is read-only (as after a failover), make it writable. daymark tries again by itself.',
    httpStatus: 503,
    isTransient: true,
  },
  STORE_UNREADABLE: {
    title: 'The database cannot be read by this user',
    advice:
      'Give this user read permission on `daymark.db`, `daymark.db-wal` and `daymark.db-shm` in `DATA_DIR`. `serve` also needs a running `ingest` or `up`, or write permission on `DATA_DIR`. `docs/operating.md` explains how to share a database.',
    httpStatus: 503,
    isTransient: true,
  },
  STORE_BUSY: {
    title: 'The database is busy',
    advice:
      'Another process has locked the database for too long, or the database is overloaded. daymark tries again by itself.',
    httpStatus: 503,
    isTransient: true,
  },
  STORE_CORRUPT: {
    title: 'The database is damaged',
    advice:
      'It holds something that daymark did not write. Stop daymark, keep a copy of the database, and restore a backup.',
    httpStatus: 503,
  },
  STORE_FAILED: {
    title: 'The database refused a statement',
    advice:
      'The error quotes the database. Nothing of the batch was stored. The next run goes on from the last commit.',
    httpStatus: 503,
  },
  STORE_ENCODING: {
    title: 'The database does not use UTF-8',
    advice: "Create a database with `ENCODING 'UTF8'`, because customer ids are UTF-8.",
    httpStatus: 503,
  },
  SCHEMA_MISSING: {
    title: 'The database has no tables of daymark',
    advice:
      'Run `daymark migrate` with the same settings, or read a log first with `daymark ingest`. With PostgreSQL, run it as a user who may create tables: `docs/postgresql.md`.',
    httpStatus: 503,
  },
  SCHEMA_OLDER: {
    title: 'The database has the schema of an older daymark',
    advice:
      'Run `daymark migrate` with the same settings. With PostgreSQL, run it as the user who owns the tables: `docs/postgresql.md`.',
    httpStatus: 503,
  },
  SCHEMA_NEWER: {
    title: 'The database has the schema of a newer daymark',
    advice: 'Use the version of daymark that wrote it, or a newer one. An older one could damage it.',
    httpStatus: 503,
  },
  TIME_ZONE_DIFFERS: {
    title: 'The database holds days of another time zone',
    advice:
      'Set `TIME_ZONE` back to the zone that the error names. To count days of another zone, use another database (a new `DATA_DIR`, or another `DATABASE_URL`) and read the logs again. Do the same if the store holds only the sample log of an earlier `npm start`.',
  },
  RETENTION_UNCONFIRMED: {
    title: 'Nobody has confirmed that old days may be deleted',
    advice:
      'Deleted days do not come back. To allow it, set `CONFIRM_RETENTION_DAYS` to the same number as `RETENTION_DAYS`, once for this database. Otherwise unset `RETENTION_DAYS`.',
  },
  NOT_EMBEDDED: {
    title: 'Only the embedded store can be copied this way',
    advice: 'Back up a PostgreSQL database with `pg_dump`. The dump is consistent even while daymark runs.',
    exitCode: 2,
  },
  CHECKPOINT_MOVED: {
    title: 'Another process has committed the same part of a log',
    advice:
      'You need not do anything. daymark drops what it read of that part and goes on after it. Nothing is counted twice.',
  },
  KEY_UNKNOWN: {
    title: 'There is no such key',
    advice:
      'Give the id of a key, as `daymark keys list` prints it: the 16 characters between the underscores of the key. Never give the key itself: other users of the machine can see arguments.',
  },
  NO_SUCH_SOURCE: {
    title: 'No file of that name was read',
    advice: '`daymark sources` and `/v1/sources` list the files that were read.',
    httpStatus: 404,
  },
  LOGS_MISSING: {
    title: 'Logs that were read before are gone',
    advice:
      'Give the paths where the logs are now. Or use `--from` and `--to` to rebuild only days that do not need them. Or add `--without-missing`: then the rebuilt days lack the lines of the missing logs.',
  },
  REBUILD_RUNNING: {
    title: 'Another rebuild is running',
    advice:
      'Wait until it is done, or stop it. A rebuild that is stopped changes nothing. If it is one of another store, set another `DATA_DIR`.',
  },
  TRACING_OFF: {
    title: 'daymark sends no traces',
    advice:
      'Correct the variable of OpenTelemetry that the message names, and start daymark again. Everything else works without traces.',
  },
  TRACES_NOT_SENT: {
    title: 'The collector of traces does not take spans',
    advice:
      'Check the collector and `OTEL_EXPORTER_OTLP_ENDPOINT`. Spans are lost until it takes them again, and `daymark_trace_spans_lost_total` counts them. Nothing else waits for it.',
  },
  ...API_ERRORS,
});

export type ErrorCode = keyof typeof ERRORS;
