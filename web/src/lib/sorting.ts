/** Tables whose columns sort them. The order is in the address. */

import { changed } from './router.svelte.ts';

type Order = 'asc' | 'desc';

export interface Column<Sort extends string> {
  readonly sort: Sort;
  readonly name: string;
  /** What comes first is the worst. */
  readonly order: Order;
  readonly isWide?: boolean;
}

export interface Sorting<Sort extends string> {
  readonly sort: Sort;
  readonly order: Order;
}

/** The order that an address names. What is no column of the table is taken as none. @param usual the sort without one. */
export function sortingOf<Sort extends string>(
  query: URLSearchParams,
  columns: readonly Column<Sort>[],
  usual: Sort,
): Sorting<Sort> {
  const named = columns.find(({ sort }) => sort === query.get('sort'));
  const column = named ?? columns.find(({ sort }) => sort === usual);
  const order = (['asc', 'desc'] as const).find((one) => one === query.get('order'));
  return { sort: column?.sort ?? usual, order: order ?? column?.order ?? 'asc' };
}

/** The address of the table sorted by a column: the worst first, and the other way round if it is so already. */
export function sortAddress<Sort extends string>({ sort, order }: Column<Sort>, now: Sorting<Sort>): string {
  const other: Order = now.order === 'asc' ? 'desc' : 'asc';
  return changed({ sort, order: sort === now.sort ? other : order, cursor: null });
}
