import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generateSampleLog } from '../../src/sample-log/sample-log.ts';
import { answered } from '../support/questions.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/questions.md'), 'utf8');

it('docs/questions.md has the answers that the program gives', async () => {
  expect(await answered(DOCUMENT)).toBe(DOCUMENT);
});

/** The log of the document, field by field. */
function requests() {
  const options = { lines: 50_000, seed: 42, customers: 40, days: 61, untilMs: Date.UTC(2024, 9, 1) };
  let text = '';
  // All blocks share one buffer.
  for (const block of generateSampleLog(options)) text += Buffer.from(block).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
    .map(([date = '', , customer = '', , status, seconds]) => ({
      ...{ date, customer, status: Number(status), ms: Math.round(1000 * Number(seconds)) },
    }));
}

/** By what the document prints of them. */
function numbersOf(own: ReturnType<typeof requests>) {
  const errors = own.filter(({ status }) => status >= 500).length;
  const sorted = own.map(({ ms }) => ms).sort((a, b) => a - b);
  const nearestRank = (percent: number) => sorted[Math.ceil((percent * sorted.length) / 100) - 1] as number;
  return {
    failed: own.filter(({ status }) => status < 200 || status > 299).length,
    errors,
    availability: 100 * ((own.length - errors) / own.length),
    mean: sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length / 1000,
    p99: nearestRank(99) / 1000,
    requests: own.length,
  };
}

it('the answers of docs/questions.md about worst days, months and logs are those of the lines', () => {
  const all = requests();
  const lastWeek = all.filter(({ date }) => date >= '2024-09-23' && date <= '2024-09-29');
  const days = [...Map.groupBy(lastWeek, ({ customer, date }) => `${customer} ${date}`)]
    .map(([key, own]) => ({ key, ...numbersOf(own) }))
    .filter(({ requests: count }) => count >= 10)
    .sort((a, b) => a.availability - b.availability || b.p99 - a.p99);
  const [customers, seen] = [[] as typeof days, new Set<string>()];
  for (const day of days) {
    const [customer = ''] = day.key.split(' ');
    if (!seen.has(customer)) customers.push(day);
    seen.add(customer);
  }
  customers.sort((a, b) => a.availability - b.availability || (a.key < b.key ? -1 : 1));
  const worst = all.filter(({ date }) => date === '2024-09-24');
  const own = worst.filter(({ customer }) => customer === 'cust_19').length;
  expect(DOCUMENT.split(`"requests":${own}, "lines":${worst.length}, "unknown_lines":0`)).toHaveLength(3);
  const month = (name: string) => numbersOf(all.filter(({ date }) => date.startsWith(name)));
  const cells = (text: string) => text.trim().split(/\s+/);
  const rows = DOCUMENT.split('\n').filter((line) => /^cust_\d+ +2024-09-\d\d /.test(line));
  expect(rows.map((row) => cells(row).slice(0, 7))).toEqual(
    customers
      .slice(0, 10)
      .map(({ key, requests: count, failed, errors, availability, mean }) => [
        ...key.split(' '),
        ...[count, failed, errors].map(String),
        ...[availability.toFixed(4), mean.toFixed(6)],
      ]),
  );
  for (const [first, last] of [
    ['2024-08-01', '2024-08-31'],
    ['2024-09-01', '2024-09-30'],
  ] as const) {
    const { requests: count, failed, errors, availability, mean, p99 } = month(first.slice(0, 7));
    const row = DOCUMENT.split('\n').find((line) => line.startsWith(`${first}  ${last}`)) ?? '';
    expect(cells(row).slice(2, 7)).toEqual([
      ...[count, failed, errors].map((number) => number.toLocaleString('en')),
      ...[availability.toFixed(4), mean.toFixed(6)],
    ]);
    expect(cells(row)[10]).toBe(String(p99));
  }
});
