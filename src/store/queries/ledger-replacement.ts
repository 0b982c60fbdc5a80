/** Puts ledgers that were made anew in the place of those that are there. */

import { sql, type Transaction } from 'kysely';
import { MAX_REJECTED_LINES_KEPT } from '../../limits.ts';
import type { PartitionLedger, Replacement } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import { Rejections } from './rejections.ts';

export class LedgerReplacements {
  readonly #rejections: Rejections;

  constructor(dialect: StoreDialect) {
    this.#rejections = new Rejections(dialect);
  }

  /**
   * @param ids the partitions whose ledgers are replaced.
   * @param source has the new ledgers. A partition that it does not know gets an empty one.
   */
  async replace(
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

/** Leaves the clock as it is: windows do not wait for a partition whose lines are gone. */
async function emptyLedger(transaction: Transaction<Tables>, partitionId: string): Promise<void> {
  for (const table of ['rejected_lines', 'rejection_counts'] as const)
    await transaction.deleteFrom(table).where('partition_id', '=', partitionId).execute();
  const nothing = { lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 };
  await transaction
    .updateTable('checkpoints')
    .set({ ...nothing, first_event_ms: null, last_event_ms: null })
    .where('id', '=', partitionId)
    .execute();
}

async function fillCheckpoint(transaction: Transaction<Tables>, ledger: PartitionLedger): Promise<void> {
  const { lines, accepted, rejected, late, dropped, excluded, clockMs } = ledger;
  await transaction
    .updateTable('checkpoints')
    .set({
      ...{ lines, accepted, rejected, late, dropped, excluded },
      // It never goes back: system time may have moved it on, and windows may be final by it.
      ...(clockMs === null ? {} : { clock_ms: laterClock(clockMs) }),
      first_event_ms: ledger.firstEventMs,
      last_event_ms: ledger.lastEventMs,
    })
    .where('id', '=', ledger.id)
    .execute();
}

function laterClock(clockMs: number) {
  const clock = sql.ref<number | null>('clock_ms');
  return sql<number>`case when ${clock} > ${clockMs} then ${clock} else ${clockMs} end`;
}
