/** Bounds of the HTTP server alone, each with its reason; what the whole program shares stands in `limits.ts`. */

/** A request line and its headers. The longest URL takes about 850 bytes; cookies of the same host take the rest. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** From the first byte of a request to the last of its headers; past it 408. Slow senders hold a socket no longer. */
export const HEADERS_TIMEOUT_MS = 10_000;

/** From the first byte of a request to its last; past it 408. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** A socket on which nothing moves, an answer in the making included. Longer than the store waits for a lock. */
export const CONNECTION_TIMEOUT_MS = 60_000;

/** An idle connection is kept this long: longer than the 60 s after which common load balancers drop theirs. */
export const KEEP_ALIVE_TIMEOUT_MS = 72_000;

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

/** What `Retry-After` says where nothing better is known: as long as {@link EVENT_LOOP_SAMPLE_MS}. */
export const RETRY_AFTER_S = 5;

/** An answer that would take more than this share of the cache is not kept: one would push out a thousand. */
export const MAX_SHARE_OF_ANSWER_CACHE = 1 / 8;
