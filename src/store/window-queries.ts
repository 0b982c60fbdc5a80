/** The queries on `daily_stats`. */

import type { Kysely } from 'kysely';
import type { WindowKey } from '../window/types.ts';
import type { DailyStatsQuery } from './contract.ts';
import { RowsStatement, Statement } from './statement.ts';
import type { DailyStatsTable, Tables } from './tables.ts';

export type StateRow = Pick<DailyStatsTable, 'customer_id' | 'date' | 'state'>;
export type ServedRow = Omit<DailyStatsTable, 'customer_id' | 'state'>;

/** The states of these windows, in no order, where they have one. */
export function selectStates(db: Kysely<Tables>): RowsStatement<WindowKey, StateRow> {
  return new RowsStatement((hole, rows) =>
    db
      .selectFrom('daily_stats')
      .select(['customer_id', 'date', 'state'])
      .where((eb) =>
        eb.or(
          rows.map((i) =>
            eb.and({
              customer_id: hole((keys) => keys[i].customerId),
              date: hole((keys) => keys[i].date),
            }),
          ),
        ),
      ),
  );
}

/** Writes rows, whether they are there or not. */
export function upsertRows(db: Kysely<Tables>): RowsStatement<DailyStatsTable, unknown> {
  return new RowsStatement((hole, rows) =>
    db
      .insertInto('daily_stats')
      .values(
        rows.map((i) => ({
          customer_id: hole((values) => values[i].customer_id),
          date: hole((values) => values[i].date),
          success_requests: hole((values) => values[i].success_requests),
          failed_requests: hole((values) => values[i].failed_requests),
          duration_mean: hole((values) => values[i].duration_mean),
          duration_p50: hole((values) => values[i].duration_p50),
          duration_p99: hole((values) => values[i].duration_p99),
          uptime_percentage: hole((values) => values[i].uptime_percentage),
          success_percentage: hole((values) => values[i].success_percentage),
          state: hole((values) => values[i].state),
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

/** What is served of a customer's days. @param withEnd whether the query has a `to`. */
export function serveDays(db: Kysely<Tables>, withEnd: boolean): Statement<DailyStatsQuery, ServedRow> {
  return new Statement((hole) =>
    db
      .selectFrom('daily_stats')
      .select([
        'date',
        'success_requests',
        'failed_requests',
        'duration_mean',
        'duration_p50',
        'duration_p99',
      ])
      .select(['uptime_percentage', 'success_percentage'])
      .where(
        'customer_id',
        '=',
        hole((query) => query.customerId),
      )
      .where(
        'date',
        '>=',
        hole((query) => query.from),
      )
      .$if(withEnd, (select) =>
        select.where(
          'date',
          '<=',
          hole((query) => query.to as string),
        ),
      )
      .orderBy('date')
      .limit(hole((query) => query.limit)),
  );
}
