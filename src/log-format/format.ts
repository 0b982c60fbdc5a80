/**
 * A log format describes which part of a line is what. Format strings and presets are parsed into it
 * (`format-string/`, `presets.ts`). The reference parser (`reference/`) defines what a line of it means, and
 * `compile/` compiles it for the kernel.
 */

import type { PartWord } from './rules/line-rules.ts';

/**
 * How an event time is written.
 * - `datetime`: `2024-10-02 05:10:46` and nothing else; it has no offset.
 * - `iso8601`: a date, one of `T` `t` space tab, and a time; then an optional fraction behind `.` or `,`, and an
 *   optional offset: `Z`, `z`, `+02:00`, `+0200` or `+02`.
 * - `clf`: `02/Oct/2024:05:10:46`; then an optional fraction behind `.`, and an optional offset behind a space: `
 *   +0200`.
 * - `slashes`: `2024/10/02 05:10:46`, then an optional fraction behind `.`; it has no offset.
 * - `rfc1123`: `Wed, 02 Oct 2024 05:10:46 GMT`; `UTC` for `GMT`, too.
 * - `rfc2822`: `Wed, 2 Oct 2024 05:10:46 +0200`. The day of the week and the seconds are optional, the day has one or
 *   two digits, and `GMT`, `UTC`, `UT` or `Z` can stand for the offset.
 * - `ctime`: `Wed Oct  2 05:10:46 2024`, with an optional fraction behind the seconds; it has no offset.
 * - `epoch_…`: decimal seconds, milliseconds, microseconds or nanoseconds since 1970-01-01T00:00Z, with an optional
 *   fraction behind `.`.
 *
 * Names of days must be those of the date. Event times are kept in whole milliseconds. Finer digits are cut off. A
 * leap second (23:59:60 in UTC) is read as the last second of its minute.
 */
export const TIMESTAMP_KINDS = [
  'datetime',
  'iso8601',
  'clf',
  'slashes',
  'rfc1123',
  'rfc2822',
  'ctime',
  'epoch_s',
  'epoch_ms',
  'epoch_us',
  'epoch_ns',
] as const;

/** A form of `strftime`, such as `%d/%b/%Y %H:%M:%S`. `reference/strftime.ts` has the conversions. */
export type TimeForm = `${string}%${string}`;

export type TimestampKind = (typeof TIMESTAMP_KINDS)[number] | TimeForm;

export function isTimeForm(kind: string): kind is TimeForm {
  return kind.includes('%');
}

/** `text`: each number has its unit behind it: `812.5µs`, `1m2.5s`, `5 msecs`. */
export const DURATION_UNITS = ['s', 'ms', 'us', 'ns', 'text'] as const;

export type DurationUnit = (typeof DURATION_UNITS)[number];

/**
 * How a text escapes bytes.
 * - `none`: not at all.
 * - `backslash`: as nginx and Apache do, and HAProxy with `+E`: `\"`, `\\`, `\xHH`, `\n`, `\t` and so on. `%XX` is left alone.
 * - `json`: as RFC 8259 says. `\xHH` is not part of that.
 * - `hash`: as HAProxy does in requests and captured headers: `#HH`. It writes `#` itself as `#23`.
 */
export const ESCAPES = ['none', 'backslash', 'json', 'hash'] as const;

export type Escapes = (typeof ESCAPES)[number];

/** True where a backslash before a quote says that the quote does not end a text. */
export function areQuotesHidden(escapes: Escapes): boolean {
  return escapes === 'backslash' || escapes === 'json';
}

/**
 * One step from a value to the customer id.
 * - `address`: an IP address in its canonical form, without a port. With `hasPort` a port must stand behind it, so the last
 *   group of an IPv6 address without brackets is the port.
 * - `item`: an item of a list with commas. `index` counts from 0, or from -1 backwards.
 * - `template`: a text with `{customer_id}` in it; see `reference/value-template.ts`.
 * - `claim`: a claim of a JWT (RFC 7519). It is decoded and not verified.
 */
