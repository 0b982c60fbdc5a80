import type { CustomerSearch } from '../../store/contract.ts';
import type { CustomerNames } from '../customer-names.ts';

/** What customers are searched by: the beginning of their id, or a text. */
export interface SearchedBy {
  readonly prefix?: string | undefined;
  /** A part of the id or the name, in any case, or an alias. */
  readonly search?: string | undefined;
}

/** @returns undefined if all customers are asked for. */
export function searchOf(
  { prefix, search }: SearchedBy,
  customers: CustomerNames,
): Pick<CustomerSearch, 'prefix' | 'matches'> | undefined {
  if (search === undefined) return prefix === undefined ? undefined : { prefix };
  const text = search.toLowerCase();
  const aliasOf = customers.idOf(search);
  const holds = (value: string | undefined) => value?.toLowerCase().includes(text) === true;
  return { prefix, matches: (id) => id === aliasOf || holds(id) || holds(customers.nameOf(id)) };
}
