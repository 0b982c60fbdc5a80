/** Every bound of the program, each with its reason. What happens past a bound stands beside it. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** A longer line is rejected whole. Servers cap the request line far below this (nginx: 8 KiB a header). */
export const MAX_LINE_BYTES = 64 * KIB;

/** One read of a source. 256 KiB stays in a core's second-level cache between the read and the scan. */
export const READ_BLOCK_BYTES = 256 * KIB;

/** A longer customer id rejects its line: the id is half of a primary key, and PostgreSQL's index rows end at 2,700 bytes. */
export const MAX_CUSTOMER_ID_BYTES = 255;

/** A longer duration rejects its line: no request lasts a day, but a broken clock's does. */
export const MAX_DURATION_US = 24 * 60 * 60 * 1_000_000;

/** A number of JSON with an exponent beyond this is none: doubles end at 308, and 10 to any power takes memory. */
export const MAX_NUMBER_EXPONENT = 9_999;

/** Records that a scanner hands over at once: the columns (24 bytes a record) stay in the second-level cache. */
export const RECORD_BATCH_ROWS = 4096;

/** Customers known to a scanner at once; past it the batch is committed and the table starts anew. */
export const MAX_INTERNED_CUSTOMERS = 128 * KIB;

/** Bytes of customer ids known to a scanner at once; past it the same. */
export const MAX_INTERNED_BYTES = 8 * MIB;

/** Windows that one batch may touch; past it the batch is committed. A window costs about 48 bytes beside its durations. */
export const MAX_BATCH_WINDOWS = 128 * KIB;

/**
 * To here the table of a time zone knows when its clocks change; after it the last offset holds. The rules of zones
 * have no end, a table must: to the end of 2200 one has at most about 600 entries.
 */
export const ZONE_TABLE_END_MS = Date.UTC(2201, 0, 1);

/** What is kept of a rejected line: enough to recognise it. The rest is cut. */
export const REJECTED_EXCERPT_BYTES = 200;

/** Rejected lines kept for each partition. Past it they are only counted, by reason, exactly. */
export const MAX_REJECTED_LINES_KEPT = 1000;

/** Rejected lines that one batch carries for all its partitions, all workers together; past it the batch is committed. */
export const MAX_BATCH_REJECTIONS = 10_000;

/**
 * A large file is cut into splits of about so many bytes, which are scanned side by side. A worker takes 11 ms for
 * one: so long the others wait for the last of them before a commit, and so long a stop takes.
 */
export const SPLIT_BYTES = 16 * MIB;

/** Where commits are small, splits are, too. Below this, handing them to threads costs more than it brings. */
export const MIN_SPLIT_BYTES = 128 * KIB;

/** Shorter than usual lines, to tell how many a split holds: a record of the default format has 30 bytes at least. */
export const SHORT_LINE_BYTES = 32;

/** Where a split is to end, the next newline is looked for in steps of so many bytes: most lines are shorter. */
export const CUT_LOOK_AHEAD_BYTES = 16 * KIB;

/**
 * Splits that wait for a worker: so many for each of them. The thread that hands them out also commits, and that
 * keeps it for 150 ms and more.
 */
export const SPLITS_AHEAD = 24;

/** Where there is less to read, one thread has read it before others have started, which takes 40 ms. */
export const MIN_BYTES_FOR_THREADS = 32 * MIB;

/** A further thread is started for each so many bytes: it must be worth its start, and its 15 MB of memory. */
export const BYTES_A_THREAD = 16 * MIB;

/** Scan threads of one process. */
export const MAX_WORKERS = 256;

/** Lines of a partition that a run has read before it judges how many of them are rejected. */
export const MIN_LINES_TO_JUDGE = 1000;

/** Bytes of content that identify a file. */
export const HEAD_FINGERPRINT_BYTES = 1024;

/**
 * A file that was seen as a copy and then goes on by itself is counted from where it parted, if the copy was that long. Two
 * logs that merely begin alike (a header, a few equal requests) have less in common, and both count from their starts.
 */