export type CustomerStep =
  | { readonly kind: 'address'; readonly hasPort: boolean }
  | { readonly kind: 'item'; readonly index: number }
  | { readonly kind: 'template'; readonly text: string }
  | { readonly kind: 'claim'; readonly path: readonly string[] };

/** One of the places in a line where the customer id may be. */
export interface CustomerPlace {
  /** Its number in the order of places, from 0. The first place that has a value counts. */
  readonly rank: number;
  /** How to take the id out of the value, one after the other. None: the whole value. */
  readonly steps: readonly CustomerStep[];
}

/** A place in the request path. */
export interface CustomerPathPlace extends CustomerPlace {
  /** See {@link LogFormatBase.customerPath}. */
  readonly template: string;
}

/** Half of a time that a line writes in two places. */
export type TimestampPart = 'date' | 'time';

/** What a part of a line means. */
export type Field =
  /**
   * `part`: this is one of two fields. Together, the date first, they are a timestamp of the kind. A space stands
   * between them, or a colon in `clf`.
   */
  | { readonly role: 'timestamp'; readonly kind: TimestampKind; readonly part?: TimestampPart }
  /**
   * When the request began and ended. The time between is the duration. The beginning is the event time of a format
   * without a timestamp.
   */
  | { readonly role: 'begin' | 'end'; readonly kind: TimestampKind }
  /**
   * Only where the id is in a field of its own; see {@link LogFormatBase.customerPath}.
   *
   * `places`: how the id is taken out of the value, and where the value stands in the order of places. Several fields can
   * have this role then. Undefined: the whole value is the id, and it is the only place.
   */
  | { readonly role: 'customer_id'; readonly places?: readonly CustomerPlace[] }
  /** A path or a URL, with or without a query. */
  | { readonly role: 'request_path' }
  /** `GET /path HTTP/1.1`: method, path, protocol. */
  | { readonly role: 'request' }
  | { readonly role: 'status' }
  /**
   * A decimal number with an optional fraction. Several durations of one format add up.
   * - `isList`: values separated by commas and colons, with spaces around them (nginx's `$upstream_response_time`).
   *   They add up.
   * - `unitSuffix`: bytes that must follow the number (`ms` in Traefik's own format).
   */
  | {
      readonly role: 'duration';
      readonly unit: DurationUnit;
      readonly isList?: boolean;
      readonly unitSuffix?: string;
    }
  /** Anything else. The name of the element says what it is. */
  | { readonly role: 'skip' };

/** The roles of fields that daymark needs, in the order in which it judges fields that have names. */
export const NEEDED_ROLES = [
  'timestamp',
  'begin',
  'end',
  'customer_id',
  'request_path',
  'request',
  'status',
  'duration',
] as const satisfies readonly Field['role'][];

export type NeededRole = (typeof NEEDED_ROLES)[number];

/**
 * What an unquoted text can be. A field is often followed by a text that can also stand inside of it, so whatever
 * stands before the line would become a part of its first fields.
 * - `host`: an IPv4 or IPv6 address, a host name, `unix:` with or without a path, or `-`.
 * - `word`: it holds no space and no tab.
 * - `user`: a word without `[`, or several words of letters with single spaces between them.
 * - `list`: words with `,` or ` : ` between them, as nginx writes the upstreams of a request: `10.0.0.1:80, unix:/a`.
 * - `request`: `GET /path HTTP/1.1`, `-` or nothing. It ends behind its protocol.
 */
export const TEXT_KINDS = ['host', 'word', 'user', 'list', 'request'] as const;

export type TextKind = (typeof TEXT_KINDS)[number];

