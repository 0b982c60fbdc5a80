/** The numbers by which customers can be sorted, and what each of them is made of. */

/**
 * What a sort reads: only the ids in their order; the requests by status; those of the preceding range, too; or all
 * durations, which takes many times as long.
 */
export type Basis = 'ids' | 'counts' | 'changes' | 'durations';

export const SORTS = {
  customer_id: 'ids',
  requests: 'counts',
  success_requests: 'counts',
  failed_requests: 'counts',
  error_requests: 'counts',
  counted_requests: 'counts',
  availability_percentage: 'counts',
  success_percentage: 'counts',
  requests_change: 'changes',
  availability_change: 'changes',
  uptime_percentage: 'durations',
  duration_mean: 'durations',
  duration_min: 'durations',
  duration_p50: 'durations',
  duration_p90: 'durations',
  duration_p95: 'durations',
  duration_p99: 'durations',
  duration_p999: 'durations',
  duration_max: 'durations',
} as const satisfies Record<string, Basis>;

export type Sort = keyof typeof SORTS;

export const SORT_NAMES = Object.keys(SORTS) as Sort[];

/** The sorts of a basis: what `rankedNumbers` gives for it. */
export function sortsOf(basis: Basis): Sort[] {
  return SORT_NAMES.filter((sort) => SORTS[sort] === basis);
}

const FROM_LEAST: ReadonlySet<Sort> = new Set([
  ...(['customer_id', 'availability_percentage', 'success_percentage', 'uptime_percentage'] as const),
  'availability_change',
]);

/** The order in which the customers to look at come first: the worst share of successes, and the most of all else. */
export function usualOrder(sort: Sort): 'asc' | 'desc' {
  return FROM_LEAST.has(sort) ? 'asc' : 'desc';
}
