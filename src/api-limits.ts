/** The bounds of the API, a part of `limits.ts`. */

const KIB = 1024;
const MIB = 1024 * KIB;

/** Days in one answer: a hundred years. A request for more is refused; no answer is cut silently. */
export const MAX_DAYS_PER_ANSWER = 36_600;

/**
 * Rows of a row group of Parquet. A group takes up to 5 ms of the event loop. The footer grows with the groups: of 36,600 days it
 * takes as long (2026-11-29).
 */
export const PARQUET_GROUP_ROWS = 800;

/**
 * An answer of up to four years is built in one piece, which takes 20 ms of the event loop, and has an ETag. A longer
 * one is streamed.
 */
export const MAX_DAYS_IN_ONE_PIECE = 1_500;

/** Rows of a streamed answer that are read and sent at once. They take 3 ms of the event loop. */
export const STREAMED_DAYS_PAGE_ROWS = 250;

/** Rows of CSV that are written at once. Each takes 40 µs of the event loop, ten times as long as a row of JSON. */
export const CSV_PIECE_ROWS = 100;

/**
 * Days, weeks or months in one answer that is merged from states: four years of days. An answer of more is refused. It has
 * some 700 KB, and is made in pieces.
 */
export const MAX_MERGED_SPANS = 1_500;

/** Characters of an answer that are hashed at once for its entity tag. They take 2 ms of the event loop. */
export const HASHED_CHARACTERS = 512 * KIB;

/** Hours in one such answer: a leap year. It has some 4 MB, and is made in pieces. */
export const MAX_MERGED_HOURS = 366 * 24;

/** Rows of it that are made and written at once. They take 5 ms of the event loop at the most. */
export const MERGED_ROWS_PIECE = 50;

/**
 * Answers that are merged at once. Each holds a connection to the database, which has MAX_POSTGRES_CONNECTIONS. To merge a
 * year of a busy customer takes 0.1 s, so more at once would not be done sooner.
 */
export const MAX_MERGING_ANSWERS = 2;

/** States that are merged at once. All of them together are merged with what was merged before, which may be large. */
export const MERGED_STATES_AT_ONCE = 16;

/**
 * After so many bytes of states, other requests have their turn: decoding and merging them takes about a millisecond. A
 * state counts for MERGED_STATE_BASE_BYTES more, for what a small one takes, too.
 */
export const MERGED_BYTES_A_TURN = 64 * KIB;
export const MERGED_STATE_BASE_BYTES = 2 * KIB;

/** How long a scrape of `/metrics` waits for the database. Prometheus gives up after 10 s, and then all metrics are lost. */
export const METRICS_STORE_WAIT_MS = 3_000;

/** Connections to the port of `METRICS_PORT`: some scrapers, and people who look. */
export const MAX_METRICS_CONNECTIONS = 20;

/** Times that one request may name in `share_under`. */
export const MAX_SHARES_UNDER = 10;

/** Reasons that one request may name in `reason`. There are fewer reasons, and each one is a parameter of the statement. */
export const MAX_REASONS = 20;

/** Customers that are looked at to suggest one, from each of a few places in the order of ids. Each takes 0.02 to 0.3 ms. */
export const MAX_SUGGESTED_FROM = 4;

/** Bytes of merged answers that the API caches, beside {@link MAX_ANSWER_CACHE_BYTES}. */
export const MAX_MERGED_CACHE_BYTES = 16 * MIB;

/** Streamed answers at once. Each holds a connection to the database, which has MAX_POSTGRES_CONNECTIONS. */
export const MAX_STREAMED_ANSWERS = 4;

/** How long a request waits for its turn to be streamed. After that it gets 503. Clients wait longer. */
export const STREAM_WAIT_MS = 10_000;

/**
 * How long a client may take for a streamed answer. After that the connection is reset. A slow line takes 10 MB in it.
 */
export const STREAM_TIMEOUT_MS = 120_000;

/** A shorter answer is sent as it is: encoded it would still take one packet of the network. */
export const MIN_ENCODED_BYTES = 1_024;

