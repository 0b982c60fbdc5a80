/** How a database takes whole tables of windows that it does not have yet: a part of {@link StoreDialect}. */

import type { Transaction } from 'kysely';
import type { WindowKind } from '../window/kind.ts';
import type { Tables } from './tables.ts';

/** Rows that are written apart, and then copied into tables. */
export interface LoadFile {
  /**
   * Adds rows of a kind, whose keys are behind those before. Kinds come one after the other.
   * @param rows as `RowBlock` has them.
   * @returns false where a row cannot be loaded. Then only `close` may follow.
   */
  add(kind: WindowKind, rows: Uint8Array): boolean;
  /** Makes the rows ready. No transaction is open. */
  finish(): Promise<void>;
  /** Copies all rows into their tables, which are empty, and frees the disk that they take. Nothing but `close` may follow. */
  copy(transaction: Transaction<Tables>): Promise<void>;
  /** No transaction is open. */
  close(): Promise<void>;
}

export interface BulkLoader {
  /** The kinds among these whose tables can be loaded. */
  loadable(kinds: readonly WindowKind[]): readonly WindowKind[];
  /** @param kinds that will be added. @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE. */
  open(kinds: readonly WindowKind[]): LoadFile;
}
