import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateOfDay } from '../../src/window/day.ts';
import { idleClock, Watermark } from '../../src/window/watermark.ts';
import { dateAt, latenessOf } from '../support/lateness.ts';
import { check } from '../support/property.ts';
import { tableOf, ZONE_NAMES } from '../support/zones.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A few days around a clock change of the zone, or around any time. */
function eventsNear(name: string): fc.Arbitrary<number[]> {
  const changes = [...tableOf(name).fromMs].filter((timeMs) => timeMs > Date.UTC(1900, 0, 1));
  const event = fc.oneof(
    fc.integer({ min: -3 * DAY_MS, max: 3 * DAY_MS }),
    fc.integer({ min: -72, max: 72 }).map((hours) => hours * HOUR_MS),
  );
  return fc
    .tuple(fc.constantFrom(Date.UTC(2024, 1, 28), ...changes), fc.array(event, { maxLength: 40 }))
    .map(([atMs, events]) => events.map((byMs) => atMs + byMs));
}

const waits = fc.constantFrom(0, 1, HOUR_MS, 30 * HOUR_MS, 7 * DAY_MS);

describe('the watermark of a partition', () => {
  it.each(ZONE_NAMES)('makes late exactly what a calendar says, event by event: %s', (name) => {
    check(
      fc.property(eventsNear(name), waits, (eventsMs, waitMs) => {
        const watermark = new Watermark(tableOf(name), waitMs, null);
        const days = eventsMs.map((eventMs) => watermark.lateDayOf(eventMs));
        expect(days.map((day) => day !== undefined)).toEqual(latenessOf(eventsMs, name, waitMs));
        for (const [i, day] of days.entries())
          if (day !== undefined) expect(dateOfDay(day)).toBe(dateAt(name, eventsMs[i]));
        expect(watermark.clockMs).toBe(eventsMs.length === 0 ? null : Math.max(...eventsMs));
      }),
      100,
    );
  });

  it('goes on from its clock, wherever the events are cut', () => {
    const zone = tableOf('Europe/Berlin');
    check(
      fc.property(eventsNear('Europe/Berlin'), waits, fc.nat(40), (eventsMs, waitMs, at) => {
        const whole = new Watermark(zone, waitMs, null);
        const first = new Watermark(zone, waitMs, null);
        const expected = eventsMs.map((eventMs) => whole.lateDayOf(eventMs));
        const before = eventsMs.slice(0, at).map((eventMs) => first.lateDayOf(eventMs));
        const second = new Watermark(zone, waitMs, first.clockMs);
        const behind = eventsMs.slice(at).map((eventMs) => second.lateDayOf(eventMs));
        expect([...before, ...behind]).toEqual(expected);
      }),
    );
  });

  it('stands still where an event is older than the newest', () => {
    const watermark = new Watermark(tableOf('UTC'), HOUR_MS, Date.UTC(2024, 9, 3, 12));
    expect(watermark.lateDayOf(Date.UTC(2024, 9, 2))).toBe(Date.UTC(2024, 9, 2) / DAY_MS);
    expect(watermark.clockMs).toBe(Date.UTC(2024, 9, 3, 12));
  });

  it('takes the years 1 and 9999 for what they are', () => {
    const [first, last] = [Date.parse('0001-01-01T00:00:00Z'), Date.parse('9999-12-31T23:00:00Z')];
    const watermark = new Watermark(tableOf('UTC'), 0, null);
    const days = [first, last, first, last].map((eventMs) => watermark.lateDayOf(eventMs));
    expect(days).toEqual([undefined, undefined, first / DAY_MS, undefined]);
  });
});

describe('the clock of an idle partition', () => {
  const lastEventMs = Date.UTC(2024, 9, 2, 23);
  const lastWriteMs = Date.UTC(2024, 9, 3, 4);
  const at = (seenMs: number, clockMs: number | null = lastEventMs) =>
    idleClock({ clockMs, lastEventMs, lastWriteMs, seenMs });

  it('goes on from its greatest event time as long ago as its last line was written', () => {
    expect(at(lastWriteMs)).toBe(lastEventMs);
    expect(at(lastWriteMs + 5 * HOUR_MS)).toBe(lastEventMs + 5 * HOUR_MS);
  });

  it('never goes back: neither where the system clock does, nor behind what is stored', () => {
    expect(at(lastWriteMs - DAY_MS)).toBe(lastEventMs);
    expect(at(lastWriteMs + HOUR_MS, lastEventMs + 9 * HOUR_MS)).toBe(lastEventMs + 9 * HOUR_MS);
  });

  it('does not begin before the first event', () => {
    expect(at(lastWriteMs + DAY_MS, null)).toBeNull();
    expect(idleClock({ clockMs: null, lastEventMs: null, lastWriteMs, seenMs: lastWriteMs })).toBeNull();
  });
});