/**
 * Whole answers that are encoded at once. The others wait. Each takes a thread of Node's pool of four, which also reads
 * files.
 */
export const MAX_ANSWERS_ENCODED_AT_ONCE = 2;

/** Streams that are encoded at once, at up to 1.5 MB each. Further ones are sent as they are. */
export const MAX_ENCODED_STREAMS = 8;

/** How far back (2 to this power, in bytes) brotli and zstd look for repetitions. It bounds the memory of each encoder. */
export const ENCODER_WINDOW_LOG = 18;

/** How long browsers may remember a preflight answer. Chromium remembers it for no longer. */
export const CORS_MAX_AGE_S = 7_200;

/** Bytes of answers that the API caches. Beyond it the least recently used ones go. */
export const MAX_ANSWER_CACHE_BYTES = 32 * MIB;

/** A larger share of the cache is not given to one answer: it would push out a thousand others. */
export const MAX_SHARE_OF_ANSWER_CACHE = 1 / 8;

/** The API discards a body of this size. A longer one, or one of unknown length, ends the connection. */
export const MAX_REQUEST_BODY_BYTES = 16 * KIB;

/** How long a request waits for a PostgreSQL connection, a busy one included. */
export const ANSWER_CONNECT_TIMEOUT_MS = 3_000;

/** How long one statement of a request may take. A month of a customer takes a millisecond. */
export const ANSWER_STATEMENT_TIMEOUT_MS = 5_000;

/**
 * After the store failed to give its version, requests get the same failure for this time without asking it. Otherwise
 * each request of an outage would wait for the timeouts twice. Short enough to go unnoticed when the store is back.
 */
export const FAILURE_HOLD_MS = 200;

/**
 * Bytes of the access log that wait to be written: a second of 12,000 requests a second. With 64 KiB, a machine whose processors were
 * all busy lost a quarter of the lines of 4,600 requests a second.
 */
export const MAX_UNWRITTEN_ACCESS_LOG_BYTES = 4 * MIB;

/** Bytes that a pipe takes in one piece (`PIPE_BUF` of Linux), so that lines of several processes stay whole. */
export const PIPE_WRITE_BYTES = 4 * KIB;

/** Bytes of the faults of the API that wait while the disk is full. More lines are dropped. */
export const MAX_UNWRITTEN_LOG_BYTES = 64 * KIB;

/** One failed request in this time is logged while the database is away: they are all the same. */
export const OUTAGE_LOG_INTERVAL_MS = 1_000;

/** A request line and its headers. The longest URL takes about 850 bytes; cookies of the same host take the rest. */
export const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Time from the connection, or from the first byte of a later request, to the last header. After that the client gets
 * 408, or nothing if it sent nothing. Slow senders hold a socket no longer.
 */
export const HEADERS_TIMEOUT_MS = 10_000;

/** Time from the first byte of a request to its last. After that the client gets 408. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How often the two bounds above are checked, so how late they can take effect. Node's own interval is 30 s. */
export const TIMEOUT_CHECK_INTERVAL_MS = 500;

/**
 * A socket on which nothing moves is closed after this time, even while its answer is made. Longer than the store waits
 * for a lock.
 */
export const CONNECTION_TIMEOUT_MS = 60_000;

/**
 * How long an idle connection is kept: longer than the 60 s of common load balancers. Clients are told so, and Node
 * adds a second for a request on its way.
 */
export const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/** A refused or failed connection is read for this time, so that the client gets to read why. */
export const LINGER_MS = 1_000;

/** API connections at once unless `MAX_CONNECTIONS` says otherwise. An idle one takes 10 KB of memory. */
export const DEFAULT_MAX_CONNECTIONS = 1_000;

/**
 * The share of file descriptors for connections unless `MAX_CONNECTIONS` says otherwise. As many are for logs that are
 * kept open, the rest for logs that are being read, the store, threads and refusals.
 */
export const CONNECTIONS_SHARE_OF_DESCRIPTORS = 1 / 4;

