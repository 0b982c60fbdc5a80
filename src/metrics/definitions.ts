/**
 * Every metric of daymark, declared once. `/metrics` and `docs/metrics.md` come from this table. No label holds the name of a customer
 * or of a file: each value of a label is a time series, and `/metrics` may be read by people who may not know customers.
 */

export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in seconds. */
  readonly buckets?: readonly number[];
  /** What several processes that serve one address show together. By default the sum. What all of them know alike is no sum. */
  readonly aggregator?: 'sum' | 'first' | 'min' | 'max';
}

/** Keeps the exact types of the table. */
const define = <const T extends Record<string, MetricDefinition>>(table: T): T => table;

/** From a cached answer, which takes a tenth of a millisecond, to the bounds at which an answer is given up. */
const ANSWER_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** From a small commit to the timeout of a statement. */
const COMMIT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export const METRICS = define({
  daymark_build_info: {
    kind: 'gauge',
    help: 'Always 1. The label is the version of daymark.',
    labels: ['version'],
    aggregator: 'first',
  },
  daymark_processes: {
    kind: 'gauge',
    help: 'The processes that these metrics are of: 1, or those of PROCESSES that run.',
    labels: [],
  },
  daymark_process_restarts_total: {
    kind: 'counter',
    help: 'Processes of PROCESSES that ended by themselves, and were to be started again.',
    labels: [],
  },
  // ── requests ──
  daymark_http_requests_total: {
    kind: 'counter',
    help: 'Requests by their route, method and status. The route is (none) where no route took the request. The status is 0 if the client left before it had the whole answer.',
    labels: ['route', 'method', 'status'],
  },
  daymark_http_request_duration_seconds: {
    kind: 'histogram',
    help: 'From the headers of a request to the last byte of its answer, by route. Of a stream of events, to its beginning.',
    labels: ['route'],
    buckets: ANSWER_BUCKETS,
  },
  daymark_http_requests_in_progress: {
    kind: 'gauge',
    help: 'Requests that are being answered.',
    labels: [],
  },
  daymark_http_requests_waiting: {
    kind: 'gauge',
    help: 'Requests that wait for their turn: to merge days, to rank customers, to stream an answer, or to compress one.',
    labels: ['queue'],
  },
  daymark_http_refusals_total: {
    kind: 'counter',
    help: 'Answers to what never became a request: no connection was free, or the message was not HTTP.',
    labels: ['status'],
  },
  daymark_http_connections: { kind: 'gauge', help: 'Open connections to the API.', labels: [] },
  daymark_event_streams: {
    kind: 'gauge',
    help: 'Open streams of events (/v1/events). Each is a connection, too.',
    labels: [],
  },
  daymark_events_sent_total: {
    kind: 'counter',
    help: 'Events that were sent, to each stream one after a commit. Comments and beginnings of streams are none.',
    labels: [],
  },
  daymark_event_streams_ended_total: {
    kind: 'counter',
    help: 'Streams of events that ended. The reason is client (it left), key (it was revoked or expired), slow (the client did not read and was cut off), store (the database was away, or nobody could say whether the key is valid) or stop.',
    labels: ['reason'],
  },
  daymark_tls_failed_handshakes_total: {
    kind: 'counter',
    help: 'TLS handshakes with the API that failed. The reason is closed (the client left, or was closed to make room), timeout, plain_http, client_alert (the client refused, such as a certificate that it does not trust) or protocol (no common version, or no TLS).',
    labels: ['reason'],
  },
  daymark_tls_certificate_not_after_seconds: {
    kind: 'gauge',
    help: 'When the certificate of the API ends, in seconds since 1970, by the SHA-256 of the certificate. Only with TLS_CERT.',
    labels: ['fingerprint'],
    aggregator: 'min',
  },
  daymark_access_log_lost_total: {
    kind: 'counter',
    help: 'Lines of the access log that could not be written, because its reader is slow or the disk is full.',
    labels: [],
  },
  daymark_trace_spans_lost_total: {
    kind: 'counter',
    help: 'Spans that did not reach the collector of traces, because it is away, refused them, or is too slow.',
    labels: [],
  },
  // ── reading logs ──
  daymark_lines_total: {
    kind: 'counter',
    help: 'Lines that this process has stored. Each has one outcome: accepted, rejected, dropped (late, with LATE_EVENTS=drop) or excluded.',
    labels: ['source', 'outcome'],
  },
  daymark_late_lines_total: {
    kind: 'counter',
    help: 'Late lines that this process has stored: dropped ones, and those that were merged, which are accepted, too.',
    labels: ['source'],
  },
  daymark_rejected_lines_total: {
    kind: 'counter',
    help: 'Rejected lines that this process has stored, by reason. docs/rejections.md lists the reasons.',
    labels: ['source', 'reason'],
  },
  daymark_read_bytes_total: {
    kind: 'counter',
    help: 'Bytes of the lines that this process has stored, as they are without compression.',
    labels: ['source'],
  },
  daymark_commit_duration_seconds: {
    kind: 'histogram',
    help: 'How long the database took for a commit of lines. Failed tries are not counted.',
    labels: ['source'],
    buckets: COMMIT_BUCKETS,
  },
  daymark_committed_windows_total: {
    kind: 'counter',
    help: 'Days of customers that commits have written. One that two commits wrote counts twice.',
    labels: ['source'],
  },
  daymark_lag_bytes: {
    kind: 'gauge',
    help: 'Bytes that are in the logs and not in the store. Absent where that is not known, as while an archive is read.',
    labels: ['source'],
  },
  daymark_lag_messages: {
    kind: 'gauge',
    help: 'Messages of topics that are there and not in the store, of the partitions that this process reads. Absent where that is not known, or no topics are read.',
    labels: ['source'],
  },
  daymark_lag_seconds: {
    kind: 'gauge',
    help: 'All that stood in the logs so many seconds ago is in the store. Absent until everything was read once.',
    labels: ['source'],
  },
  daymark_reading_waits: {
    kind: 'gauge',
    help: '1 while the reading of logs waits for the database, otherwise 0.',
    labels: ['source'],
  },
  daymark_inputs_away: {
    kind: 'gauge',
    help: 'Logs and directories that cannot be read at the moment. The others are read meanwhile.',
    labels: ['source'],
  },
  daymark_leases_held: {
    kind: 'gauge',
    help: 'Partitions of a topic that this process reads, where several processes divide them.',
    labels: ['source'],
  },
  daymark_problems_total: {
    kind: 'counter',
    help: 'Warnings about logs, by code. docs/errors.md lists the codes.',
    labels: ['code'],
  },
  // ── the store ──
  daymark_store_up: {
    kind: 'gauge',
    help: '1 if the database answered this scrape in time, otherwise 0. Without an answer, the other metrics of the store are absent.',
    labels: [],
    aggregator: 'min',
  },
  daymark_store_size_bytes: {
    kind: 'gauge',
    help: 'Bytes of the database: of its files for SQLite, as pg_database_size counts them for PostgreSQL.',
    labels: ['database'],
    aggregator: 'max',
  },
  daymark_store_lines: {
    kind: 'gauge',
    help: 'Lines of all ledgers in the store by outcome, whichever process read them.',
    labels: ['outcome'],
    aggregator: 'max',
  },
  daymark_store_late_lines: {
    kind: 'gauge',
    help: 'Late lines of all ledgers in the store. Those that were not dropped are accepted, too.',
    labels: ['database'],
    aggregator: 'max',
  },
  daymark_store_partitions: {
    kind: 'gauge',
    help: 'Logs that the store knows, by state: live, finished or retired.',
    labels: ['state'],
    aggregator: 'max',
  },
  daymark_store_last_commit_timestamp_seconds: {
    kind: 'gauge',
    help: 'When the store last changed what it knows of a log, by the clock of the database. In seconds since 1970.',
    labels: ['database'],
    aggregator: 'max',
  },
  daymark_store_last_event_timestamp_seconds: {
    kind: 'gauge',
    help: 'The greatest event time of all logs. In seconds since 1970.',
    labels: ['database'],
    aggregator: 'max',
  },
});

export type MetricName = keyof typeof METRICS;

/** The names of the metrics of one kind. */
export type MetricOf<Kind extends MetricDefinition['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
