import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newKernel } from '../../src/kernel/kernel.ts';
import { Scanner } from '../../src/log-format/scanner.ts';
import { encodeStatistics } from '../../src/statistics/daily-statistics.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../src/statistics/window-accumulator.ts';
import { daySpanAt } from '../../src/window/day.ts';
import { UTC } from '../../src/window/zone.ts';
import { check } from '../support/property.ts';
import { scanSettings } from '../support/scan-settings.ts';

const settings = scanSettings('default');
const accumulatorOn = (kernel: ReturnType<typeof newKernel>): WindowAccumulator =>
  new WindowAccumulator((timeMs) => daySpanAt(UTC, timeMs), kernel);

// Below twice that there is no room for records that nobody asked for.
const shared = newKernel(4 * MIN_STATE_BYTES);
const feeding = { scanner: new Scanner(settings, shared), accumulator: accumulatorOn(shared) };
const apart = { scanner: new Scanner(settings), accumulator: accumulatorOn(newKernel(MIN_STATE_BYTES)) };

/** Plain lines, of which durations from 8.388 s on do not fit into a short record, and others. */
const line = fc
  .tuple(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 1, max: 6 }),
    fc.constantFrom(200, 299, 300, 404, 599),
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
): { lines: number; windows: Map<string, string>; fed: number } {
  accumulator.clear();
  scanner.start(0, false);
  scanner.space().set(log);
  scanner.filled(log.length);
  let [lines, fed] = [0, 0];
  for (let step = scanner.step(7, 0); step.lines > 0; step = scanner.step(7, 0)) {
    accumulator.add(scanner.batch);
    lines += step.lines;
    fed += step.fedRecords;
    expect(step.lines).toBe(scanner.batch.rows + step.fedRecords + step.rejected);
  }
  const windows = new Map<string, string>();
  for (let window = 0; window < accumulator.windows; window++) {
    const key = `${scanner.customerId(accumulator.customer(window))} ${accumulator.day(window)}`;
    windows.set(key, Buffer.from(encodeStatistics(accumulator.statistics(window))).toString('hex'));
  }
  return { lines, windows, fed };
}

describe('a scanner that adds plain records to their windows by itself', () => {
  it('gives the windows that its records give when they are added one batch after the other', () => {
    let allFed = 0;
    check(
      fc.property(fc.array(line, { minLength: 1, maxLength: 60 }), (lines) => {
        const log = Buffer.from(lines.join(''));
        const { fed, ...windows } = windowsOf(feeding, log);
        expect({ ...windows, fed: 0 }).toEqual(windowsOf(apart, log));
        allFed += fed;
      }),
      300,
    );
    expect(allFed).toBeGreaterThan(500);
  });
});
