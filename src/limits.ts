/**
 * Every bound of the program, each with its reason and with what happens beyond it. The API's own are in
 * `api-limits.ts`.
 */

export * from './api-limits.ts';

const KIB = 1024;
const MIB = 1024 * KIB;

/** A longer line is rejected whole. Servers limit the request line to far less (nginx: 8 KiB a header). */
export const MAX_LINE_BYTES = 64 * KIB;

/**
 * Lines that are cut into parts are joined. While a line is open, the lines of another stream wait, so this bounds what a
 * scanner keeps of them: four of the longest lines. Past it a line that is still open is rejected.
 */
export const MAX_PART_GROUP_BYTES = 4 * MAX_LINE_BYTES;

/** One read of a source. 256 KiB stays in a core's second-level cache between the read and the scan. */
export const READ_BLOCK_BYTES = 256 * KIB;

/** A longer customer id rejects its line. It is half of a primary key, and PostgreSQL's index rows end at 2,700 bytes. */
export const MAX_CUSTOMER_ID_BYTES = 255;

/** A longer duration rejects its line. No request lasts a day; a broken clock can say so. */
export const MAX_DURATION_US = 24 * 60 * 60 * 1_000_000;

/** A JSON number with a larger exponent is no number. Doubles end at 308, and 10 to a large power takes memory. */
export const MAX_NUMBER_EXPONENT = 9_999;

/** Compiled forms of time that are kept. A format has at most three. */
export const MAX_TIME_FORMS = 64;

/** Records that a scanner hands over at once. Their columns (28 bytes a record) stay in the second-level cache. */
export const RECORD_BATCH_ROWS = 4096;

/** Customers that a scanner knows at once. Beyond it the batch is committed and the table starts anew. */
export const MAX_INTERNED_CUSTOMERS = 128 * KIB;

/** Bytes of customer ids that a scanner knows at once. The same happens beyond it. */
export const MAX_INTERNED_BYTES = 8 * MIB;

/** Windows that one batch may touch. Beyond it the batch is committed. A window costs 48 bytes and its durations. */
export const MAX_BATCH_WINDOWS = 128 * KIB;

/**
 * The table of a time zone lists clock changes up to this time. After it the last offset holds. A table must end
 * somewhere: up to the end of 2200 a zone has at most about 600 entries.
 */
export const ZONE_TABLE_END_MS = Date.UTC(2201, 0, 1);

/**
 * Characters of EXCLUDE and of INCLUDE, and conditions in each. Every line is held to all of them, and they share 16 KiB
 * of the kernel with the log format.
 */
export const MAX_RULES_CHARACTERS = 2_048;
export const MAX_RULE_CONDITIONS = 64;

/** Fields of a line that rules look at. The kernel keeps where each of them stands. */
export const MAX_RULE_FIELDS = 16;

/** Bytes that are kept of a rejected line: enough to recognise it. The rest is cut. */
export const REJECTED_EXCERPT_BYTES = 200;

/** Rejected lines kept for each partition. More are only counted, by reason, exactly. */
export const MAX_REJECTED_LINES_KEPT = 1000;

/** Rejected lines in one batch, of all partitions and workers together. Beyond it the batch is committed. */
export const MAX_BATCH_REJECTIONS = 10_000;

/**
 * Days of partitions that a scanner finds before a commit is due: a row each in the commit, and some 200 bytes. A batch of
 * thousands of small logs has most; one log has as many as it covers.
 */
export const MAX_BATCH_PARTITION_DAYS = 16_384;

/**
 * A large file is cut into splits of about this size, which workers scan side by side. A worker needs 11 ms for one. The
 * others wait that long for the last one before a commit, and a stop takes that long.
 */
export const SPLIT_BYTES = 16 * MIB;

/** Small commits need small splits. Below this size, passing them to threads costs more than it gains. */
export const MIN_SPLIT_BYTES = 128 * KIB;

/** Fewer bytes than usual lines have, to estimate the lines of a split. A line of the default format has at least 30. */
export const SHORT_LINE_BYTES = 32;

/** Steps in which the newline at the end of a split is searched. Most lines are shorter. */
export const CUT_LOOK_AHEAD_BYTES = 16 * KIB;

/** Splits that wait for each worker. The thread that hands them out also commits, which takes 150 ms and more. */
export const SPLITS_AHEAD = 24;

