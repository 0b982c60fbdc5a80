/** How a database takes many windows at once: a part of {@link StoreDialect}. */

import type { Transaction } from 'kysely';
import type { WindowKey } from '../window/key.ts';
import type { WindowKind } from '../window/kind.ts';
import type { Tables } from './tables.ts';
import type { RowValues } from './window-columns.ts';

/** A row that is there. It is locked: it stays at its place until the transaction ends. */
export interface LockedRow {
  /** Which of the keys it is of. */
  readonly at: number;
  readonly place: string;
  /** Of its state. */
  readonly bytes: number;
}

export interface RowState {
  readonly at: number;
  readonly state: Uint8Array;
}

/** The new contents of a row that is there. */
export interface ChangedRow {
  readonly place: string;
  readonly values: RowValues;
}

/**
 * Writes windows of one kind, a piece at a time. The order is: `begin`, `lock`, then `states`, `insert`, `stage` and `update` any
 * number of times, and `end` or `undo`.
 */
export interface BulkWriter {
  /** Fewer windows are written by statements over a list of rows. */
  readonly leastRows: number;
  /** The most windows of a piece. */
  readonly pieceRows: number;
  /** Bytes of states that are read at once, and that are staged before an update. */
  readonly statesBytes: number;
  readonly updateBytes: number;
  /** False where this user may not. */
  isAllowed(transaction: Transaction<Tables>): Promise<boolean>;
  begin(transaction: Transaction<Tables>): Promise<void>;
  /** Locks the rows of these keys that are there, in the order of the keys. */
  lock(
    transaction: Transaction<Tables>,
    kind: WindowKind,
    keys: readonly WindowKey[],
  ): Promise<readonly LockedRow[]>;
  states(
    transaction: Transaction<Tables>,
    kind: WindowKind,
    rows: readonly LockedRow[],
  ): Promise<readonly RowState[]>;
  /**
   * Inserts rows. It waits for nobody.
   * @returns false where another transaction makes one of them, too. Then only `undo` may follow.
   */
  insert(transaction: Transaction<Tables>, kind: WindowKind, rows: Iterable<RowValues>): Promise<boolean>;
  /** Sends contents of locked rows. `update` puts them in their place. */
  stage(transaction: Transaction<Tables>, kind: WindowKind, rows: Iterable<ChangedRow>): Promise<void>;
  /** @param staged how many rows were staged since the last update. */
  update(transaction: Transaction<Tables>, kind: WindowKind, staged: number): Promise<void>;
  end(transaction: Transaction<Tables>): Promise<void>;
  /** Takes back all since `begin`, with its locks. */
  undo(transaction: Transaction<Tables>): Promise<void>;
}
