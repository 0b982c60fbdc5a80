/** Adds deltas to the rows of their windows. */

import type { Transaction } from 'kysely';
import { bug, DaymarkError, messageOf } from '../../errors.ts';
import { columnsOf } from '../../statistics/columns.ts';
import { addToState, type UpdatedState } from '../../statistics/daily-statistics.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import { compareKeys, encodeKey, keyOfRow, spanOf, type WindowKey } from '../../window/key.ts';
import { CUSTOMER_DAYS, type WindowKind } from '../../window/kind.ts';
import type { WindowDelta } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf, type RowsStatement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import type { FinalThrough } from './final-spans.ts';
import {
  addRevisions,
  insertPlaces,
  type KeyRow,
  type Revision,
  type RowValues,
  rowValues,
  type StateRow,
  selectStates,
  upsertWindows,
} from './window-statements.ts';

/** When deltas are added, and what is final by then. */
interface Moment {
  /** The system time, in ms since 1970. */
  readonly nowMs: number;
  readonly finalThrough: FinalThrough;
}

/** The statements for one kind of windows. */
interface Statements {
  readonly insertPlaces: RowsStatement<WindowKey, KeyRow>;
  readonly selectStates: RowsStatement<WindowKey, StateRow>;
  readonly upsert: RowsStatement<RowValues, unknown>;
  readonly addRevisions: RowsStatement<Revision, unknown>;
}

export class Windows {
  readonly #dialect: StoreDialect;
  readonly #statements: ReadonlyMap<WindowKind, Statements>;

  constructor(dialect: StoreDialect, kinds: readonly WindowKind[]) {
    const { db } = dialect;
    this.#dialect = dialect;
    this.#statements = new Map(
      kinds.map((kind) => [
        kind,
        {
          insertPlaces: insertPlaces(db, kind),
          selectStates: selectStates(db, kind),
          upsert: upsertWindows(db, kind),
          addRevisions: addRevisions(db, kind),
        },
      ]),
    );
  }

  /**
   * Locks a few rows, reads, merges and writes them, then the next few. Two transactions that do this never wait for
   * each other in a circle, because each locks its rows in the order of keys.
   * @returns the dates of the customer days among them.
   */
  async add(
    transaction: Transaction<Tables>,
    deltas: Iterable<WindowDelta>,
    moment: Moment,
  ): Promise<ReadonlySet<string>> {
    const dates = new Set<string>();
    const inOrder = assertKeyOrder(deltas);
    for (const chunk of chunksOf(inOrder, this.#dialect.rowsPerStatement, ({ key }) => key.kind)) {
      await this.#addChunk(transaction, chunk, moment);
      if (chunk[0].key.kind === CUSTOMER_DAYS) for (const { key } of chunk) dates.add(spanOf(key));
    }
    return dates;
  }

  /** @param chunk deltas of one kind. */
  async #addChunk(
    transaction: Transaction<Tables>,
    chunk: readonly WindowDelta[],
    moment: Moment,
  ): Promise<void> {
    const { kind } = chunk[0].key;
    const statements = this.#statements.get(kind);
    if (!statements) throw bug(`the store does not know windows of the kind ${kind.name}`);
    const states = await this.#lockAndRead(
      transaction,
      chunk.map(({ key }) => key),
      statements,
    );
    const revisions: Revision[] = [];
    const rows = chunk.map((delta) => {
      const { key, statistics } = delta;
      revisions.push(...revisionOf(delta, statistics, moment));
      const before = states.size === 0 ? undefined : states.get(encodeKey(key));
      const { state, served } = updated(key, before, statistics);
      return rowValues(key, columnsOf(served), state);
    });
    await statements.upsert.run(transaction, rows);
    if (revisions.length > 0) await statements.addRevisions.run(transaction, revisions);
  }

  /** @returns the states of the windows that have one, by their encoded keys. */
  async #lockAndRead(
    transaction: Transaction<Tables>,
    keys: readonly WindowKey[],
    { insertPlaces, selectStates }: Statements,
  ): Promise<Map<string, Uint8Array>> {
    const { kind } = keys[0];
    const textOf = (row: KeyRow) => encodeKey(keyOfRow(kind, row));
    const isNew = new Set<string>();
    if (!this.#dialect.hasOneWriter)
      for (const row of (await insertPlaces.run(transaction, keys)).rows) isNew.add(textOf(row));
    const old = isNew.size === 0 ? keys : keys.filter((key) => !isNew.has(encodeKey(key)));
    if (old.length === 0) return new Map();
    const { rows } = await selectStates.run(transaction, old);
    return new Map(rows.map((row) => [textOf(row), row.state]));
  }
}

/** Locks are taken in this order. With any other, two commits could wait for each other. */
function* assertKeyOrder(deltas: Iterable<WindowDelta>): Generator<WindowDelta> {
  let previous: WindowKey | undefined;
  for (const delta of deltas) {
    if (previous !== undefined && compareKeys(previous, delta.key) >= 0)
      throw bug(`deltas out of key order: ${describe(previous)} before ${describe(delta.key)}`);
    previous = delta.key;
    yield delta;
  }
}

function describe({ kind, values }: WindowKey): string {
  return `${kind.name} ${JSON.stringify(values)}`;
}

/**
 * How a delta changes a window whose numbers may have been relied on. All that is added to a final window is late. That
 * includes events that were in time by the watermark of their own partition, which was found when the window was final.
 */
function revisionOf(
  { key, lateEvents = 0 }: WindowDelta,
  { statuses }: DailyStatistics,
  { nowMs, finalThrough }: Moment,
): Revision[] {
  const last = finalThrough.get(key.kind.granularity);
  const isFinal = last !== undefined && spanOf(key) <= last;
  const late = isFinal ? statuses.reduce((sum, { requests }) => sum + requests, 0) : lateEvents;
  return late === 0 ? [] : [{ key, lateEvents: late, revisedMs: nowMs }];
}

function updated(
  { kind, values }: WindowKey,
  before: Uint8Array | undefined,
  delta: DailyStatistics,
): UpdatedState {
  try {
    return addToState(before, delta);
  } catch (error) {
    if (!(error instanceof DaymarkError)) throw error;
    throw new DaymarkError(error.code, `${messageOf(error)} ${kind.inWords(values)}`, { cause: error });
  }
}
