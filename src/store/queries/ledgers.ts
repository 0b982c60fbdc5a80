/** Reads the ledgers of partitions, and the rejected lines that were kept. */

import type { Kysely } from 'kysely';
import type {
  Checkpoint,
  PartitionLedger,
  RejectedLine,
  RejectedLinesQuery,
  RejectionCount,
} from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import { LEDGER_COLUMNS } from './checkpoint-statements.ts';

/** A partition with one of its reasons, or without any. */
interface LedgerRow extends Checkpoint {
  readonly movedMs: number;
  readonly reason: string | null;
  readonly reasonLines: number | null;
  readonly kept: number | null;
}

export class Ledgers {
  readonly #dialect: StoreDialect;
  readonly #rejectedLines: Statement<RejectedLinesQuery, RejectedLine>;
  readonly #rejectedLinesOfReason: Statement<RejectedLinesQuery, RejectedLine>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#rejectedLines = selectRejectedLines(dialect.db, false);
    this.#rejectedLinesOfReason = selectRejectedLines(dialect.db, true);
  }

  /** As `Store.ledger`. One statement, so all is of one moment. */
  async all(): Promise<readonly PartitionLedger[]> {
    const rows = await selectLedgers(this.#dialect).execute();
    const ledgers: (PartitionLedger & { readonly rejections: RejectionCount[] })[] = [];
    for (const { reason, reasonLines, kept, ...partition } of rows) {
      if (ledgers.at(-1)?.id !== partition.id) ledgers.push({ ...partition, rejections: [] });
      if (reason === null) continue;
      ledgers.at(-1)?.rejections.push({ reason, lines: reasonLines ?? 0, kept: kept ?? 0 });
    }
    return ledgers;
  }

  /** As `Store.rejectedLines`. */
  async rejectedLines(query: RejectedLinesQuery): Promise<readonly RejectedLine[]> {
    const statement = query.reason === undefined ? this.#rejectedLines : this.#rejectedLinesOfReason;
    const { rows } = await statement.run(this.#dialect.db, query);
    return rows.map((row) => ({ ...row }));
  }
}

function selectLedgers({ db, updatedMs }: StoreDialect) {
  const keptLines = db
    .selectFrom('rejected_lines')
    .select(['partition_id', 'reason', (eb) => eb.fn.countAll<number>().as('kept')])
    .groupBy(['partition_id', 'reason'])
    .as('kept_lines');
  return db
    .selectFrom('checkpoints')
    .leftJoin('rejection_counts as counts', 'counts.partition_id', 'checkpoints.id')
    .leftJoin(keptLines, (join) =>
      join
        .onRef('kept_lines.partition_id', '=', 'counts.partition_id')
        .onRef('kept_lines.reason', '=', 'counts.reason'),
    )
    .select(LEDGER_COLUMNS)
    .select([updatedMs.as('movedMs'), 'counts.reason as reason', 'counts.lines as reasonLines', 'kept'])
    .orderBy('id')
    .orderBy('counts.reason')
    .$castTo<LedgerRow>();
}

function selectRejectedLines(
  db: Kysely<Tables>,
  withReason: boolean,
): Statement<RejectedLinesQuery, RejectedLine> {
  return new Statement((parameter) =>
    db
      .selectFrom('rejected_lines')
      .select(['line_offset as offset', 'reason', 'excerpt'])
      .where(
        'partition_id',
        '=',
        parameter((query) => query.partitionId),
      )
      .where(
        'line_offset',
        '>=',
        parameter((query) => query.fromOffset),
      )
      .where(
        'line_offset',
        '<',
        parameter((query) => query.toOffset),
      )
      .$if(withReason, (select) =>
        select.where(
          'reason',
          '=',
          parameter((query) => query.reason as string),
        ),
      )
      .orderBy('line_offset')
      .limit(parameter((query) => query.limit)),
  );
}