export const FORK_MIN_BYTES = 4 * KIB;

/**
 * A path whose file is written anew with most of what was read of it counts a second time. Where that happens again within so
 * long, something copies it over and over: the path is stopped.
 */
export const REPEAT_WINDOW_MS = 10 * 60_000;

/** Bytes of a log's first line by which partitions are looked up in the store. */
export const HEAD_KEY_BYTES = 64;

/**
 * Bytes right before an offset whose fingerprint is kept with it: about a line. What is rewritten has other times or
 * durations in it, so they tell whether a file is still the one that was read. The kernel keeps so many before its input.
 */
export const TAIL_BYTES = 64;

/**
 * The first positions of prefix checksums, and what lies between them: about half of the shortest line, so that two logs with
 * a long header in common are told apart by their first lines.
 */
export const PREFIX_FIRST_POSITIONS = 128;
export const PREFIX_FIRST_STEP_BYTES = 32;

/**
 * Positions in each doubling behind those. A log that is gone and a shorter one that begins alike are told apart unless they
 * differ only in the last 32nd of the shorter one. With 4 bytes a position a log of 1 GB has 2.8 KB of checksums.
 */
export const PREFIX_STEPS_AN_OCTAVE = 32;

/** What a prefix checksum takes of the bytes since the position before, at most: a read costs a microsecond or two. */
export const PREFIX_SAMPLE_BYTES = 4 * KIB;

/**
 * Files that following keeps open, to read them to their ends when they are renamed out of reach or deleted. A process that
 * may open fewer files keeps fewer (HELD_FILES_SHARE_OF_DESCRIPTORS). Past it the one that changed least recently is closed:
 * it is opened again when it changes, but what is written to it after it left its path is not read.
 */
export const MAX_HELD_FILES = 512;

/**
 * A log that was rotated, and did not change for so long, is at its end: its writer has opened the new one. Then a last
 * line without its newline is taken, and a file that has left its path is closed. Writers are told of a rotation within
 * a second or two, and finish the requests that they are at.
 */
export const ROTATED_QUIET_MS = 10_000;

/** Partitions of which a run remembers that it has told their files gone. Past it the first one may be told again. */
export const MAX_TOLD_PARTITIONS = 10_000;

/** How often a run that follows looks for live partitions whose files are gone: with 50,000 of them it takes 30 ms. */
export const MISSING_POLL_MS = 5_000;

/** An archive that did not change for so long is looked into while following: compressing writes all the time. */
export const ARCHIVE_SETTLED_MS = 1_000;

/** New and changed archives whose beginnings one look decompresses while following, and for how long: then it is the live logs' turn. */
export const MAX_ARCHIVE_OPENINGS = 100;
export const ARCHIVE_OPENINGS_MS = 250;

/** Half a last line is not scanned again and again while it waits for its newline, unless it is longer than this. */
export const LINE_END_LOOK_BYTES = 64 * KIB;

/** What is looked at before a new file is taken for a log. */
export const FILE_SAMPLE_BYTES = 64 * KIB;

/**
 * Compressed bytes that a decoder is given at once. Between two of them it waits for the thread that scans: with 64 KiB
 * 4 million lines took 0.84 s, with 512 KiB 0.69 s, and not less with more.
 */
export const ARCHIVE_PIECE_BYTES = 512 * KIB;

/** Where one of them is damaged, it is given again in these, and the damaged one of these byte by byte. */
export const ARCHIVE_SMALL_PIECE_BYTES = KIB;

/** The same where the bytes cannot be had again (a pipe): what a damaged piece held up to the damage is lost. */
export const ARCHIVE_PIPE_PIECE_BYTES = 4 * KIB;

/** The same where only the beginning of a file is wanted: this decompresses to some 100 kB of a log. */
export const ARCHIVE_BEGINNING_PIECE_BYTES = 16 * KIB;

/**
 * An archive that begins with more bytes of headers, empty members and frames to skip is not read: what it holds must be
 * looked at before anything is done with it. A million empty members take 10 to 32 MB.
 */