/** The largest share that `MAX_CONNECTIONS` may ask for. */
export const MAX_CONNECTIONS_SHARE_OF_DESCRIPTORS = 1 / 2;

/** Connections beyond the bound that are refused with an answer at once. More are closed without one. */
export const MAX_REFUSALS_UNDER_WAY = 16;

/** After `close`, transfers under way have this long. Supervisors kill after 10 s. */
export const CLOSE_GRACE_MS = 5_000;

/** How often `close` looks for connections that have become idle. The wait goes unnoticed. */
export const CLOSE_POLL_MS = 20;

/**
 * If the mean delay of the event loop is longer, requests get 503. A loop that is this late in every turn answers after
 * its clients have given up.
 */
export const MAX_EVENT_LOOP_DELAY_MS = 1_000;

/**
 * The time over which that mean is taken, and so the least time for which requests get 503. Over one second, a single
 * stall (a disk that took a second for one commit) counted as overload.
 */
export const EVENT_LOOP_SAMPLE_MS = 5_000;

/** How often that delay is measured. */
export const EVENT_LOOP_RESOLUTION_MS = 10;

/** `Retry-After` if nothing better is known: as long as {@link EVENT_LOOP_SAMPLE_MS}. */
export const RETRY_AFTER_S = 5;

/** Entries of a page unless the request says how many, and at the most. A page of 1,000 logs is written in pieces of 2 ms. */
export const DEFAULT_PAGE_ITEMS = 100;
export const MAX_PAGE_ITEMS = 1_000;

/** Changes of final days that are read in one piece: some kilobytes of JSON each, and a few milliseconds for all. */
export const DAY_CHANGES_PIECE_ROWS = 100;

/** Characters of the name of a log in a query. Systems bound paths to 4,096 bytes. */
export const MAX_SOURCE_CHARACTERS = 4_096;

/**
 * Logs with rejected lines that are looked at for one page: so many at once, and so often. Behind them the page ends, and
 * the next one goes on. Each takes up to a millisecond if it keeps 1,000 lines of other reasons.
 */
export const REJECTED_LEDGERS_A_ROUND = 64;
export const MAX_REJECTED_ROUNDS = 16;

/**
 * Days of endpoints that one answer merges, and different endpoints among them, whose merged statistics it holds. A year of 500
 * endpoints fits. Others are asked for in shorter ranges.
 */
export const MAX_ENDPOINT_WINDOWS_PER_ANSWER = 200_000;
export const MAX_ENDPOINTS_PER_ANSWER = 10_000;

/** Customers of one page of a ranking, and unless `limit` says otherwise. To merge 30 days of 1,000 takes half a second. */
export const MAX_RANKING_PAGE = 1_000;
export const DEFAULT_RANKING_PAGE = 50;

/** Hours of one summary: a month. Ranges of more are made of days. */
export const MAX_SUMMARY_HOURS = 744;

/** Characters of an endpoint in a question. Those of logs have no more; they are ASCII. */
export const MAX_ENDPOINT_CHARACTERS = 240;

/** Aliases of a customer that one answer has: some 250 kB of the longest. It says how many there are. */
export const MAX_ALIASES_PER_ANSWER = 1_000;

/** Days that each customer of a page may bring along, as the longest strip of the page has them, and days of all of them. */
export const MAX_STRIP_DAYS = 90;
export const MAX_STRIP_DAYS_PER_ANSWER = 9_000;

/** The longest cursor has some 750 characters: the longest customer id, all of it quotes. */
export const MAX_CURSOR_CHARACTERS = 1_024;

/** Rankings that are made at once. Each holds a connection to the database, and all share one thread. */
export const MAX_RANKINGS_AT_ONCE = 2;

/** Days of a range of worst days: all days of all customers are read for them, 4 µs each. */
export const MAX_WORST_DAYS_RANGE = 31;

/** Days whose customers are counted at once, before one of these is told of everybody: all days of a customer are read together. */
export const EVERYONE_DAYS_AT_ONCE = 31;

/** A ranking that takes longer is given up, before the client's connection is: see CONNECTION_TIMEOUT_MS. */
export const RANKING_TIMEOUT_MS = 45_000;

