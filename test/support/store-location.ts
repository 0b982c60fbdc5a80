import type { Store } from '../../src/store/contract.ts';
import { CopyWriter } from '../../src/store/postgres/copy-windows.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';

/** Where a store is, in words that can be sent to another process. */
export type StoreLocation =
  | { readonly kind: 'sqlite'; readonly dataDir: string }
  | {
      readonly kind: 'postgres';
      readonly url: string;
      /** Windows of a kind that go by COPY, a few at a time. Undefined: as many as it takes by default. */
      readonly copyRows?: number | undefined;
      /** Where a reader of very many windows keeps runs of them. */
      readonly runDirectory?: string;
    };

/** Opens the store, wherever it is. */
export function openStore(location: StoreLocation): Promise<Store> {
  if (location.kind === 'sqlite') return openSqliteStore(location);
  const { url, copyRows, runDirectory } = location;
  const bulk = copyRows === undefined ? undefined : new CopyWriter(1, copyRows);
  return openPostgresStore(url, {}, bulk, runDirectory);
}