/** With less to read, one thread is done before others have started, which takes 40 ms. */
export const MIN_BYTES_FOR_THREADS = 32 * MIB;

/** One more thread is started for this many bytes. It must be worth its start and its 15 MB of memory. */
export const BYTES_A_THREAD = 16 * MIB;

/**
 * The memory for the buffers of runs that are merged: with MAX_MERGED_RUNS each has 31 KiB, so that a read costs little beside
 * what is read.
 */
export const MERGE_BUFFER_BYTES = 34 * MIB;

/** The memory that a merge needs beside those: for cursors, and for rows. */
export const MERGE_ROW_BYTES = 2 * MIB;

/** Blocks of merged rows that wait for whoever stores them. One has 256 KiB or a little more, unless a state is longer. */
export const MERGED_BLOCKS_AHEAD = 8;

/** Those that are stored before the thread looks for messages: states may be long. */
export const MERGED_BLOCKS_AT_ONCE = 32;

/** The key of a window: a customer id has at most MAX_CUSTOMER_ID_BYTES, an endpoint 240. */
export const MAX_WINDOW_KEY_BYTES = 1024;

/**
 * Runs of windows that can be merged at once. Each takes a buffer of MERGE_BUFFER_BYTES, so a spill is committed when it has the
 * second number. One batch of 256 workers can have some hundred more.
 */
export const MAX_SPILLED_RUNS = 4096;
export const MAX_MERGED_RUNS = 1024;

/**
 * Bytes of runs before they are merged and committed, and at most this share of what is free on their disk, with what they take
 * themselves: the rows of the commit take BYTES_A_SPILLED_BYTE, and the write-ahead log as much again.
 */
export const MAX_SPILLED_BYTES = 8 * 1024 * MIB;
export const SPILL_SHARE_OF_FREE_DISK = 1 / 6;

/**
 * The same where several processes write: those that change the same rows wait for the commit, and for locks no longer than
 * STORE_BUSY_TIMEOUT_MS.
 */
export const MAX_SHARED_SPILLED_BYTES = 128 * MIB;

/** Lines of a spill. The kernel counts those of one window and one duration in 32 bits. */
export const MAX_SPILLED_LINES = 2 ** 30;

/** Partitions of a spill: some kilobytes each stay in memory until it is committed. */
export const MAX_SPILLED_PARTITIONS = 4_096;

/** Merged windows that are committed before the thread looks for messages. They take some 20 ms. */
export const MERGED_WINDOWS_AT_ONCE = 8_192;

/**
 * A run that is to stop still commits so many bytes of runs: at most some 600,000 rows, which take a second or two. More is
 * dropped, and read again by the next run. Supervisors kill after 10 s.
 */
export const STOPPING_SPILL_BYTES = 32 * MIB;

/** The same where several processes write: some 100,000 rows. */
export const STOPPING_SHARED_SPILL_BYTES = 8 * MIB;

/**
 * A spill that has at least this share of the bytes of the embedded store is loaded as whole tables, with what is in them. With less,
 * windows are added one by one. A window takes some 60 bytes in a run, and with its row 130 in the store.
 */
export const BULK_LOAD_SHARE = 1 / 4;

/** What the embedded store takes for a byte of a spill, with some to spare: 153 MB of days took 337 MB (2026-11-30). */
export const BYTES_A_SPILLED_BYTE = 2.5;

/**
 * The most bytes of a spill and of the store together that are loaded so. One statement copies a table, and nothing stops it: 30 million
 * rows take some 12 s.
 */
export const MAX_BULK_LOAD_BYTES = 4 * 1024 * MIB;

/**
 * While following catches up, a turn in which windows are spilled lasts so long: what is committed less often is written less
 * often.
 */
export const SPILL_TURN_MS = 30_000;

/** Scan threads of one process. */
export const MAX_WORKERS = 256;

/** Lines of a partition that a run reads before it judges the share of rejected ones. */
export const MIN_LINES_TO_JUDGE = 1000;

/** Bytes of content that identify a file. */
export const HEAD_FINGERPRINT_BYTES = 1024;

/**
 * A copy that later goes on by itself is counted from where it parted if the common part is at least this long. Two logs
 * that only begin alike (a header, a few equal requests) have less in common, and both count from their starts.
 */
export const FORK_MIN_BYTES = 4 * KIB;

