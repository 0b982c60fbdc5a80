/** Days as the API writes them: `2024-10-02`, of the time zone of the server. */

export type Day = string;

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function isDay(text: string | null): text is Day {
  return text !== null && DAY.test(text) && dayOf(dateOf(text)) === text;
}

/** Midnight of the day in UTC: for arithmetic and for formats that are told to use UTC. */
export function dateOf(day: Day): Date {
  return new Date(`${day}T00:00:00Z`);
}

function dayOf(date: Date): Day {
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}

export function plusDays(day: Day, days: number): Day {
  return dayOf(new Date(dateOf(day).getTime() + days * DAY_MS));
}

/** The number of days from one to another, both included. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((dateOf(to).getTime() - dateOf(from).getTime()) / DAY_MS) + 1;
}

export function everyDay(from: Day, to: Day): Day[] {
  return Array.from({ length: Math.max(0, daysBetween(from, to)) }, (_, i) => plusDays(from, i));
}

export function firstOfMonth(day: Day): Day {
  return `${day.slice(0, 8)}01`;
}

/** The last day of the month of a day. */
export function lastOfMonth(day: Day): Day {
  return plusDays(firstOfMonth(plusDays(firstOfMonth(day), 31)), -1);
}

/** The day of an instant on the clocks of a zone. */
export function dayIn(zone: string, instant: Date): Day {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' },
  }).formatToParts(instant);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}

/** The weekday (0: Monday) and the hour of an instant on the clocks of a zone. */
export function weekHourOf(zone: string): (instant: Date) => readonly [weekday: number, hour: number] {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
  });
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  return (instant) => {
    const parts = format.formatToParts(instant);
    const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
    return [names.indexOf(part('weekday')), Number(part('hour'))];
  };
}
