/** Writes the rejected lines of a partition that are kept, and counts all of them by reason. */

import type { Transaction } from 'kysely';
import type { RejectedLine } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf, type RowsStatement } from '../statement.ts';
import type { RejectedLinesTable, RejectionCountsTable, Tables } from '../tables.ts';
import { addRejectionCounts, insertRejectedLines } from './checkpoint-statements.ts';

export class Rejections {
  readonly #rowsPerStatement: number;
  readonly #insertLines: RowsStatement<RejectedLinesTable, unknown>;
  readonly #addCounts: RowsStatement<RejectionCountsTable, unknown>;

  constructor(dialect: StoreDialect) {
    this.#rowsPerStatement = dialect.rowsPerStatement;
    this.#insertLines = insertRejectedLines(dialect.db);
    this.#addCounts = addRejectionCounts(dialect.db);
  }

  /** Adds to the counts of a partition. @param counts numbers of lines by reason. */
  async addCounts(
    transaction: Transaction<Tables>,
    partition_id: string,
    counts: Iterable<readonly [reason: string, lines: number]>,
  ): Promise<void> {
    const rows = Array.from(counts, ([reason, lines]) => ({ partition_id, reason, lines }));
    for (const chunk of chunksOf(rows, this.#rowsPerStatement)) await this.#addCounts.run(transaction, chunk);
  }

  /** Keeps lines that are not kept yet. */
  async keepLines(
    transaction: Transaction<Tables>,
    partition_id: string,
    lines: readonly RejectedLine[],
  ): Promise<void> {
    const rows = lines.map(({ offset, reason, excerpt }) => {
      return { partition_id, line_offset: offset, reason, excerpt };
    });
    for (const chunk of chunksOf(rows, this.#rowsPerStatement))
      await this.#insertLines.run(transaction, chunk);
  }
}
