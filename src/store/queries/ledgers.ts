/** Reads the ledgers of partitions, and the rejected lines that were kept. */

import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { LEDGER_PIECE_ROWS } from '../../limits.ts';
import type {
  Checkpoint,
  LedgerQuery,
  PartitionLedger,
  RejectedLine,
  RejectedLinesQuery,
  SourceLedger,
} from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import { LEDGER_COLUMNS } from './checkpoint-statements.ts';
import { readerOf } from './leases.ts';

/** A partition with one of its reasons, or without any. */
interface LedgerRow extends Checkpoint {
  readonly movedMs: number;
  readonly reason: string | null;
  readonly reasonLines: number | null;
}

interface KeptRow extends LedgerRow {
  readonly reader: string | null;
  readonly kept: number | null;
}

/** Partitions that are looked at in one piece: those with ids in `[fromId, toId]`. */
interface Piece {
  readonly toId: string | null;
  readonly rows: number;
}

interface PieceQuery extends LedgerQuery {
  readonly toId: string;
}

export class Ledgers {
  readonly #dialect: StoreDialect;
  readonly #piece: Statement<string, Piece>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#piece = selectPiece(dialect.db);
  }

  /** As `Store.ledger`. One statement, so all is of one moment. */
  async all(): Promise<readonly PartitionLedger[]> {
    const rows = await selectWithKept(this.#dialect).execute();
    const readers = new Map(rows.map(({ id, reader }) => [id, reader]));
    return ledgersOf(rows, ({ reason, lines, row: { kept } }) => ({ reason, lines, kept: kept ?? 0 })).map(
      (ledger) => ({ ...ledger, reader: readers.get(ledger.id) ?? null }),
    );
  }

  /** As `Store.ledgerPage`. */
  async page(query: LedgerQuery): Promise<readonly SourceLedger[]> {
    const found: SourceLedger[] = [];
    let { fromId } = query;
    for (;;) {
      const { toId, rows } = await this.#pieceFrom(fromId);
      if (toId === null) return found;
      const piece = { ...query, fromId, toId, limit: query.limit - found.length };
      found.push(...(await this.#read(piece)));
      if (found.length === query.limit || rows < LEDGER_PIECE_ROWS) return found;
      // The least id behind it: ids are compared by their bytes.
      fromId = `${toId}\u0001`;
      await setImmediate();
    }
  }

  async #pieceFrom(fromId: string): Promise<Piece> {
    const { rows } = await this.#piece.run(this.#dialect.db, fromId);
    return rows[0];
  }

  async #read(query: PieceQuery): Promise<readonly SourceLedger[]> {
    const rows = await selectPage(this.#dialect, query).execute();
    return ledgersOf(rows, ({ reason, lines }) => ({ reason, lines }));
  }

  /** As `Store.rejectedLines`. */
  async rejectedLines(query: RejectedLinesQuery): Promise<readonly RejectedLine[]> {
    const rows = await selectRejectedLines(this.#dialect.db, query).execute();
    return rows.map((row) => ({ ...row }));
  }
}

/** Gathers the rows of each partition. They come one after the other. */
function ledgersOf<Row extends LedgerRow, Count>(
  rows: readonly Row[],
  countOf: (count: { readonly reason: string; readonly lines: number; readonly row: Row }) => Count,
) {
  const ledgers: (Omit<SourceLedger, 'rejections'> & { readonly rejections: Count[] })[] = [];
  for (const row of rows) {
    if (ledgers.at(-1)?.id !== row.id) ledgers.push({ ...partitionOf(row), rejections: [] });
    const { reason, reasonLines } = row;
    if (reason !== null) ledgers.at(-1)?.rejections.push(countOf({ reason, lines: reasonLines ?? 0, row }));
  }
  return ledgers;
}

function partitionOf(row: LedgerRow): Omit<SourceLedger, 'rejections'> {
  const { reason, reasonLines, kept, reader, ...partition } = row as KeptRow;
  return partition;
}

function selectLedgers({ db, updatedMs }: StoreDialect) {
  return db
    .selectFrom('checkpoints')
    .leftJoin('rejection_counts as counts', 'counts.partition_id', 'checkpoints.id')
    .select(LEDGER_COLUMNS)
    .select([updatedMs.as('movedMs'), 'counts.reason as reason', 'counts.lines as reasonLines'])
    .orderBy('id')
    .orderBy('counts.reason');
}

function selectWithKept(dialect: StoreDialect) {
  const keptLines = dialect.db
    .selectFrom('rejected_lines')
    .select(['partition_id', 'reason', (eb) => eb.fn.countAll<number>().as('kept')])
    .groupBy(['partition_id', 'reason'])
    .as('kept_lines');
  return selectLedgers(dialect)
    .leftJoin(keptLines, (join) =>
      join
        .onRef('kept_lines.partition_id', '=', 'counts.partition_id')
        .onRef('kept_lines.reason', '=', 'counts.reason'),
    )
    .select(['kept', readerOf(dialect).as('reader')])
    .$castTo<KeptRow>();
}

/** The last of the next LEDGER_PIECE_ROWS ids, and how many there are. */
function selectPiece(db: Kysely<Tables>): Statement<string, Piece> {
  return new Statement((parameter) =>
    db
      .selectFrom(
        db
          .selectFrom('checkpoints')
          .select('id')
          .where(
            'id',
            '>=',
            parameter((fromId) => fromId),
          )
          .orderBy('id')
          .limit(sql.lit(LEDGER_PIECE_ROWS))
          .as('piece'),
      )
      .select((eb) => [eb.fn.max('piece.id').as('toId'), eb.fn.countAll<number>().as('rows')])
      .$castTo<Piece>(),
  );
}

/** One statement, so that each ledger is of one moment. The limit holds for partitions, which have several rows. */
function selectPage(dialect: StoreDialect, { fromId, toId, limit, ...asked }: PieceQuery) {
  const page = dialect.db
    .selectFrom('checkpoints as asked')
    .select('asked.id')
    .where('asked.id', '>=', fromId)
    .where('asked.id', '<=', toId)
    .$if(asked.state !== undefined, (select) => select.where('asked.state', '=', asked.state ?? 'live'))
    .$if(asked.source !== undefined, (select) => select.where(isNamed(asked.source ?? '')))
    .$if(asked.hasRejected === true, (select) => select.where('asked.rejected', '>', 0))
    .$if(asked.reasons !== undefined, (select) =>
      select.where((eb) =>
        eb.exists(
          eb
            .selectFrom('rejection_counts as counted')
            .select('counted.reason')
            .whereRef('counted.partition_id', '=', 'asked.id')
            .where('counted.reason', 'in', asked.reasons ?? []),
        ),
      ),
    )
    .orderBy('asked.id')
    .limit(limit);
  return selectLedgers(dialect).where('checkpoints.id', 'in', page).$castTo<LedgerRow>();
}

/** By its id, its path, or the end of its path. Not `like`: SQLite's takes upper case for lower case. */
function isNamed(source: string) {
  const end = `/${source}`;
  return sql<boolean>`(asked.id = ${source} or asked.name = ${source}
    or substr(asked.name, length(asked.name) - length(${source})) = ${end})`;
}

function selectRejectedLines(
  db: Kysely<Tables>,
  { partitionId, reasons, fromOffset, toOffset, limit }: RejectedLinesQuery,
) {
  return db
    .selectFrom('rejected_lines')
    .select(['line_offset as offset', 'reason', 'excerpt'])
    .where('partition_id', '=', partitionId)
    .where('line_offset', '>=', fromOffset)
    .where('line_offset', '<', toOffset)
    .$if(reasons !== undefined, (select) => select.where('reason', 'in', reasons ?? []))
    .orderBy('line_offset')
    .limit(limit);
}
