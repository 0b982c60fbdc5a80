/** Puts rows and ledgers that were made anew in the place of those that are there. */

import { type Kysely, sql, type Transaction } from 'kysely';
import { MAX_REJECTED_LINES_KEPT, STORED_DAYS_PAGE_ROWS } from '../../limits.ts';
import { compareKeys } from '../../window/key.ts';
import type { WindowKey } from '../../window/types.ts';
import type { DayRange, PartitionLedger, ReplacedDay, Replacement, StoredDay } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { type RowsStatement, Statement } from '../statement.ts';
import type { DailyStatsTable, Tables } from '../tables.ts';
import { Rejections } from './rejections.ts';
import { BEFORE_ALL, deleteWindow, isBehind, upsertRows } from './window-statements.ts';

interface Page extends WindowKey {
  readonly from: string;
  readonly to: string;
}

export class Replacements {
  readonly #dialect: StoreDialect;
  readonly #page: Statement<Page, DailyStatsTable>;
  readonly #upsert: RowsStatement<DailyStatsTable, unknown>;
  readonly #deleteRow: Statement<WindowKey, unknown>;
  readonly #deleteRevision: Statement<WindowKey, unknown>;
  readonly #rejections: Rejections;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#page = selectPage(dialect.db);
    this.#upsert = upsertRows(dialect.db);
    this.#deleteRow = deleteWindow(dialect.db, 'daily_stats');
    this.#deleteRevision = deleteWindow(dialect.db, 'revisions');
    this.#rejections = new Rejections(dialect);
  }

  /** As `Store.storedDays`. @param db the database, or a transaction of it. */
  async *storedDays(range: DayRange, db: Kysely<Tables> = this.#dialect.db): AsyncGenerator<StoredDay> {
    const { from = '0001-01-01', to = '9999-12-31' } = range;
    let last = BEFORE_ALL;
    for (;;) {
      const { rows } = await this.#page.run(db, { ...last, from, to });
      yield* rows;
      if (rows.length < STORED_DAYS_PAGE_ROWS) return;
      last = keyOf(rows[rows.length - 1]);
    }
  }

  /** Both sides are read in key order, a few rows at a time; what is written lies behind what was read. */
  async replaceDays(transaction: Transaction<Tables>, replacement: Replacement): Promise<void> {
    const { range, source, isDryRun, note } = replacement;
    const writer = new RowWriter(this.#dialect.rowsPerStatement, {
      write: (rows) => this.#upsert.run(transaction, rows),
      remove: async (key) => {
        await this.#deleteRow.run(transaction, key);
        await this.#deleteRevision.run(transaction, key);
      },
    });
    for await (const day of pairs(this.storedDays(range, transaction), source.storedDays(range))) {
      note.call(replacement, day);
      if (day.isChanged && !isDryRun) await writer.put(day);
    }
    await writer.flush();
  }

  /** @param source has the new ledgers; what it does not know has none. */
  async replaceLedgers(
    transaction: Transaction<Tables>,
    ids: readonly string[],
    source: Replacement['source'],
  ): Promise<void> {
    const made = new Map((await source.ledger()).map((ledger) => [ledger.id, ledger]));
    for (const id of ids) {
      const ledger = made.get(id);
      await emptyLedger(transaction, id);
      if (ledger) await this.#fillLedger(transaction, ledger, source);
    }
  }

  async #fillLedger(
    transaction: Transaction<Tables>,
    ledger: PartitionLedger,
    source: Replacement['source'],
  ): Promise<void> {
    const { id: partitionId, offset, rejections } = ledger;
    await fillCheckpoint(transaction, ledger);
    const counts = rejections.map(({ reason, lines }) => [reason, lines] as const);
    await this.#rejections.addCounts(transaction, partitionId, counts);
    const all = { partitionId, fromOffset: 0, toOffset: offset };
    const kept = await source.rejectedLines({ ...all, limit: MAX_REJECTED_LINES_KEPT });
    await this.#rejections.keepLines(transaction, partitionId, kept);
  }
}

interface RowTarget {
  write(rows: readonly DailyStatsTable[]): Promise<unknown>;
  remove(key: WindowKey): Promise<unknown>;
}

/** Writes several rows with a statement, and all in key order: that is the order in which rows are locked. */
class RowWriter {
  readonly #rowsPerStatement: number;
  readonly #target: RowTarget;
  #rows: DailyStatsTable[] = [];