/**
 * A path whose file is rewritten with most of what was read of it counts again. If that happens a second time within this
 * time, something copies it over and over, and daymark stops reading the path.
 */
export const REPEAT_WINDOW_MS = 10 * 60_000;

/** Bytes of a log's first line by which the store looks up partitions. */
export const HEAD_KEY_BYTES = 64;

/**
 * Bytes before an offset, about a line, whose checksum is kept with the offset. Rewritten content has other times or
 * durations, so they show whether a file is still the one that was read. The kernel keeps this many before its input.
 */
export const TAIL_BYTES = 64;

/**
 * The first position of a prefix checksum, and the first distance between two: about half of the shortest line. So
 * the first lines tell two logs apart that begin with the same long header.
 */
export const PREFIX_FIRST_POSITIONS = 128;
export const PREFIX_FIRST_STEP_BYTES = 32;

/**
 * Positions in each doubling after those. A log that is gone and a shorter one that begins alike are told apart unless
 * they differ only in the last 32nd of the shorter one. A log of 1 GB has 2.8 KB of checksums, 4 bytes a position.
 */
export const PREFIX_STEPS_AN_OCTAVE = 32;

/** A prefix checksum covers at most this many of the bytes since the last position: a read costs a microsecond or two. */
export const PREFIX_SAMPLE_BYTES = 4 * KIB;

/**
 * Files that following keeps open, to read them to the end after they are renamed out of reach or deleted. Fewer if the
 * process may open few files (HELD_FILES_SHARE_OF_DESCRIPTORS). Beyond it the least recently changed file is closed. It
 * is opened again when it changes, but what is written to it after it left its path is not read.
 */
export const MAX_HELD_FILES = 512;

/**
 * A rotated log that did not change for this time is complete. Then a last line without a newline is taken, and a file
 * that left its path is closed. Writers learn of a rotation within a second or two and finish their requests.
 */
export const ROTATED_QUIET_MS = 10_000;

/** Partitions that a run remembers to have finished. Beyond it the oldest may be finished again, if another process reopens them. */
export const MAX_FINISHED_PARTITIONS = 10_000;

/** How often following looks for live partitions whose files are gone: with 50,000 of them it takes 30 ms. */
export const MISSING_POLL_MS = 5_000;

/** While following, an archive is opened only if it did not change for this time: compressing writes all the time. */
export const ARCHIVE_SETTLED_MS = 1_000;

/** New and changed archives whose beginnings one poll decompresses, and for how long. Then live logs have their turn. */
export const MAX_ARCHIVE_OPENINGS = 100;
export const ARCHIVE_OPENINGS_MS = 250;

/** A longer last line that waits for its newline is scanned again in each poll. A shorter one is not. */
export const LINE_END_SCAN_BYTES = 64 * KIB;

/** Bytes of a new file that are examined to decide whether it is a log. */
export const FILE_SAMPLE_BYTES = 64 * KIB;

/** Fewer NULs in a row, behind the first byte, make a file a binary one. A crash leaves up to 4 KiB and more of them in a log. */
export const MIN_NUL_RUN_BYTES = 64;

/**
 * Compressed bytes that a decoder gets at once. After each piece it waits for the scanning thread. 4 million lines took
 * 0.84 s with 64 KiB and 0.69 s with 512 KiB; more did not help.
 */
export const ARCHIVE_PIECE_BYTES = 512 * KIB;

/** A damaged piece is decoded again in pieces of this size, and the damaged one of these byte by byte. */
export const ARCHIVE_SMALL_PIECE_BYTES = KIB;

/** The piece for a pipe, whose bytes cannot be read again. What a damaged piece held before the damage is lost. */
export const ARCHIVE_PIPE_PIECE_BYTES = 4 * KIB;

/** The piece for the beginning of a file: it decompresses to some 100 kB of a log. */
export const ARCHIVE_BEGINNING_PIECE_BYTES = 16 * KIB;

/**
 * An archive that begins with more bytes of headers, empty members and skippable frames is not read: its content must be
 * seen before anything else. A million empty members take 10 to 32 MB.
 */
export const MAX_EMPTY_ARCHIVE_BYTES = 64 * MIB;

/** An xz decoder with more memory gives it back when its archive is closed. The window of `xz -6` is 8 MiB. */
export const MAX_SPARE_XZ_BYTES = 12 * MIB;

/** Blocks that are decompressed in advance: the next is made while one is scanned. */
export const DECODED_BLOCKS_AHEAD = 2;

