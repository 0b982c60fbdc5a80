/** What differs between the databases. Everything else in this folder is the same for both. */

import type { ColumnDataType, Kysely, RawBuilder, Transaction } from 'kysely';
import type { BulkWriter } from './bulk.ts';
import type { BulkLoader } from './bulk-load.ts';
import type { DatabaseProduct, RunFile } from './contract.ts';
import type { Tables } from './tables.ts';

/** The types of columns, by their contents. */
export interface ColumnTypes {
  /** Compared by its UTF-8 bytes. */
  readonly text: ColumnDataType | RawBuilder<unknown>;
  /** Up to 2^53 − 1. */
  readonly integer: ColumnDataType;
  /** 64-bit floating point. */
  readonly real: ColumnDataType;
  readonly bytes: ColumnDataType;
  /** A day of the years 1 to 9999, written `YYYY-MM-DD`. */
  readonly date: ColumnDataType;
  /** An instant. */
  readonly time: ColumnDataType;
  /** Whether a column of a table can be changed. If not, migrations make the table anew. */
  readonly canAlterColumns: boolean;
  /** Whether a view of a table passes writes on to it. */
  readonly areViewsWritable: boolean;
  /** Whether tables say how their pages are filled and cleaned. */
  readonly hasStorageOptions: boolean;
  /** The text behind the closing bracket of a table's definition. */
  readonly tableOptions: RawBuilder<unknown>;
  /** 32 random bytes that nobody can guess. Where a server logs statements, they are made there, so that they are in no log. */
  readonly newSecret: () => RawBuilder<Uint8Array>;
}

/** A table that only its owner changes. */
export interface OwnersTable {
  readonly table: string;
  /** Whether those who may write the other tables may read it. */
  readonly isForOthersToRead: boolean;
}

/** The database as it was at one moment, read over a connection of its own. */
interface Snapshot {
  readonly db: Kysely<Tables>;
  /** Gives the connection back. It never fails. */
  close(): Promise<void>;
}

/** One database. Every failure that `db` throws is a DaymarkError already: the driver below it makes it one. */
export interface StoreDialect {
  readonly db: Kysely<Tables>;
  readonly description: string;
  readonly product: DatabaseProduct;
  readonly columnTypes: ColumnTypes;
  /** How many rows one statement of a commit reads or writes, but for the inserts of a very large one. */
  readonly rowsPerStatement: number;
  /** Undefined: many windows are written as few are. */
  readonly bulk?: BulkWriter | undefined;
  /** Undefined: windows are added to rows, whether there are any or not. */
  readonly bulkLoader?: BulkLoader | undefined;
  /** True where a transaction keeps all other writers out from its beginning. Then rows need no locks. */
  readonly hasOneWriter: boolean;

  /** The time now by the clock of the database, in ms since 1970. */
  readonly nowMs: RawBuilder<number>;

  /** The column `updated_at` of `checkpoints`, in ms since 1970. */
  readonly updatedMs: RawBuilder<number>;

  /** Bytes as hexadecimal digits. */
  hex(bytes: RawBuilder<unknown>): RawBuilder<string>;

  /**
   * Aggregates bytes: the first `length` of each as hexadecimal digits, one behind the other, in any order. If there are
   * fewer, digits `f` follow.
   */
  joinHex(bytes: RawBuilder<unknown>, length: number): RawBuilder<string>;

  /** Waits until no other process migrates. The lock ends with the transaction. */
  lockMigrations(transaction: Transaction<Tables>): Promise<void>;

  /** The schema that holds daymark's tables, or will; undefined where the database has no schemas. */
  migrationSchema(transaction: Transaction<Tables>): Promise<string | undefined>;

  /** Takes a new table from those who may write it by a grant for all tables to come. Whoever may only read it, still may. */
  leaveToOwner(transaction: Transaction<Tables>, table: OwnersTable): Promise<void>;

  /**
   * Waits until no other process adds partitions; commits go on. Then it takes the snapshot of the transaction, in which it is the
   * first statement: what is read of logs behind it is never older than what the store knows of them. The lock ends with the
   * transaction.
   */
  lockPartitions(transaction: Transaction<Tables>): Promise<void>;

  /** Waits until no other process changes `checkpoints`. The lock ends with the transaction. */
  lockCheckpoints(transaction: Transaction<Tables>): Promise<void>;

  /**
   * Waits until no other process decides which spans are final. The lock ends with the transaction. It is the last lock
   * of a commit: whoever holds it waits for nobody.
   */
  lockFinalSpans(transaction: Transaction<Tables>): Promise<void>;

  /** Waits until no roll-up is begun. The lock ends with the transaction, and keeps others from beginning one until then. */
  lockRollUps(transaction: Transaction<Tables>): Promise<void>;

  /** The lock to begin a roll-up. @returns false, at once, where a transaction holds {@link lockRollUps}. */
  tryLockToRollUp(transaction: Transaction<Tables>): Promise<boolean>;

  /**
   * Writes little, beside a store that may have been opened for reading. Where this user may not write, it throws. So it does in
   * SQLite where another process writes. In PostgreSQL it waits for whoever changes the same rows, as long as a statement may take.
   */
  writeBriefly(work: (db: Kysely<Tables>) => Promise<void>): Promise<void>;

  /**
   * Writes little that must last, beside a store that may have been opened for reading. Where this user may not write, it throws.
   * It waits a while for those who write in SQLite.
   */
  writeDurably(work: (db: Kysely<Tables>) => Promise<void>): Promise<void>;

  /** What was committed up to the first read. */
  openSnapshot(): Promise<Snapshot>;

  /** As `Store.dataVersion`. */
  dataVersion(): Promise<string>;

  /** As `Store.sizeBytes`. */
  sizeBytes(): Promise<number>;

  /** As `Store.openRunFile`. */
  readonly openRunFile?: (() => RunFile) | undefined;

  close(): Promise<void>;
}
