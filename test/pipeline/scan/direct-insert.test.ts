import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKernel } from '../../../src/kernel/kernel.ts';
import { Scanner } from '../../../src/log-format/scanner.ts';
import { encodeStatistics } from '../../../src/statistics/daily-statistics.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../../src/statistics/window-accumulator.ts';
import { windowSpans } from '../../../src/window/window-spans.ts';
import { UTC } from '../../../src/window/zone.ts';
import { check } from '../../support/property.ts';
import { scanSettings } from '../../support/scan-settings.ts';

const settings = scanSettings('default');
const accumulatorOn = (kernel: ReturnType<typeof newKernel>): WindowAccumulator =>
  new WindowAccumulator(windowSpans(UTC, false), kernel);

const shared = newKernel(4 * MIN_STATE_BYTES);
const inserting = { scanner: new Scanner(settings, shared), accumulator: accumulatorOn(shared) };
const apart = { scanner: new Scanner(settings), accumulator: accumulatorOn(newKernel(MIN_STATE_BYTES)) };

/** Plain lines, of which durations from 8.388 s on do not fit into a short record, and others. */
const line = fc
  .tuple(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom(0, 200, 299, 300, 404, 599),
    fc.oneof(
      fc.integer({ min: 0, max: 9_999 }).map((ms) => (ms / 1000).toFixed(3)),
      fc.constantFrom('8.388', '8.389', '12.5', '0.0001', '86400', '-1'),
    ),
  )
  .map(([hours, customer, status, duration]) => {
    const time = new Date(Date.UTC(2024, 1, 28, hours)).toISOString().slice(0, 19).replace('T', ' ');
    return `${time} customer_${customer} /path ${status} ${duration}\n`;
  });

interface Side {
  readonly scanner: Scanner;
  readonly accumulator: WindowAccumulator;
}

/** What a log adds to the windows: of each, its statistics as they are stored. */
function windowsOf(
  { scanner, accumulator }: Side,
  log: Buffer,
): { lines: number; windows: Map<string, string>; direct: number } {
  accumulator.clear();
  scanner.start(0, false);
  scanner.space().set(log);
  scanner.filled(log.length);
  let [lines, direct] = [0, 0];
  for (let step = scanner.step(7, 0); step.lines > 0; step = scanner.step(7, 0)) {
    accumulator.add(scanner.batch);
    lines += step.lines;
    direct += step.directRecords;
    expect(step.lines).toBe(scanner.batch.rows + step.directRecords + step.rejected);
  }
  const windows = new Map<string, string>();
  for (let window = 0; window < accumulator.windows; window++) {
    const key = `${scanner.customerId(accumulator.subject(window))} ${accumulator.span(window)}`;
    windows.set(key, Buffer.from(encodeStatistics(accumulator.statistics([window]))).toString('hex'));
  }
  return { lines, windows, direct };
}

describe('a scanner that adds plain records to their windows by itself', () => {
  it('gives the windows that its records give when they are added one batch after the other', () => {
    let allDirect = 0;
    check(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
        const log = Buffer.from(lines.join(''));
        const { direct, ...windows } = windowsOf(inserting, log);
        expect({ ...windows, direct: 0 }).toEqual(windowsOf(apart, log));
        allDirect += direct;
      }),
      300,
    );
    expect(allDirect).toBeGreaterThan(500);
  });

  it('adds more records than there is room for, and never one too many', () => {
    const little = newKernel(MIN_STATE_BYTES);
    const side = { scanner: new Scanner(settings, little), accumulator: accumulatorOn(little) };
    side.accumulator.clear();
    side.scanner.start(0, false);
    // Every other duration takes three words; of the statuses, more than can have an index.
    const lineOf = (i: number): string =>
      `2024-02-${10 + (i % 3)} 10:00:00 c${i % 5} /path ${200 + (i % 37)} ${i % 2}.${String(i % 1000).padStart(3, '0')}${i % 4 === 0 ? '5' : ''}\n`;
    const log = Buffer.from(Array.from({ length: 6_000 }, (_, i) => lineOf(i)).join(''));
    const rounds = 350;
    let direct = 0;
    for (let round = 0; round < rounds; round++) {
      side.scanner.space().set(log);
      side.scanner.filled(log.length);
      for (;;) {
        expect(side.accumulator.isFull).toBe(false);
        const step = side.scanner.step(10_000, 0);
        if (step.lines === 0) break;
        side.accumulator.add(side.scanner.batch);
        direct += step.directRecords;
      }
    }
    expect(direct).toBeGreaterThan(1_500_000);
    let requests = 0;
    for (let window = 0; window < side.accumulator.windows; window++)
      for (const status of side.accumulator.statistics([window]).statuses) requests += status.requests;
    expect(requests).toBe(rounds * 6_000);
  });
});
