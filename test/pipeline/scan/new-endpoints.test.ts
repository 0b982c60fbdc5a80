import { expect, it } from 'vitest';
import { newKernel } from '../../../src/kernel/kernel.ts';
import { MAX_INTERNED_CUSTOMERS } from '../../../src/limits.ts';
import { Scanner } from '../../../src/log-format/scanner.ts';
import { keyedWindows } from '../../../src/statistics/keyed-windows.ts';
import { MIN_STATE_BYTES, WindowAccumulator } from '../../../src/statistics/window-accumulator.ts';
import { windowSpans } from '../../../src/window/window-spans.ts';
import { UTC } from '../../../src/window/zone.ts';
import { ALL_KINDS } from '../../support/kept-windows.ts';
import { scanSettings } from '../../support/scan-settings.ts';

const LINES = 400_000;

it('A log in which every path is new takes no more room than any other, and each line counts once in each kind', () => {
  const kernel = newKernel(4 * MIN_STATE_BYTES);
  const bytesBefore = kernel.buffer.byteLength;
  const scanner = new Scanner({ ...scanSettings('default'), endpoints: { kind: 'auto' } }, kernel);
  const accumulator = new WindowAccumulator(windowSpans(UTC, true), kernel);
  const requests = new Map<string, number>();
  let flushes = 0;
  let [mostWindows, fullTables] = [0, 0];
  const flush = (isTableFull: boolean): void => {
    flushes++;
    mostWindows = Math.max(mostWindows, accumulator.windows);
    for (const { key, windows } of keyedWindows(accumulator, scanner, ALL_KINDS, UTC)) {
      const { statuses } = accumulator.statistics(windows);
      const count = statuses.reduce((sum, one) => sum + one.requests, 0);
      requests.set(key.kind.name, (requests.get(key.kind.name) ?? 0) + count);
    }
    accumulator.clear();
    if (!isTableFull) return;
    fullTables++;
    scanner.forgetCustomers();
  };
  scanner.start(0, false);
  const letters = (value: number) =>
    value.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
  for (let line = 0; line < LINES; ) {
    const text: string[] = [];
    for (const end = Math.min(LINES, line + 1000); line < end; line++)
      // An odd line is not plain: the reference parser reads it.
      text.push(
        `2024-10-02 05:10:46 cust_${line % 7} /new/${letters(line)}${line % 5 === 0 ? 'é' : ''} 200 0.316\n`,
      );
    const bytes = Buffer.from(text.join(''));
    scanner.space().set(bytes);
    scanner.filled(bytes.length);
    for (;;) {
      if (accumulator.isFull) flush(false);
      const step = scanner.step(Number.POSITIVE_INFINITY, 0);
      expect(step.rejected).toBe(0);
      accumulator.add(scanner.batch);
      if (step.isCustomerTableFull) flush(true);
      else if (step.lines === 0) break;
    }
  }
  flush(false);
  expect(flushes).toBeGreaterThan(2);
  expect(fullTables).toBeGreaterThan(1);
  expect(mostWindows).toBeLessThanOrEqual(MAX_INTERNED_CUSTOMERS);
  expect(kernel.buffer.byteLength).toBe(bytesBefore);
  expect(Object.fromEntries(requests)).toEqual({
    'all-days': LINES,
    'all-endpoints': LINES,
    'all-hours': LINES,
    'customer-days': LINES,
    'customer-endpoints': LINES,
    'customer-hours': LINES,
  });
});
