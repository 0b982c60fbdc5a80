/** The queries on `checkpoints`, `rejection_counts` and `rejected_lines`. */

import { type Kysely, sql } from 'kysely';
import type { Advance, LineCounts } from '../contract.ts';
import { RowsStatement, Statement } from '../statement.ts';
import type { RejectedLinesTable, RejectionCountsTable, Tables } from '../tables.ts';

/** The columns of a checkpoint that its ledger has, too, under the names of the contract. */
export const LEDGER_COLUMNS = [
  ...(['id', 'name', 'source_name as sourceName'] as const),
  ...(['identity as headFingerprint', 'next_offset as offset'] as const),
  ...(['mark as tailChecksum', 'state', 'accepted', 'rejected', 'late', 'dropped', 'excluded'] as const),
  ...(['checkpoints.lines as lines', 'clock_ms as clockMs', 'added_ms as addedMs'] as const),
  ...(['first_event_ms as firstEventMs', 'last_event_ms as lastEventMs'] as const),
] as const;

/** By the database's clock. */
export const NOW = sql<string>`current_timestamp`;

/** An advance, and the host that makes it; empty where that is not known. */
export type HostedAdvance = Advance & { readonly host: string };

/** Compare and set. It changes one row, or none if the partition is not at the expected offset. */
export function advanceCheckpoint(db: Kysely<Tables>): Statement<HostedAdvance, unknown> {
  return new Statement((parameter) =>
    db
      .updateTable('checkpoints')
      .set((eb) => {
        const added = (column: keyof LineCounts) =>
          eb(
            column,
            '+',
            parameter((advance) => advance[column]),
          );
        // Not `least` and `greatest`: SQLite has other names for them.
        const better = (column: EventTime, operator: '<' | '>', value: (advance: Advance) => number | null) =>
          sql<
            number | null
          >`case when ${parameter(value)} ${sql.raw(operator)} ${eb.ref(column)} or ${eb.ref(column)} is null
            then ${parameter(value)} else ${eb.ref(column)} end`;
        return {
          name: parameter((advance) => advance.name),
          identity: parameter((advance) => advance.headFingerprint),
          head_key: parameter((advance) => advance.headKey),
          inode: parameter((advance) => advance.inode),
          prefix_checksums: sql<Uint8Array | null>`coalesce(${parameter((advance) => advance.prefixChecksums)},
            ${eb.ref('prefix_checksums')})`,
          next_offset: parameter((advance) => advance.toOffset),
          host: parameter((advance) => advance.host),
          mark: parameter((advance) => advance.tailChecksum),
          state: parameter((advance) => (advance.isFinished ? 'finished' : 'live')),
          lines: added('lines'),
          accepted: added('accepted'),
          rejected: added('rejected'),
          late: added('late'),
          dropped: added('dropped'),
          excluded: added('excluded'),
          clock_ms: better('clock_ms', '>', (advance) => advance.clockMs),
          first_event_ms: better('first_event_ms', '<', (advance) => advance.firstEventMs),
          last_event_ms: better('last_event_ms', '>', (advance) => advance.lastEventMs),
          updated_at: NOW,
        };
      })
      .where(
        'id',
        '=',
        parameter((advance) => advance.partitionId),
      )
      .where(
        'next_offset',
        '=',
        parameter((advance) => advance.fromOffset),
      )
      .where('state', '!=', 'retired'),
  );
}

type EventTime = 'clock_ms' | 'first_event_ms' | 'last_event_ms';

/** How many rejected lines of a partition are kept. */
export function countKeptLines(db: Kysely<Tables>): Statement<string, { kept: number }> {
  return new Statement((parameter) =>
    db
      .selectFrom('rejected_lines')
      .select((eb) => eb.fn.countAll<number>().as('kept'))
      .where(
        'partition_id',
        '=',
        parameter((partitionId) => partitionId),
      ),
  );
}

export function insertRejectedLines(db: Kysely<Tables>): RowsStatement<RejectedLinesTable, unknown> {
  return new RowsStatement((parameter, rows) =>
    db.insertInto('rejected_lines').values(
      rows.map((i) => ({
        partition_id: parameter((lines) => lines[i].partition_id),
        line_offset: parameter((lines) => lines[i].line_offset),
        reason: parameter((lines) => lines[i].reason),
        excerpt: parameter((lines) => lines[i].excerpt),
      })),
    ),
  );
}

/** Adds to the counts, and inserts new ones. */
export function addRejectionCounts(db: Kysely<Tables>): RowsStatement<RejectionCountsTable, unknown> {
  return new RowsStatement((parameter, rows) =>
    db
      .insertInto('rejection_counts')
      .values(
        rows.map((i) => ({
          partition_id: parameter((counts) => counts[i].partition_id),
          reason: parameter((counts) => counts[i].reason),
          lines: parameter((counts) => counts[i].lines),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['partition_id', 'reason']).doUpdateSet((eb) => ({
          lines: eb('rejection_counts.lines', '+', eb.ref('excluded.lines')),
        })),
      ),
  );
}
