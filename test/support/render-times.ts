import { isTimeForm, type TimestampKind } from '../../src/log-format/format.ts';
import { isoTime } from './log-lines.ts';
import type { Choice } from './random-choice.ts';

/** A time to write. */
export interface Moment {
  readonly ms: number;
  /** The microseconds, 0 to 999. Undefined: a reader cuts off what is finer than a millisecond, so it can be anything. */
  readonly us?: number;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Forms of strftime with all conversions, and with text that means something in a line or in a regular expression. */
export const TIME_FORMS = [
  '%d/%b/%Y %H:%M:%S',
  '%B - %d, %Y:%H:%M:%S.%f',
  '%a %b %e %T %Z %Y',
  '%Y%m%dT%H%M%S%3f',
  '%d.%m.%y %k:%M',
  '%A, %-d %B %Y %I:%M:%S.%6f %p %z',
  '%j/%Y %R',
  '%D %r',
  '%y%j (%l.%M%p)',
  '%d-%h-%Y %k.%M.%S',
  '%F%t%T,%L',
  '%Y/%-m/%-d %-H:%M [%%] %S.%f',
  'am %d.%m.%Y um %H Uhr %M Zoë',
  '%-I:%M:%S %p+%z %m|%d|%Y',
] as const;

/** Kinds and forms that say microseconds. */
export const FINE_KINDS: readonly TimestampKind[] = [
  'iso8601',
  'clf',
  'epoch_s',
  'epoch_ms',
  'slashes',
  'ctime',
  '%B - %d, %Y:%H:%M:%S.%f',
  '%A, %-d %B %Y %I:%M:%S.%6f %p %z',
];

/** The finest time that a kind says, in milliseconds. */
export function resolutionMs(kind: TimestampKind): number {
  if (kind === 'datetime' || kind === 'rfc1123' || kind === 'rfc2822') return 1000;
  if (!isTimeForm(kind) || /%\d?f|%L/.test(kind)) return 1;
  return /%[STr]/.test(kind) ? 1000 : 60_000;
}

/** A time as a calendar or an epoch shows it, with an offset of any kind where there can be one. */
export function timestampText(kind: TimestampKind, moment: Moment, choice: Choice): string {
  if (isTimeForm(kind)) return formText(kind, moment, choice);
  switch (kind) {
    case 'datetime':
      return isoTime(moment.ms);
    case 'iso8601':
      return iso8601Text(moment, choice);
    case 'clf':
      return clfText(moment, choice);
    case 'slashes':
      return isoTime(moment.ms).replaceAll('-', '/') + fractionText(moment, '.', choice);
    case 'rfc1123':
      return `${written('%a, %d %b %Y %T', moment.ms)} ${choice.of(['GMT', 'UTC'])}`;
    case 'rfc2822':
      return rfc2822Text(moment, choice);
    case 'ctime':
      return `${written('%a %b %e %T', moment.ms)}${fractionText(moment, '.', choice)} ${written('%Y', moment.ms)}`;
    default:
      return epochText({ epoch_s: 12, epoch_ms: 9, epoch_us: 6, epoch_ns: 3 }[kind], moment, choice);
  }
}

function epochText(scale: number, { ms, us }: Moment, choice: Choice): string {
  // In units of 10^-9 ms.
  const finer = us === undefined ? choice.of([0, choice.below(1e9)]) : us * 1e6;
  return decimalText(BigInt(ms) * 10n ** 9n + BigInt(finer), scale, choice);
}

function iso8601Text(moment: Moment, choice: Choice): string {
  const minutes = offsetMinutes(moment.ms, choice);
  const offset = offsetText(minutes);
  const forms = minutes === 0 ? ['', 'Z', 'z', offset] : [offset];
  const hours = minutes % 60 === 0 ? [offset.slice(0, 3)] : [];
  const time = isoTime(moment.ms + minutes * 60_000).replace(' ', choice.of(['T', 't', ' ', '\t']));
  const behind = choice.of([...forms, ...hours, offset.replace(':', '')]);
  return time + fractionText(moment, choice.of(['.', ',']), choice) + behind;
}

function clfText(moment: Moment, choice: Choice): string {
  const minutes = offsetMinutes(moment.ms, choice);
  const time = written('%d/%b/%Y:%T', moment.ms + minutes * 60_000);
  return `${time}${fractionText(moment, '.', choice)} ${offsetText(minutes).replace(':', '')}`;
}

function rfc2822Text({ ms }: Moment, choice: Choice): string {
  const minutes = offsetMinutes(ms, choice);
  const day = choice.of(['%a, %d', '%a, %-d', '%d', '%-d']);
  const clock = ms % 60_000 === 0 ? choice.of(['%T', '%R']) : '%T';
  const offset = offsetText(minutes).replace(':', '');
  const zone = minutes === 0 ? choice.of([offset, 'GMT', 'UTC', 'UT', 'Z']) : offset;
  return `${written(`${day} %b %Y ${clock}`, ms + minutes * 60_000)} ${zone}`;
}

function formText(form: string, moment: Moment, choice: Choice): string {
  const minutes = form.includes('%z') ? offsetMinutes(moment.ms, choice) : 0;
  const offset = offsetText(minutes);
  const zones =
    minutes === 0 ? [offset, offset.replace(':', ''), 'Z', 'z'] : [offset, offset.replace(':', '')];
  const digits = msDigits(moment.ms) + (moment.us ?? choice.below(1000)).toString().padStart(3, '0');
  return form
    .split(/(%%|%\d?f|%L|%z|%Z)/)
    .map((part) => {
      if (part === '%z') return choice.of(zones);
      if (part === '%Z') return choice.of(['UTC', 'GMT', 'UT', 'Z']);
      if (part === '%L') return digits.slice(0, 3);
      if (part === '%f') return digits + (moment.us === undefined ? choice.digits(choice.of([0, 3])) : '');
      if (/^%\df$/.test(part)) return digits.slice(0, Number(part[1]));
      return part === '%%' ? '%' : written(part, moment.ms + minutes * 60_000);
    })
    .join('');
}

/** Writes a time by a form, as strftime would: by the clock of UTC. */
function written(form: string, timeMs: number): string {
  const time = new Date(timeMs);
  const [year, month, date] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()];
  const hour = time.getUTCHours();
  const firstDay = new Date(0).setUTCFullYear(year, 0, 1);
  const two = (value: number, fill = '0') => String(value).padStart(2, fill);
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const texts: Record<string, string> = {
    '%Y': String(year).padStart(4, '0'),
    '%y': two(year % 100),
    ...{ '%m': two(month + 1), '%-m': String(month + 1), '%B': MONTHS[month] ?? '' },
    ...{ '%b': (MONTHS[month] ?? '').slice(0, 3), '%h': (MONTHS[month] ?? '').slice(0, 3) },
    ...{ '%d': two(date), '%-d': String(date), '%e': two(date, ' ') },
    '%j': String(Math.floor((timeMs - firstDay) / 86_400_000) + 1).padStart(3, '0'),
    ...{ '%A': DAYS[time.getUTCDay()] ?? '', '%a': (DAYS[time.getUTCDay()] ?? '').slice(0, 3) },
    ...{ '%H': two(hour), '%-H': String(hour), '%k': two(hour, ' ') },
    ...{ '%I': two(hour12), '%-I': String(hour12), '%l': two(hour12, ' '), '%p': hour < 12 ? 'AM' : 'PM' },
    ...{ '%M': two(time.getUTCMinutes()), '%S': two(time.getUTCSeconds()), '%t': '\t' },
  };
  const spelled = form
    .replaceAll('%D', '%m/%d/%y')
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%r', '%I:%M:%S %p')
    .replaceAll('%T', '%H:%M:%S')
    .replaceAll('%R', '%H:%M');
  return spelled.replace(/%-?[A-Za-z]/g, (conversion) => texts[conversion] ?? '');
}

