import { DaymarkError } from '../errors.ts';
import { MAX_SUGGESTED_FROM } from '../limits.ts';
import { nearestHint } from '../nearest.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import { CUSTOMER_DAYS } from '../window/kind.ts';

/**
 * Checks that a customer has requests in the store.
 * @throws {DaymarkError} CUSTOMER_UNKNOWN, with a similar id if there is one nearby in the order of ids.
 */
export async function assertKnownCustomer(snapshot: StoreSnapshot, customerId: string): Promise<void> {
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
