/** The numbers by which endpoints can be sorted. */

import type { Summary } from '../../statistics/summary.ts';

export const ENDPOINT_SORTS = [
  'endpoint',
  ...(['requests', 'success_requests', 'failed_requests', 'error_requests', 'counted_requests'] as const),
  ...(['availability_percentage', 'success_percentage', 'uptime_percentage', 'duration_mean'] as const),
  ...(['duration_min', 'duration_p50', 'duration_p90', 'duration_p95', 'duration_p99'] as const),
  ...(['duration_p999', 'duration_max'] as const),
] as const;

export type EndpointSort = (typeof ENDPOINT_SORTS)[number];

/** The order in which the endpoints to look at come first: the worst share of successes, and the most of all else. */
export function usualEndpointOrder(sort: EndpointSort): 'asc' | 'desc' {
  return sort === 'endpoint' || sort.endsWith('_percentage') ? 'asc' : 'desc';
}

type Sorted = Summary & { readonly endpoint: string };

/** Those for which the number is null come last, and equal ones in the order of their texts, which are ASCII. */
export function compareEndpoints(sort: EndpointSort, order: 'asc' | 'desc') {
  const sign = order === 'asc' ? 1 : -1;
  return (a: Sorted, b: Sorted): number => {
    const [x, y] = [a[sort], b[sort]];
    const byText = a.endpoint < b.endpoint ? -1 : a.endpoint > b.endpoint ? 1 : 0;
    if (x === y) return byText;
    if (x === null || y === null) return x === null ? 1 : -1;
    return sign * (x < y ? -1 : 1);
  };
}
