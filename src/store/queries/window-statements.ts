/** The queries on `daily_stats`. */

import { type Expression, expressionBuilder, type Kysely, type SqlBool, sql } from 'kysely';
import type { WindowKey } from '../../window/types.ts';
import type { DailyStatsQuery } from '../contract.ts';
import { type MakeParameter, RowsStatement, Statement } from '../statement.ts';
import type { DailyStatsTable, RevisionsTable, Tables } from '../tables.ts';

export type StateRow = Pick<DailyStatsTable, 'customer_id' | 'date' | 'state'>;
export interface ServedRow extends Omit<DailyStatsTable, 'customer_id' | 'state'> {
  /** The beginning of the state. */
  readonly state_head: Uint8Array;
  readonly late_events: number | null;
  readonly revised_ms: number | null;
  readonly final_since_ms: number | null;
}

/** The states of these windows, in no order, where they have one. */
export function selectStates(db: Kysely<Tables>): RowsStatement<WindowKey, StateRow> {
  return new RowsStatement((parameter, rows) =>
    db
      .selectFrom('daily_stats')
      .select(['customer_id', 'date', 'state'])
      .where((eb) =>
        eb.or(
          rows.map((i) =>
            eb.and({
              customer_id: parameter((keys) => keys[i].customerId),
              date: parameter((keys) => keys[i].date),
            }),
          ),
        ),
      ),
  );
}

/** Writes rows, whether they are there or not. */
export function upsertRows(db: Kysely<Tables>): RowsStatement<DailyStatsTable, unknown> {
  return new RowsStatement((parameter, rows) =>
    db
      .insertInto('daily_stats')
      .values(
        rows.map((i) => ({
          customer_id: parameter((values) => values[i].customer_id),
          date: parameter((values) => values[i].date),
          success_requests: parameter((values) => values[i].success_requests),
          failed_requests: parameter((values) => values[i].failed_requests),
          duration_mean: parameter((values) => values[i].duration_mean),
          duration_p50: parameter((values) => values[i].duration_p50),
          duration_p99: parameter((values) => values[i].duration_p99),
          uptime_percentage: parameter((values) => values[i].uptime_percentage),
          success_percentage: parameter((values) => values[i].success_percentage),
          state: parameter((values) => values[i].state),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['customer_id', 'date']).doUpdateSet((eb) => ({
          success_requests: eb.ref('excluded.success_requests'),
          failed_requests: eb.ref('excluded.failed_requests'),
          duration_mean: eb.ref('excluded.duration_mean'),
          duration_p50: eb.ref('excluded.duration_p50'),
          duration_p99: eb.ref('excluded.duration_p99'),
          uptime_percentage: eb.ref('excluded.uptime_percentage'),
          success_percentage: eb.ref('excluded.success_percentage'),
          state: eb.ref('excluded.state'),
        })),
      ),
  );
}

/** The tables with a row a window. */
export type WindowTable = 'daily_stats' | 'revisions';

/** Stands before the key of every window. */
export const BEFORE_ALL: WindowKey = { customerId: '', date: '0001-01-01' };

/** True of the windows that stand behind a key, in key order: so a page goes on where the last one ended. */
export function isBehind(parameter: MakeParameter<WindowKey>): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, WindowTable>();
  const key = eb.tuple(
    parameter(({ customerId }) => customerId),
    parameter(({ date }) => date),
  );
  return eb(eb.refTuple('customer_id', 'date'), '>', key);
}

export function deleteWindow(db: Kysely<Tables>, table: WindowTable): Statement<WindowKey, unknown> {
  return new Statement((parameter) =>
    db
      .deleteFrom(table)
      .where(
        'customer_id',
        '=',
        parameter((key) => key.customerId),
      )
      .where(
        'date',
        '=',
        parameter((key) => key.date),
      ),
  );
}

/** Counts late events of windows. */
export function addRevisions(db: Kysely<Tables>): RowsStatement<RevisionsTable, unknown> {
  return new RowsStatement((parameter, rows) =>
    db
      .insertInto('revisions')
      .values(
        rows.map((i) => ({
          customer_id: parameter((values) => values[i].customer_id),
          date: parameter((values) => values[i].date),
          late_events: parameter((values) => values[i].late_events),
          revised_ms: parameter((values) => values[i].revised_ms),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['customer_id', 'date']).doUpdateSet((eb) => ({
          late_events: eb('revisions.late_events', '+', eb.ref('excluded.late_events')),
          revised_ms: eb.ref('excluded.revised_ms'),
        })),
      ),
  );
}

/**
 * What is served of a customer's days.
 * @param withEnd whether the query has a `to`.
 * @param headBytes how much of the state to read.
 */
export function serveDays(
  db: Kysely<Tables>,
  withEnd: boolean,
  headBytes: number,
): Statement<DailyStatsQuery, ServedRow> {
  return new Statement((parameter) =>
    db
      .selectFrom('daily_stats')
      .leftJoin('revisions', (join) =>
        join
          .onRef('revisions.customer_id', '=', 'daily_stats.customer_id')
          .onRef('revisions.date', '=', 'daily_stats.date'),
      )
      .select([
        'daily_stats.date',
        'success_requests',
        'failed_requests',
        'duration_mean',
        'duration_p50',
        'duration_p99',
      ])
      .select(['uptime_percentage', 'success_percentage', 'late_events', 'revised_ms'])
      .select(sql<Uint8Array>`substr(state, 1, ${sql.lit(headBytes)})`.as('state_head'))
      .select(
        sql<number | null>`(select min(since_ms) from final_days
        where through >= daily_stats.date)`.as('final_since_ms'),
      )
      .where(isAskedFor(parameter, withEnd))
      .orderBy('daily_stats.date')
      .limit(parameter((query) => query.limit)),
  );
}

/** Finds a day past the first `limit` of those that are asked for. */
export function findDayPastLimit(
  db: Kysely<Tables>,
  withEnd: boolean,
): Statement<DailyStatsQuery, Pick<ServedRow, 'date'>> {
  return new Statement((parameter) =>
    db
      .selectFrom('daily_stats')
      .select('daily_stats.date')
      .where(isAskedFor(parameter, withEnd))
      .orderBy('daily_stats.date')
      .limit(sql.lit(1))
      .offset(parameter((query) => query.limit)),
  );
}

function isAskedFor(parameter: MakeParameter<DailyStatsQuery>, withEnd: boolean): Expression<SqlBool> {
  const eb = expressionBuilder<Tables, 'daily_stats'>();
  const customer = eb(
    'daily_stats.customer_id',
    '=',
    parameter((query) => query.customerId),
  );
  const from = eb(
    'daily_stats.date',
    '>=',
    parameter((query) => query.from),
  );
  if (!withEnd) return eb.and([customer, from]);
  const to = eb(
    'daily_stats.date',
    '<=',
    parameter((query) => query.to as string),
  );
  return eb.and([customer, from, to]);
}
