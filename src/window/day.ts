/** Days of event time, UTC: day 0 is 1970-01-01. */

const DAY_MS = 86_400_000;

/** Writes the day of each event time. @param rows how many of the arrays' entries count. */
export function assignDays(eventTimeMs: Float64Array, rows: number, days: Int32Array): void {
  for (let row = 0; row < rows; row++) days[row] = Math.floor(eventTimeMs[row] / DAY_MS);
}

/** @param day of the years 1 to 9999. @returns `YYYY-MM-DD`. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** True for a day of the calendar of the years 1 to 9999, written `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < '0001') return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && dateOfDay(time / DAY_MS) === text;
}
