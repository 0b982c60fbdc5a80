/**
 * What a log format is: a description of where a line says what. Format strings and presets are read into it
 * (`format-string/`, `presets.ts`); the reference parser (`reference/`) says what a line of it means, and
 * `program.ts` compiles it for the kernel.
 */

/**
 * How an event time is written.
 * - `datetime`: `2024-10-02 05:10:46` and nothing else; it has no offset.
 * - `iso8601`: a date, one of `T` `t` space tab, a time; then, if there, a fraction of the second behind `.` or
 *   `,` and an offset: `Z`, `z`, `+02:00`, `+0200` or `+02`.
 * - `clf`: `02/Oct/2024:05:10:46`; then, if there, a fraction behind `.`, and an offset behind a space: ` +0200`.
 * - `epoch_…`: seconds, milliseconds, microseconds or nanoseconds since 1970-01-01T00:00Z, decimal, with a fraction
 *   behind `.` if there is one.
 *
 * An event time is kept in whole milliseconds; what is finer is cut off.
 */
export const TIMESTAMP_KINDS = [
  'datetime',
  'iso8601',
  'clf',
  'epoch_s',
  'epoch_ms',
  'epoch_us',
  'epoch_ns',
] as const;

export type TimestampKind = (typeof TIMESTAMP_KINDS)[number];

export const DURATION_UNITS = ['s', 'ms', 'us', 'ns'] as const;

export type DurationUnit = (typeof DURATION_UNITS)[number];

/**
 * How the bytes of a text stand for others.
 * - `none`: they stand for themselves.
 * - `backslash`: nginx, Apache, HAProxy: `\"`, `\\`, `\xHH`, `\n`, `\t` and so on; `%XX` is not touched.
 * - `json`: those of RFC 8259, and `\xHH` is none of them.
 */
export type Escapes = 'none' | 'backslash' | 'json';

/** What a place in a line says. */
export type Field =
  | { readonly role: 'timestamp'; readonly kind: TimestampKind }
  /** Only where the id has a place of its own; see {@link LogFormatBase.customerPath}. */
  | { readonly role: 'customer_id' }
  /** A path, or a URL, with or without a query. */
  | { readonly role: 'request_path' }
  /** `GET /path HTTP/1.1`: method, path, protocol. */
  | { readonly role: 'request' }
  | { readonly role: 'status' }
  /**
   * Decimal, with a fraction if there is one. Several of one format add up. `isList`: values separated by commas and
   * colons, with spaces around them (nginx's `$upstream_response_time`), which add up.
   * `unitSuffix`: bytes that must stand behind the number (`ms` in Traefik's own format).
   */
  | {
      readonly role: 'duration';
      readonly unit: DurationUnit;
      readonly isList?: boolean;
      readonly unitSuffix?: string;
    }
  /** Anything: `name` is what the format calls it, for people. */
  | { readonly role: 'skip' };

export interface FieldElement {
  readonly field: Field;
  /** What the format calls it: `remote_user`, `%D`, `request.uri`. */
  readonly name: string;
  /**
   * True where `-`, nothing at all, or in JSON null or no such key, says that there is no value; for a duration also
   * `-1`, which load balancers write where a connection ended early. A missing customer id is `missing_customer_id`; a
   * missing duration makes a record without one (also where one of several is missing). Times and statuses are never
   * optional: without them a line is no record.
   */
  readonly isOptional: boolean;
}

interface LogFormatBase {
  /** Of customer ids and paths. */
  readonly escapes: Escapes;
  /**
   * Where the customer id stands in the request path: `/accounts/{customer_id}/orders`. Literal segments must be
   * equal, `*` is any one segment, and the path may go on behind the template. Undefined where it is a field.
   */
  readonly customerPath?: string;
}

/** Fields with fixed text between them. No two fields stand side by side. */
export interface PatternFormat extends LogFormatBase {
  readonly layout: 'pattern';
  readonly elements: readonly (string | FieldElement)[];
  /** True where anything may follow the last element. */
  readonly isOpenEnded: boolean;
  /** Lines that begin with it are no requests: `#` in CloudFront's logs. They count as `header_line`. */
  readonly commentPrefix?: string;
  /** What the dialect writes before the name of a field, for people: `$` of nginx. */
  readonly sign?: string;
}

/** One JSON object a line. */
export interface JsonFormat extends LogFormatBase {
  readonly layout: 'json';
  readonly fields: readonly (FieldElement & { readonly path: readonly string[] })[];
}

/** `key=value key="quoted value"`. */
export interface LogfmtFormat extends LogFormatBase {
  readonly layout: 'logfmt';
  readonly fields: readonly (FieldElement & { readonly key: string })[];
}

/** CSV (RFC 4180) or TSV: the first line of a partition names the columns. A quoted field holds no newline. */
export interface DelimitedFormat extends LogFormatBase {
  readonly layout: 'delimited';
  readonly delimiter: ',' | '\t' | ';';
  readonly fields: readonly (FieldElement & { readonly column: string })[];
}

/** Exactly one timestamp, one status, one customer id (or a `customerPath` and one path or request). */
export type LogFormat = PatternFormat | JsonFormat | LogfmtFormat | DelimitedFormat;
