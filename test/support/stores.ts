/** The real stores, for tests that run on each of them. */

import { createDatabase } from './postgres-database.ts';
import { placeAt, queryOf, SQLITE, type StoreKind, type StorePlace } from './sqlite-place.ts';
import type { StoreLocation } from './store-location.ts';

export { queryOf, type StoreKind, type StoreLocation, type StorePlace };

export const POSTGRES: StoreKind = { name: 'PostgreSQL', createPlace: createPostgresPlace };

export const STORE_KINDS: readonly StoreKind[] = [SQLITE, POSTGRES];

async function createPostgresPlace(): Promise<StorePlace> {
  const { url, query, drop } = await createDatabase();
  return placeAt({ kind: 'postgres', url }, query, drop);
}
