import type { Store } from '../../src/store/contract.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';

/** Where a store is, in words that can be sent to another process. */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** Opens the store, wherever it is. */
export function openStore(location: StoreLocation): Promise<Store> {
  return location.kind === 'sqlite' ? openSqliteStore(location) : openPostgresStore(location.url);
}
