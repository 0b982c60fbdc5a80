/** Which spans are final, and since when. */

import { type Kysely, sql, type Transaction } from 'kysely';
import { bug } from '../../errors.ts';
import { spanOf, type WindowKey } from '../../window/key.ts';
import { type Granularity, granularitiesOf, type WindowKind } from '../../window/kind.ts';
import type { Finality, FinalSpan } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import { type FinalSpansTable, finalSpansTable, type Tables } from '../tables.ts';

interface Clocks {
  /** Live partitions without a clock: no event of them was read yet. */
  readonly silent: number;
  /** Of the live partitions; null where there is none. */
  readonly least: number | null;
  /** Of all. */
  readonly greatest: number | null;
}

/** The last span of each granularity that is final. */
export type FinalThrough = ReadonlyMap<Granularity, string>;

export function isFinal(key: WindowKey, finalThrough: FinalThrough): boolean {
  const last = finalThrough.get(key.kind.granularity);
  return last !== undefined && spanOf(key) <= last;
}

interface Statements {
  readonly last: Statement<void, { through: string | null }>;
  readonly insert: Statement<FinalSpansTable, unknown>;
  readonly from: Statement<string, FinalSpan>;
}

export class FinalSpans {
  readonly #dialect: StoreDialect;
  readonly #clocks: Statement<void, Clocks>;
  readonly #lastEvent: Statement<void, { last: number | null }>;
  readonly #statements: ReadonlyMap<Granularity, Statements>;

  constructor(dialect: StoreDialect, kinds: readonly WindowKind[]) {
    const { db } = dialect;
    this.#dialect = dialect;
    this.#clocks = selectClocks(db);
    this.#lastEvent = new Statement(() =>
      db.selectFrom('checkpoints').select((eb) => eb.fn.max('last_event_ms').as('last')),
    );
    this.#statements = new Map(
      granularitiesOf(kinds).map((granularity) => [
        granularity,
        {
          last: selectLast(db, granularity),
          insert: insertFinalSpan(db, granularity),
          from: selectFrom(db, granularity),
        },
      ]),
    );
  }

  /** As `Store.lastEventMs`. */
  async lastEventMs(): Promise<number | null> {
    const { rows } = await this.#lastEvent.run(this.#dialect.db, undefined);
    return rows[0]?.last ?? null;
  }

  async through(db: Kysely<Tables>): Promise<FinalThrough> {
    const lasts = new Map<Granularity, string>();
    for (const [granularity, { last }] of this.#statements) {
      const { through } = (await last.run(db, undefined)).rows[0];
      if (through !== null) lasts.set(granularity, through);
    }
    return lasts;
  }

  /** As `StoreSnapshot.finalSpans`. @param db the snapshot. */
  async from(db: Kysely<Tables>, granularity: Granularity, from: string): Promise<readonly FinalSpan[]> {
    const statements = this.#statements.get(granularity);
    if (!statements) throw bug('the store does not know spans of this granularity');
    return (await statements.from.run(db, from)).rows;
  }

  /**
   * Notes the spans that are final now: the least clock of all live partitions has passed their ends by the wait.
   * Where no partition is live, nothing can come any more, and the greatest clock counts.
   * @param before what is final already.
   */
  async add(
    transaction: Transaction<Tables>,
    { nowMs, waitMs, zone }: Finality,
    before: FinalThrough,
  ): Promise<void> {
    if (waitMs === Number.POSITIVE_INFINITY) return;
    // Without it, two commits that each move one clock past an end would both see the other's clock as it was.
    await this.#dialect.lockFinalSpans(transaction);
    const [{ silent, least, greatest }] = (await this.#clocks.run(transaction, undefined)).rows;
    const clockMs = least ?? greatest;
    if (silent > 0 || clockMs === null) return;
    for (const [granularity, { insert }] of this.#statements) {
      const through = granularity.lastOver(clockMs - waitMs, zone);
      // It never goes back: a final span stays final, also where a partition with an older clock turns up.
      if (through !== undefined && through > (before.get(granularity) ?? ''))
        await insert.run(transaction, { through, since_ms: nowMs });
    }
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

function selectLast(db: Kysely<Tables>, granularity: Granularity): Statements['last'] {
  return new Statement(() =>
    db.selectFrom(finalSpansTable(granularity)).select((eb) => eb.fn.max('through').as('through')),
  );
}

function selectFrom(db: Kysely<Tables>, granularity: Granularity): Statements['from'] {
  return new Statement((parameter) =>
    db
      .selectFrom(finalSpansTable(granularity))
      .select(['through', 'since_ms as sinceMs'])
      .where(
        'through',
        '>=',
        parameter((from) => from),
      )
      .orderBy('through'),
  );
}

/** Of two transactions that find the same spans final, the first one says since when. */
function insertFinalSpan(db: Kysely<Tables>, granularity: Granularity): Statements['insert'] {
  return new Statement((parameter) =>
    db
      .insertInto(finalSpansTable(granularity))
      .values({ through: parameter((row) => row.through), since_ms: parameter((row) => row.since_ms) })
      .onConflict((conflict) => conflict.column('through').doNothing()),
  );
}
