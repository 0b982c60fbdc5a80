import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { hourAfter } from '../../src/window/hour.ts';
import { tableOf, ZONE_NAMES } from '../support/zones.ts';

const MINUTE_MS = 60_000;
const HOURS = 60;

/** The naive way: look at the clock every minute, and note when it shows another hour, or was changed. */
function naiveHours(zone: string, startMs: number): string[] {
  const hours: string[] = [];
  let shown = '';
  for (let ms = startMs; hours.length < HOURS; ms += MINUTE_MS) {
    const clock = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    const shows = `${clock.toPlainDate()} ${clock.hour} ${clock.offset}`;
    if (shows !== shown) hours.push(`${new Date(ms).toISOString().slice(0, 19)}Z`);
    shown = shows;
  }
  return hours;
}

describe('the hours of a clock', () => {
  it.each(ZONE_NAMES)('follow each other in %s, when it is changed, too', (zone) => {
    const { fromMs } = tableOf(zone);
    const changes = [...fromMs].filter((ms) => ms > Date.UTC(1990) && ms < Date.UTC(2026)).slice(-3);
    for (const ms of [...changes, Date.UTC(2024, 5, 1)]) {
      const [first = '', ...others] = naiveHours(zone, ms - 30 * 60 * MINUTE_MS);
      // The first one begins before the first look at the clock, or with it.
      let hour: string | undefined = first;
      const followed = others.map(() => {
        hour = hourAfter(hour as string, tableOf(zone));
        return hour;
      });
      expect(followed).toEqual(others);
    }
  });

  it('end with the year 9999', () => {
    expect(hourAfter('9999-12-31T22:00:00Z', tableOf('UTC'))).toBe('9999-12-31T23:00:00Z');
    expect(hourAfter('9999-12-31T23:00:00Z', tableOf('UTC'))).toBeUndefined();
  });
});
