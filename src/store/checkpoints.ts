/** The rows of `checkpoints`, and what belongs to a partition: its rejected lines and their counts. */

import { type Kysely, sql, type Transaction } from 'kysely';
import { bug, DaymarkError } from '../errors.ts';
import { MAX_REJECTED_LINES_KEPT } from '../limits.ts';
import { compareUtf8 } from '../window/key.ts';
import type { Advance, Checkpoint, NewPartition } from './contract.ts';
import type { StoreDialect } from './dialect.ts';
import { chunksOf, RowsStatement, Statement } from './statement.ts';
import type { RejectedLinesTable, RejectionCountsTable, Tables } from './tables.ts';

const NOW = sql<string>`current_timestamp`;

export class Checkpoints {
  readonly #dialect: StoreDialect;
  readonly #advance: Statement<Advance, unknown>;
  readonly #countKept: Statement<string, { kept: number }>;
  readonly #insertLines: RowsStatement<RejectedLinesTable, unknown>;
  readonly #addCounts: RowsStatement<RejectionCountsTable, unknown>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#advance = advanceCheckpoint(dialect.db);
    this.#countKept = countKeptLines(dialect.db);
    this.#insertLines = insertRejectedLines(dialect.db);
    this.#addCounts = addRejectionCounts(dialect.db);
  }

  /** All of them, by id. @param db the database, or a transaction of it. */
  async all(db: Kysely<Tables>): Promise<readonly Checkpoint[]> {
    const rows = await db
      .selectFrom('checkpoints')
      .select(['id', 'name', 'identity', 'next_offset as offset', 'lines', 'accepted', 'rejected'])
      .orderBy('id')
      .execute();
    // SQLite's rows are objects without a prototype.
    return rows.map((row) => ({ ...row }));
  }

  /** Adds partitions at offset 0. */
  async add(transaction: Transaction<Tables>, partitions: readonly NewPartition[]): Promise<void> {
    for (const { id, name, identity } of partitions) {
      await transaction
        .insertInto('checkpoints')
        .values({ id, name, identity, next_offset: 0, lines: 0, accepted: 0, rejected: 0, updated_at: NOW })
        .execute();
    }
  }

  /**
   * Moves partitions on, in the order of their ids: each locks its row, and two transactions that lock the same
   * rows in the same order never wait for each other in a circle.
   * @throws {DaymarkError} CHECKPOINT_MOVED where one of them is not where it was expected.
   */
  async advance(transaction: Transaction<Tables>, advances: readonly Advance[]): Promise<void> {
    for (const advance of advances.toSorted((a, b) => compareUtf8(a.partitionId, b.partitionId))) {
      assertLedger(advance);
      const { numAffectedRows } = await this.#advance.run(transaction, advance);
      if (numAffectedRows !== 1n) throw checkpointMoved(advance);
      await this.#addRejections(transaction, advance);
    }
  }

  async #addRejections(transaction: Transaction<Tables>, advance: Advance): Promise<void> {
    const { partitionId: partition_id, rejectedByReason } = advance;
    const counts = Array.from(rejectedByReason, ([reason, lines]) => ({ partition_id, reason, lines }));
    for (const chunk of chunksOf(counts, this.#dialect.rowsPerStatement))
      await this.#addCounts.run(transaction, chunk);
    if (advance.rejectedLines.length > 0) await this.#keepLines(transaction, advance);
  }

  /** Offsets only grow, so the lines that came first are the ones with the smallest. */
  async #keepLines(transaction: Transaction<Tables>, { partitionId, rejectedLines }: Advance): Promise<void> {
    const { rows } = await this.#countKept.run(transaction, partitionId);
    const room = Math.max(0, MAX_REJECTED_LINES_KEPT - rows[0].kept);
    const kept = rejectedLines.slice(0, room).map(({ offset, reason, excerpt }) => ({
      partition_id: partitionId,
      line_offset: offset,
      reason,
      excerpt,
    }));
    for (const chunk of chunksOf(kept, this.#dialect.rowsPerStatement))
      await this.#insertLines.run(transaction, chunk);
  }
}

/** What the pipeline promises about every batch. A ledger that does not add up must never be stored. */
function assertLedger(advance: Advance): void {
  const { partitionId, fromOffset, toOffset, lines, accepted, rejected, rejectedLines } = advance;
  const fail = (what: string): never => {
    throw bug(`batch of partition ${partitionId} at ${fromOffset}: ${what}`);
  };
  if (toOffset < fromOffset) fail(`goes back to ${toOffset}`);
  if (lines !== accepted + rejected) fail(`${lines} lines, ${accepted} accepted, ${rejected} rejected`);
  const counted = [...advance.rejectedByReason.values()].reduce((sum, count) => sum + count, 0);
  if (counted !== rejected) fail(`${rejected} rejected, ${counted} by reason`);
  let previous = fromOffset - 1;
  for (const { offset } of rejectedLines) {
    if (offset <= previous || offset >= toOffset) fail(`rejected line at ${offset} behind ${previous}`);
    previous = offset;
  }
}

function checkpointMoved({ partitionId, name, fromOffset }: Advance): DaymarkError {
  return new DaymarkError(
    'CHECKPOINT_MOVED',
    `${name} (partition ${partitionId}) is no longer at offset ${fromOffset}.`,
  );
}

function advanceCheckpoint(db: Kysely<Tables>): Statement<Advance, unknown> {
  return new Statement((hole) =>
    db
      .updateTable('checkpoints')
      .set((eb) => ({
        name: hole((advance) => advance.name),
        identity: hole((advance) => advance.identity),
        next_offset: hole((advance) => advance.toOffset),
        lines: eb(
          'lines',
          '+',
          hole((advance) => advance.lines),
        ),
        accepted: eb(
          'accepted',
          '+',
          hole((advance) => advance.accepted),
        ),
        rejected: eb(
          'rejected',
          '+',
          hole((advance) => advance.rejected),
        ),
        updated_at: NOW,
      }))
      .where(
        'id',
        '=',
        hole((advance) => advance.partitionId),
      )
      .where(
        'next_offset',
        '=',
        hole((advance) => advance.fromOffset),
      ),
  );
}

function countKeptLines(db: Kysely<Tables>): Statement<string, { kept: number }> {
  return new Statement((hole) =>
    db
      .selectFrom('rejected_lines')
      .select((eb) => eb.fn.countAll<number>().as('kept'))
      .where(
        'partition_id',
        '=',
        hole((partitionId) => partitionId),
      ),
  );
}

function insertRejectedLines(db: Kysely<Tables>): RowsStatement<RejectedLinesTable, unknown> {
  return new RowsStatement((hole, rows) =>
    db.insertInto('rejected_lines').values(
      rows.map((i) => ({
        partition_id: hole((lines) => lines[i].partition_id),
        line_offset: hole((lines) => lines[i].line_offset),
        reason: hole((lines) => lines[i].reason),
        excerpt: hole((lines) => lines[i].excerpt),
      })),
    ),
  );
}

function addRejectionCounts(db: Kysely<Tables>): RowsStatement<RejectionCountsTable, unknown> {
  return new RowsStatement((hole, rows) =>
    db
      .insertInto('rejection_counts')
      .values(
        rows.map((i) => ({
          partition_id: hole((counts) => counts[i].partition_id),
          reason: hole((counts) => counts[i].reason),
          lines: hole((counts) => counts[i].lines),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['partition_id', 'reason']).doUpdateSet((eb) => ({
          lines: eb('rejection_counts.lines', '+', eb.ref('excluded.lines')),
        })),
      ),
  );
}
