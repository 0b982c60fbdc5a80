/** Shows rankings of customers to people. */

import type { RankingAnswer } from '../../api/ranking/ranking-answer.ts';
import type { WorstDay, WorstDays } from '../../api/worst-days/worst-days.ts';
import { grouped } from '../../counted.ts';
import { printable } from '../../printable.ts';
import { type Column, fittingTable } from './fitting-table.ts';

type Customer = RankingAnswer['customers'][number];
/** A row of any of the tables: the other numbers may be missing. */
type Named = Pick<Customer, 'customer_id' | 'customer_name'>;
type Number = Exclude<
  keyof Customer,
  'customer_id' | 'customer_name' | 'status_classes' | 'days' | 'duration_precision'
>;

/** Characters of a customer's id and name where the table must fit a terminal, and those that are left to a number. */
const MAX_CUSTOMER_WIDTH = 40;
const MIN_CUSTOMER_WIDTH = 10;
const NUMBER_WIDTH = 20;
const BAR_WIDTH = 10;

/** The columns, from the one that is left out last where the table is too wide. */
const NUMBERS: readonly (readonly [Number, string])[] = [
  ['requests', 'requests'],
  ['availability_percentage', 'availability %'],
  ['duration_p99', 'p99 s'],
  ['error_requests', 'errors'],
  ['availability_change', 'change'],
  ['requests_change', 'requests +/-'],
  ['failed_requests', 'failed'],
  ['duration_p50', 'p50 s'],
  ['duration_mean', 'mean s'],
  ['duration_p95', 'p95 s'],
  ['uptime_percentage', 'uptime %'],
  ['success_percentage', 'success %'],
  ['success_requests', 'success'],
  ['counted_requests', 'counted'],
  ['duration_p90', 'p90 s'],
  ['duration_p999', 'p99.9 s'],
  ['duration_max', 'max s'],
  ['duration_min', 'min s'],
];

/** The order in which people read them. */
const SHOWN: readonly Number[] = [
  ...(['requests', 'requests_change', 'success_requests', 'failed_requests', 'counted_requests'] as const),
  ...(['error_requests', 'availability_percentage', 'availability_change', 'success_percentage'] as const),
  ...(['uptime_percentage', 'duration_mean', 'duration_min', 'duration_p50', 'duration_p90'] as const),
  ...(['duration_p95', 'duration_p99', 'duration_p999', 'duration_max'] as const),
];

/** @param width of the terminal. The number that it is sorted by always stays. */
export function rankingTable({ customers, sort }: RankingAnswer, width: number): string {
  const most = customers.reduce((max, { requests }) => Math.max(max, requests), 1);
  const columns: Column<Customer>[] = [
    { header: 'customer', rank: 0, cell: (row) => fitted(nameOf(row), width) },
    ...SHOWN.map((name) => ({
      header: headerOf(name),
      rank: name === sort ? 0 : rankOf(name),
      cell: (row: Customer) => inWords(name, row[name]),
    })),
    barColumn(most),
  ];
  return fittingTable(customers, columns, width);
}

/** Shows the worst day of each customer. The availability always stays: the days are sorted by it. */
export function worstDaysTable({ customers }: WorstDays, width: number): string {
  const most = customers.reduce((max, { requests }) => Math.max(max, requests), 1);
  const shown = SHOWN.filter((name) => name !== 'requests_change' && name !== 'availability_change');
  const columns: Column<WorstDay>[] = [
    { header: 'customer', rank: 0, cell: (row) => fitted(nameOf(row), width) },
    { header: 'date', rank: 0, cell: ({ date }) => date },
    ...shown.map((name) => ({
      header: headerOf(name),
      rank: name === 'availability_percentage' ? 0 : rankOf(name),
      cell: (row: WorstDay) => inWords(name, row[name as keyof WorstDay & Number]),
    })),
    barColumn(most),
  ];
  return fittingTable(customers, columns, width);
}

function headerOf(name: Number): string {
  return NUMBERS.find(([known]) => known === name)?.[1] ?? name;
}

function rankOf(name: Number): number {
  return 1 + NUMBERS.findIndex(([known]) => known === name);
}

function barColumn(most: number): Column<{ readonly requests: number }> {
  return {
    header: '',
    rank: 6,
    cell: ({ requests }) => '█'.repeat(Math.ceil((BAR_WIDTH * requests) / most)).padEnd(BAR_WIDTH),
  };
}

function nameOf({ customer_id: id, customer_name: name }: Named): string {
  return printable(name === undefined ? id : `${id} (${name})`);
}

function fitted(text: string, width: number): string {
  if (width === Number.POSITIVE_INFINITY) return text;
  const most = Math.min(MAX_CUSTOMER_WIDTH, Math.max(MIN_CUSTOMER_WIDTH, width - NUMBER_WIDTH));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function inWords(name: Number, value: number | null): string {
  if (value === null) return '-';
  if (name.endsWith('_percentage')) return value.toFixed(4);
  if (name === 'availability_change') return signed(value, Math.abs(value).toFixed(4));
  if (name === 'requests_change') return signed(value, grouped(Math.abs(value)));
  if (name === 'duration_mean') return value.toFixed(6);
  return name.startsWith('duration_') ? String(value) : grouped(value);
}

function signed(value: number, size: string): string {
  return `${value < 0 ? '-' : '+'}${size}`;
}
