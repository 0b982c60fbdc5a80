/** Deletes the windows of days that are not to be kept any longer. */

import type { Kysely, Transaction } from 'kysely';
import { RETENTION_CHUNK_ROWS } from '../../limits.ts';
import { keyOfRow, spanOf, type WindowKey } from '../../window/key.ts';
import {
  CUSTOMER_DAYS,
  type Granularity,
  granularitiesOf,
  HOURS,
  type SpanRange,
  type WindowKind,
} from '../../window/kind.ts';
import type { ZoneTable } from '../../window/types.ts';
import type { DayCount } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { shortTransaction } from '../short-transaction.ts';
import { Statement } from '../statement.ts';
import { finalSpansTable, type MetadataTable, statisticsTable, type Tables } from '../tables.ts';
import { DayChanges } from './day-changes.ts';
import { selectFact, upsertFact } from './facts.ts';
import { PartitionDays } from './partition-days.ts';
import type { RollUps } from './roll-ups.ts';
import type { TimeZone } from './time-zone.ts';
import { deleteWindow, type KeyRow, Pages, type WindowTable } from './window-statements.ts';

/** The old rows of one table. */
interface OldRows {
  readonly kind: WindowKind;
  readonly pages: Pages<KeyRow>;
  readonly delete: Statement<WindowKey, unknown>;
}

/** The metadata that holds the first day whose hours were kept when hours were deleted last. */
const HOURS_FROM = 'hours_from';

interface CountRow {
  readonly days: number;
  readonly rows: number;
  readonly first: string | null;
  readonly last: string | null;
}

export class OldWindows {
  readonly #dialect: StoreDialect;
  readonly #timeZone: TimeZone;
  readonly #rollUps: RollUps;
  readonly #kinds: readonly WindowKind[];
  readonly #countDays: Statement<string, CountRow>;
  readonly #selectHoursFrom: Statement<void, Pick<MetadataTable, 'value'>>;
  readonly #setHoursFrom: Statement<string, unknown>;
  readonly #statistics: readonly OldRows[];
  readonly #revisions: readonly OldRows[];
  readonly #dayChanges: DayChanges;
  readonly #partitionDays: PartitionDays;

  constructor(dialect: StoreDialect, timeZone: TimeZone, rollUps: RollUps, kinds: readonly WindowKind[]) {
    this.#dayChanges = new DayChanges(dialect);
    this.#partitionDays = new PartitionDays(dialect);
    this.#dialect = dialect;
    this.#rollUps = rollUps;
    this.#timeZone = timeZone;
    this.#kinds = kinds;
    this.#countDays = countDays(dialect.db);
    this.#selectHoursFrom = selectFact(dialect.db, HOURS_FROM);
    this.#setHoursFrom = upsertFact(dialect.db, HOURS_FROM);
    this.#statistics = kinds.map((kind) => oldRows(dialect.db, kind, 'statistics'));
    this.#revisions = kinds.map((kind) => oldRows(dialect.db, kind, 'revisions'));
  }

  /** As `Store.daysBefore`. */
  async countBefore(date: string): Promise<DayCount> {
    const { rows } = await this.#countDays.run(this.#dialect.db, date);
    const { days, rows: count, first, last } = rows[0] ?? { days: 0, rows: 0, first: null, last: null };
    return { days, rows: count, first: first ?? undefined, last: last ?? undefined };
  }

  /** As `Store.deleteDaysBefore`. */
  async deleteBefore(date: string, signal: AbortSignal): Promise<number> {
    const deleted = await this.#deleteOf(this.#kinds, date, signal);
    await this.#dayChanges.deleteBefore(date, signal);
    await this.#partitionDays.deleteBefore(date, signal);
    return deleted;
  }

