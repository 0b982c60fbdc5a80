/** Commits one request of a customer after another, and counts them where the main thread sees it at once. */

import { workerData } from 'node:worker_threads';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { StoreLocation } from '../support/stores.ts';
import { add, SUCCESS } from './requests.ts';

/** What the thread is started with. */
export interface CommittingInput {
  readonly location: StoreLocation;
  readonly customerId: string;
  readonly date: string;
  readonly commits: number;
  /** One element: how many commits have succeeded. */
  readonly committed: Int32Array;
}

const { location, customerId, date, commits, committed } = workerData as CommittingInput;
const store =
  location.kind === 'sqlite' ? await openSqliteStore(location) : await openPostgresStore(location.url);
for (let i = 0; i < commits; i++) {
  await add(store, customerId, { [date]: [SUCCESS] });
  Atomics.add(committed, 0, 1);
}
await store.close();
