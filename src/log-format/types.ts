import type { ZoneTable } from '../window/types.ts';
import type { EndpointSettings } from './endpoints/types.ts';
import type { LogFormat } from './format.ts';
import type { LineRules } from './rules/line-rules.ts';
import type { LogWrapper } from './wrapper/types.ts';

/**
 * Columns of scanned records. The scanner owns the arrays and overwrites them in its next step. Only the first `rows`
 * entries of each are valid.
 */
export interface RecordBatch {
  rows: number;
  /** Milliseconds since 1970-01-01T00:00Z. */
  readonly eventTimeMs: Float64Array;
  /** The scanner's own small number of the customer. {@link Scanner.customerId} gives the id. */
  readonly customer: Int32Array;
  /** 100 to 599; 0: there was no response. */
  readonly status: Int32Array;
  /** 0 to 86,400,000,000; −1 where there is no duration. */
  readonly durationUs: Float64Array;
  /** Where the line begins, and where the next one does. Both count bytes as {@link Scanner.offset} does. */
  readonly lineBegin: Float64Array;
  readonly lineEnd: Float64Array;
  /** The scanner's number of the customer's endpoint. {@link Scanner.endpoint} gives it. Undefined where none are kept. */
  readonly endpoint?: Int32Array | undefined;
}

/** An endpoint of a customer, as a scanner numbers it. */
export interface CustomerEndpoint {
  /** The number of the customer. */
  readonly customer: number;
  /** Its method and path template, in printable ASCII. */
  readonly text: string;
}

/** How to read lines. */
export interface ScanSettings {
  readonly format: LogFormat;
  /** The zone of timestamps without an offset. */
  readonly logZone: ZoneTable;
  /** The customer for whom lines without a customer id count. Undefined where such lines are rejected. */
  readonly missingCustomerId: string | undefined;
  /** What another program put around each line. Undefined where lines stand as they are. */
  readonly wrapper?: LogWrapper | undefined;
  /** Ids that count for another customer, with its id. No id of a customer is among them. */
  readonly aliases?: ReadonlyMap<string, string> | undefined;
  /** Which lines do not count. Undefined: all count. The format marks the fields that they look at. */
  readonly rules?: LineRules | undefined;
  /** How endpoints are made of requests. Undefined: none are kept. */
  readonly endpoints?: EndpointSettings | undefined;
}

/** The values of a line. */
export interface ParsedLine {
  /** Whole milliseconds since 1970-01-01T00:00Z. */
  eventTimeMs: number;
  /**
   * 1 to 255 bytes of UTF-8 without control characters, with escapes resolved. It may be a view of the line's bytes.
   */
  customerId: Uint8Array;
  /** 100 to 599; 0: there was no response. */
  status: number;
  /** 0 to 86,400,000,000; −1 where there is no duration. */
  durationUs: number;
  /** The endpoint, in printable ASCII. Undefined where none are kept, or lines of the format have no path. */
  endpoint?: string | undefined;
}

/** The columns of the lines of a format whose log names them. */
export interface HeaderColumns {
  /** In their order. */
  readonly names: readonly string[];
  readonly delimiter: string;
  /** True where more columns may follow. */
  readonly isOpenEnded: boolean;
}

/** Defines what a line means, in plain code. Every faster way of reading is tested against it. */
export interface LineParser {
  /**
   * Begins a partition, or goes on with it. @param head the first bytes of the partition. A `delimited` format needs its
   * first line to know the columns. Do not give that line to {@link parse}: the scanner counts it as `header_line`. A
   * `w3c` format needs the last header above the next line, where there is one.
   */
  startPartition(head: Uint8Array): void;
  /**
   * The columns of the lines that follow; undefined where the format has none, or they are not known yet. It is another
   * object where they have changed.
   */
  readonly columns: HeaderColumns | undefined;
  /** Hears of a line that is too long to be parsed. @param beginning its first bytes. */
  passLongLine(beginning: Uint8Array): void;
  /**
   * Parses the line `[start, end)` of `bytes`, without its LF or CR LF.
   * @param parsed receives the values; they are valid only where the line is a record.
   * @returns why the line is rejected; EXCLUDED where the rules say that it does not count; undefined where it is a
   * record.
   */
  parse(
    bytes: Uint8Array,
    start: number,
    end: number,
    parsed: ParsedLine,
  ): RejectionReason | typeof EXCLUDED | undefined;
}

/**
 * The verdict on a line that does not count. It has the form of the format, and a right time and status. It may lie
 * outside of the bounds of time, and needs no customer id.
 */
export const EXCLUDED = 'excluded';

/** Why a line is rejected. `docs/rejections.md` is generated from this. */
export const REJECTION_REASONS = {
  line_too_long: 'The line is longer than 65,536 bytes.',
  unfinished_line:
    'The line came in parts (`LOG_WRAPPER`), and a part of it is missing or came too late: the log ended, a broken line stood between the parts, or more than 262,144 bytes did.',
  continued_line: 'The line continues one that was counted when the file ended without a newline.',
  header_line: 'The line names the columns or is a comment. It is no request.',
  unknown_columns:
    'No `#Fields` line stands above the line, or the last one lacks a column of the log format, or names it twice.',
  empty_line: 'The line has no characters.',
  malformed_line:
    'The line does not have the form of the log format or of `LOG_WRAPPER`. For example, its host is no address and no host name, because something else stands before it.',
  missing_customer_id: 'The line has no customer id: the field is empty, `-` or absent.',
  invalid_timestamp:
    'The time is missing, is not written as in the log format, or is not a real time of the years 1 to 9999.',
  invalid_customer_id:
    'The customer id is missing, longer than 255 bytes, not UTF-8, holds a control character, or holds what its field cannot hold: `- ` or `[` in a user, a space in an unquoted header, something else than a host in a host.',
  invalid_request_path: 'The request path is missing or holds a control character.',
  invalid_status:
    'The status is missing, or neither a number from 100 to 599 nor `0`, `000` or `-1` (no response).',
  invalid_duration:
    'The duration is missing, not written as in the log format, negative (an end before its beginning), or over 24 hours.',
  extra_field: 'Something follows the last field of the log format.',
  event_too_old:
    'The time is older than `MAX_EVENT_AGE` allows, or belongs to a day that `RETENTION_DAYS` does not keep.',
  missing_messages:
    'Messages of Kafka were deleted before they were read. This line stands for all of them, and says how many.',
  oversized_message:
    'A message of Kafka has more than 65,536 lines, or a batch of messages has more than 64 MiB. This line stands for all of it.',
  event_too_far_ahead: 'The time is further in the future than `MAX_EVENT_AHEAD` allows.',
} as const;

export type RejectionReason = keyof typeof REJECTION_REASONS;

/** A rejected line. */
export interface Rejection {
  readonly reason: RejectionReason;
  /** The position of the line's first byte in its partition. */
  readonly offset: number;
  /** The beginning of the line, with unprintable characters escaped. */
  readonly excerpt: string;
}
