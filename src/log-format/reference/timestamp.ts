import { MAX_TIME_FORMS } from '../../limits.ts';
import type { ZoneTable } from '../../window/types.ts';
import { isTimeForm, type TimeForm, type TimestampKind } from '../format.ts';
import { localToUtcMs } from '../local-time.ts';
import { matchAt } from './byte-text.ts';
import { type Decimal, floorOf, fractionOf, type Read, readDecimal, shifted } from './decimal.ts';
import { MONTHS, parseStrftime, WEEKDAYS } from './strftime.ts';

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const DATE = '(?<year>\\d{4})-(?<month>\\d\\d)-(?<day>\\d\\d)';
const TIME = '(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)';
const FRACTION = '(?:\\.(?<fraction>\\d+))?';
const short = (name: string): string => name.slice(0, 3);
const MONTH = `(?<month>${MONTHS.map(short).join('|')})`;
const WEEKDAY = `(?<weekday>${WEEKDAYS.map(short).join('|')})`;

const CALENDAR_KINDS = {
  datetime: new RegExp(`${DATE} ${TIME}`, 'y'),
  iso8601: new RegExp(
    `${DATE}[Tt \\t]${TIME}(?:[.,](?<fraction>\\d+))?(?<offset>[Zz]|[+-]\\d\\d(?::?\\d\\d)?)?`,
    'y',
  ),
  // https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats, %t
  clf: new RegExp(
    `(?<day>\\d\\d)/${MONTH}/(?<year>\\d{4}):${TIME}${FRACTION}(?: (?<offset>[+-]\\d{4}))?`,
    'y',
  ),
  // https://pkg.go.dev/log#pkg-constants, Ldate and Ltime
  slashes: new RegExp(`(?<year>\\d{4})/(?<month>\\d\\d)/(?<day>\\d\\d) ${TIME}${FRACTION}`, 'y'),
  // RFC 9110, section 5.6.7, IMF-fixdate
  rfc1123: new RegExp(`${WEEKDAY}, (?<day>\\d\\d) ${MONTH} (?<year>\\d{4}) ${TIME} (?<offset>GMT|UTC)`, 'y'),
  // RFC 5322, section 3.3
  rfc2822: new RegExp(
    `(?:${WEEKDAY}, )?(?<day>\\d{1,2}) ${MONTH} (?<year>\\d{4}) ` +
      `(?<hour>\\d\\d):(?<minute>\\d\\d)(?::(?<second>\\d\\d))? (?<offset>[+-]\\d{4}|GMT|UTC|UT|Z)`,
    'y',
  ),
  // ISO C, asctime. Apache's error log adds a fraction.
  ctime: new RegExp(`${WEEKDAY} ${MONTH} (?<day>[ \\d]\\d) ${TIME}${FRACTION} (?<year>\\d{4})`, 'y'),
} as const;

const MINUTES_A_DAY = 1_440;

/** How many decimal places to move the point to get milliseconds. */
const EPOCH_KINDS = { epoch_s: 3, epoch_ms: 0, epoch_us: -3, epoch_ns: -6 } as const;

export interface Instant {
  /** Whole milliseconds since 1970-01-01T00:00Z. Finer digits are cut off. */
  readonly ms: number;
  /** The digits that are cut off: those behind the point of a number of milliseconds. */
  readonly finer: string;
}

/**
 * Reads a timestamp at `from`.
 * @param zone the zone of timestamps without an offset.
 * @param mayHaveExponent true for numbers of JSON.
 * @returns undefined where there is no timestamp of this kind, or it is outside the years 1 to 9999, in UTC or as
 * written.
 */
export function readTimestamp(
  text: string,
  from: number,
  kind: TimestampKind,
  zone: ZoneTable,
  mayHaveExponent: boolean,
): Read<Instant> | undefined {
  const read =
    kind in EPOCH_KINDS
      ? readEpoch(text, from, EPOCH_KINDS[kind as keyof typeof EPOCH_KINDS], mayHaveExponent)
      : readCalendarTime(text, from, patternOf(kind), zone);
  return read && read.value.ms >= FIRST_MS && read.value.ms <= LAST_MS ? read : undefined;
}

/** The time between two instants, in microseconds. Undefined where it is negative. */
export function between(begin: Instant, end: Instant): Decimal | undefined {
  const scale = Math.max(begin.finer.length, end.finer.length);
  const unitsOf = ({ ms, finer }: Instant) =>
    BigInt(ms) * 10n ** BigInt(scale) + BigInt(finer.padEnd(scale, '0'));
  const coefficient = unitsOf(end) - unitsOf(begin);
  return coefficient < 0n ? undefined : shifted({ coefficient, scale }, 3);
}

/** The patterns of forms that were used last. */
const patternOfForm = new Map<TimeForm, RegExp | undefined>();