  /** As `Store.deleteHoursBefore`. Looking for old hours reads all of them, so it is done once a day. */
  async deleteHoursBefore(date: string, signal: AbortSignal): Promise<number> {
    const { rows } = await this.#selectHoursFrom.run(this.#dialect.db, undefined);
    if (rows[0]?.value === date) return 0;
    const hourly = this.#kinds.filter(({ granularity }) => granularity === HOURS);
    const deleted = await this.#deleteOf(hourly, date, signal);
    if (!signal.aborted) await this.#setHoursFrom.run(this.#dialect.db, date);
    return deleted;
  }

  async #deleteOf(kinds: readonly WindowKind[], date: string, signal: AbortSignal): Promise<number> {
    const zone = await this.#timeZone.tableOrNone(this.#dialect.db);
    if (!zone) return 0;
    const isOf = ({ kind }: OldRows) => kinds.includes(kind);
    let deleted = 0;
    for (const rows of this.#statistics.filter(isOf))
      deleted += await this.#delete(rows, spansBefore(rows.kind, date, zone), signal);
    for (const rows of this.#revisions.filter(isOf))
      await this.#delete(rows, spansBefore(rows.kind, date, zone), signal);
    if (signal.aborted) return deleted;
    await shortTransaction(this.#dialect.db, async (transaction) => {
      for (const granularity of granularitiesOf(kinds))
        await deleteFinalSpans(transaction, granularity, granularity.spansOf({ from: date }, zone).from);
    });
    return deleted;
  }

  /** Looks for rows outside the transactions: that may take long, and nobody has to wait for it. */
  async #delete(
    { kind, pages, delete: deleteRow }: OldRows,
    spans: SpanRange,
    signal: AbortSignal,
  ): Promise<number> {
    let deleted = 0;
    let after: WindowKey | undefined;
    while (!signal.aborted) {
      const rows = await pages.read(this.#dialect.db, { ...spans, after });
      const keys = rows.map((row) => keyOfRow(kind, row));
      if (keys.length === 0) break;
      // In the order of keys, as commits lock them: so they never wait for each other in a circle.
      await shortTransaction(this.#dialect.db, async (transaction) => {
        for (const key of keys) await deleteRow.run(transaction, key);
        if (kind === CUSTOMER_DAYS) await this.#rollUps.forget(transaction, new Set(keys.map(spanOf)));
      });
      deleted += keys.length;
      after = keys.at(-1);
    }
    return deleted;
  }
}

/** The spans before a day; `to` is the first that stays. */
function spansBefore({ granularity }: WindowKind, date: string, zone: ZoneTable): SpanRange {
  const { from } = granularity.spansOf({}, zone);
  return { from, to: granularity.spansOf({ from: date }, zone).from };
}

function oldRows(db: Kysely<Tables>, kind: WindowKind, table: WindowTable): OldRows {
  const pages = new Pages<KeyRow>(db, kind, { table, columns: [], end: '<', rows: RETENTION_CHUNK_ROWS });
  return { kind, pages, delete: deleteWindow(db, kind, table) };
}

/** The last row stays: it says how far the spans are final, and that never goes back. */
async function deleteFinalSpans(
  transaction: Transaction<Tables>,
  granularity: Granularity,
  before: string,
): Promise<void> {
  const table = finalSpansTable(granularity);
  await transaction
    .deleteFrom(table)
    .where('through', '<', before)
    .where('through', '<', (eb) => eb.selectFrom(table).select((of) => of.fn.max('through').as('last')))
    .execute();
}

/** Days are counted for people. The windows of other kinds lie within the days of customers. */
function countDays(db: Kysely<Tables>): Statement<string, CountRow> {
  const { ref } = db.dynamic;
  const date = ref<string>(CUSTOMER_DAYS.spanColumn);
  return new Statement((parameter) =>
    db
      .selectFrom(statisticsTable(CUSTOMER_DAYS))
      .select(({ fn }) => [
        fn.count<number>(date).distinct().as('days'),
        fn.countAll<number>().as('rows'),
        fn.min<string | null>(date).as('first'),
        fn.max<string | null>(date).as('last'),
      ])
      .where(
        date,
        '<',
        parameter((before) => before),
      ),
  );
}