/**
 * A zstd frame that needs a larger window is refused. This is 128 MiB of memory, the most that `zstd` itself takes unless
 * it is told otherwise (`--long=31`, `--memory`).
 */
export const MAX_ZSTD_WINDOW_LOG = 27;

/**
 * How much longer than its content a bzip2 block can be: by its manual 1 % and 600 bytes. With these nearly every block
 * can be read.
 */
export const BZIP2_SPARE_BYTES = 25_000;

/** A longer bzip2 block is damaged. The longest has 900,000 symbols of 20 bits each, and its tables. */
export const MAX_BZIP2_BLOCK_BYTES = 2_400_000;

/** An archive that is cut off and did not change for this time is not being written any more. Following reports it. */
export const ARCHIVE_QUIET_MS = 60_000;

/**
 * Rows that one statement of a commit to PostgreSQL reads or writes. Of 38,000 new rows, a commit took 3.4 s with 512 rows
 * a statement, and 4.4 s with 64 (2026-11-29). It waits for locks of all of them at most STORE_BUSY_TIMEOUT_MS.
 */
export const STORE_CHUNK_ROWS = 512;

/** With fewer windows of a kind, a commit to PostgreSQL does not use COPY: two temporary tables cost more than they save. */
export const COPY_LEAST_ROWS = 5_000;

/** Windows of a kind that a commit to PostgreSQL copies at once. It keeps their keys: some 10 MB. */
export const COPY_PIECE_ROWS = 50_000;

/** Bytes of stored states that such a commit reads at once. The driver has them as text for a moment, twice as long. */
export const COPY_STATES_BYTES = 8 * MIB;

/** Bytes of stored states that one statement of such a commit updates: some seconds, and COMMIT_STATEMENT_TIMEOUT_MS ends it. */
export const COPY_UPDATE_BYTES = 128 * MIB;

/** Bytes of rows that are sent at once. */
export const COPY_CHUNK_BYTES = 64 * KIB;

/**
 * How long COPY waits for another transaction that makes the same row. It is much less than the second after which PostgreSQL
 * looks for circles (`deadlock_timeout`).
 */
export const COPY_WAIT_MS = 5;

/** Partitions that one statement looks up by id or key. */
export const LOOKUP_KEYS_A_STATEMENT = 500;

/** Old days that one transaction deletes, each with a statement. A commit at that time waits for them. */
export const RETENTION_CHUNK_ROWS = 128;

/** How often following looks for days that are too old. A day ends once a day, at another hour in each time zone. */
export const RETENTION_INTERVAL_MS = 60 * 60 * 1000;

/**
 * How long a question on a terminal waits for an answer. Nobody may be there (`docker run -t`), and logs must be read.
 */
export const QUESTION_WAIT_MS = 60_000;

/** With less left to read, a rebuild takes the lock that makes commits wait: it reads this much in a second. */
export const REBUILD_REST_BYTES = 16 * MIB;

/** How often a rebuild reads what others commit meanwhile. After that it takes the lock with more left. */
export const MAX_REBUILD_ROUNDS = 20;

/**
 * Characters of a setting that are kept to show it later. Few formats are longer. A longer one is cut, and compared by
 * its fingerprint.
 */
export const MAX_KEPT_SETTING_CHARACTERS = 1_000;

/** A larger file is refused as the source of a log format. A dump of a whole nginx (`nginx -T`) has some 100 KB. */
export const MAX_FORMAT_FILE_BYTES = 4 * MIB;

/** Endpoints that `check` counts. Beyond it, it says that there are more. */
export const MAX_CHECKED_ENDPOINTS = 10_000;

/** `check` warns above it: APIs have some hundred operations at most, and every one takes a row a day for each customer. */
export const MANY_ENDPOINTS = 300;

/** A larger file of ENDPOINTS is refused. The largest OpenAPI documents that are published have some 10 MB. */
export const MAX_ENDPOINTS_FILE_BYTES = 16 * MIB;

/** Templates of a file of ENDPOINTS. Each worker holds all of them. The largest APIs have some 1,000 operations. */
export const MAX_ENDPOINT_TEMPLATES = 10_000;

/** A larger CUSTOMERS_FILE is refused. Its aliases must leave room for other customers among {@link MAX_INTERNED_BYTES}. */
export const MAX_CUSTOMERS_FILE_BYTES = 4 * MIB;

