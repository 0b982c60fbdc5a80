/** Finds out which subjects have windows, without reading the windows. */

import { expressionBuilder, type Kysely, sql } from 'kysely';
import type { WindowKind } from '../../window/kind.ts';
import type { StoreSnapshot } from '../contract.ts';
import { Statement } from '../statement.ts';
import { statisticsTable, type Tables } from '../tables.ts';

type SubjectRow = { readonly subject: string };

interface Statements {
  /** The first subject from a text on. */
  readonly from: Statement<string, SubjectRow>;
  /** The first subject behind a text. */
  readonly behind: Statement<string, SubjectRow>;
}

/** The subjects of kinds whose key begins with the subject, and has no other part but the span. */
export class Subjects {
  readonly #db: Kysely<Tables>;
  readonly #statements = new Map<WindowKind, Statements>();

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** As `StoreSnapshot.subjectsFrom`. @param db the snapshot. Each subject takes one search of the primary key. */
  async from(db: Kysely<Tables>, ...[kind, text, limit]: Parameters<StoreSnapshot['subjectsFrom']>) {
    const subjects: string[] = [];
    // No log can hold a NUL, and PostgreSQL refuses it with an error.
    if (text.includes('\0')) return subjects;
    const { from, behind } = this.#of(kind);
    let { rows } = await from.run(db, text);
    while (rows.length > 0 && subjects.push(rows[0].subject) < limit) {
      ({ rows } = await behind.run(db, rows[0].subject));
    }
    return subjects;
  }

  #of(kind: WindowKind): Statements {
    let statements = this.#statements.get(kind);
    if (!statements) {
      statements = { from: selectFirst(this.#db, kind, '>='), behind: selectFirst(this.#db, kind, '>') };
      this.#statements.set(kind, statements);
    }
    return statements;
  }
}

function selectFirst(
  db: Kysely<Tables>,
  kind: WindowKind,
  operator: '>=' | '>',
): Statement<string, SubjectRow> {
  const eb = expressionBuilder<Tables, never>();
  const column = sql.ref<string>(kind.columns[0]);
  return new Statement((parameter) =>
    db
      .selectFrom(statisticsTable(kind))
      .select(column.as('subject'))
      .where(
        eb(
          column,
          operator,
          parameter((text) => text),
        ),
      )
      .orderBy(column)
      .limit(1)
      .$castTo<SubjectRow>(),
  );
}
