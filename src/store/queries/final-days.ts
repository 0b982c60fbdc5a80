/** Which days are final, and since when. */

import { type Kysely, sql, type Transaction } from 'kysely';
import type { Finality } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { FinalDaysTable, Tables } from '../tables.ts';

interface Clocks {
  /** Live partitions without a clock: no event of them was read yet. */
  readonly silent: number;
  /** Of the live partitions; null where there is none. */
  readonly least: number | null;
  /** Of all. */
  readonly greatest: number | null;
}

export class FinalDays {
  readonly #dialect: StoreDialect;
  readonly #clocks: Statement<void, Clocks>;
  readonly #last: Statement<void, { through: string | null }>;
  readonly #insert: Statement<FinalDaysTable, unknown>;

  constructor(dialect: StoreDialect) {
    const { db } = dialect;
    this.#dialect = dialect;
    this.#clocks = selectClocks(db);
    this.#last = new Statement(() =>
      db.selectFrom('final_days').select((eb) => eb.fn.max('through').as('through')),
    );
    this.#insert = insertFinalDays(db);
  }

  /** The last day that is final. */
  async through(db: Kysely<Tables>): Promise<string | null> {
    return (await this.#last.run(db, undefined)).rows[0].through;
  }

  /**
   * Notes the days that are final now: the least clock of all live partitions has passed their end, by the wait. Where no
   * partition is live, nothing can come any more, and the greatest clock counts.
   * @param last the last day that is final already.
   */
  async add(
    transaction: Transaction<Tables>,
    { nowMs, lastFinalDay }: Finality,
    last: string | null,
  ): Promise<void> {
    if (!lastFinalDay) return;
    // Else two commits that each move one clock past the end of a day would both see the other one's as it was.
    await this.#dialect.lockFinalDays(transaction);
    const [{ silent, least, greatest }] = (await this.#clocks.run(transaction, undefined)).rows;
    const clockMs = least ?? greatest;
    if (silent > 0 || clockMs === null) return;
    const through = lastFinalDay(clockMs);
    if (through === undefined) return;
    // It never goes back: a day that was final stays so, also where a partition with an older clock turns up.
    if (last === null || through > last) await this.#insert.run(transaction, { through, since_ms: nowMs });
  }
}

function selectClocks(db: Kysely<Tables>): Statement<void, Clocks> {
  const isLive = sql<boolean>`state = 'live'`;
  return new Statement(() =>
    db
      .selectFrom('checkpoints')
      .select((eb) => [
        sql<number>`count(case when ${isLive} and clock_ms is null then 1 end)`.as('silent'),
        sql<number | null>`min(case when ${isLive} then clock_ms end)`.as('least'),
        eb.fn.max('clock_ms').as('greatest'),
      ]),
  );
}

/** Of two transactions that find the same days final, the first one says since when. */
function insertFinalDays(db: Kysely<Tables>): Statement<FinalDaysTable, unknown> {
  return new Statement((parameter) =>
    db
      .insertInto('final_days')
      .values({ through: parameter((row) => row.through), since_ms: parameter((row) => row.since_ms) })
      .onConflict((conflict) => conflict.column('through').doNothing()),
  );
}
