/** How a database takes whole tables of windows: a part of {@link StoreDialect}. */

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
  /** Says that the file is still used, where no rows are added for some time. */
  touch(): void;
  /** Makes the rows ready. No transaction is open. */
  finish(): Promise<void>;
  /** Puts the rows of a kind in the place of all that are in its table. */
  copy(transaction: Transaction<Tables>, kind: WindowKind): Promise<void>;
  /** Frees the disk that the rows take. Nothing but `close` may follow. */
  free(): void;
  /** No transaction is open. */
  close(): Promise<void>;
}

/** The values of the key of a window, and its state in hexadecimal digits. */
export interface StoredState {
  readonly values: readonly string[];
  readonly stateHex: string;
}

export interface BulkLoader {
  /** Of the database, without its log. */
  bytes(): number;
  /** Another number whenever another connection has committed. */
  foreignVersion(): number;
  /** What is stored of a kind at one moment, in the order of keys. */
  stored(kind: WindowKind): Iterable<StoredState>;
  /** The kinds among these whose tables can be loaded. */
  loadable(kinds: readonly WindowKind[]): readonly WindowKind[];
  /** @param kinds that will be added. @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE. */
  open(kinds: readonly WindowKind[]): LoadFile;
}
