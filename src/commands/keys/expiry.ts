import { durationMsOf } from '../../config/duration.ts';
import { DaymarkError } from '../../errors.ts';
import { isDate } from '../../window/day.ts';

/** An instant of RFC 3339, to the second or finer. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/**
 * When a key expires.
 * @param text a duration from now on (`P90D`), a day, at whose beginning in UTC it expires, or an instant.
 * @returns in ms since 1970. @throws {DaymarkError} INVALID_SETTING, also where that time has passed.
 */
export function expiryMsOf(text: string, nowMs: number): number {
  const isDay = isDate(text);
  // `Date.parse` takes 30 February for 2 March.
  const isInstant = INSTANT.test(text) && isDate(text.slice(0, 10));
  const expiresMs = isDay || isInstant ? Date.parse(text) : nowMs + (durationMsOf(text) ?? NaN);
  const said = `--expires is ${JSON.stringify(text)}, but must be`;
  if (!Number.isFinite(expiresMs) || Number.isNaN(new Date(expiresMs).getTime())) {
    const forms = 'a duration such as P90D, a day (YYYY-MM-DD) or an instant (2027-01-31T12:00:00Z)';
    throw new DaymarkError('INVALID_SETTING', `${said} ${forms}.`);
  }
  if (expiresMs > nowMs) return expiresMs;
  throw new DaymarkError('INVALID_SETTING', `${said} in the future.`);
}
