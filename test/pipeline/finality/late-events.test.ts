import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetOf, SplitScanner } from '../../../src/pipeline/scan/split-scanner.ts';
import type { EventTimeSettings } from '../../../src/pipeline/types.ts';
import { MIN_STATE_BYTES } from '../../../src/statistics/window-accumulator.ts';
import { ONLY_DAYS } from '../../support/kept-windows.ts';
import { dateAt, latenessOf } from '../../support/lateness.ts';
import { isoTime } from '../../support/log-lines.ts';
import { checkAsync } from '../../support/property.ts';
import { scanSettings } from '../../support/scan-settings.ts';
import { LineLimit, readerOf } from '../../support/scanned-bytes.ts';
import { tableOf } from '../../support/zones.ts';

const ZONE = 'Europe/Berlin';
const HOUR_MS = 3_600_000;
const MAX = Number.POSITIVE_INFINITY;
const NOW_MS = Date.UTC(2024, 9, 30);

interface Line {
  readonly text: string;
  /** Undefined where it is rejected. */
  readonly eventMs: number | undefined;
  readonly customerId: string;
}

/** Lines of the days around the change of the clocks; a few are no records. */
const line: fc.Arbitrary<Line> = fc
  .tuple(fc.integer({ min: 0, max: 4 * 48 }), fc.integer({ min: 1, max: 4 }), fc.nat(9))
  .map(([halfHours, customer, kind]) => {
    const eventMs = Date.UTC(2024, 9, 25) + (halfHours * HOUR_MS) / 2;
    const customerId = `customer_${customer}`;
    // What is rejected is never late, and moves no clock.
    if (kind === 0) return { text: `2024-11-30 00:00:00 ${customerId}\n`, eventMs: undefined, customerId };
    // A duration of another form is left to the general way.
    const duration = kind < 3 ? '0.25' : '0.100';
    return { text: `${isoTime(eventMs)} ${customerId} /path 200 ${duration}\n`, eventMs, customerId };
  });

interface Outcome {
  lines: number;
  accepted: number;
  rejected: number;
  late: number;
  dropped: number;
  clockMs: number | null;
  firstEventMs: number | null;
  lastEventMs: number | null;
  /** By `customer date`: requests, and how many of them were late. */
  readonly windows: Map<string, [requests: number, late: number]>;
}

function nothing(): Outcome {
  const counts = { lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 };
  return { ...counts, clockMs: null, firstEventMs: null, lastEventMs: null, windows: new Map() };
}

function least(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function greatest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}

function note(outcome: Outcome, key: string, requests: number, late: number): void {
  const [before, lateBefore] = outcome.windows.get(key) ?? [0, 0];
  outcome.windows.set(key, [before + requests, lateBefore + late]);
}

interface Cuts {
  readonly blockBytes: number;
  readonly batchLines: number;
  /** Begins anew after each batch, from the clock and the offset that the batch ended with. */
  readonly isRestarting: boolean;
}

const scanners = new Map<string, SplitScanner>();

function scannerOf(eventTime: EventTimeSettings): SplitScanner {
  const key = JSON.stringify([eventTime.waitMs, eventTime.isDroppingLate]);
  const task = { scan: scanSettings('default'), dayZone: tableOf(ZONE), kept: ONLY_DAYS, eventTime };
  const scanner =
    scanners.get(key) ??
    new SplitScanner({ ...task, budget: budgetOf(4 * MIN_STATE_BYTES, 1) }, () => NOW_MS);
  scanners.set(key, scanner);
  return scanner;
}

/** Scans lines as a pass does. */
async function outcomeOf(lines: readonly Line[], eventTime: EventTimeSettings, cuts: Cuts): Promise<Outcome> {
  const bytes = Buffer.from(lines.map(({ text }) => text).join(''));
  const scanner = scannerOf(eventTime);
  const outcome = nothing();
  const claimCounter = new LineLimit(cuts.batchLines);
  const begin = (from: number) =>
    scanner.begin(
      { bytes: undefined, takesLastLine: true, head: undefined },
      readerOf(bytes, from, cuts.blockBytes),
      outcome.clockMs,
    );
  begin(0);
  for (let stop = 'closed'; stop !== 'done'; ) {
    stop = await scanner.scan(claimCounter);
    const part = scanner.takePart();
    for (const count of ['lines', 'accepted', 'rejected', 'late', 'dropped'] as const)
      outcome[count] += part[count];
    expect(part.lines).toBe(part.accepted + part.rejected + part.dropped + part.excluded);
    outcome.clockMs = greatest(outcome.clockMs, part.clockMs);
    outcome.firstEventMs = least(outcome.firstEventMs, part.firstEventMs);
    outcome.lastEventMs = greatest(outcome.lastEventMs, part.lastEventMs);
    for (const { key, statistics, lateEvents = 0 } of scanner.deltas()) {
      const requests = statistics.statuses.reduce((sum, status) => sum + status.requests, 0);
      note(outcome, key.values.join(' '), requests, lateEvents);
    }
    scanner.clear();
    claimCounter.open();
    if (cuts.isRestarting && stop !== 'done') begin(part.to);
  }
  return outcome;
}

