import { DaymarkError } from '../errors.ts';
import { MAX_SUGGESTED_FROM } from '../limits.ts';
import { nearestHint } from '../nearest.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import { CUSTOMER_DAYS } from '../window/kind.ts';
import type { CustomerNames } from './customer-names.ts';

/** A customer as answers show it. The name is absent where there is none. */
export interface CustomerShown {
  /** Undefined: all customers together. */
  readonly customerId: string | undefined;
  readonly name: string | undefined;
}

/** @param asked an id or an alias. Undefined: all customers together. */
export function customerShown(names: CustomerNames, asked: string | undefined): CustomerShown {
  if (asked === undefined) return { customerId: undefined, name: undefined };
  const customerId = names.idOf(asked);
  return { customerId, name: names.nameOf(customerId) };
}

/**
 * Checks that a customer has requests in the store. One with a name is known without requests, and so are all together.
 * @throws {DaymarkError} CUSTOMER_UNKNOWN, with a similar id if there is one nearby in the order of ids.
 */
export async function assertKnownCustomer(
  snapshot: StoreSnapshot,
  { customerId, name }: CustomerShown,
): Promise<void> {
  if (customerId === undefined || name !== undefined) return;
  const [first] = await snapshot.subjectsFrom(CUSTOMER_DAYS, customerId, 1);
  if (first === customerId) return;
  const near = new Set<string>();
  for (const start of startsOf(customerId)) {
    for (const id of await snapshot.subjectsFrom(CUSTOMER_DAYS, start, MAX_SUGGESTED_FROM)) near.add(id);
  }
  const detail = `No customer ${JSON.stringify(customerId)} is known.${nearestHint(customerId, [...near])}`;
  throw new DaymarkError('CUSTOMER_UNKNOWN', detail);
}

/** Where similar ids may stand: with another end, in another case, with spaces around it. */
function startsOf(customerId: string): readonly string[] {
  const trimmed = customerId.trim();
  const others = [trimmed, trimmed.toLowerCase(), trimmed.toUpperCase()];
  return [...new Set(others.flatMap((id) => [id, [...id].slice(0, -1).join('')]))];
}
