/** Reads the windows that are served. */

import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { grouped } from '../../counted.ts';
import { bug, DaymarkError } from '../../errors.ts';
import { STREAMED_DAYS_PAGE_ROWS } from '../../limits.ts';
import { pickStatistics, STATISTICS_COLUMNS, type StatisticsColumns } from '../../statistics/columns.ts';
import { STATE_HEAD_BYTES, stateHeadOf } from '../../statistics/daily-statistics.ts';
import { durationPrecision } from '../../statistics/duration-levels.ts';
import { keyOfRow, spanOf } from '../../window/key.ts';
import { subjectColumns, type WindowKind } from '../../window/kind.ts';
import type { ZoneTable } from '../../window/types.ts';
import type { ServedWindow, WindowQuery } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { type MakeParameter, Statement } from '../statement.ts';
import { finalSpansTable, revisionsTable, statisticsTable, type Tables } from '../tables.ts';
import type { TimeZone } from './time-zone.ts';
import { type KeyRow, keyColumns } from './window-statements.ts';

interface Statements {
  /** By how much of the states is read. */
  readonly select: Readonly<Record<keyof typeof STATE_HEAD_BYTES, Statement<WindowQuery, ServedRow>>>;
  /** Finds a window past the first `limit` of those that are asked for. */
  readonly findPastLimit: Statement<WindowQuery, unknown>;
}

type ServedRow = KeyRow &
  StatisticsColumns & {
    /** The beginning of the state, as hexadecimal digits: node:sqlite took 2 µs more to hand it over as bytes (2026-11-30). */
    readonly stateHead: string;
    readonly lateEvents: number | null;
    readonly revisedMs: number | null;
    readonly finalSinceMs: number | null;
  };

export class ServedWindows {
  readonly #dialect: StoreDialect;
  readonly #timeZone: TimeZone;
  /** By kind: for queries without an end, and for those with one. */
  readonly #statements: ReadonlyMap<WindowKind, { readonly open: Statements; readonly ended: Statements }>;

  constructor(dialect: StoreDialect, timeZone: TimeZone, kinds: readonly WindowKind[]) {
    this.#dialect = dialect;
    this.#timeZone = timeZone;
    const of = (kind: WindowKind, withEnd: boolean): Statements => ({
      select: {
        usual: selectServed(dialect, kind, withEnd, STATE_HEAD_BYTES.usual),
        most: selectServed(dialect, kind, withEnd, STATE_HEAD_BYTES.most),
      },
      findPastLimit: findPastLimit(dialect.db, kind, withEnd),
    });
    this.#statements = new Map(
      kinds.map((kind) => [kind, { open: of(kind, false), ended: of(kind, true) }] as const),
    );
  }

  /** As `Store.windows`. */
  read(query: WindowQuery): Promise<readonly ServedWindow[]> {
    return this.#readFrom(this.#dialect.db, query);
  }

  /** As `Store.windowPages`. */
  async *pages(query: WindowQuery): AsyncGenerator<readonly ServedWindow[]> {
    const snapshot = await this.#dialect.openSnapshot();
    try {
      await this.#assertInLimit(snapshot.db, query);
      let from: string | undefined = query.from;
      while (from !== undefined) {
        // One row more than the page has: the next page begins with it.
        const page: WindowQuery = { ...query, from, limit: STREAMED_DAYS_PAGE_ROWS + 1 };
        const rows: readonly ServedWindow[] = await this.#readFrom(snapshot.db, page);
        yield rows.slice(0, STREAMED_DAYS_PAGE_ROWS);
        const next: ServedWindow | undefined = rows[STREAMED_DAYS_PAGE_ROWS];
        from = next && spanOf(next.key);
      }
    } finally {
      await snapshot.close();
    }
  }

  async #assertInLimit(db: Kysely<Tables>, query: WindowQuery): Promise<void> {
    if (hasNoWindows(query)) return;
    const { rows } = await this.#of(query).findPastLimit.run(db, query);
    if (rows.length > 0) throw rangeTooLarge(query.limit);
  }

  async #readFrom(db: Kysely<Tables>, query: WindowQuery): Promise<readonly ServedWindow[]> {
    if (hasNoWindows(query)) return [];
    const { select } = this.#of(query);
    const { rows } = await select.usual.run(db, query);
    if (rows.length === 0) return [];
    const zone = await this.#timeZone.table();
    const serve = (row: ServedRow) => toServedWindow(query.kind, row, zone);
    try {
      return rows.map(serve);
    } catch {
      // A state has so many statuses that its beginning was cut off among them, or it is corrupt.
      return (await select.most.run(db, query)).rows.map(serve);
    }
  }

  #of({ kind, to }: WindowQuery): Statements {
    const statements = this.#statements.get(kind);
    if (!statements) throw bug(`the store does not know windows of the kind ${kind.name}`);
    return to === undefined ? statements.open : statements.ended;
  }
}

