/** The rows of `daily_stats`: adding deltas to them, and serving them. */

import type { Kysely, Transaction } from 'kysely';
import { bug, DaymarkError, messageOf } from '../../errors.ts';
import { STREAMED_DAYS_PAGE_ROWS } from '../../limits.ts';
import {
  addToState,
  STATE_HEAD_BYTES,
  statusesOf,
  type UpdatedState,
} from '../../statistics/daily-statistics.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import { dateOfDay, dayOfDate, LAST_DATE, startOfDay } from '../../window/day.ts';
import { compareKeys } from '../../window/key.ts';
import type { WindowKey, ZoneTable } from '../../window/types.ts';
import type { DailyStatsQuery, DailyStatsRow, WindowDelta } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf, type RowsStatement, type Statement } from '../statement.ts';
import type { DailyStatsTable, RevisionsTable, Tables } from '../tables.ts';
import {
  addRevisions,
  findDayPastLimit,
  type ServedRow,
  type StateRow,
  selectStates,
  serveDays,
  upsertRows,
} from './window-statements.ts';

/** When deltas are added, and the last day that is final by then. */
interface Moment {
  /** The system time, in ms since 1970. */
  readonly nowMs: number;
  readonly finalThrough: string | null;
}

/** For queries without a `to`, and with one. */
interface ServeStatements {
  readonly open: Statement<DailyStatsQuery, ServedRow>;
  readonly ended: Statement<DailyStatsQuery, ServedRow>;
}

export class Windows {
  readonly #dialect: StoreDialect;
  readonly #selectStates: RowsStatement<WindowKey, StateRow>;
  readonly #upsert: RowsStatement<DailyStatsTable, unknown>;
  readonly #addRevisions: RowsStatement<RevisionsTable, unknown>;
  readonly #serve: Record<keyof typeof STATE_HEAD_BYTES, ServeStatements>;
  readonly #findPastLimit: Statement<DailyStatsQuery, unknown>;
  readonly #findPastLimitTo: Statement<DailyStatsQuery, unknown>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#selectStates = selectStates(dialect.db);
    this.#upsert = upsertRows(dialect.db);
    this.#addRevisions = addRevisions(dialect.db);
    const { usual, most } = STATE_HEAD_BYTES;
    const serve = (headBytes: number) => ({
      open: serveDays(dialect.db, false, headBytes),
      ended: serveDays(dialect.db, true, headBytes),
    });
    this.#serve = { usual: serve(usual), most: serve(most) };
    this.#findPastLimit = findDayPastLimit(dialect.db, false);
    this.#findPastLimitTo = findDayPastLimit(dialect.db, true);
  }

  /**
   * Adds deltas to their rows: locks a few rows, reads, merges and writes them, then the next few. Two
   * transactions that do this never wait for each other in a circle, because each locks its rows in key order.
   */
  async add(transaction: Transaction<Tables>, deltas: Iterable<WindowDelta>, moment: Moment): Promise<void> {
    for (const chunk of chunksOf(assertKeyOrder(deltas), this.#dialect.rowsPerStatement)) {
      const states = await this.#lockAndRead(transaction, chunk);
      const revisions: RevisionsTable[] = [];
      const rows = chunk.map((delta) => {
        const { statistics } = delta;
        revisions.push(...revisionOf(delta, statistics, moment));
        return mergedRow(delta.key, statistics, states.get(identify(delta.key)));
      });
      await this.#upsert.run(transaction, rows);
      if (revisions.length > 0) await this.#addRevisions.run(transaction, revisions);
    }
  }

  async #lockAndRead(
    transaction: Transaction<Tables>,
    chunk: readonly WindowDelta[],
  ): Promise<Map<string, Uint8Array>> {
    const keys = await this.#dialect.lockWindows(
      transaction,
      chunk.map(({ key }) => key),
    );
    if (keys.length === 0) return new Map();
    const { rows } = await this.#selectStates.run(transaction, keys);
    return new Map(rows.map((row) => [identify({ customerId: row.customer_id, date: row.date }), row.state]));
  }

  /** As `Store.dailyStats`. */
  served(query: DailyStatsQuery, zoneOfDays: () => Promise<ZoneTable>): Promise<readonly DailyStatsRow[]> {
    return this.#servedFrom(this.#dialect.db, query, zoneOfDays);
  }

  /** As `Store.dailyStatsPages`. */
  async *servedPages(
    query: DailyStatsQuery,
    zoneOfDays: () => Promise<ZoneTable>,
  ): AsyncGenerator<readonly DailyStatsRow[]> {
    const snapshot = await this.#dialect.openSnapshot();
    try {
      await this.#assertInLimit(snapshot.db, query);
      let from: string | undefined = query.from;
      while (from !== undefined) {
        const page: DailyStatsQuery = { ...query, from, limit: STREAMED_DAYS_PAGE_ROWS };
        const rows: readonly DailyStatsRow[] = await this.#servedFrom(snapshot.db, page, zoneOfDays);
        yield rows;
        from = rows.length < page.limit ? undefined : dateAfter(rows[rows.length - 1].date);
      }
    } finally {
      await snapshot.close();
    }
  }

  async #assertInLimit(db: Kysely<Tables>, query: DailyStatsQuery): Promise<void> {
    if (hasNoDays(query)) return;
    const statement = query.to === undefined ? this.#findPastLimit : this.#findPastLimitTo;
    if ((await statement.run(db, query)).rows.length > 0) throw rangeTooLarge(query.limit);
  }

  async #servedFrom(
    db: Kysely<Tables>,
    query: DailyStatsQuery,
    zoneOfDays: () => Promise<ZoneTable>,
  ): Promise<readonly DailyStatsRow[]> {
    if (hasNoDays(query)) return [];
    const end = query.to === undefined ? 'open' : 'ended';
    const { rows } = await this.#serve.usual[end].run(db, query);
    if (rows.length === 0) return [];
    const zone = await zoneOfDays();
    const toRow = (row: ServedRow) => toDailyStatsRow(query.customerId, row, zone);
    try {
      return rows.map(toRow);
    } catch {
      // A day has so many statuses that the beginning of its state was cut off among them, or a state is corrupt.
      return (await this.#serve.most[end].run(db, query)).rows.map(toRow);
    }
  }
}