/** Customers of a kept ranking that are looked at in one piece. It takes 3 ms of the event loop. */
export const RANKED_IN_ONE_PIECE = 20_000;

/**
 * Bytes of rankings that are kept while the data are unchanged: 400,000 customers with short ids. A ranking of more is
 * made for each page anew, and takes no memory.
 */
export const MAX_RANKED_TABLE_BYTES = 48 * MIB;

/** Requests of a day and status that are written at once. They take 2 ms of the event loop in JSON. */
export const STATUSES_PIECE = 2_000;

/** Bytes of answers with requests by status that are cached: some hundred months of days. */
export const MAX_STATUSES_CACHE_BYTES = 8 * MIB;

/** Customers that one key reads. They are checked with each request, by a set. */
export const MAX_KEY_CUSTOMERS = 1_000;

/** Secrets that sessions and links are verified with: those of the last rotations. The oldest of more are deleted. */
export const MAX_SIGNING_KEYS = 16;

/** Characters of a signed token. Browsers keep a cookie of up to 4,096, with its name and attributes. */
export const MAX_SIGNED_TOKEN_CHARACTERS = 3_800;

/** How long a session lasts at the most, unless `SESSION_DURATION` says otherwise. */
export const DEFAULT_SESSION_MS = 12 * 3_600_000;

/** The shortest and the longest session that can be set: whoever forgets to sign out of a shared machine is safe in a month. */
export const MIN_SESSION_MS = 60_000;
export const MAX_SESSION_MS = 31 * 86_400_000;

/** Characters of the name of a key. */
export const MAX_KEY_NAME_CHARACTERS = 200;

/**
 * How old what is known of a key may be. A revoked key is refused everywhere that soon: within a second, with the time of the
 * read. A busy key costs two reads of one row a second, 0.05 ms each in the embedded store.
 */
export const KEY_MAX_AGE_MS = 500;

/** Keys that a process remembers, unknown ids included: some 400 bytes each, and more with many customers. */
export const MAX_CACHED_KEYS = 10_000;

/** Bytes of the keys that a process remembers, and as many of the JWTs: a few thousand of each with hundreds of customers. */
export const MAX_CACHED_READERS_BYTES = 32 * MIB;

/**
 * How often the last use of keys is written, how long after the first use, how soon again where it failed, and of how many keys
 * at once. Each write makes all kept answers start anew, so it is rare. 500 rows take 5 ms.
 */
export const KEY_USE_INTERVAL_MS = 3_600_000;
export const KEY_USE_DELAY_MS = 1_000;
export const KEY_USE_RETRY_MS = 60_000;
export const MAX_KEY_USES_A_WRITE = 500;

/**
 * Credentials that are not valid, from one address within a minute. Nobody guesses 256 bits. The bound keeps clients with wrong
 * keys from costing the database more than one read at a time.
 */
export const MAX_FAILED_ATTEMPTS = 30;
export const FAILED_ATTEMPTS_WINDOW_MS = 60_000;

/** Reads of keys for such addresses that wait for each other: with 1 ms each, the last one waits a tenth of a second. */
export const MAX_WAITING_KEY_READS = 100;

/** Clients whose requests, and addresses whose failures, are counted: some 150 bytes each. Beyond it the oldest are forgotten. */
export const MAX_LIMITED_CLIENTS = 10_000;

/** The time in which RATE_LIMIT_PER_MINUTE counts. It begins with the first request of a client. */
export const RATE_LIMIT_WINDOW_MS = 60_000;

/**
 * How long a process that shares a limit may take to give back what it does not use. An idle one takes a millisecond. After that
 * it counts as used.
 */
export const LENT_USES_WAIT_MS = 1_000;

/** Processes of `serve`. Each takes some 130 MB and connections to the database of its own. */
export const MAX_PROCESSES = 64;

/** How long a scrape of `/metrics` waits for each process of the API: longer than {@link METRICS_STORE_WAIT_MS}. */
export const METRICS_PROCESS_WAIT_MS = 5_000;