function patternOf(kind: TimestampKind): RegExp | undefined {
  if (!isTimeForm(kind)) return CALENDAR_KINDS[kind as keyof typeof CALENDAR_KINDS];
  if (!patternOfForm.has(kind)) {
    if (patternOfForm.size >= MAX_TIME_FORMS) patternOfForm.clear();
    const parsed = parseStrftime(kind);
    patternOfForm.set(kind, typeof parsed === 'string' ? undefined : parsed.pattern);
  }
  return patternOfForm.get(kind);
}

function readEpoch(
  text: string,
  from: number,
  places: number,
  mayHaveExponent: boolean,
): Read<Instant> | undefined {
  const read = readDecimal(text, from, mayHaveExponent);
  if (!read) return undefined;
  const inMs = shifted(read.value, places);
  return { value: { ms: Number(floorOf(inMs)), finer: fractionOf(inMs) }, end: read.end };
}

type Parts = Readonly<Record<string, string | undefined>>;

function readCalendarTime(
  text: string,
  from: number,
  pattern: RegExp | undefined,
  zone: ZoneTable,
): Read<Instant> | undefined {
  const match = pattern && matchAt(pattern, text, from);
  if (!match) return undefined;
  const parts: Parts = match.groups ?? {};
  const { fraction = '', offset, second } = parts;
  const [dayMs, timeMs] = [dateMs(parts), timeOfDayMs(parts)];
  if (dayMs === undefined || timeMs === undefined) return undefined;
  const localMs = dayMs + timeMs + Number(fraction.slice(0, 3).padEnd(3, '0'));
  const offsetMs = offset === undefined ? localMs - localToUtcMs(zone, localMs) : offsetMsOf(offset);
  if (offsetMs === undefined) return undefined;
  const ms = localMs - offsetMs;
  if (second === '60' && !isInLastMinute(ms)) return undefined;
  return { value: { ms, finer: fraction.slice(3) }, end: from + match[0].length };
}

/** UTC has leap seconds in the last minute of a day. */
function isInLastMinute(ms: number): boolean {
  const minute = Math.floor(ms / 60_000) % MINUTES_A_DAY;
  return (minute + MINUTES_A_DAY) % MINUTES_A_DAY === MINUTES_A_DAY - 1;
}

/** Where a date begins on its own clock, in milliseconds since 1970. Undefined where there is no such day. */
function dateMs({ year, shortYear, month = '1', day, yearDay, weekday }: Parts): number | undefined {
  const fullYear = shortYear === undefined ? Number(year) : yearOf(Number(shortYear));
  if (fullYear < 1) return undefined;
  const [monthIndex, dayOfMonth] = [monthOf(month) - 1, Number(day ?? yearDay)];
  // Date.UTC would take years below 100 for years of the 20th century.
  const date = new Date(0);
  date.setUTCFullYear(fullYear, monthIndex, dayOfMonth);
  const isOfCalendar =
    yearDay === undefined
      ? date.getUTCMonth() === monthIndex && date.getUTCDate() === dayOfMonth
      : date.getUTCFullYear() === fullYear && dayOfMonth > 0;
  const isWeekdayRight = weekday === undefined || sameName(WEEKDAYS[date.getUTCDay()], weekday);
  return isOfCalendar && isWeekdayRight ? date.getTime() : undefined;
}

/** POSIX: 69 to 99 are of the 20th century. */
function yearOf(shortYear: number): number {
  return shortYear + (shortYear >= 69 ? 1900 : 2000);
}

function monthOf(month: string): number {
  return Number(month) || MONTHS.findIndex((name) => sameName(name, month)) + 1;
}

function sameName(name: string | undefined, written: string): boolean {
  return name?.slice(0, 3).toLowerCase() === written.slice(0, 3).toLowerCase();
}

/**
 * A leap second is read as the second before it, so that it counts in its minute, hour and day. Clocks of computers
 * repeat that second, too.
 */
function timeOfDayMs({ hour, hour12, half = '', minute, second = '0' }: Parts): number | undefined {
  const isAfternoon = half.toUpperCase() === 'PM';
  const hours = hour === undefined ? (Number(hour12) % 12) + (isAfternoon ? 12 : 0) : Number(hour);
  const isHour = hour12 === undefined ? hours <= 23 : Number(hour12) >= 1 && Number(hour12) <= 12;
  if (!isHour || !(Number(minute) <= 59 && Number(second) <= 60)) return undefined;
  return ((hours * 60 + Number(minute)) * 60 + Math.min(Number(second), 59)) * 1000;
}

/** Reads `Z`, `GMT`, `+02:00`, `+0200` or `+02`. Undefined past ±23:59. */
function offsetMsOf(offset: string): number | undefined {
  if (/^[A-Za-z]/.test(offset)) return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(3).replace(':', ''))];
  if (hours > 23 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -60_000 : 60_000) * (hours * 60 + minutes);
}
