import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ageText,
  bytesText,
  layout,
  PLAIN,
  type Style,
  sparkline,
} from '../../../src/commands/watching/layout.ts';
import { Rates } from '../../../src/commands/watching/rates.ts';
import type { Snapshot } from '../../../src/commands/watching/snapshot.ts';
import { cut, cutStart, pad, widthOf } from '../../../src/commands/watching/text-width.ts';

const ENDS = { text: 'q ends', isAlarm: false };
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/u;
/** Colours that can be told from the text. */
const COLOURED: Style = {
  title: (text) => `\x1b[1m${text}\x1b[22m`,
  label: (text) => `\x1b[2m${text}\x1b[22m`,
  alarm: (text) => `\x1b[31m${text}\x1b[39m`,
};

function snapshotOf(names: readonly string[], customers: readonly string[], change: object = {}): Snapshot {
  const time = '2024-10-03T08:00:00.000Z';
  return {
    status: {
      ...{ version: '1.2.3', database: 'SQLite', time_zone: 'UTC', time, is_reading: false },
      ...{
        bytes_behind: 1_234_567,
        messages_behind: null,
        seconds_behind: null,
        waits_for: null,
        watermark: null,
      },
      ...{ last_commit: '2024-10-03T07:59:58.000Z', last_event: '2024-10-03T07:00:00.000Z' },
      final_through: '2024-10-01',
      readers: [],
      sources: { live: names.length, finished: 12, retired: 1 },
      ...{ lines: 1_234_567, accepted: 1_234_000, rejected: 567, late: 4, dropped: 3, excluded: 0 },
    },
    store: 'SQLite database /var/lib/daymark/daymark.db',
    linesPerSecond: 12_345.6,
    rates: [0, 5, 10, 20_000],
    sources: names.map((name, i) => ({
      ...{ id: `id ${i}`, name, state: 'live' as const, offset: 1, at: 'byte 1' },
      ...{
        lines: 1_000 * i,
        accepted: i,
        rejected: i,
        rejected_by_reason: {},
        late: 0,
        dropped: 0,
        excluded: 0,
      },
      ...{
        first_event: null,
        last_event: time,
        added: null,
        moved: time,
        bytes_behind: i % 3 === 0 ? null : i,
        messages_behind: i % 3 === 1 ? 1_000_000 + i : null,
        source_name: null,
      },
    })),
    worst: {
      ...{ from: '2024-10-02', to: '2024-10-03' },
      customers: customers.map((customer_id, i) => ({
        ...{ customer_id, requests: 100_000, error_requests: 1_000 - i, availability_percentage: 99 },
        duration_p99: i % 2 === 0 ? null : 1.551,
      })),
    },
    ...change,
  };
}

const texts = fc.array(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.webPath()), {
  maxLength: 40,
});
const sizes = fc.record({ columns: fc.integer({ min: 1, max: 250 }), rows: fc.integer({ min: 1, max: 80 }) });

test('a screen fits any width and height, whatever the names are, and nothing in it moves the cursor', () => {
  fc.assert(
    fc.property(texts, texts, sizes, fc.constantFrom(PLAIN, COLOURED), (names, customers, size, style) => {
      const lines = layout(snapshotOf(names, customers), size, style, ENDS);
      expect(lines.length).toBe(size.rows);
      for (const line of lines.map(stripVTControlCharacters)) {
        expect(line).not.toMatch(UNPRINTABLE);
        expect(widthOf(line)).toBeLessThanOrEqual(size.columns);
      }
      expect(stripVTControlCharacters(lines.at(-1) ?? '')).toBe(cut('q ends', size.columns));
    }),
  );
});

test('colours change nothing but colours', () => {
  for (const columns of [30, 80, 200]) {
    const size = { columns, rows: 30 };
    const snapshot = snapshotOf(['/logs/a.log', '/logs/b.log'], ['cust_1', '日本のお客様']);
    const coloured = layout(snapshot, size, COLOURED, { text: 'away', isAlarm: true });
    expect(coloured.join('\n')).toContain('\x1b[31maway');
    expect(coloured.map(stripVTControlCharacters)).toEqual(
      layout(snapshot, size, PLAIN, { text: 'away', isAlarm: true }),
    );
  }
});

