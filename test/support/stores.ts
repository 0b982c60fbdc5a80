/** The real stores, for tests that run on each of them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDatabase } from './postgres-database.ts';
import { placeAt, queryOf, SQLITE, type StoreKind, type StorePlace } from './sqlite-place.ts';
import type { StoreLocation } from './store-location.ts';

export { queryOf, type StoreKind, type StoreLocation, type StorePlace };

/**
 * `TEST_POSTGRES=copy` sends every window by COPY, seven at a time; `TEST_POSTGRES=pgbouncer` goes through PgBouncer: for the whole
 * conformance suite.
 */
const { TEST_POSTGRES } = process.env;

export const POSTGRES: StoreKind = {
  name: 'PostgreSQL',
  createPlace: () => createPostgresPlace(TEST_POSTGRES === 'copy' ? 7 : undefined),
};

/** Commits of one window go by COPY, too. */
export const POSTGRES_BY_COPY: StoreKind = {
  name: 'PostgreSQL by COPY',
  createPlace: () => createPostgresPlace(60),
};

export const STORE_KINDS: readonly StoreKind[] = [SQLITE, POSTGRES];

async function createPostgresPlace(copyRows?: number): Promise<StorePlace> {
  const { url, query, drop } = await createDatabase();
  const runDirectory = mkdtempSync(join(tmpdir(), 'daymark-runs-of-'));
  const remove = async () => {
    await drop();
    rmSync(runDirectory, { recursive: true, force: true });
  };
  return placeAt({ kind: 'postgres', url: throughPooler(url), copyRows, runDirectory }, query, remove);
}

function throughPooler(url: string): string {
  const port = inject('pgBouncerPort');
  return port === null ? url : Object.assign(new URL(url), { port }).href;
}