export const MAX_EMPTY_ARCHIVE_BYTES = 64 * MIB;

/** A larger memory of the xz decoder is given back when its archive is closed; 8 MiB are the window of `xz -6`. */
export const MAX_SPARE_XZ_BYTES = 12 * MIB;

/** Blocks that are decompressed before anybody asks: one is scanned while the next is made. */
export const DECODED_BLOCKS_AHEAD = 2;

/**
 * A zstd frame that needs a larger window is refused: this is 128 MiB of memory, what `zstd` itself takes at the most
 * unless it is told otherwise (`--long=31`, `--memory`).
 */
export const MAX_ZSTD_WINDOW_LOG = 27;

/**
 * A block of bzip2 is at most so much longer than what it holds, 1 % and 600 bytes by its manual: with these at hand
 * nearly every block can be read.
 */
export const BZIP2_SPARE_BYTES = 25_000;

/** No block of bzip2 is longer: 900,000 symbols of 20 bits each, and its tables. A longer one is damaged. */
export const MAX_BZIP2_BLOCK_BYTES = 2_400_000;

/** An archive that is cut off and did not change for so long is not being written any more: following tells it. */
export const ARCHIVE_QUIET_MS = 60_000;

/** Rows that one statement reads or writes: 64 rows of 10 columns stay below every engine's bound on parameters. */
export const STORE_CHUNK_ROWS = 64;

/** Partitions that one statement looks up by id or key. */
export const LOOKUP_KEYS_A_STATEMENT = 500;

/** Old days that one transaction deletes, with a statement each: a commit that comes meanwhile waits for so many. */
export const RETENTION_CHUNK_ROWS = 128;

/** How often a run that follows looks for days that are too old. They come once a day, in each time zone at another hour. */
export const RETENTION_INTERVAL_MS = 60 * 60 * 1000;

/**
 * How long a question on a terminal waits for its answer. A terminal may be there with nobody at it (`docker run -t`),
 * and logs must not stay unread for that.
 */
export const QUESTION_WAIT_MS = 60_000;

/** A rebuild takes the lock that keeps commits waiting when so little is left to read: that takes a second. */
export const REBUILD_REST_BYTES = 16 * MIB;

/** How often a rebuild reads on what others commit meanwhile, before it takes the lock all the same. */
export const MAX_REBUILD_ROUNDS = 20;

/**
 * Characters of a setting that are kept with what was read, to say later what it was: formats are rarely longer. A longer
 * one is cut, and compared by its fingerprint.
 */
export const MAX_KEPT_SETTING_CHARACTERS = 1_000;

/** A file that holds a log format. A dump of a whole nginx (`nginx -T`) has some 100 KB; past it, it is refused. */
export const MAX_FORMAT_FILE_BYTES = 4 * MIB;

/** Files that an error names; past it, it says how many more there are. */
export const MAX_NAMES_IN_ERROR = 10;

/** Rows that are read at once with their states, which are what may be large. */
export const STORED_DAYS_PAGE_ROWS = 64;

/** Days in one answer: a hundred years. More is refused, never cut silently. */
export const MAX_DAYS_PER_ANSWER = 36_600;

/**
 * An answer of up to so many days, four years, is put together in one piece, which takes 20 ms of the event loop, and
 * has an ETag. A longer one is streamed.
 */
export const MAX_DAYS_IN_ONE_PIECE = 1_500;

/** Rows of a streamed answer that are read and sent at once: the event loop is held for 3 ms. */
export const STREAMED_DAYS_PAGE_ROWS = 250;

/** Streamed answers under way. Each holds a connection to the database, which has MAX_POSTGRES_CONNECTIONS. */
export const MAX_STREAMED_ANSWERS = 4;

/** How long a request waits for its turn to be streamed; past it 503. Clients wait longer. */
export const STREAM_WAIT_MS = 10_000;

/** How long a client may take for a streamed answer; past it the connection is broken off. A slow line takes 10 MB in it. */
export const STREAM_TIMEOUT_MS = 120_000;