/** The same, line by line, by a calendar. */
function expectedOf(lines: readonly Line[], { waitMs, isDroppingLate }: EventTimeSettings): Outcome {
  const events = lines.filter(({ eventMs }) => eventMs !== undefined);
  const timesMs = events.map(({ eventMs }) => eventMs as number);
  const lateness = waitMs === MAX ? timesMs.map(() => false) : latenessOf(timesMs, ZONE, waitMs);
  const outcome = nothing();
  outcome.lines = lines.length;
  outcome.rejected = lines.length - events.length;
  for (const [i, { customerId }] of events.entries()) {
    outcome.clockMs = greatest(outcome.clockMs, timesMs[i]);
    if (lateness[i]) outcome.late++;
    if (lateness[i] && isDroppingLate) {
      outcome.dropped++;
      continue;
    }
    outcome.accepted++;
    outcome.firstEventMs = least(outcome.firstEventMs, timesMs[i]);
    outcome.lastEventMs = greatest(outcome.lastEventMs, timesMs[i]);
    note(outcome, `${customerId} ${dateAt(ZONE, timesMs[i])}`, 1, Number(lateness[i]));
  }
  return outcome;
}

const cuts = fc.record({
  blockBytes: fc.integer({ min: 1, max: 5000 }),
  batchLines: fc.integer({ min: 1, max: 50 }),
  isRestarting: fc.boolean(),
});
const eventTime = fc.record({
  waitMs: fc.constantFrom(0, HOUR_MS, 24 * HOUR_MS, MAX),
  isDroppingLate: fc.boolean(),
  maxAgeMs: fc.constant(MAX),
  maxAheadMs: fc.constant(MAX),
  retentionDays: fc.constant(0),
});

describe('late events of a partition', () => {
  it('are those of a simulation line by line, wherever blocks and batches end and runs begin anew', async () => {
    let late = 0;
    await checkAsync(
      fc.asyncProperty(
        fc.array(line, { minLength: 5, maxLength: 100 }),
        eventTime,
        cuts,
        async (lines, settings, cut) => {
          const expected = expectedOf(lines, settings);
          expect(await outcomeOf(lines, settings, cut)).toEqual(expected);
          late += expected.late;
        },
      ),
      300,
    );
    expect(late).toBeGreaterThan(500);
  });
});

describe('bounds of event times', () => {
  const reasonOf = async (eventMs: number, bounds: Partial<EventTimeSettings>, duration = '0.100') => {
    const all = { waitMs: MAX, isDroppingLate: false, maxAgeMs: MAX, maxAheadMs: MAX, retentionDays: 0 };
    const settings = { ...all, ...bounds };
    const task = {
      scan: scanSettings('default'),
      dayZone: tableOf('UTC'),
      kept: ONLY_DAYS,
      eventTime: settings,
    };
    const scanner = new SplitScanner({ ...task, budget: budgetOf(4 * MIN_STATE_BYTES, 1) }, () => NOW_MS);
    const bytes = Buffer.from(`${isoTime(eventMs)} c /path 200 ${duration}\n`.repeat(3));
    const split = { bytes: undefined, takesLastLine: true, head: undefined };
    scanner.begin(split, readerOf(bytes, 0, 1000), null);
    await scanner.scan(new LineLimit(100));
    const part = scanner.takePart();
    expect(part.lines).toBe(3);
    const isRejected = part.rejected === 3;
    expect(part.accepted).toBe(isRejected ? 0 : 3);
    expect(part.clockMs).toBe(isRejected ? null : eventMs);
    expect(part.rejectedLines).toHaveLength(part.rejected);
    return [...part.rejectedByReason.keys()][0];
  };

  it.each(['0.100', '0.25'])('take what lies on them and reject what lies beyond (%s)', async (duration) => {
    const bounds = { maxAgeMs: 24 * HOUR_MS, maxAheadMs: HOUR_MS };
    expect(await reasonOf(NOW_MS - 24 * HOUR_MS, bounds, duration)).toBeUndefined();
    expect(await reasonOf(NOW_MS - 24 * HOUR_MS - 1000, bounds, duration)).toBe('event_too_old');
    expect(await reasonOf(NOW_MS + HOUR_MS, bounds, duration)).toBeUndefined();
    expect(await reasonOf(NOW_MS + HOUR_MS + 1000, bounds, duration)).toBe('event_too_far_ahead');
  });

  it('hold where late events are looked for, too, and move no clock there', async () => {
    const bounds = { waitMs: HOUR_MS, maxAheadMs: HOUR_MS };
    expect(await reasonOf(Date.UTC(2099, 0, 1), bounds)).toBe('event_too_far_ahead');
    expect(await reasonOf(0, bounds)).toBeUndefined();
  });

  it('move on with the system time, also where lines were read before', async () => {
    let nowMs = NOW_MS;
    const settings = {
      waitMs: MAX,
      isDroppingLate: false,
      maxAgeMs: HOUR_MS,
      maxAheadMs: 0,
      retentionDays: 0,
    };
    const task = {
      scan: scanSettings('default'),
      dayZone: tableOf('UTC'),
      kept: ONLY_DAYS,
      eventTime: settings,
    };
    const scanner = new SplitScanner({ ...task, budget: budgetOf(4 * MIN_STATE_BYTES, 1) }, () => nowMs);
    const bytes = Buffer.from(`${isoTime(NOW_MS)} c /path 200 0.100\n`.repeat(4));
    const split = { bytes: undefined, takesLastLine: true, head: undefined };
    scanner.begin(split, readerOf(bytes, 0, 1000), null);
    const claimCounter = new LineLimit(2);
    await scanner.scan(claimCounter);
    nowMs += HOUR_MS + 1;
    claimCounter.open();
    await scanner.scan(claimCounter);
    expect(scanner.takePart()).toMatchObject({ accepted: 2, rejected: 2, lastEventMs: NOW_MS });
  });
});
