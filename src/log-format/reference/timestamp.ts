import type { ZoneTable } from '../../window/types.ts';
import type { TimestampKind } from '../format.ts';
import { localToUtcMs } from '../local-time.ts';
import { matchAt } from './byte-text.ts';
import { floorOf, type Read, readDecimal, shifted } from './decimal.ts';

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const DATE = '(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)';
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const CLF_DATE = `(?<day>\\d\\d)/(?<month>${MONTHS.join('|')})/(?<year>\\d{4})`;

const CALENDAR_KINDS = {
  datetime: new RegExp(`${DATE} ${TIME}`, 'y'),
  iso8601: new RegExp(
    `${DATE}[Tt \\t]${TIME}(?:[.,](?<fraction>\\d+))?(?<offset>[Zz]|[+-]\\d\\d(?::?\\d\\d)?)?`,
    'y',
  ),
  // https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats, %t
  clf: new RegExp(`${CLF_DATE}:${TIME}(?:\\.(?<fraction>\\d+))?(?: (?<offset>[+-]\\d{4}))?`, 'y'),
} as const;

/** How many decimal places to move the point to get milliseconds. */
const EPOCH_KINDS = { epoch_s: 3, epoch_ms: 0, epoch_us: -3, epoch_ns: -6 } as const;

/**
 * Reads a timestamp at `from`, in whole milliseconds since 1970-01-01T00:00Z. Finer digits are cut off.
 * @param zone the zone of timestamps without an offset.
 * @param mayHaveExponent true for numbers of JSON.
 * @returns undefined where there is no timestamp of this kind, or it is outside the years 1 to 9999, in UTC or as
 * written. A leap second (23:59:60) is no time of the POSIX clock.
 */
export function readTimestamp(
  text: string,
  from: number,
  kind: TimestampKind,
  zone: ZoneTable,
  mayHaveExponent: boolean,
): Read<number> | undefined {
  const read =
    kind in EPOCH_KINDS
      ? readEpoch(text, from, EPOCH_KINDS[kind as keyof typeof EPOCH_KINDS], mayHaveExponent)
      : readCalendarTime(text, from, CALENDAR_KINDS[kind as keyof typeof CALENDAR_KINDS], zone);
  return read && read.value >= FIRST_MS && read.value <= LAST_MS ? read : undefined;
}

function readEpoch(
  text: string,
  from: number,
  places: number,
  mayHaveExponent: boolean,
): Read<number> | undefined {
  const read = readDecimal(text, from, mayHaveExponent);
  return read && { value: Number(floorOf(shifted(read.value, places))), end: read.end };
}

function readCalendarTime(
  text: string,
  from: number,
  pattern: RegExp,
  zone: ZoneTable,
): Read<number> | undefined {
  const match = matchAt(pattern, text, from);
  const { fraction = '', offset, ...parts } = match?.groups ?? {};
  const secondMs = clockMs(parts);
  if (!match || secondMs === undefined) return undefined;
  const localMs = secondMs + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const offsetMs = offset === undefined ? localMs - localToUtcMs(zone, localMs) : offsetMsOf(offset);
  return offsetMs === undefined ? undefined : { value: localMs - offsetMs, end: from + match[0].length };
}

/** The time on a clock, as milliseconds since 1970-01-01T00:00 on the same clock. */
function clockMs(parts: Record<string, string>): number | undefined {
  const [year, day, hour, minute, second] = ['year', 'day', 'hour', 'minute', 'second'].map((part) =>
    Number(parts[part]),
  );
  const month = MONTHS.indexOf(parts.month) + 1 || Number(parts.month);
  // Written so that NaN fails, too.
  if (!(year >= 1 && hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  // Date.UTC would take years below 100 for years of the 20th century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isOfCalendar = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isOfCalendar ? date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 : undefined;
}

/** Reads `Z`, `+02:00`, `+0200` or `+02`. Undefined past ±23:59. */
function offsetMsOf(offset: string): number | undefined {
  if (offset === 'Z' || offset === 'z') return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', ''))];
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -60_000 : 60_000) * (hours * 60 + minutes);
}
