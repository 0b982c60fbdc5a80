import { expect, test } from 'vitest';
import { LINE_WRITERS } from '../../bench/support/line-writers.ts';

const LINE = {
  date: '2024-09-03',
  time: '05:10:46',
  customer: 'cust_7',
  path: '/api/v1/resource1',
  status: '404',
  duration: '0.316',
  index: 0,
};

test('writes a request in the combined format', () => {
  expect(LINE_WRITERS.combined(LINE)).toMatch(
    /^192\.0\.7\.[1-4] - cust_7 \[03\/Sep\/2024:05:10:46 \+0000\] "GET \/api\/v1\/resource1 HTTP\/1\.1" 404 \d+ "[^"]+" "[^"]+"$/,
  );
});

test('writes a request as JSON', () => {
  expect(JSON.parse(LINE_WRITERS.json(LINE))).toMatchObject({
    time: '2024-09-03T05:10:46Z',
    customer_id: 'cust_7',
    path: '/api/v1/resource1',
    status: 404,
    duration: 0.316,
  });
});

test('clients differ from line to line, and are the same each time', () => {
  const lines = () => Array.from({ length: 100 }, (_, index) => LINE_WRITERS.combined({ ...LINE, index }));
  expect(new Set(lines()).size).toBeGreaterThan(90);
  expect(lines()).toEqual(lines());
});