function toServedWindow(kind: WindowKind, row: ServedRow, zone: ZoneTable): ServedWindow {
  const key = keyOfRow(kind, row);
  const { statuses, level } = stateHeadOf(Buffer.from(row.stateHead, 'hex'));
  return {
    key,
    ...pickStatistics(row),
    statuses,
    durationPrecision: durationPrecision(level, row.duration_p99),
    startMs: kind.granularity.startMs(spanOf(key), zone),
    lateEvents: row.lateEvents ?? 0,
    revisedMs: row.revisedMs,
    finalSinceMs: row.finalSinceMs,
  };
}

/** No log can hold such a subject, and PostgreSQL refuses it with an error. */
function hasNoWindows({ subject }: WindowQuery): boolean {
  return subject.some((value) => value.includes('\0'));
}

function rangeTooLarge(limit: number): DaymarkError {
  const most = grouped(limit);
  return new DaymarkError(
    'RANGE_TOO_LARGE',
    `One answer has at most ${most} days. Ask for fewer with \`to\`.`,
  );
}

/** @param headBytes how much of each state to read. */
function selectServed(
  { db, hex }: StoreDialect,
  kind: WindowKind,
  withEnd: boolean,
  headBytes: number,
): Statement<WindowQuery, ServedRow> {
  const finals = sql.table(finalSpansTable(kind.granularity));
  return new Statement((parameter) =>
    db
      .selectFrom(statisticsTable(kind))
      .leftJoin(`${revisionsTable(kind)} as revisions`, (join) =>
        join.on((eb) =>
          eb.and(kind.columns.map((column) => eb(sql.ref(`revisions.${column}`), '=', own(kind, column)))),
        ),
      )
      .select(kind.columns.map((column) => own(kind, column).as(column)))
      .select(STATISTICS_COLUMNS)
      .select(hex(sql`substr(state, 1, ${sql.lit(headBytes)})`).as('stateHead'))
      .select(['late_events as lateEvents', 'revised_ms as revisedMs'])
      .select(
        sql`(select min(since_ms) from ${finals} where through >= ${own(kind, kind.spanColumn)})`.as(
          'finalSinceMs',
        ),
      )
      .where(isAskedFor(kind, parameter, withEnd))
      .orderBy(own(kind, kind.spanColumn))
      .limit(parameter((query) => query.limit))
      .$castTo<ServedRow>(),
  );
}

function findPastLimit(
  db: Kysely<Tables>,
  kind: WindowKind,
  withEnd: boolean,
): Statement<WindowQuery, unknown> {
  return new Statement((parameter) =>
    db
      .selectFrom(statisticsTable(kind))
      .select(keyColumns(kind))
      .where(isAskedFor(kind, parameter, withEnd))
      .orderBy(own(kind, kind.spanColumn))
      .limit(sql.lit(1))
      .offset(parameter((query) => query.limit)),
  );
}

/** A column of the table of statistics, where another one has the same name. */
function own(kind: WindowKind, column: string) {
  return sql.ref<string>(`${kind.table}.${column}`);
}

function isAskedFor(
  kind: WindowKind,
  parameter: MakeParameter<WindowQuery>,
  withEnd: boolean,
): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, never>();
  const span = own(kind, kind.spanColumn);
  const subject = subjectColumns(kind);
  const conditions = subject.map((column, at) =>
    eb(
      own(kind, column),
      '=',
      parameter((query) => query.subject[at]),
    ),
  );
  const from = eb(
    span,
    '>=',
    parameter((query) => query.from),
  );
  const to = eb(
    span,
    '<=',
    parameter((query) => query.to as string),
  );
  return eb.and([...conditions, from, ...(withEnd ? [to] : [])]);
}