/** Ids and aliases in a CUSTOMERS_FILE. They must leave room for other customers among {@link MAX_INTERNED_CUSTOMERS}. */
export const MAX_CUSTOMERS_FILE_IDS = 50_000;

/**
 * How often a file that a setting names is looked at: of customers, keys, certificates. One that is still being written is read
 * when it has rested for so long.
 */
export const FILE_POLL_MS = 1_000;

/** The places of CUSTOMER_ID. With more, nobody can tell whose a line is; the kernel has 6 bits for their number. */
export const MAX_CUSTOMER_PLACES = 16;

/** Files that an error names. Beyond it, it says how many more there are. */
export const MAX_NAMES_IN_ERROR = 10;

/**
 * Partitions that one statement passes over or adds up, for a page of ledgers and for the status of the store. SQLite holds
 * the thread meanwhile, and the API answers nothing else.
 */
export const LEDGER_PIECE_ROWS = 250;

/** How often `top` looks at the store, and the share of the time that it may take where that is slow. */
export const TOP_INTERVAL_MS = 1_000;
export const TOP_WORK_SHARE = 1 / 4;

/** Logs and customers that `top` knows: more than a terminal has rows. It looks at the file of each live log. */
export const TOP_LOGS = 200;
export const TOP_CUSTOMERS = 100;

/** The time over which `top` takes a rate, because lines come with commits; and the rates that it draws. */
export const TOP_RATE_MS = 10_000;
export const TOP_RATES_KEPT = 40;

/** Rows that are read at once with their states, which may be large. */
export const STORED_DAYS_PAGE_ROWS = 64;

/** Changes of a final day of a customer that are kept, of the last ones. A kilobyte each; nobody reads more of them. */
export const MAX_DAY_CHANGES_KEPT = 50;

/** Partitions that are named of a change: 100 bytes and a path each. The number of all is kept, too. */
export const MAX_DAY_CHANGE_SOURCES = 16;

/** Days of customers that are counted at once, without their durations. The embedded store's thread takes 6 ms for them. */
export const COUNTED_DAYS_PAGE_ROWS = 2_000;

/** Days of customers that are counted one by one at once. They take 5 ms. */
export const DAY_HEADS_PAGE_ROWS = 1_000;

/**
 * Customers and days of an endpoint that are looked up at once: 2,048 searches of an index, which take the embedded store's
 * thread some 5 ms.
 */
export const ENDPOINT_CUSTOMERS_AT_ONCE = 16;
export const ENDPOINT_DAYS_AT_ONCE = 128;

/** Ids of customers that are held while the days of an endpoint are merged, all days together: some 2 MB. */
export const MERGED_DAY_KEYS = 16_384;

/** Ids of customers that are looked up at once. Each is a step of its own in an index; all take 2 ms. */
export const CUSTOMER_IDS_PAGE_ROWS = 500;

/** Customers of a part of a roll-up. It is read and unpacked in one piece, which takes some 3 ms with all of its days. */
export const ROLL_UP_PART_CUSTOMERS = 4_096;

/**
 * Bytes of unpacked roll-ups that a process keeps: 30 days of 100,000 customers with five statuses take 12 MB. Beyond it those
 * that were not used for longest are dropped, and unpacked again when they are needed.
 */
export const MAX_ROLL_UP_CACHE_BYTES = 128 * MIB;

/**
 * Customers whose ids a process keeps with its unpacked roll-ups: some 60 MB. The roll-ups of more are merged by id, part by
 * part, which takes a few times as long and no memory.
 */
export const MAX_CACHED_ROLL_UP_CUSTOMERS = 500_000;

/** Numbers of roll-ups that are added up in one piece. They take about 2 ms. */
export const ROLLED_UP_NUMBERS_IN_ONE_PIECE = 1_000_000;

/** Slots of roll-ups that one statement reads: 200 KB with five statuses. One a statement takes PostgreSQL twice as long. */
export const ROLL_UP_SLOTS_READ_AT_ONCE = 8;

/** Stretches of days without a roll-up that are read beside roll-ups. Each takes a search of the index for each customer. */
export const MAX_ROLL_UP_GAPS = 4;

/**
 * By how much reading logs has a lower priority than answering, in steps of `nice`. With none, 1,000 requests a second had a p99 of
 * 398 ms while two workers read a log on two processors, with ten 58 ms (2026-11-29).
 */
