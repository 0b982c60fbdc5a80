import { expect, test } from 'vitest';
import { failedOf, parseSiege, parseWrk } from '../../bench/support/load.ts';

const WRK = `Running 2s test @ http://127.0.0.1:8888/
  1 threads and 25 connections
  54431 requests in 2.10s, 9.86MB read
Requests/sec:  25918.09
Transfer/sec:      4.70MB
`;

const siegeReport = (successful: number, failed: number) => `
{\t"transactions":\t\t\t       10000,
\t"availability":\t\t\t      100.00,
\t"transaction_rate":\t\t     4623.62,
\t"successful_transactions":\t       ${successful},
\t"failed_transactions":\t\t           ${failed}
}`;

test('reads the speed that wrk prints, and no failure where it prints none', () => {
  expect(parseWrk(WRK)).toEqual({ requests: 54431, requestsPerS: 25918.09, failed: 0 });
});

test('counts every failure that wrk prints', () => {
  const errors = '  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 100\n';
  expect(parseWrk(WRK.replace('Requests/sec', `${errors}Requests/sec`)).failed).toBe(110);
});

test('reads what siege prints, and counts refused and failed requests alike', () => {
  const report = parseSiege(siegeReport(10_000, 0));
  expect(report).toMatchObject({ transaction_rate: 4623.62, transactions: 10_000, availability: 100 });
  expect(failedOf(report)).toBe(0);
  expect(failedOf(parseSiege(siegeReport(9_990, 0)))).toBe(10);
  expect(failedOf(parseSiege(siegeReport(9_990, 5)))).toBe(15);
});

test('refuses a report that it does not understand', () => {
  expect(() => parseWrk('unable to connect')).toThrow('not understood');
  expect(() => parseSiege('{"transactions": 1}')).toThrow('not understood');
});
