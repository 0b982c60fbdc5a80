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

/** Records that a scanner hands over at once: the columns (24 bytes a record) stay in the second-level cache. */
export const RECORD_BATCH_ROWS = 4096;

/** Customers known to a scanner at once; past it the batch is committed and the table starts anew. */
export const MAX_INTERNED_CUSTOMERS = 128 * KIB;

/** Bytes of customer ids known to a scanner at once; past it the same. */
export const MAX_INTERNED_BYTES = 8 * MIB;

/** Windows that one batch may touch; past it the batch is committed. A window costs about 48 bytes beside its durations. */
export const MAX_BATCH_WINDOWS = 128 * KIB;

/** What is kept of a rejected line: enough to recognise it. The rest is cut. */
export const REJECTED_EXCERPT_BYTES = 200;

/** Rejected lines kept for each partition. Past it they are only counted, by reason, exactly. */
export const MAX_REJECTED_LINES_KEPT = 1000;

/** Rejected lines that one batch carries for all its partitions; past it the batch is committed. */
export const MAX_BATCH_REJECTIONS = 10_000;

/** Bytes of content that identify a file. */
export const FILE_IDENTITY_BYTES = 1024;

/** What is looked at before a new file is taken for a log. */
export const FILE_SAMPLE_BYTES = 64 * KIB;

/** Rows that one statement reads or writes: 64 rows of 13 columns stay below every engine's bound on parameters. */
export const STORE_CHUNK_ROWS = 64;

/** Days in one answer: a hundred years. More is refused, never cut silently. */
export const MAX_DAYS_PER_ANSWER = 36_600;

/** Bytes of answers that the API keeps ready. Past it the least recently asked go. */
export const MAX_ANSWER_CACHE_BYTES = 32 * MIB;

/** The API refuses longer URLs' parameters: a customer id of 255 bytes, each percent-encoded. */
export const MAX_URL_PARAMETER_CHARACTERS = 3 * MAX_CUSTOMER_ID_BYTES;

/** The API reads no bodies; this bounds what is thrown away. */
export const MAX_REQUEST_BODY_BYTES = 16 * KIB;

/** How long a commit waits for another process's commit on the embedded store. */
export const STORE_BUSY_TIMEOUT_MS = 30_000;

/** PostgreSQL connections of one process: one for the pipeline, the rest for the API. */
export const MAX_POSTGRES_CONNECTIONS = 10;

/** The age at which a batch is committed though nothing fills it: what a crash costs, and how fresh answers are. */
export const COMMIT_INTERVAL_MS = 2_000;

/** How often following looks for new lines: lines are read within a second of their writing. */
export const FOLLOW_POLL_MS = 500;

/** How often progress is told: as fast as a person can read. */
export const PROGRESS_INTERVAL_MS = 100;
