/** The rules of the page that need no browser. */

import { expect, it } from 'vitest';
import { everyDay, plusDays, weekHourOf } from '../../web/src/lib/days.ts';
import { emptyState, judge } from '../../web/src/lib/judge.ts';
import { granularityOf, presetRange, rangeOf } from '../../web/src/lib/ranges.ts';
import { shellWord } from '../../web/src/lib/shell.ts';

const numbers = (counted: number, failed: number) => ({
  counted_requests: counted,
  error_requests: failed,
  availability_percentage: counted === 0 ? null : (100 * (counted - failed)) / counted,
});

it.each([
  [0, 0, 'none'],
  [5, 1, 'few'],
  [99, 99, 'few'],
  [100, 0, 'met'],
  [100, 1, 'few'],
  [1000, 1, 'met'],
  [999, 1, 'few'],
  [10_000, 10, 'met'],
  [10_000, 11, 'missed'],
  [10_000, 299, 'missed'],
  [10_000, 300, 'exhausted'],
  [100, 2, 'missed'],
  [100, 100, 'exhausted'],
])('%i requests of which %i failed are judged: %s', (counted, failed, verdict) => {
  expect(judge(numbers(counted, failed), 99.9)).toBe(verdict);
});

it('a single failed request paints no day', () => {
  for (let counted = 1; counted <= 2000; counted++)
    expect(['met', 'few']).toContain(judge(numbers(counted, 1), 99.9));
});

it('a day without requests says why: not read yet, before the first, no log, or none', () => {
  const span = { first: '2024-09-10', lastRead: '2024-10-02', daysOfAll: new Set(['2024-09-20']) };
  const states = ['2024-10-03', '2024-09-09', '2024-09-20', '2024-09-21'].map((day) => emptyState(day, span));
  expect(states).toEqual(['unread', 'before', 'none', 'nodata']);
  expect(emptyState('2024-09-21', { first: undefined, lastRead: undefined, daysOfAll: undefined })).toBe(
    'none',
  );
});

it('ranges end on the last day, and months are whole', () => {
  expect(presetRange('7d', '2024-03-02')).toEqual({ from: '2024-02-25', to: '2024-03-02' });
  expect(presetRange('month', '2024-02-29')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  expect(presetRange('last-month', '2024-03-31')).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  expect(presetRange('last-month', '2024-01-15')).toEqual({ from: '2023-12-01', to: '2023-12-31' });
});

it('an address that names no range shows 30 days', () => {
  const usual = { from: '2024-09-03', to: '2024-10-02', preset: '30d' };
  for (const query of [
    '',
    'range=all',
    'from=2024-10-02&to=2024-10-01',
    'from=2024-02-30&to=2024-03-01',
    'from=1000-01-01&to=2024-10-01',
  ])
    expect(rangeOf(new URLSearchParams(query), '2024-10-02')).toEqual(usual);
  expect(rangeOf(new URLSearchParams('from=2024-10-01&to=2024-10-01'), '2024-10-02')).toEqual({
    ...{ from: '2024-10-01', to: '2024-10-01', preset: undefined },
  });
});

it('a chart has hours for a day or two, and months for years', () => {
  expect(granularityOf({ from: '2024-10-01', to: '2024-10-02' })).toBe('hour');
  expect(granularityOf({ from: '2024-10-01', to: '2024-10-03' })).toBe('day');
  expect(granularityOf({ from: '2022-10-01', to: '2024-10-03' })).toBe('month');
});

it('days follow each other through leap years and the first centuries', () => {
  expect(plusDays('2024-02-28', 1)).toBe('2024-02-29');
  expect(plusDays('0001-01-01', 365)).toBe('0002-01-01');
  expect(everyDay('2024-12-30', '2025-01-02')).toEqual([
    '2024-12-30',
    '2024-12-31',
    '2025-01-01',
    '2025-01-02',
  ]);
  expect(everyDay('2024-12-30', '2024-12-29')).toEqual([]);
});

it('an hour of the week is one of the zone of the days', () => {
  const instant = new Date('2024-10-06T23:30:00Z');
  expect(weekHourOf('UTC')(instant)).toEqual([6, 23]);
  expect(weekHourOf('Europe/Berlin')(instant)).toEqual([0, 1]);
});

it('an id is one word of a command, whatever stands in it', () => {
  expect(shellWord('cust_4')).toBe('cust_4');
  expect(shellWord("a'b; rm -rf /")).toBe("'a'\\''b; rm -rf /'");
  expect(shellWord('-x')).toBe("'-x'");
});
