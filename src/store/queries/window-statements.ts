/** The statements that read and write the windows of a kind by their keys. */

import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { STATISTICS_COLUMNS, type StatisticsColumns } from '../../statistics/columns.ts';
import type { WindowKey } from '../../window/key.ts';
import type { SpanRange, WindowKind } from '../../window/kind.ts';
import { type MakeParameter, RowsStatement, Statement } from '../statement.ts';
import { revisionsTable, type StatisticsTable, statisticsTable, type Tables } from '../tables.ts';
import type { RowValues } from '../window-columns.ts';

/** A row with the columns of a key. */
export type KeyRow = Readonly<Record<string, unknown>>;
export type StateRow = KeyRow & { readonly state: Uint8Array };

/** How late events changed a window. */
export interface Revision {
  readonly key: WindowKey;
  readonly lateEvents: number;
  readonly revisedMs: number;
}

/** The columns of a key, to be selected. */
export function keyColumns(kind: WindowKind) {
  return kind.columns.map((column) => sql.ref<string>(column).as(column));
}

/** True of the window with this key. */
function isWindow(kind: WindowKind, value: (at: number) => string): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, never>();
  return eb.and(kind.columns.map((column, at) => eb(sql.ref<string>(column), '=', value(at))));
}

/** A value for each column of a key. */
function keyValues(kind: WindowKind, value: (at: number) => string): Record<string, string> {
  return Object.fromEntries(kind.columns.map((column, at) => [column, value(at)]));
}

/** The states of these windows, in no order, where they have one. */
export function selectStates(db: Kysely<Tables>, kind: WindowKind): RowsStatement<WindowKey, StateRow> {
  return new RowsStatement((parameter, rows) =>
    db
      .selectFrom(statisticsTable(kind))
      .select([...keyColumns(kind), 'state'])
      .where((eb) => eb.or(rows.map((i) => isWindow(kind, (at) => parameter((keys) => keys[i].values[at])))))
      .$castTo<StateRow>(),
  );
}

/** @param numbers in the order of STATISTICS_COLUMNS. */
export function rowValues({ values }: WindowKey, numbers: StatisticsColumns, state: Uint8Array): RowValues {
  return [...values, ...Object.values(numbers), state];
}

/** Writes rows, whether they are there or not. */
export function upsertWindows(db: Kysely<Tables>, kind: WindowKind): RowsStatement<RowValues, unknown> {
  const columns = [...STATISTICS_COLUMNS, 'state'] as const;
  const all = [...kind.columns, ...columns];
  return new RowsStatement((parameter, rows) =>
    db
      .insertInto(statisticsTable(kind))
      .values(
        rows.map(
          (i) =>
            Object.fromEntries(
              all.map((column, at) => [column, parameter((values) => values[i][at])]),
            ) as unknown as StatisticsTable,
        ),
      )
      .onConflict((conflict) =>
        conflict
          .columns(kind.columns as never)
          .doUpdateSet(valuesOf(columns, (column) => sql.ref(`excluded.${column}`))),
      ),
  );
}

function valuesOf<Column extends keyof StatisticsTable>(
  columns: readonly Column[],
  value: (column: Column) => unknown,
): Pick<StatisticsTable, Column> {
  return Object.fromEntries(columns.map((column) => [column, value(column)])) as Pick<
    StatisticsTable,
    Column
  >;
}

/** Counts late events of windows. */
export function addRevisions(db: Kysely<Tables>, kind: WindowKind): RowsStatement<Revision, unknown> {
  return new RowsStatement((parameter, rows) =>
    db
      .insertInto(revisionsTable(kind))
      .values(
        rows.map((i) => ({
          ...keyValues(kind, (at) => parameter((revisions) => revisions[i].key.values[at])),
          late_events: parameter((revisions) => revisions[i].lateEvents),
          revised_ms: parameter((revisions) => revisions[i].revisedMs),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(kind.columns as never).doUpdateSet((eb) => ({
          late_events: eb(
            sql.ref<number>(`${kind.revisionsTable}.late_events`),
            '+',
            eb.ref('excluded.late_events'),
          ),
          revised_ms: eb.ref('excluded.revised_ms'),
        })),
      ),
  );
}

export async function isTableEmpty(db: Kysely<Tables>, kind: WindowKind): Promise<boolean> {
  const row = await db.selectFrom(statisticsTable(kind)).select(sql.lit(1).as('one')).limit(1).execute();
  return row.length === 0;
}

/** Either table of a kind. */
export type WindowTable = 'statistics' | 'revisions';

function tableOf(kind: WindowKind, table: WindowTable): WindowTable {
  return table === 'statistics' ? statisticsTable(kind) : revisionsTable(kind);
}

export function deleteWindow(
  db: Kysely<Tables>,
  kind: WindowKind,
  table: WindowTable,
): Statement<WindowKey, unknown> {
  return new Statement((parameter) =>
    db.deleteFrom(tableOf(kind, table)).where(isWindow(kind, (at) => parameter(({ values }) => values[at]))),
  );
}

/** A page of the windows of some spans, in the order of keys. */
interface Page extends SpanRange {
  /** The page begins behind this key. Undefined: at the first. */
  readonly after: WindowKey | undefined;
}

interface PageOptions {
  readonly table: WindowTable;
  /** What to select beside the key. */
  readonly columns: readonly string[];
  /** Whether the span `to` is included. */
  readonly end: '<=' | '<';
  readonly rows: number;
}

/** Selects pages of a table. */
export class Pages<Row> {
  readonly #first: Statement<Page, Row>;
  readonly #next: Statement<Page, Row>;

  constructor(db: Kysely<Tables>, kind: WindowKind, { table, columns, end, rows }: PageOptions) {
    const page = (isNext: boolean) =>
      new Statement<Page, Row>((parameter) =>
        db
          .selectFrom(tableOf(kind, table))
          .select([...kind.columns, ...columns].map((column) => sql.ref(column).as(column)))
          .where(isInSpans(kind, end, parameter))
          .$if(isNext, (select) => select.where(isBehind(kind, parameter)))
          .orderBy(sql`${sql.join(kind.columns.map((column) => sql.ref(column)))}`)
          .limit(rows)
          .$castTo<Row>(),
      );
    this.#first = page(false);
    this.#next = page(true);
  }

  /** @param db the database, or a transaction of it. */
  async read(db: Kysely<Tables>, page: Page): Promise<Row[]> {
    return (await (page.after ? this.#next : this.#first).run(db, page)).rows;
  }
}

function isInSpans(kind: WindowKind, end: '<=' | '<', parameter: MakeParameter<Page>): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, never>();
  const span = sql.ref<string>(kind.spanColumn);
  return eb.and([
    eb(
      span,
      '>=',
      parameter(({ from }) => from),
    ),
    eb(
      span,
      end,
      parameter(({ to }) => to),
    ),
  ]);
}

function isBehind(kind: WindowKind, parameter: MakeParameter<Page>): Expression<SqlBool> {
  const key = kind.columns.map((_, at) => sql`${parameter(({ after }) => after?.values[at])}`);
  const columns = kind.columns.map((column) => sql.ref(column));
  return sql<SqlBool>`(${sql.join(columns)}) > (${sql.join(key)})`;
}