/** An offset with which the time is still one of the years 1 to 9999. */
function offsetMinutes(timeMs: number, choice: Choice): number {
  const minutes = choice.of([0, 120, -420, 345, choice.below(2 * 1439 + 1) - 1439]);
  const localMs = timeMs + minutes * 60_000;
  return localMs >= FIRST_MS && localMs <= LAST_MS ? minutes : 0;
}

function offsetText(minutes: number): string {
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function msDigits(timeMs: number): string {
  return (((timeMs % 1000) + 1000) % 1000).toString().padStart(3, '0');
}

function fractionText({ ms: timeMs, us }: Moment, point: string, choice: Choice): string {
  const ms = msDigits(timeMs);
  const digits =
    us === undefined
      ? choice.of([ms.replace(/0+$/, ''), ms, ms + choice.digits(choice.below(7))])
      : (ms + us.toString().padStart(3, '0')).replace(/0+$/, '') + choice.of(['', '0', '000']);
  return digits === '' ? '' : point + digits;
}

/** `value` · 10^−`scale`, with zeros before and behind it that say nothing. */
export function decimalText(value: bigint, scale: number, choice: Choice): string {
  const digits = value.toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '') + choice.of(['', '', '0', '000']);
  return choice.of(['', '', '00']) + digits.slice(0, -scale) + (fraction && `.${fraction}`);
}