export interface FieldElement {
  readonly field: Field;
  /** What the text can be, for a customer id or a skipped field of a pattern. Undefined: anything. */
  readonly text?: TextKind;
  /** True where the value of a pattern's field stands in double quotes, or is a `-` without them, as Traefik writes it. */
  readonly isInQuotes?: boolean;
  /** The name in the format: `remote_user`, `%D`, `request.uri`. */
  readonly name: string;
  /**
   * True where the value may be missing: `-` or nothing; in JSON also null or no such key; for a customer id and a
   * duration also `""`; for a duration also `-1`, which load balancers write where a connection ended early.
   *
   * A missing customer id is rejected as `missing_customer_id`. A missing duration makes a record without one, even
   * if only one of several is missing, or the beginning or the end. Event times and statuses are never optional: a
   * line without them is no record.
   */
  readonly isOptional: boolean;
  /** The number under which rules (EXCLUDE, INCLUDE) know the field. Undefined: none looks at it. */
  readonly slot?: number;
}

interface LogFormatBase {
  /** For customer ids and paths. */
  readonly escapes: Escapes;
  /**
   * Where the customer id is in the request path: `/accounts/{customer_id}/orders`. Literal segments must be equal,
   * `*` is any one segment, and the path may be longer than the template. Undefined where the customer id is a field.
   */
  readonly customerPath?: string;
  /** The same, where the path is one of several places, or where steps follow the template. */
  readonly customerPaths?: readonly CustomerPathPlace[];
}

/** Fields with fixed text between them. Two fields are never adjacent. */
export interface PatternFormat extends LogFormatBase {
  readonly layout: 'pattern';
  readonly elements: readonly (string | FieldElement)[];
  /** True where anything may follow the last element. */
  readonly isOpenEnded: boolean;
  /** Lines with this prefix are no requests: `#` in CloudFront's logs. They count as `header_line`. */
  readonly commentPrefix?: string;
  /** The sign that the dialect writes before the name of a field, for messages: `$` for nginx. */
  readonly sign?: string;
}

/** Lines with named values. */
interface KeyedFormat extends LogFormatBase {
  /** Which keys are parts of a request that no record needs. Rules look at them. */
  readonly parts?: Readonly<Partial<Record<PartWord, string>>>;
}

/** One JSON object on each line. */
export interface JsonFormat extends KeyedFormat {
  readonly layout: 'json';
  readonly fields: readonly (FieldElement & { readonly path: readonly string[] })[];
}

/** `key=value key="quoted value"`. */
export interface LogfmtFormat extends KeyedFormat {
  readonly layout: 'logfmt';
  readonly fields: readonly (FieldElement & { readonly key: string })[];
}

/** Labeled tab-separated values (http://ltsv.org): `label:value` with tabs between them. */
export interface LtsvFormat extends KeyedFormat {
  readonly layout: 'ltsv';
  readonly fields: readonly (FieldElement & { readonly key: string })[];
}

/**
 * The extended log format of the W3C (https://www.w3.org/TR/WD-logfile.html). A `#Fields:` line names the columns of the
 * lines below it, up to the next such line. Tabs stand between the columns of a line that has any, else single spaces.
 */
export interface W3cFormat extends KeyedFormat {
  readonly layout: 'w3c';
  /** `mayBeAbsent`: a header need not name the column. The value is missing then. */
  readonly fields: readonly (FieldElement & { readonly column: string; readonly mayBeAbsent?: boolean })[];
  /** The columns of lines without `#Fields` above them; more may follow. Undefined: such lines are rejected. */
  readonly columns?: readonly string[];
}

/** CSV (RFC 4180) or TSV. The first line of a partition names the columns. A quoted field holds no newline. */
export interface DelimitedFormat extends KeyedFormat {
  readonly layout: 'delimited';
  readonly delimiter: ',' | '\t' | ';';
  readonly fields: readonly (FieldElement & { readonly column: string })[];
}

/**
 * A log format. It has exactly one timestamp (or one date and one time, or a beginning), one status, and one customer
 * id (or a `customerPath` with one path or request), or several places for it.
 */
export type LogFormat = PatternFormat | JsonFormat | LogfmtFormat | LtsvFormat | W3cFormat | DelimitedFormat;