test('what matters stays on a narrow screen, and the rest comes with the width', () => {
  const snapshot = snapshotOf(['/very/long/path/of/the/logs/api.log'], ['cust_1']);
  const at = (columns: number) => layout(snapshot, { columns, rows: 40 }, PLAIN).join('\n');
  expect(at(40)).toMatch(/^….*\/api\.log +0 +0 +-$/m);
  expect(at(40)).toMatch(/^customer +failures +requests$/m);
  expect(at(40)).toMatch(/^cust_1 +1,000 +100,000$/m);
  expect(at(100)).toMatch(/^\/very\/long\/path\/of\/the\/logs\/api\.log +live +0 +0 +0 +0 +- +0 s ago$/m);
  expect(at(100)).toMatch(/^cust_1 +1,000 +100,000 +99\.000 +-$/m);
  expect(at(100)).toContain('lag     1.2 MB behind, last commit 2 s ago, newest request 60 min ago');
});

test('both tables have rows on a low screen, and the screen says how many are hidden', () => {
  const many = (name: string) => Array.from({ length: 50 }, (_, i) => `${name}${i}`);
  const lines = layout(snapshotOf(many('/logs/'), many('cust_')), { columns: 80, rows: 24 }, PLAIN, ENDS);
  const logs = lines.filter((line) => line.startsWith('/logs/')).length;
  const customers = lines.filter((line) => /^cust_\d/.test(line)).length;
  expect(Math.min(logs, customers)).toBeGreaterThanOrEqual(4);
  expect(lines.join('\n')).toContain(`logs (${50 - logs} more)`);
  expect(lines.join('\n')).toContain(`(${50 - customers} more)`);
});

test('what is not known is not shown as a number', () => {
  const unknown = snapshotOf([], []).status;
  const status = { ...unknown, bytes_behind: null, last_commit: null, last_event: null };
  const text = layout(
    snapshotOf([], [], { status, worst: null, linesPerSecond: null, rates: [] }),
    { columns: 80, rows: 24 },
    PLAIN,
  ).join('\n');
  expect(text).toContain('rate    not known yet\nlag     bytes behind not known\n');
});

test('texts are cut by their width on a terminal, at either end, and never within a letter', () => {
  expect([widthOf('abc'), widthOf('日本'), widthOf('e\u0301')]).toEqual([3, 4, 1]);
  expect([cut('abcdef', 6), cut('abcdef', 4), cut('日本語', 4), cut('abc', 1), cut('abc', 0)]).toEqual([
    ...['abcdef', 'abc…', '日…', '…', ''],
  ]);
  expect([cutStart('/logs/api.log', 8), cutStart('日本語', 4)]).toEqual(['…api.log', '…語']);
  expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 4)).toMatch(/^(👩‍👩‍👧‍👦)?…$/u);
  expect([pad('日', 4, 'left'), pad('日', 4, 'right')]).toEqual(['  日', '日  ']);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [99_949, '99.9 kB'],
  [99_950, '100 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [1.5e15, '1500 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});

test.each([
  ['2024-10-03T07:59:57Z', '3 s ago'],
  ['2024-10-03T07:30:00Z', '30 min ago'],
  ['2024-10-02T08:00:00Z', '24 h ago'],
  ['2023-10-03T08:00:00Z', '366 days ago'],
  ['2024-10-03T08:00:09Z', '9 s ahead'],
])('%s is %s', (time, text) => {
  expect(ageText(time, '2024-10-03T08:00:00Z')).toBe(text);
});

test('a sparkline has a full bar for the highest number, and none where there is nothing to compare', () => {
  expect(sparkline([0, 50, 100])).toBe('▁▅█');
  expect([sparkline([]), sparkline([5]), sparkline([0, 0])]).toEqual(['', '', '']);
});

test('a rate is that of the last seconds, and none of a single look', () => {
  const rates = new Rates();
  rates.add(0, 1_000);
  expect(rates.linesPerSecond).toBeNull();
  for (let second = 1; second <= 30; second++) rates.add(1_000 * second, 1_000 + 100 * second);
  expect(rates.linesPerSecond).toBe(100);
  for (let second = 31; second <= 45; second++) rates.add(1_000 * second, 4_000);
  expect(rates.linesPerSecond).toBe(0);
  expect(rates.steps.length).toBe(40);
  rates.add(46_000, 10);
  expect(rates.linesPerSecond).toBe(0);
});
