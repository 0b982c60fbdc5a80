/** Adds up all ledgers. */

import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { LEDGER_PIECE_ROWS } from '../../limits.ts';
import { CUSTOMER_DAYS } from '../../window/kind.ts';
import type { StoreStatus } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import type { FinalSpans } from './final-spans.ts';
import type { TimeZone } from './time-zone.ts';

const SUMS = [
  ...(['live', 'finished', 'retired', 'silent'] as const),
  ...(['lines', 'accepted', 'rejected', 'late', 'dropped', 'excluded'] as const),
] as const;

/** Some partitions, added up. */
interface Piece extends Readonly<Record<(typeof SUMS)[number], number>> {
  readonly rows: number;
  /** The last id; null where there is no row. */
  readonly toId: string | null;
  readonly movedMs: number | null;
  readonly lastEventMs: number | null;
  /** Of the live ones. */
  readonly leastClockMs: number | null;
  readonly greatestClockMs: number | null;
}

const NOTHING: Piece = {
  ...(Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<(typeof SUMS)[number], number>),
  ...{ rows: 0, toId: null, movedMs: null, lastEventMs: null, leastClockMs: null, greatestClockMs: null },
};

export class Status {
  readonly #dialect: StoreDialect;
  readonly #timeZone: TimeZone;
  readonly #finalSpans: FinalSpans;
  readonly #piece: Statement<string, Piece>;

  constructor(dialect: StoreDialect, timeZone: TimeZone, finalSpans: FinalSpans) {
    this.#dialect = dialect;
    this.#timeZone = timeZone;
    this.#finalSpans = finalSpans;
    this.#piece = selectPiece(dialect);
  }

  /** As `Store.status`. */
  async read(): Promise<StoreStatus> {
    const snapshot = await this.#dialect.openSnapshot();
    try {
      const { live, finished, retired, silent, leastClockMs, greatestClockMs, ...sum } = await this.#addUp(
        snapshot.db,
      );
      const final = await this.#finalSpans.through(snapshot.db);
      const { lines, accepted, rejected, late, dropped, excluded, movedMs, lastEventMs } = sum;
      return {
        ...{ lines, accepted, rejected, late, dropped, excluded, movedMs, lastEventMs },
        partitions: { live, finished, retired },
        clockMs: silent > 0 ? null : (leastClockMs ?? greatestClockMs),
        finalThrough: final.get(CUSTOMER_DAYS.granularity) ?? null,
        timeZone: (await this.#timeZone.stored(snapshot.db)) ?? null,
      };
    } finally {
      await snapshot.close();
    }
  }

  /** In pieces: a statement of SQLite holds the thread, and one over 100,000 partitions takes 60 ms. */
  async #addUp(db: Kysely<Tables>): Promise<Piece> {
    let sum = NOTHING;
    for (;;) {
      const { rows } = await this.#piece.run(db, sum.toId ?? '');
      sum = plus(sum, rows[0]);
      if (rows[0].rows < LEDGER_PIECE_ROWS) return sum;
      await setImmediate();
    }
  }
}

function plus(a: Piece, b: Piece): Piece {
  const sums = Object.fromEntries(SUMS.map((name) => [name, a[name] + b[name]]));
  return {
    ...(sums as Record<(typeof SUMS)[number], number>),
    rows: a.rows + b.rows,
    toId: b.toId ?? a.toId,
    movedMs: best(Math.max, a.movedMs, b.movedMs),
    lastEventMs: best(Math.max, a.lastEventMs, b.lastEventMs),
    leastClockMs: best(Math.min, a.leastClockMs, b.leastClockMs),
    greatestClockMs: best(Math.max, a.greatestClockMs, b.greatestClockMs),
  };
}

function best(choose: typeof Math.max, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : choose(a, b);
}

/** The partitions with ids behind one, LEDGER_PIECE_ROWS at the most. */
function selectPiece({ db, updatedMs }: StoreDialect): Statement<string, Piece> {
  const counted = (condition: string) => sql<number>`count(case when ${sql.raw(condition)} then 1 end)`;
  // PostgreSQL's sum of integers is a decimal, which the driver reads as a text.
  const sum = (column: string) =>
    sql<number>`cast(coalesce(sum(${sql.ref(column)}), 0) as bigint)`.as(column);
  return new Statement((parameter) =>
    db
      .selectFrom(
        db
          .selectFrom('checkpoints')
          .select(['id', 'state', 'clock_ms', 'last_event_ms', updatedMs.as('moved_ms')])
          .select(['lines', 'accepted', 'rejected', 'late', 'dropped', 'excluded'])
          .where(
            'id',
            '>',
            parameter((behindId) => behindId),
          )
          .orderBy('id')
          .limit(sql.lit(LEDGER_PIECE_ROWS))
          .as('piece'),
      )
      .select([
        ...(['live', 'finished', 'retired'] as const).map((state) => counted(`state = '${state}'`).as(state)),
        counted("state = 'live' and clock_ms is null").as('silent'),
        ...['lines', 'accepted', 'rejected', 'late', 'dropped', 'excluded'].map(sum),
      ])
      .select((eb) => [
        eb.fn.countAll<number>().as('rows'),
        eb.fn.max('id').as('toId'),
        eb.fn.max('moved_ms').as('movedMs'),
        eb.fn.max('last_event_ms').as('lastEventMs'),
        sql<number | null>`min(case when state = 'live' then clock_ms end)`.as('leastClockMs'),
        eb.fn.max('clock_ms').as('greatestClockMs'),
      ])
      .$castTo<Piece>(),
  );
}