/** Bytes of answers that the API keeps ready. Past it the least recently asked go. */
export const MAX_ANSWER_CACHE_BYTES = 32 * MIB;

/** The API refuses longer URLs' parameters: a customer id of 255 bytes, each percent-encoded. */
export const MAX_URL_PARAMETER_CHARACTERS = 3 * MAX_CUSTOMER_ID_BYTES;

/** The API reads no bodies. So much of one is thrown away; a longer one, or one of unknown length, ends the connection. */
export const MAX_REQUEST_BODY_BYTES = 16 * KIB;

/** How long a commit waits for another process's commit on the embedded store. */
export const STORE_BUSY_TIMEOUT_MS = 30_000;

/** PostgreSQL connections of one process: one for the pipeline, the rest for the API. */
export const MAX_POSTGRES_CONNECTIONS = 10;

/** How long the pipeline waits for a connection to PostgreSQL. A stop waits for it, too. */
export const COMMIT_CONNECT_TIMEOUT_MS = 5_000;

/**
 * How long one statement of a commit may take: it touches at most STORE_CHUNK_ROWS rows, and waits at most
 * STORE_BUSY_TIMEOUT_MS for locks. Past it the connection is given up, though the server seems to work at it.
 */
export const COMMIT_STATEMENT_TIMEOUT_MS = 60_000;

/**
 * So long a statement goes without an answer before a second connection asks whether the server still works at it. As
 * long as the longest wait between two tries: a connection that died in an outage is found as fast as one that is over.
 */
export const STATEMENT_CHECK_MS = 5_000;

/** How long a statement may take in a run that was told to stop: supervisors kill after 10 s. */
export const STOPPING_STATEMENT_TIMEOUT_MS = 5_000;

/** How long a request waits for a connection to PostgreSQL, one that is in use included. */
export const ANSWER_CONNECT_TIMEOUT_MS = 3_000;

/** How long one statement of a request may take; a month of a customer takes a millisecond. */
export const ANSWER_STATEMENT_TIMEOUT_MS = 5_000;

/** How long PostgreSQL's side of closing connections may take. */
export const STORE_CLOSE_GRACE_MS = 1_000;

/**
 * For so long after the store failed to tell its version, requests get the same failure without asking it: else each
 * request of an outage would wait for the timeouts twice. As short as nobody notices when it is back.
 */
export const FAILURE_HOLD_MS = 200;

/** Lines of the API's log that wait for a disk that is full; past it they are dropped. */
export const MAX_UNWRITTEN_LOG_BYTES = 64 * KIB;

/** Of requests that fail because the database is away, one in so long is logged: they are all the same. */
export const OUTAGE_LOG_INTERVAL_MS = 1_000;

/** The first wait for the database to come back; each further one is twice as long. A restart takes seconds. */
export const MIN_RETRY_MS = 100;

/** The longest time from one try to the next: reading goes on at most so late after the database is back. */
export const MAX_RETRY_MS = 5_000;

/** How long a command that ends by itself waits for the database, unless it is told otherwise: a restart is over by then. */
export const RETRY_FOR_S = 60;

/** How long a run that ends waits for a log, unless it is told otherwise: a network file system is mounted again by then. */
export const SOURCE_RETRY_FOR_S = 60;

/** How often an outage that lasts is told again. */
export const WAITING_TOLD_EVERY_MS = 60_000;

/** How often `ALIVE_FILE` is touched: a health check looks every few seconds at the most. */
export const HEARTBEAT_INTERVAL_MS = 1_000;

/** The age at which a batch is committed though nothing fills it: what a crash costs, and how fresh answers are. */
export const COMMIT_INTERVAL_MS = 2_000;

/**
 * The same where the end is in sight: files of a known size (no archives), in a run that ends with them. Nobody waits for
 * answers before that, and a commit takes the time in which some 5 million lines are scanned.
 */
export const BULK_COMMIT_INTERVAL_MS = 5_000;

/**
 * While following, archives are read for so long before live logs are looked at again: a line that is written meanwhile is
 * read within a second, and the commit of each turn still covers some million lines.
 */