export const INGEST_PRIORITY_STEPS = 10;

/** Customers of a ranking that are handed over at once. */
export const MERGED_CUSTOMERS = 512;

/**
 * Numbers of roll-ups that are being made, of all periods together: some 24 MB. Beyond it, parts end early. 4,096 customers with five
 * statuses on each of 48 days fit.
 */
export const MAX_GROWING_ROLL_UP_NUMBERS = 1_000_000;

/**
 * Roll-ups that are built of one look at the rows. What was read for them is lost where the run is to stop: with 100,000 customers
 * that are some millions of rows and ten seconds.
 */
export const ROLL_UPS_BUILT_AT_ONCE = 16;

/** Customers from which on roll-ups are built. The days of fewer are read from their rows in some tenths of a second. */
export const LEAST_ROLLED_UP_CUSTOMERS = 1_000;

/** After a roll-up, a run that follows builds none for so many times as long as it took: at most a tenth of a core goes to it. */
export const ROLL_UP_RESTS = 9;

/** How many days before the last event have roll-ups: two years, so that a year can be compared with the one before. */
export const ROLLED_UP_DAYS = 732;

/** How long a commit waits for another process's commit to the embedded store. */
export const STORE_BUSY_TIMEOUT_MS = 30_000;

/** How long a rebuild waits for another one that deletes what killed ones have left: it takes less than a second. */
export const REBUILD_LOCK_WAIT_MS = 2_000;

/** A SOURCE_NAME: names of hosts have at most as many. */
export const MAX_SOURCE_NAME_BYTES = 255;

/** For how long the rows of a process that is gone stay beside its leases. Nothing needs them; there are few. */
export const FORGET_MEMBERS_MS = 3_600_000;

/**
 * How often a process renews its leases in LEASE_SECONDS. A single answer of the database may be late, or lost, without another
 * process taking over.
 */
export const RENEWALS_A_LEASE = 3;

/** How soon a process that has too few partitions asks again for more. Others give up theirs when they next renew. */
export const MIN_DIVISION_MS = 1_000;

/** PostgreSQL connections of one process: one for the pipeline, the rest for the API. */
export const MAX_POSTGRES_CONNECTIONS = 10;

/** How long the pipeline waits for a connection to PostgreSQL. A stop waits for it, too. */
export const COMMIT_CONNECT_TIMEOUT_MS = 5_000;

/**
 * How long one statement of a commit may take. It touches at most STORE_CHUNK_ROWS rows and waits for locks for at most
 * STORE_BUSY_TIMEOUT_MS. After that the connection is given up, even if the server seems to work on it.
 */
export const COMMIT_STATEMENT_TIMEOUT_MS = 60_000;

/**
 * After this time without a reply to a statement, a second connection asks whether the server still works on it. It
 * equals the longest wait between two retries, so a connection that died in an outage is found just as fast.
 */
export const STATEMENT_CHECK_MS = 5_000;

/** How long a statement may take in a run that was told to stop: supervisors kill after 10 s. */
export const STOPPING_STATEMENT_TIMEOUT_MS = 5_000;

/** How long PostgreSQL may take to close its side of connections. */
export const STORE_CLOSE_GRACE_MS = 1_000;

/** Bytes of lines that are scanned before a source is asked for their positions. A source of messages remembers these lines. */
export const MAX_UNPLACED_BYTES = 2 * MIB;

/** Lines that a message of Kafka may have. `source/kafka/position.ts` says why. */
export const MAX_MESSAGE_LINES = 65_536;

/**
 * A batch of messages that comes to more, unpacked, is rejected as a whole. Producers limit a batch to 1 MiB by default; ours to hold is
 * twice this at the most, while lines of the one before may still be asked for.
 */
export const MAX_KAFKA_BATCH_BYTES = 64 * MIB;

/**
 * One fetch from a broker; a larger batch comes alone. A reader holds two of them, and the thread that asks the brokers as many.
 */
export const KAFKA_FETCH_BYTES = 4 * MIB;

/** A longer answer is none: a single batch may be larger than what is asked for, and comes all the same. */
export const MAX_KAFKA_ANSWER_BYTES = 1024 * MIB;

/**
 * With more than this, a reader wants to be asked for a position, so that it can give memory back: of small messages with long keys, most
 * bytes are no lines.
 */
