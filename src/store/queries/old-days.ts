/** Deletes days that are not to be kept any longer. */

import { setImmediate } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';
import { RETENTION_CHUNK_ROWS } from '../../limits.ts';
import type { WindowKey } from '../../window/types.ts';
import type { DayCount } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import { BEFORE_ALL, deleteWindow, isBehind, type WindowTable } from './window-statements.ts';

interface Page extends WindowKey {
  readonly before: string;
}

interface OldWindows {
  readonly select: Statement<Page, { customer_id: string; date: string }>;
  readonly delete: Statement<WindowKey, unknown>;
}

interface CountRow {
  readonly days: number;
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
}

export class OldDays {
  readonly #dialect: StoreDialect;
  readonly #count: Statement<string, CountRow>;
  readonly #rows: OldWindows;
  readonly #revisions: OldWindows;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#count = countOld(dialect.db);
    this.#rows = oldWindows(dialect.db, 'daily_stats');
    this.#revisions = oldWindows(dialect.db, 'revisions');
  }

  /** As `Store.daysBefore`. */
  async countBefore(date: string): Promise<DayCount> {
    const { rows } = await this.#count.run(this.#dialect.db, date);
    const { days, rows: count, first, last } = rows[0] ?? { days: 0, rows: 0, first: null, last: null };
    return { days, rows: count, first: first ?? undefined, last: last ?? undefined };
  }

  /** As `Store.deleteDaysBefore`. */
  async deleteBefore(date: string, signal: AbortSignal): Promise<number> {
    const rows = await this.#deleteWindows(this.#rows, date, signal);
    await this.#deleteWindows(this.#revisions, date, signal);
    if (!signal.aborted) await this.#transact((transaction) => deleteFinalDays(transaction, date));
    return rows;
  }

  /** What is to go is looked for outside the transactions: that may take long, and holds nobody up. */
  async #deleteWindows(old: OldWindows, before: string, signal: AbortSignal): Promise<number> {
    let deleted = 0;
    let last = BEFORE_ALL;
    while (!signal.aborted) {
      const { rows } = await old.select.run(this.#dialect.db, { ...last, before });
      const keys = rows.map((row) => ({ customerId: row.customer_id, date: row.date }));
      if (keys.length === 0) break;
      await this.#transact((transaction) => deleteKeys(transaction, old, keys));
      deleted += keys.length;
      last = keys.at(-1) ?? last;
      // The embedded store is never waited for: without this the thread would hear nothing until the end.
      await setImmediate();
    }
    return deleted;
  }

  #transact(work: (transaction: Transaction<Tables>) => Promise<void>): Promise<void> {
    return this.#dialect.db.transaction().setIsolationLevel('read committed').execute(work);
  }
}

/** The last one stays: it says how far the days are final, and that never goes back. */
async function deleteFinalDays(transaction: Transaction<Tables>, date: string): Promise<void> {
  await transaction
    .deleteFrom('final_days')
    .where('through', '<', date)
    .where('through', '<', (eb) =>
      eb.selectFrom('final_days').select((of) => of.fn.max('through').as('last')),
    )
    .execute();
}

/** One row after the other, in key order, as commits lock them: so they never wait for each other in a circle. */
async function deleteKeys(
  transaction: Transaction<Tables>,
  old: OldWindows,
  keys: readonly WindowKey[],
): Promise<void> {
  for (const key of keys) await old.delete.run(transaction, key);
}

function oldWindows(db: Kysely<Tables>, table: WindowTable): OldWindows {
  return { select: selectOld(db, table), delete: deleteWindow(db, table) };
}

function countOld(db: Kysely<Tables>): Statement<string, CountRow> {
  return new Statement((parameter) =>
    db
      .selectFrom('daily_stats')
      .select(({ fn }) => [
        fn.count<number>('date').distinct().as('days'),
        fn.countAll<number>().as('rows'),
        fn.min<string | null>('date').as('first'),
        fn.max<string | null>('date').as('last'),
      ])
      .where(
        'date',
        '<',
        parameter((date) => date),
      ),
  );
}

function selectOld(db: Kysely<Tables>, table: WindowTable): OldWindows['select'] {
  return new Statement((parameter) =>
    db
      .selectFrom(table)
      .select(['customer_id', 'date'])
      .where(isBehind(parameter))
      .where(
        'date',
        '<',
        parameter((page) => page.before),
      )
      .orderBy('customer_id')
      .orderBy('date')
      .limit(RETENTION_CHUNK_ROWS),
  );
}
