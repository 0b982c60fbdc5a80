/**
 * Days of which not all requests are in the windows of all customers together: lines of them were read by an older
 * daymark, or while ALL_CUSTOMERS was off.
 */

import { type Kysely, sql, type Transaction } from 'kysely';
import { FIRST_DATE, LAST_DATE } from '../../window/day.ts';
import { ALL_DAYS, CUSTOMER_DAYS, type DayRange, type SpanRange } from '../../window/kind.ts';
import { Statement } from '../statement.ts';
import { statisticsTable, type Tables } from '../tables.ts';

export class PartialDays {
  readonly #db: Kysely<Tables>;
  readonly #select: Statement<SpanRange, { date: string }>;
  readonly #insert: Statement<string, unknown>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
    this.#select = selectDays(db);
    this.#insert = new Statement((parameter) =>
      db
        .insertInto('partial_days')
        .values({ date: parameter((date) => date) })
        .onConflict((conflict) => conflict.doNothing()),
    );
  }

  /** As `StoreSnapshot.partialDays`. @param db the snapshot. */
  async of(db: Kysely<Tables>, range: SpanRange): Promise<readonly string[]> {
    return (await this.#select.run(db, range)).rows.map(({ date }) => date);
  }

  /**
   * Notes what a commit adds to customers and not to all together. In the order of dates: with any other, two commits could
   * wait for each other.
   */
  async note(
    transaction: Transaction<Tables>,
    ofCustomers: ReadonlySet<string>,
    ofAll: ReadonlySet<string>,
  ): Promise<void> {
    for (const date of [...ofCustomers].sort())
      if (!ofAll.has(date)) await this.#insert.run(transaction, date);
  }

  /** Days that retention has deleted hold nothing any more. */
  async forgetBefore(date: string): Promise<void> {
    await this.#db.deleteFrom('partial_days').where('date', '<', date).execute();
  }

  /** Finds out anew, after all windows of some days were replaced. */
  async renew(transaction: Transaction<Tables>, { from, to }: DayRange): Promise<void> {
    const isIn = sql<boolean>`date >= ${from ?? FIRST_DATE} and date <= ${to ?? LAST_DATE}`;
    await transaction.deleteFrom('partial_days').where(isIn).execute();
    await sql`insert into ${sql.table('partial_days')} (date)
      select distinct date from ${sql.table(statisticsTable(CUSTOMER_DAYS))} where ${isIn}
      and date not in (select date from ${sql.table(statisticsTable(ALL_DAYS))} where ${isIn})`.execute(
      transaction,
    );
  }
}

function selectDays(db: Kysely<Tables>): Statement<SpanRange, { date: string }> {
  return new Statement((parameter) =>
    db
      .selectFrom('partial_days')
      .select('date')
      .where(
        'date',
        '>=',
        parameter(({ from }) => from),
      )
      .where(
        'date',
        '<=',
        parameter(({ to }) => to),
      )
      .orderBy('date'),
  );
}