export const ARCHIVE_TURN_MS = 500;

/** The same of plain logs: past it a pass ends with its next commit, and those with the least to read go first again. */
export const LOG_TURN_MS = 2_000;

/** How often following looks for new lines: lines are read within a second of their writing, and a look is cheap. */
export const FOLLOW_POLL_MS = 200;

/** How often progress is told: as fast as a person can read. */
export const PROGRESS_INTERVAL_MS = 100;

/** A request line and its headers. The longest URL takes about 850 bytes; cookies of the same host take the rest. */
export const MAX_HEADER_BYTES = 16 * 1024;

/**
 * From the connection, or the first byte of a later request, to the last of the headers; past it 408, or nothing where
 * nothing was sent. Slow senders hold a socket no longer.
 */
export const HEADERS_TIMEOUT_MS = 10_000;

/** From the first byte of a request to its last; past it 408. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How often the two bounds above are looked at: so much later they take effect at the most. Node's own is 30 s. */
export const TIMEOUT_CHECK_INTERVAL_MS = 500;

/** A socket on which nothing moves, an answer in the making included. Longer than the store waits for a lock. */
export const CONNECTION_TIMEOUT_MS = 60_000;

/**
 * An idle connection is kept this long: longer than the 60 s after which common load balancers drop theirs. Clients are
 * told so, and Node adds a second for a request that is on its way.
 */
export const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** A connection that is refused or ended with an error is read on for so long, so that the client gets to read why. */
export const LINGER_MS = 1_000;

/** Connections of the API at once, unless `MAX_CONNECTIONS` says more. An idle one takes 10 KB of memory. */
export const DEFAULT_MAX_CONNECTIONS = 1_000;

/**
 * The share of the file descriptors that connections take, unless `MAX_CONNECTIONS` says more. As many are for logs that are
 * kept open, the rest for logs that are being read, the store, threads and refusals.
 */
export const CONNECTIONS_SHARE_OF_DESCRIPTORS = 1 / 4;

/** The share of them that logs take which are kept open. */
export const HELD_FILES_SHARE_OF_DESCRIPTORS = 1 / 4;

/** `MAX_CONNECTIONS` may say this share of them at the most. */
export const MAX_CONNECTIONS_SHARE_OF_DESCRIPTORS = 1 / 2;

/** Where the system does not tell how many descriptors there are: what most give a process at least. */
export const ASSUMED_DESCRIPTORS = 1_024;

/** Connections past the bound that are told so at once; past this they are closed without a word. */
export const MAX_REFUSALS_UNDER_WAY = 16;

/** After `close`, what is still being sent or received has this long. Supervisors kill after 10 s. */
export const CLOSE_GRACE_MS = 5_000;

/** How often `close` looks for connections that have fallen idle: a wait that nobody notices. */
export const CLOSE_POLL_MS = 20;

/**
 * Mean delay of the event loop above which requests are turned away with 503. A loop that is this late in every
 * turn answers after its clients have given up.
 */
export const MAX_EVENT_LOOP_DELAY_MS = 1_000;

/**
 * What that mean is taken over, and so how long requests are turned away at least. Over one second, a single
 * stall (a disk that took a second for one commit) counted as overload.
 */
export const EVENT_LOOP_SAMPLE_MS = 5_000;

/** How often that delay is measured. */
export const EVENT_LOOP_RESOLUTION_MS = 10;

/** What `Retry-After` says where nothing better is known: as long as {@link EVENT_LOOP_SAMPLE_MS}. */
export const RETRY_AFTER_S = 5;

/** An answer that would take more than this share of the cache is not kept: one would push out a thousand. */
export const MAX_SHARE_OF_ANSWER_CACHE = 1 / 8;

/** How long a stopped run waits for standard input to bring something, before it leaves without. */
export const IDLE_INPUT_GRACE_MS = 1_000;

/** Dates whose text is remembered, 27 years of days; past it, it begins anew. */
export const MAX_REMEMBERED_DATES = 10_000;