export const MAX_HELD_KAFKA_BYTES = 4 * KAFKA_FETCH_BYTES;

/** How long a broker may wait for the first byte to send. There is one: only what is known to be there is asked for. */
export const KAFKA_FETCH_WAIT_MS = 500;

/** How long a broker may take to answer. While one is not answering, the partitions of the others wait. */
export const KAFKA_CONNECT_TIMEOUT_MS = 5_000;
export const KAFKA_REQUEST_TIMEOUT_MS = 10_000;

/** How long connections may take to close. Nothing is on its way any more. */
export const KAFKA_CLOSE_WAIT_MS = 1_000;

/** The longest wait before a cluster is asked again that could not be asked. */
export const MAX_KAFKA_RETRY_MS = 5_000;

/** How long a screen of `top` waits for brokers before it shows the rest. */
export const TOPIC_LAG_WAIT_MS = 2_000;

/** How often progress is reported to a group. Tools that show lags look every few seconds. */
export const KAFKA_REPORT_MS = 1_000;

/** The first wait before a retry. Each further wait is twice as long. A database restart takes seconds. */
export const MIN_RETRY_MS = 100;

/** The longest time between two tries. Reading resumes at most this long after the database is back. */
export const MAX_RETRY_MS = 5_000;

/** How long a command that ends by itself waits for the database by default. A restart takes less. */
export const RETRY_FOR_S = 60;

/** How long a run that ends waits for a log by default. A network file system is mounted again by then. */
export const SOURCE_RETRY_FOR_S = 60;

/** How often an outage that goes on is reported again. */
export const OUTAGE_REPORT_INTERVAL_MS = 60_000;

/** How often `ALIVE_FILE` is touched. A health check looks every few seconds at most. */
export const HEARTBEAT_INTERVAL_MS = 1_000;

/** The failed tries of a commit of which each is reported. In an outage of hours there are thousands. */
export const MAX_REPORTED_TRIES = 16;

/** How many spans may wait for the collector: some kilobytes each. `OTEL_BSP_MAX_QUEUE_SIZE` cannot ask for more. */
export const MAX_QUEUED_SPANS = 65_536;

/** How long a program that ends tries to send its last spans. Its work is done, and supervisors kill after 10 s. */
export const FLUSH_TRACES_MS = 2_000;

/** A batch of this age is committed even if it is not full. It is what a crash costs, and how fresh answers are. */
export const COMMIT_INTERVAL_MS = 2_000;

/**
 * The same for a run that ends with files of a known size (no archives). Nobody waits for answers before the end, and a
 * commit takes the time in which some 5 million lines are scanned.
 */
export const BULK_COMMIT_INTERVAL_MS = 5_000;

/**
 * While following, archives are read for this time before live logs have their turn. So a new line is read within a
 * second, and the commit of each turn still covers some million lines.
 */
export const ARCHIVE_TURN_MS = 500;

/** The same for plain logs. After it a scan cycle ends with its next commit, and logs with the least to read go first. */
export const LOG_TURN_MS = 2_000;

/** How often following polls for new lines. They are read within a second, and a poll is cheap. */
export const FOLLOW_POLL_MS = 200;

/** How often progress is shown: as fast as a person can read. */
export const PROGRESS_INTERVAL_MS = 100;

/** The share of file descriptors for logs that are kept open. */
export const HELD_FILES_SHARE_OF_DESCRIPTORS = 1 / 4;

/** The number of descriptors if the system does not tell it: most systems give a process at least this many. */
export const ASSUMED_DESCRIPTORS = 1_024;

/** How long a stopped run waits for standard input to bring something, before it ends without it. */
export const IDLE_INPUT_GRACE_MS = 1_000;

/** Dates whose text is remembered, 27 years of days. Beyond it the memory starts anew. */
export const MAX_REMEMBERED_DATES = 10_000;

/** Customers that `check` tells apart in a file, at up to 255 bytes each. More cannot be looked through by a person. */
export const MAX_CHECKED_CUSTOMERS = 10_000;

/** `check` recommends a format that understands at least this share of the lines. Below it, most lines are another's. */
export const MIN_RECOGNISED_SHARE = 1 / 2;

/**
 * Logs of which is remembered where their columns are named: some hundred bytes each. A log beyond it is read from its
 * start to find that out, whenever it has grown.
 */
export const MAX_TRACKED_HEADERS = 10_000;
