/** Puts windows that were made anew in the place of those that are there. */

import type { Kysely, Transaction } from 'kysely';
import { bug } from '../../errors.ts';
import { STORED_DAYS_PAGE_ROWS } from '../../limits.ts';
import { pickStatistics, STATISTICS_COLUMNS } from '../../statistics/columns.ts';
import { compareKeys, keyOfRow, spanOf, type WindowKey } from '../../window/key.ts';
import { CUSTOMER_DAYS, type DayRange, type WindowKind } from '../../window/kind.ts';
import type { ReplacedWindow, Replacement, StoredWindow } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import type { RowsStatement, Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import type { RowValues } from '../window-columns.ts';
import { type ChangedDay, type ChangeOrigin, DayChanges } from './day-changes.ts';
import { type FinalThrough, isFinal } from './final-spans.ts';
import type { TimeZone } from './time-zone.ts';
import { upsertArrays } from './window-arrays.ts';
import { deleteWindow, Pages, rowValues, upsertWindows } from './window-statements.ts';

/** A row as the database gives it. */
type StoredRow = Omit<StoredWindow, 'key'> & Readonly<Record<string, unknown>>;

interface Statements {
  readonly pages: Pages<StoredRow>;
  readonly upsert: Pick<RowsStatement<RowValues, unknown>, 'run'>;
  readonly deleteRow: Statement<WindowKey, unknown>;
  readonly deleteRevision: Statement<WindowKey, unknown>;
}

export class Replacements {
  readonly #dialect: StoreDialect;
  readonly #timeZone: TimeZone;
  readonly #statements: ReadonlyMap<WindowKind, Statements>;
  readonly #dayChanges: DayChanges;

  constructor(dialect: StoreDialect, timeZone: TimeZone, kinds: readonly WindowKind[]) {
    this.#dialect = dialect;
    this.#timeZone = timeZone;
    this.#statements = new Map(kinds.map((kind) => [kind, statementsOf(dialect, kind)]));
    this.#dayChanges = new DayChanges(dialect);
  }

  /** As `Store.storedWindows`. @param db the database, or a transaction of it. */
  async *storedWindows(
    kind: WindowKind,
    range: DayRange,
    db: Kysely<Tables> = this.#dialect.db,
  ): AsyncGenerator<StoredWindow> {
    const statements = this.#statements.get(kind);
    if (!statements) throw bug(`the store does not know windows of the kind ${kind.name}`);
    const zone = await this.#timeZone.tableOrNone(db);
    if (!zone) return;
    const spans = kind.granularity.spansOf(range, zone);
    let after: WindowKey | undefined;
    for (;;) {
      const rows = await statements.pages.read(db, { ...spans, after });
      for (const row of rows) {
        after = keyOfRow(kind, row);
        yield { ...row, key: after };
      }
      if (rows.length < STORED_DAYS_PAGE_ROWS) return;
    }
  }

  /**
   * Reads both sides in the order of keys, a few rows at a time. What it writes lies behind what it has read.
   * @returns the dates of the customer days that it changed.
   */
  async replace(
    transaction: Transaction<Tables>,
    replacement: Replacement,
    finalThrough: FinalThrough,
  ): Promise<ReadonlySet<string>> {
    const dates = new Set<string>();
    const { range, source, isDryRun, nowMs } = replacement;
    const changes = new ChangeWriter(transaction, this.#dayChanges, nowMs, this.#dialect.rowsPerStatement);
    for (const [kind, statements] of this.#statements) {
      const writer = new WindowWriter(transaction, statements, this.#dialect.rowsPerStatement);
      const here = this.storedWindows(kind, range, transaction);
      for await (const window of pairs(here, source.storedWindows(kind, range))) {
        replacement.note(window);
        if (!window.isChanged || isDryRun) continue;
        await writer.put(window);
        if (kind !== CUSTOMER_DAYS) continue;
        dates.add(spanOf(window.key));
        if (isFinal(window.key, finalThrough)) await changes.put(window);
      }
      await writer.flush();
    }
    await changes.flush();
    return dates;
  }
}

function statementsOf({ db, hasOneWriter }: StoreDialect, kind: WindowKind): Statements {
  const columns = [...STATISTICS_COLUMNS, 'state'];
  return {
    pages: new Pages(db, kind, { table: 'statistics', columns, end: '<=', rows: STORED_DAYS_PAGE_ROWS }),
    upsert: hasOneWriter ? upsertWindows(db, kind) : upsertArrays(db, kind),
    deleteRow: deleteWindow(db, kind, 'statistics'),
    deleteRevision: deleteWindow(db, kind, 'revisions'),
  };
}

/** Writes several rows with a statement, all in the order of keys, in which rows are locked. */
class WindowWriter {
  readonly #transaction: Transaction<Tables>;
  readonly #statements: Statements;
  readonly #rowsPerStatement: number;
  #rows: RowValues[] = [];

  constructor(transaction: Transaction<Tables>, statements: Statements, rowsPerStatement: number) {
    this.#transaction = transaction;
    this.#statements = statements;
    this.#rowsPerStatement = rowsPerStatement;
  }

  async put({ key, after }: ReplacedWindow): Promise<void> {
    if (after) this.#rows.push(rowValues(key, pickStatistics(after), after.state));
    if (!after || this.#rows.length === this.#rowsPerStatement) await this.flush();
    if (after) return;
    await this.#statements.deleteRow.run(this.#transaction, key);
    await this.#statements.deleteRevision.run(this.#transaction, key);
  }

  async flush(): Promise<void> {
    if (this.#rows.length > 0) await this.#statements.upsert.run(this.#transaction, this.#rows);
    this.#rows = [];
  }
}

/** Notes what became of final days, several with a statement. */
class ChangeWriter {
  readonly #transaction: Transaction<Tables>;
  readonly #dayChanges: DayChanges;
  readonly #origin: ChangeOrigin;
  readonly #rowsPerStatement: number;
  #days: ChangedDay[] = [];

  constructor(
    transaction: Transaction<Tables>,
    dayChanges: DayChanges,
    nowMs: number,
    rowsPerStatement: number,
  ) {
    this.#transaction = transaction;
    this.#dayChanges = dayChanges;
    // A rebuild reads all logs; which of them made the difference is not known.
    this.#origin = { cause: 'rebuild', nowMs, sources: new Map() };
    this.#rowsPerStatement = rowsPerStatement;
  }

  async put({ key, before, after }: ReplacedWindow): Promise<void> {
    const [customerId, date] = key.values;
    this.#days.push({ customerId, date, before: before?.state, after: after?.state });
    if (this.#days.length === this.#rowsPerStatement) await this.flush();
  }

  async flush(): Promise<void> {
    await this.#dayChanges.add(this.#transaction, this.#days, this.#origin);
    this.#days = [];
  }
}

/** The windows of both sides, in the order of keys. */
async function* pairs(
  befores: AsyncIterable<StoredWindow>,
  afters: AsyncIterable<StoredWindow>,
): AsyncGenerator<ReplacedWindow> {
  const [left, right] = [befores[Symbol.asyncIterator](), afters[Symbol.asyncIterator]()];
  let before = (await left.next()).value as StoredWindow | undefined;
  let after = (await right.next()).value as StoredWindow | undefined;
  while (before || after) {
    const order = orderOf(before, after);
    const pair = { before: order <= 0 ? before : undefined, after: order >= 0 ? after : undefined };
    const { key } = (pair.before ?? pair.after) as StoredWindow;
    yield { key, ...pair, isChanged: !isSame(pair.before, pair.after) };
    if (order <= 0) before = (await left.next()).value as StoredWindow | undefined;
    if (order >= 0) after = (await right.next()).value as StoredWindow | undefined;
  }
}

function orderOf(before: StoredWindow | undefined, after: StoredWindow | undefined): number {
  if (!before) return 1;
  return after ? compareKeys(before.key, after.key) : -1;
}

function isSame(before: StoredWindow | undefined, after: StoredWindow | undefined): boolean {
  if (!before || !after) return false;
  return (
    STATISTICS_COLUMNS.every((column) => before[column] === after[column]) &&
    Buffer.compare(before.state, after.state) === 0
  );
}
