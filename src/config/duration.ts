/** Durations as an operator writes them. Own code, because loading a calendar would take 12 ms at every start. */

const UNITS_MS = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1000];
const NUMBER = String.raw`(\d{1,15}(?:[.,]\d{1,9})?)`;
const ISO = new RegExp(
  `^P(?:${NUMBER}W)?(?:${NUMBER}D)?(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:${NUMBER}S)?)?$`,
  'i',
);
const SECONDS = new RegExp(`^${NUMBER}$`);
const MAX_MS = 1e15;

/**
 * Reads `max`, seconds, or an ISO 8601 duration of weeks, days (of 24 hours), hours, minutes and seconds. Its last
 * number may have a fraction.
 * @returns whole milliseconds; Infinity for `max`; undefined if it is none of these, or over 31,000 years.
 */
export function durationMsOf(text: string): number | undefined {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  const numbers = SECONDS.test(text) ? ['', '', '', '', text] : (ISO.exec(text)?.slice(1) ?? []);
  const present = numbers.filter(Boolean);
  if (present.length === 0 || /T$/i.test(text) || present.slice(0, -1).some((number) => /\D/.test(number)))
    return undefined;
  const ms = numbers.reduce(
    (sum, number, i) => sum + Number((number || '0').replace(',', '.')) * (UNITS_MS[i] ?? 0),
    0,
  );
  return ms <= MAX_MS ? Math.round(ms) : undefined;
}

/** True for a duration of years or months, which differ in length. */
export function isOfCalendar(text: string): boolean {
  return /^P[^T]*\d[YM]/i.test(text);
}