/** No log can hold such an id, and PostgreSQL refuses it with an error. */
function hasNoDays({ customerId }: DailyStatsQuery): boolean {
  return customerId.includes('\0');
}

function rangeTooLarge(limit: number): DaymarkError {
  const most = limit.toLocaleString('en');
  return new DaymarkError(
    'RANGE_TOO_LARGE',
    `One answer has at most ${most} days. Ask for fewer with \`to\`.`,
  );
}

/** Undefined after the last day that there can be. */
function dateAfter(date: string): string | undefined {
  return date === LAST_DATE ? undefined : dateOfDay(dayOfDate(date) + 1);
}

/** Every date has ten characters, so no two keys share this. */
function identify({ customerId, date }: WindowKey): string {
  return date + customerId;
}

/** The locks are taken in this order: a circle of waiting processes would follow from any other. */
function* assertKeyOrder(deltas: Iterable<WindowDelta>): Generator<WindowDelta> {
  let previous: WindowKey | undefined;
  for (const delta of deltas) {
    if (previous !== undefined && compareKeys(previous, delta.key) >= 0)
      throw bug(`deltas out of key order: ${identify(previous)} before ${identify(delta.key)}`);
    previous = delta.key;
    yield delta;
  }
}

/**
 * How a delta changes a window whose number may have been relied on. Into a final day everything comes late, also what
 * was in time by the watermark of its own partition, because that was found when the day was final.
 */
function revisionOf(
  { key, lateEvents = 0 }: WindowDelta,
  { statuses }: DailyStatistics,
  { nowMs, finalThrough }: Moment,
): RevisionsTable[] {
  const isFinal = finalThrough !== null && key.date <= finalThrough;
  const late_events = isFinal ? statuses.reduce((sum, { requests }) => sum + requests, 0) : lateEvents;
  if (late_events === 0) return [];
  return [{ customer_id: key.customerId, date: key.date, late_events, revised_ms: nowMs }];
}

function mergedRow(key: WindowKey, delta: DailyStatistics, before: Uint8Array | undefined): DailyStatsTable {
  const { state, served } = updated(key, before, delta);
  return {
    customer_id: key.customerId,
    date: key.date,
    success_requests: served.successRequests,
    failed_requests: served.failedRequests,
    duration_mean: served.durationMeanS,
    duration_p50: served.durationP50S,
    duration_p99: served.durationP99S,
    uptime_percentage: served.uptimePercentage,
    success_percentage: served.successPercentage,
    state,
  };
}

function updated(
  { customerId, date }: WindowKey,
  before: Uint8Array | undefined,
  delta: DailyStatistics,
): UpdatedState {
  try {
    return addToState(before, delta);
  } catch (error) {
    if (!(error instanceof DaymarkError)) throw error;
    const detail = `${messageOf(error)} The customer is ${JSON.stringify(customerId)}, the day ${date}.`;
    throw new DaymarkError(error.code, detail, { cause: error });
  }
}

function toDailyStatsRow(customerId: string, row: ServedRow, zone: ZoneTable): DailyStatsRow {
  return {
    customerId,
    date: row.date,
    statuses: statusesOf(row.state_head),
    successRequests: row.success_requests,
    failedRequests: row.failed_requests,
    durationMeanS: row.duration_mean,
    durationP50S: row.duration_p50,
    durationP99S: row.duration_p99,
    uptimePercentage: row.uptime_percentage,
    successPercentage: row.success_percentage,
    startMs: startOfDay(zone, dayOfDate(row.date)),
    lateEvents: row.late_events ?? 0,
    revisedMs: row.revised_ms,
    finalSinceMs: row.final_since_ms,
  };
}
