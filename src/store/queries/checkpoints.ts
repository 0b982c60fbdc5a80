/** Reads and moves checkpoints, and notes the rejected lines of their partitions. */

import type { Kysely, Transaction } from 'kysely';
import { bug, DaymarkError } from '../../errors.ts';
import { LOOKUP_KEYS_A_STATEMENT, MAX_REJECTED_LINES_KEPT } from '../../limits.ts';
import { compareUtf8 } from '../../window/key.ts';
import type { Advance, Checkpoint, CheckpointLookup, NewPartition } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf, type Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import {
  advanceCheckpoint,
  countKeptLines,
  type HostedAdvance,
  LEDGER_COLUMNS,
  NOW,
} from './checkpoint-statements.ts';
import { Rejections } from './rejections.ts';

export class Checkpoints {
  readonly #advance: Statement<HostedAdvance, unknown>;
  readonly #countKept: Statement<string, { kept: number }>;
  readonly #rejections: Rejections;

  constructor(dialect: StoreDialect) {
    this.#advance = advanceCheckpoint(dialect.db);
    this.#countKept = countKeptLines(dialect.db);
    this.#rejections = new Rejections(dialect);
  }

  /** @param db the database, or a transaction of it. */
  lookup(db: Kysely<Tables>): CheckpointLookup {
    return {
      all: () => rowsOf(select(db)),
      byIds: (ids) => inChunks(ids, (chunk) => rowsOf(select(db).where('id', 'in', chunk))),
      byHeadKeys: (keys, names) =>
        inChunks(keys, (chunk) =>
          rowsOf(
            select(db)
              .where('head_key', 'in', chunk)
              .$if(names !== undefined, (query) => query.where('source_name', 'in', names ?? [])),
          ),
        ),
      live: (names) =>
        db
          .selectFrom('checkpoints')
          .select(['id', 'name'])
          .where('state', '=', 'live')
          .$if(names !== undefined, (query) => query.where('source_name', 'in', names ?? []))
          .execute(),
    };
  }

  /** Adds partitions at their starts. */
  async add(transaction: Transaction<Tables>, partitions: readonly NewPartition[]): Promise<void> {
    const nothing = { lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 };
    for (const {
      id,
      name,
      sourceName = '',
      headFingerprint,
      tailChecksum,
      headKey,
      inode,
      startOffset,
      prefixChecksums,
      addedMs,
      isFinished = false,
    } of partitions)
      await transaction
        .insertInto('checkpoints')
        .values({
          ...nothing,
          ...{ id, name, inode, updated_at: NOW, added_ms: addedMs },
          state: isFinished ? 'finished' : 'live',
          ...{ source_name: sourceName, host: '' },
          ...{ identity: headFingerprint, mark: tailChecksum, head_key: headKey },
          ...{ start_offset: startOffset, next_offset: startOffset },
          prefix_checksums: prefixChecksums,
        })
        .execute();
  }

  /** As `Store.nameSource`. */
  async nameSource(db: Kysely<Tables>, ids: readonly string[], sourceName: string): Promise<void> {
    // In one order, so that two processes never wait for each other.
    for (const id of ids.toSorted())
      await db
        .updateTable('checkpoints')
        .set({ source_name: sourceName })
        .where('id', '=', id)
        .where('source_name', '=', '')
        .execute();
  }

  /**
   * Moves partitions on, in the order of their ids. Each update locks its row. Two transactions that lock the same
   * rows in the same order never wait for each other in a circle.
   * @throws {DaymarkError} CHECKPOINT_MOVED where a partition is not at the expected offset.
   */
  async advance(transaction: Transaction<Tables>, advances: readonly Advance[], host = ''): Promise<void> {
    for (const advance of advances.toSorted((a, b) => compareUtf8(a.partitionId, b.partitionId))) {
      assertLedger(advance);
      const { numAffectedRows } = await this.#advance.run(transaction, { ...advance, host });
      if (numAffectedRows !== 1n) throw checkpointMoved(advance);
      await this.#addRejections(transaction, advance);
    }
  }

  async #addRejections(transaction: Transaction<Tables>, advance: Advance): Promise<void> {
    await this.#rejections.addCounts(transaction, advance.partitionId, advance.rejectedByReason);
    if (advance.rejectedLines.length > 0) await this.#keepLines(transaction, advance);
  }

  /** Keeps the first lines of the partition. Offsets only grow, so those are already kept. */
  async #keepLines(transaction: Transaction<Tables>, { partitionId, rejectedLines }: Advance): Promise<void> {
    const { rows } = await this.#countKept.run(transaction, partitionId);
    const room = Math.max(0, MAX_REJECTED_LINES_KEPT - rows[0].kept);
    await this.#rejections.keepLines(transaction, partitionId, rejectedLines.slice(0, room));
  }
}

function select(db: Kysely<Tables>) {
  return db
    .selectFrom('checkpoints')
    .select(LEDGER_COLUMNS)
    .select(['host', 'inode', 'head_key as headKey', 'start_offset as startOffset'])
    .select('prefix_checksums as prefixChecksums')
    .orderBy('id');
}

async function rowsOf(query: ReturnType<typeof select>): Promise<readonly Checkpoint[]> {
  // SQLite's rows are objects without a prototype.
  return (await query.execute()).map((row) => ({ ...row }));
}

/** Looks keys up in several statements, because databases bound the parameters of one. */
async function inChunks(
  keys: readonly string[],
  find: (chunk: readonly string[]) => Promise<readonly Checkpoint[]>,
): Promise<readonly Checkpoint[]> {
  const found: Checkpoint[] = [];
  for (const chunk of chunksOf(new Set(keys), LOOKUP_KEYS_A_STATEMENT)) found.push(...(await find(chunk)));
  return found;
}

/** Checks what the pipeline promises of every batch. A ledger that does not add up must never be stored. */
function assertLedger(advance: Advance): void {
  const { partitionId, fromOffset, toOffset, rejectedLines } = advance;
  const { lines, accepted, rejected, dropped, excluded, days } = advance;
  const fail = (what: string): never => {
    throw bug(`batch of partition ${partitionId} at ${fromOffset}: ${what}`);
  };
  if (toOffset < fromOffset) fail(`goes back to ${toOffset}`);
  if (lines !== accepted + rejected + dropped + excluded)
    fail(
      `${lines} lines, ${accepted} accepted, ${rejected} rejected, ${dropped} dropped, ${excluded} excluded`,
    );
  if (dropped > advance.late) fail(`${advance.late} late, ${dropped} dropped`);
  const ofDays = days.reduce((sum, day) => sum + day.lines, 0);
  if (ofDays !== accepted) fail(`${accepted} accepted, ${ofDays} by day`);
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