/**
 * After so long, a process of the API that does not end is killed. Its answers have {@link CLOSE_GRACE_MS}, then its store a second
 * and its traces two. Supervisors kill after 10 s.
 */
export const PROCESS_STOP_MS = 9_000;

/** A process of the API that served for so long was well: if it ends, the first wait for the next one is short again. */
export const PROCESS_WELL_MS = 60_000;

/** How far the clocks of daymark and of whoever issues a JWT may differ. */
export const JWT_CLOCK_SKEW_S = 60;

/** How long a JWT is accepted without checking its signature again: so long a key that was taken out of the JWKS still counts. */
export const JWT_MAX_AGE_MS = 30_000;

/** JWTs that are remembered, at some 400 bytes each. The signature of any other is checked with each request: 0.1 ms. */
export const MAX_CACHED_JWTS = 10_000;

/** How long a JWKS is used before it is asked for again, and how soon after that an unknown key id may ask for it anew. */
export const JWKS_MAX_AGE_MS = 600_000;
export const JWKS_COOLDOWN_MS = 30_000;

/** How long an identity provider may take to send its JWKS. */
export const JWKS_TIMEOUT_MS = 5_000;

/** A larger JWKS is refused. Providers publish a handful of keys, of 2 KB with their certificates. */
export const MAX_JWKS_BYTES = 256 * KIB;

/** A larger TLS_CERT or TLS_KEY is refused. A certificate with its chain has some 6 KB. */
export const MAX_TLS_FILE_BYTES = 256 * KIB;

/**
 * Time from a connection to the end of its TLS handshake. After that it is closed. It holds a place among the connections
 * meanwhile, and is the first to go where all are taken.
 */
export const TLS_HANDSHAKE_TIMEOUT_MS = 10_000;

/** The availability that customers may expect, unless `TARGET_PERCENT` says otherwise. */
export const DEFAULT_TARGET_PERCENT = 99.9;

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long a link is valid unless it is said, and at the most. Who needs more for longer has a key. */
export const DEFAULT_LINK_AGE_MS = 30 * DAY_MS;
export const MAX_LINK_AGE_MS = 366 * DAY_MS;

/** The shortest time that can be asked for. Clocks of machines differ by seconds. */
export const MIN_LINK_AGE_S = 60;

/**
 * How long a link is kept when it has expired, so that lists show what was shared. The server of a portal makes many for frames, so
 * these go sooner. They are deleted when others are made, so many at once: 1,000 rows take 5 ms.
 */
export const LINK_KEPT_MS = { page: 30 * DAY_MS, embed: DAY_MS } as const;
export const LINKS_DELETED_AT_ONCE = 1_000;

/** Links that are kept, expired ones included: some 40 MB with their indexes. Further ones are refused. Counting them takes 5 ms. */
export const MAX_LINKS = 100_000;

/** Characters of the name of a link. */
export const MAX_LINK_NAME_CHARACTERS = 200;

/** How long a cache may show a badge without asking again: services that show pictures ask every few minutes. */
export const BADGE_MAX_AGE_S = 300;

/** The days whose availability a badge shows. */
export const BADGE_DAYS = 30;

/** Bytes of badges that are kept while the data are unchanged: some 5,000. */
export const MAX_BADGES_CACHE_BYTES = 8 * MIB;

/** Origins of `EMBED_ANCESTORS`: they stand in a header of the page, which proxies bound to 4 KiB and more. */
export const MAX_EMBED_ANCESTORS = 20;

/**
 * How often the store is asked whether something was committed, while somebody has a stream of events open. An event comes within
 * this time, and so at most twice a second. It costs one query: 10 µs in the embedded store.
 */
export const EVENT_POLL_MS = 500;

/** A comment is sent where nothing else was for so long. Proxies and this server cut connections after 60 s of silence. */
export const EVENT_HEARTBEAT_MS = 15_000;

/** How long clients are told to wait before they connect again. */
export const EVENT_RETRY_MS = 2_000;

/**
 * How often it is asked whether the owner of a stream may still read. What is known of a key may be {@link KEY_MAX_AGE_MS} old,
 * so a stream ends within two seconds after its key was revoked.
 */
