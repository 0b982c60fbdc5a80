import { expect, test } from 'vitest';
import { SORT_NAMES } from '../../../src/api/ranking/sort-names.ts';
import { rankingTable } from '../../../src/commands/cli/customer-tables.ts';
import { naiveCustomers, oddRequests } from '../../support/naive-ranking.ts';
import { randomNumbers } from '../../support/random-log.ts';

const RANGE = { from: '2024-09-01', to: '2024-09-30' };
const customers = naiveCustomers(oddRequests(randomNumbers(9), 2_000), RANGE);
const ranking = { ...RANGE, preceding: null, order: 'asc', customers, next_cursor: null } as const;

test('the table of customers fits the width, and keeps the number that it is sorted by', () => {
  for (const sort of SORT_NAMES) {
    const all = rankingTable({ ...ranking, sort } as never, 1_000)
      .split('\n')[0]
      .split(/ {2,}/);
    for (const width of [40, 65, 80, 120, 200]) {
      const lines = rankingTable({ ...ranking, sort } as never, width).split('\n');
      expect(lines).toHaveLength(1 + customers.length);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      const shown = lines[0].split(/ {2,}/);
      expect(all).toEqual(expect.arrayContaining(shown));
      expect(shown.length).toBeGreaterThanOrEqual(2);
    }
  }
});

test('a customer with a long id is cut on a terminal only', () => {
  const id = 'x'.repeat(255);
  expect(rankingTable({ ...ranking, sort: 'requests' } as never, 120)).not.toContain(id);
  expect(rankingTable({ ...ranking, sort: 'requests' } as never, Number.POSITIVE_INFINITY)).toContain(id);
});
