/** The embedded store, for tests that need no other. A test that imports only this can be a fast one. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import type { Store } from '../../src/store/contract.ts';
import { openStore, type StoreLocation } from './store-location.ts';
import { WAIT_BOUND_MS } from './until.ts';

/** A place where one test keeps one store. */
export interface StorePlace {
  readonly location: StoreLocation;
  /** Opens the store once more; {@link StorePlace.dispose} closes it. */
  open(): Promise<Store>;
  /** Runs a statement as any other program would. Parameters stand as `$1`, `$2`. */
  query(sql: string, parameters?: readonly SQLInputValue[]): Promise<Record<string, unknown>[]>;
  /** Closes what was opened and deletes everything. */
  dispose(): Promise<void>;
}

export interface StoreKind {
  readonly name: string;
  /** An empty place: no schema, and for the embedded store no file. */
  createPlace(): Promise<StorePlace>;
}

export const SQLITE: StoreKind = { name: 'SQLite', createPlace: createSqlitePlace };

async function createSqlitePlace(): Promise<StorePlace> {
  const dataDir = mkdtempSync(join(tmpdir(), 'daymark-store-'));
  const remove = async () => rmSync(dataDir, { recursive: true, force: true });
  return placeAt({ kind: 'sqlite', dataDir }, queryOf(dataDir), remove);
}

/** Asks the embedded store in a data directory. */
export function queryOf(dataDir: string): StorePlace['query'] {
  return async (sql, parameters = []) => {
    // Behind a killed process, whoever opens it first recovers the log, under a lock.
    const database = new DatabaseSync(join(dataDir, 'daymark.db'), { timeout: WAIT_BOUND_MS });
    try {
      return database.prepare(sql.replaceAll(/\$(\d)/g, '?$1')).all(...parameters);
    } finally {
      database.close();
    }
  };
}

/** @param remove deletes what is there, when all that was opened is closed. */
export function placeAt(
  location: StoreLocation,
  query: StorePlace['query'],
  remove: () => Promise<void>,
): StorePlace {
  const opened: Store[] = [];
  return {
    location,
    query,
    open: async () => {
      const store = await openStore(location);
      opened.push(store);
      return store;
    },
    dispose: async () => {
      for (const store of opened) await store.close();
      await remove();
    },
  };
}