  constructor(rowsPerStatement: number, target: RowTarget) {
    this.#rowsPerStatement = rowsPerStatement;
    this.#target = target;
  }

  async put({ key, after }: ReplacedDay): Promise<void> {
    if (after) this.#rows.push(after);
    if (!after || this.#rows.length === this.#rowsPerStatement) await this.flush();
    if (!after) await this.#target.remove(key);
  }

  async flush(): Promise<void> {
    if (this.#rows.length > 0) await this.#target.write(this.#rows);
    this.#rows = [];
  }
}

/** The rows of both sides, in key order. */
async function* pairs(
  befores: AsyncGenerator<StoredDay>,
  afters: AsyncIterable<StoredDay>,
): AsyncGenerator<ReplacedDay> {
  const [left, right] = [befores, afters[Symbol.asyncIterator]()];
  let before = (await left.next()).value as StoredDay | undefined;
  let after = (await right.next()).value as StoredDay | undefined;
  while (before || after) {
    const order = orderOf(before, after);
    const pair = { before: order <= 0 ? before : undefined, after: order >= 0 ? after : undefined };
    const key = keyOf((pair.before ?? pair.after) as StoredDay);
    yield { key, ...pair, isChanged: !isSame(pair.before, pair.after) };
    if (order <= 0) before = (await left.next()).value as StoredDay | undefined;
    if (order >= 0) after = (await right.next()).value as StoredDay | undefined;
  }
}

function orderOf(before: StoredDay | undefined, after: StoredDay | undefined): number {
  if (!before) return 1;
  return after ? compareKeys(keyOf(before), keyOf(after)) : -1;
}

function keyOf({ customer_id, date }: StoredDay): WindowKey {
  return { customerId: customer_id, date };
}

const NUMBERS = [
  'success_requests',
  'failed_requests',
  'duration_mean',
  'duration_p50',
  'duration_p99',
  'uptime_percentage',
  'success_percentage',
] as const satisfies (keyof StoredDay)[];

function isSame(before: StoredDay | undefined, after: StoredDay | undefined): boolean {
  if (!before || !after) return false;
  return (
    NUMBERS.every((column) => before[column] === after[column]) &&
    Buffer.compare(before.state, after.state) === 0
  );
}

function selectPage(db: Kysely<Tables>): Statement<Page, DailyStatsTable> {
  return new Statement((parameter) =>
    db
      .selectFrom('daily_stats')
      .select(['customer_id', 'date', ...NUMBERS, 'state'])
      .where(isBehind(parameter))
      .where(
        'date',
        '>=',
        parameter((page) => page.from),
      )
      .where(
        'date',
        '<=',
        parameter((page) => page.to),
      )
      .orderBy('customer_id')
      .orderBy('date')
      .limit(STORED_DAYS_PAGE_ROWS),
  );
}

/** The clock stays: days do not wait for a partition whose lines are gone. */
async function emptyLedger(transaction: Transaction<Tables>, partitionId: string): Promise<void> {
  for (const table of ['rejected_lines', 'rejection_counts'] as const)
    await transaction.deleteFrom(table).where('partition_id', '=', partitionId).execute();
  const nothing = { lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0 };
  await transaction
    .updateTable('checkpoints')
    .set({ ...nothing, first_event_ms: null, last_event_ms: null })
    .where('id', '=', partitionId)
    .execute();
}

function laterClock(clockMs: number) {
  const clock = sql.ref<number | null>('clock_ms');
  return sql<number>`case when ${clock} > ${clockMs} then ${clock} else ${clockMs} end`;
}

async function fillCheckpoint(transaction: Transaction<Tables>, ledger: PartitionLedger): Promise<void> {
  const { lines, accepted, rejected, late, dropped, clockMs } = ledger;
  await transaction
    .updateTable('checkpoints')
    .set({
      ...{ lines, accepted, rejected, late, dropped },
      // It never goes back: system time may have moved it on, and days may be final by it.
      ...(clockMs === null ? {} : { clock_ms: laterClock(clockMs) }),
      first_event_ms: ledger.firstEventMs,
      last_event_ms: ledger.lastEventMs,
    })
    .where('id', '=', ledger.id)
    .execute();
}
