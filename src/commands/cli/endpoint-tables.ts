/** Shows endpoints to people. */

import type { EndpointRow, EndpointStatistics } from '../../api/endpoints/endpoint-statistics.ts';
import { grouped } from '../../counted.ts';
import { type Column, fittingTable } from './fitting-table.ts';

type Number = Exclude<
  keyof EndpointRow,
  'endpoint' | 'method' | 'path' | 'statuses' | 'status_classes' | 'duration_precision'
>;

/** Characters of an endpoint where the table must fit a terminal, and those that are left to a number. */
const MAX_ENDPOINT_WIDTH = 60;
const MIN_ENDPOINT_WIDTH = 10;
const NUMBER_WIDTH = 20;
const BAR_WIDTH = 10;

/** In the order in which people read them, each with when it is left out: the highest first. */
const NUMBERS: readonly (readonly [name: Number, header: string, rank: number])[] = [
  ['requests', 'requests', 1],
  ['success_requests', 'success', 13],
  ['failed_requests', 'failed', 5],
  ['counted_requests', 'counted', 14],
  ['error_requests', 'errors', 4],
  ['availability_percentage', 'availability %', 2],
  ['success_percentage', 'success %', 12],
  ['uptime_percentage', 'uptime %', 11],
  ['duration_mean', 'mean s', 8],
  ['duration_min', 'min s', 17],
  ['duration_p50', 'p50 s', 7],
  ['duration_p90', 'p90 s', 15],
  ['duration_p95', 'p95 s', 9],
  ['duration_p99', 'p99 s', 3],
  ['duration_p999', 'p99.9 s', 16],
  ['duration_max', 'max s', 10],
];

/** @param width of the terminal. The number that it is sorted by always stays. */
export function endpointTable({ endpoints, sort }: EndpointStatistics, width: number): string {
  const most = endpoints.reduce((max, { requests }) => Math.max(max, requests), 1);
  const columns: Column<EndpointRow>[] = [
    { header: 'endpoint', rank: 0, cell: ({ endpoint }) => fitted(endpoint, width) },
    ...NUMBERS.map(([name, header, rank]) => ({
      header,
      rank: name === sort ? 0 : rank,
      cell: (row: EndpointRow) => inWords(name, row[name]),
    })),
    {
      header: '',
      rank: 6,
      cell: ({ requests }) => '█'.repeat(Math.ceil((BAR_WIDTH * requests) / most)).padEnd(BAR_WIDTH),
    },
  ];
  return fittingTable(endpoints, columns, width);
}

/** Endpoints are printable ASCII. */
function fitted(text: string, width: number): string {
  if (width === Number.POSITIVE_INFINITY) return text;
  const most = Math.min(MAX_ENDPOINT_WIDTH, Math.max(MIN_ENDPOINT_WIDTH, width - NUMBER_WIDTH));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function inWords(name: Number, value: number | null): string {
  if (value === null) return '-';
  if (name.endsWith('_percentage')) return value.toFixed(4);
  if (name === 'duration_mean') return value.toFixed(6);
  return name.startsWith('duration_') ? String(value) : grouped(value);
}