export const EVENT_ACCESS_INTERVAL_MS = 1_000;

/** Streams end if the store does not say for so long whether something was committed. Clients that connect again get its error. */
export const EVENT_OUTAGE_MS = 3_000;

/** Bytes of a stream that wait for its client. Beyond it the client is cut off: it has not read hundreds of events. */
export const MAX_EVENT_STREAM_BYTES = 16 * KIB;

/** The share of the connections for streams of events unless `MAX_EVENT_STREAMS` says otherwise. Others are for answers. */
export const EVENT_STREAMS_SHARE_OF_CONNECTIONS = 1 / 2;
export const DEFAULT_MAX_EVENT_STREAMS = DEFAULT_MAX_CONNECTIONS * EVENT_STREAMS_SHARE_OF_CONNECTIONS;

/** The share of the streams that one reader may have: a key, or without one an address. */
export const EVENT_STREAMS_SHARE_OF_READER = 1 / 4;

/** Bytes of the body of a push, as it comes. A hundred thousand lines of 40 bytes; compressed, ten times as many. A longer one is refused. */
export const MAX_PUSH_BODY_BYTES = 4 * MIB;

/** Bytes of a push without compression. All of it is in memory, and it is committed whole. A longer one is refused. */
export const MAX_PUSH_BYTES = 16 * MIB;

/** A zstd frame of a push that needs a larger window is refused: this is as much as the content may have. */
export const MAX_PUSH_WINDOW_LOG = 24;

/**
 * Pushes that one process takes at once, from the first byte to the answer: they hold up to {@link MAX_PUSH_BODY_BYTES} each. Further
 * ones get 429. They are read and committed one after the other, so more at once would not be done sooner.
 */
export const MAX_CONCURRENT_PUSHES = 8;

/** Seconds after which a refused push may be tried again. Most take less. */
export const PUSH_RETRY_AFTER_S = 1;

/** How long a push waits for its answer. After that it gets 503, and may be committed or not: the next try tells. */
export const PUSH_TIMEOUT_MS = 30_000;

/** Memory of what a push adds to windows. A push of {@link MAX_PUSH_BYTES} with some 60,000 customers and endpoints fits. */
export const PUSH_STATE_BYTES = 16 * MIB;

/** Characters of an `Idempotency-Key`. A UUID has 36. It is half of a primary key. */
export const MAX_IDEMPOTENCY_KEY_CHARACTERS = 255;

/** The shortest and the longest time for which keys of pushes are known. Collectors retry for minutes, queues on disks for days. */
export const MIN_PUSH_KEY_MS = 3_600_000;
export const MAX_PUSH_KEY_MS = 31 * DAY_MS;

/** How often keys of old pushes are forgotten, and how many at once. 1,000 rows take 5 ms. */
export const PUSH_FORGET_INTERVAL_MS = 5_000;
export const PUSHES_FORGOTTEN_AT_ONCE = 1_000;

/**
 * Partitions of one client of pushes: as many processes commit pushes of one client without waiting for each other. A process uses
 * another one only when it met somebody in its own.
 */
export const MAX_PUSH_PARTITIONS = 16;

/** How often a push looks for a partition that nobody else moves meanwhile. With 16 partitions, four processes need three tries. */
export const MAX_PUSH_TRIES = 20;

/** Rejected lines that the answer to a push tells of. The answer is kept with its key. */
export const MAX_PUSH_REJECTIONS_TOLD = 10;

/**
 * Objects and lists in the log records of a push. Those of a record take some 30 bytes each, so a whole push has half as many. Without
 * a bound, MAX_PUSH_BYTES of empty ones would take a gigabyte of memory.
 */
export const MAX_OTLP_OBJECTS = 1_000_000;

/** Levels of objects in an attribute of a log record of OTLP. What lies deeper is passed over. */
export const MAX_OTLP_DEPTH = 8;

/** How long the thread of pushes may take to end, once no request is left. */
export const PUSH_STOP_MS = 2_000;
