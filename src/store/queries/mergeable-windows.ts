/** Reads windows with their states, to be merged over spans of time. */

import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import { bug } from '../../errors.ts';
import { STORED_DAYS_PAGE_ROWS } from '../../limits.ts';
import { keyOfRow, spanOf, type WindowKey } from '../../window/key.ts';
import { subjectColumns, type WindowKind } from '../../window/kind.ts';
import type { MergeableQuery, MergeableWindow } from '../contract.ts';
import { type MakeParameter, Statement } from '../statement.ts';
import { revisionsTable, statisticsTable, type Tables } from '../tables.ts';
import type { KeyRow } from './window-statements.ts';

interface Page extends MergeableQuery {
  /** The page begins behind this key. Undefined: at the first. */
  readonly after: WindowKey | undefined;
}

type MergeableRow = KeyRow &
  Omit<MergeableWindow, 'key' | 'lateEvents'> & { readonly lateEvents: number | null };

/** Whether windows of all members of a subject are asked for, or of one. */
type Members = 'all' | 'one';

interface Statements {
  readonly first: Statement<Page, MergeableRow>;
  readonly next: Statement<Page, MergeableRow>;
}

export class MergeableWindows {
  readonly #statements: ReadonlyMap<WindowKind, Record<Members, Statements>>;

  constructor(db: Kysely<Tables>, kinds: readonly WindowKind[]) {
    this.#statements = new Map(
      kinds.map((kind) => {
        const of = (members: Members) => ({
          first: selectPage(db, kind, members, false),
          next: selectPage(db, kind, members, true),
        });
        return [kind, { all: of('all'), one: of('one') }];
      }),
    );
  }

  /** As `StoreSnapshot.mergeableWindows`. @param db the snapshot. */
  async *pages(db: Kysely<Tables>, query: MergeableQuery): AsyncGenerator<readonly MergeableWindow[]> {
    const { kind, subject, member } = query;
    const statements = this.#statements.get(kind)?.[member === undefined ? 'all' : 'one'];
    if (!statements) throw bug(`the store does not know windows of the kind ${kind.name}`);
    // No log can hold such a subject, and PostgreSQL refuses it with an error.
    if ([...subject, member].some((value) => value?.includes('\0'))) return;
    let { from } = query;
    let after: WindowKey | undefined;
    for (;;) {
      const statement = after ? statements.next : statements.first;
      // With the first span as the lower bound, SQLite would read all windows before the page again.
      const { rows } = await statement.run(db, { ...query, from, after });
      const windows = rows.map((row) => toWindow(kind, row));
      if (windows.length > 0) yield windows;
      if (windows.length < STORED_DAYS_PAGE_ROWS) return;
      after = windows[windows.length - 1].key;
      from = spanOf(after);
    }
  }
}

function toWindow(kind: WindowKind, row: MergeableRow): MergeableWindow {
  const { state, lateEvents, revisedMs } = row;
  return { key: keyOfRow(kind, row), state, lateEvents: lateEvents ?? 0, revisedMs };
}

/** @param isNext whether the page begins behind a key. */
function selectPage(
  db: Kysely<Tables>,
  kind: WindowKind,
  members: Members,
  isNext: boolean,
): Statement<Page, MergeableRow> {
  return new Statement((parameter) =>
    db
      .selectFrom(statisticsTable(kind))
      .leftJoin(`${revisionsTable(kind)} as revisions`, (join) =>
        join.on((eb) =>
          eb.and(kind.columns.map((column) => eb(sql.ref(`revisions.${column}`), '=', own(kind, column)))),
        ),
      )
      .select(kind.columns.map((column) => own(kind, column).as(column)))
      .select(['late_events as lateEvents', 'revised_ms as revisedMs', 'state'])
      .where(isAskedFor(kind, parameter))
      .$if(members === 'one', (select) => select.where(isMember(kind, parameter)))
      .$if(isNext, (select) => select.where(isBehind(kind, parameter)))
      .orderBy(sql`${sql.join(orderOf(kind).map((column) => own(kind, column)))}`)
      .limit(STORED_DAYS_PAGE_ROWS)
      .$castTo<MergeableRow>(),
  );
}

function isAskedFor(kind: WindowKind, parameter: MakeParameter<Page>): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, never>();
  const span = own(kind, kind.spanColumn);
  return eb.and([
    ...subjectColumns(kind).map((column, at) =>
      eb(
        own(kind, column),
        '=',
        parameter(({ subject }) => subject[at]),
      ),
    ),
    eb(
      span,
      '>=',
      parameter(({ from }) => from),
    ),
    eb(
      span,
      '<=',
      parameter(({ to }) => to),
    ),
  ]);
}

/** Not by an index of members: the rows of a subject are few, and those of a member are not. */
function isMember(kind: WindowKind, parameter: MakeParameter<Page>): Expression<SqlBool> {
  const { memberColumn } = kind;
  if (memberColumn === undefined) return sql<SqlBool>`false`;
  return sql<SqlBool>`${own(kind, memberColumn)} || '' = ${parameter(({ member }) => member)}`;
}

function isBehind(kind: WindowKind, parameter: MakeParameter<Page>): Expression<SqlBool> {
  const columns = orderOf(kind);
  const last = columns.map((column) => {
    const at = kind.columns.indexOf(column);
    return sql`${parameter(({ after }) => after?.values[at])}`;
  });
  return sql<SqlBool>`(${sql.join(columns.map((column) => own(kind, column)))}) > (${sql.join(last)})`;
}

/** The columns that differ within a subject, in the order in which its windows are read. */
function orderOf({ spanColumn, memberColumn, shardColumn }: WindowKind): readonly string[] {
  return [spanColumn, memberColumn, shardColumn].filter((column) => column !== undefined);
}

/** A column of the table of statistics, where another one has the same name. */
function own({ table }: WindowKind, column: string) {
  return sql.ref<string>(`${table}.${column}`);
}
