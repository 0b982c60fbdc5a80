import { setImmediate } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Does a part of long work in a transaction of its own, and lets others have their turn behind it. */
export async function shortTransaction(
  db: Kysely<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<void>,
): Promise<void> {
  await db.transaction().setIsolationLevel('read committed').execute(work);
  // The embedded store never waits. Without this, the thread would hear nothing until the end of all parts.
  await setImmediate();
}
