/** Adds deltas to the rows of their windows. */

import type { Transaction } from 'kysely';
import { bug, DaymarkError, messageOf } from '../../errors.ts';
import { columnsOf } from '../../statistics/columns.ts';
import { addToState, type UpdatedState } from '../../statistics/daily-statistics.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import { compareKeys, encodeKey, keyOfRow, spanOf, type WindowKey } from '../../window/key.ts';
import { ALL_DAYS, CUSTOMER_DAYS, type WindowKind } from '../../window/kind.ts';
import type { WindowDelta } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf, type RowsStatement } from '../statement.ts';
import type { Tables } from '../tables.ts';
import type { RowValues } from '../window-columns.ts';
import { BulkWindows } from './bulk-windows.ts';
import { DayChanges, type SourcesByDate } from './day-changes.ts';
import { type FinalThrough, isFinal } from './final-spans.ts';
import { insertArrays, selectStatesOfArrays, upsertArrays } from './window-arrays.ts';
import {
  addRevisions,
  isTableEmpty,
  type KeyRow,
  type Revision,
  rowValues,
  type StateRow,
  selectStates,
  upsertWindows,
} from './window-statements.ts';

/**
 * Rows of one insert into a table that had none, in a commit of very many windows. To run a statement takes as long as to bind 16
 * rows. Other statements of such a commit have as many rows as ever.
 */
const NEW_ROWS_PER_STATEMENT = 64;

/** When deltas are added, and what is final by then. */
interface Moment {
  /** The system time, in ms since 1970. */
  readonly nowMs: number;
  readonly finalThrough: FinalThrough;
  /** Where the deltas come from. */
  readonly sources: SourcesByDate;
}

interface DatesOfDays {
  readonly ofCustomers: ReadonlySet<string>;
  readonly ofAll: ReadonlySet<string>;
}

/** Adds the deltas of one commit. */
export interface WindowAddition {
  /**
   * Locks a few rows, reads, merges and writes them, then the next few. Two transactions that do this never wait for
   * each other in a circle, because each locks its rows in the order of keys.
   * @param deltas they come behind those of the call before.
   */
  add(deltas: Iterable<WindowDelta>): Promise<void>;
  /** The dates of the days among them: those of customers, and those of all customers together. */
  readonly dates: DatesOfDays;
}

/** The statements for one kind of windows. */
interface Statements {
  /** Locks rows, and inserts those that are not there. Undefined where rows need no locks. */
  readonly insertNew: ManyRows<RowValues, KeyRow> | undefined;
  readonly selectStates: ManyRows<WindowKey, StateRow>;
  readonly upsert: ManyRows<RowValues, unknown>;
  readonly addRevisions: ManyRows<Revision, unknown>;
}

type ManyRows<Value, Row> = Pick<RowsStatement<Value, Row>, 'run'>;

function statementsOf({ db, hasOneWriter }: StoreDialect, kind: WindowKind): Statements {
  return {
    insertNew: hasOneWriter ? undefined : insertArrays(db, kind),
    selectStates: hasOneWriter ? selectStates(db, kind) : selectStatesOfArrays(db, kind),
    upsert: hasOneWriter ? upsertWindows(db, kind) : upsertArrays(db, kind),
    addRevisions: addRevisions(db, kind),
  };
}

export class Windows {
  readonly #dialect: StoreDialect;
  readonly #statements: ReadonlyMap<WindowKind, Statements>;
  readonly #dayChanges: DayChanges;
  readonly #bulk: BulkWindows | undefined;

  constructor(dialect: StoreDialect, kinds: readonly WindowKind[]) {
    this.#dialect = dialect;
    this.#bulk = dialect.bulk && new BulkWindows(dialect.bulk);
    this.#statements = new Map(kinds.map((kind) => [kind, statementsOf(dialect, kind)]));
    this.#dayChanges = new DayChanges(dialect);
  }

  /**
   * Begins to add the deltas of a commit.
   * @param areVeryMany true of a commit of very many windows, where nobody else writes until its end.
   */
  begin(transaction: Transaction<Tables>, moment: Moment, areVeryMany: boolean): WindowAddition {
    const dates = { ofCustomers: new Set<string>(), ofAll: new Set<string>() };
    const datesOf = new Map([
      [CUSTOMER_DAYS, dates.ofCustomers],
      [ALL_DAYS, dates.ofAll],
    ]);
    const { rowsPerStatement } = this.#dialect;
    const pieceRows = this.#bulk?.pieceRows ?? (areVeryMany ? NEW_ROWS_PER_STATEMENT : rowsPerStatement);
    const order = new KeyOrder();
    const empty = new Map<WindowKind, boolean>();
    const isEmpty = async (kind: WindowKind): Promise<boolean> => {
      if (!areVeryMany) return false;
      const known = empty.get(kind);
      if (known !== undefined) return known;
      const found = await isTableEmpty(transaction, kind);
      empty.set(kind, found);
      return found;
    };
    return {
      dates,
      add: async (deltas) => {
        for (const piece of chunksOf(order.assert(deltas), pieceRows, ({ key }) => key.kind)) {
          const { kind } = piece[0].key;
          await this.#addPiece(transaction, piece, moment, await isEmpty(kind));
          const own = datesOf.get(kind);
          if (own) for (const { key } of piece) own.add(spanOf(key));
        }
      },
    };
  }

  /** @param piece deltas of one kind. @param isNew true where none of them has a row. */
  async #addPiece(
    transaction: Transaction<Tables>,
    piece: readonly WindowDelta[],
    moment: Moment,
    isNew: boolean,
  ): Promise<void> {
    const note = (deltas: readonly WindowDelta[], states: () => States) =>
      this.#note(transaction, deltas, states, moment);
    if (await this.#bulk?.add(transaction, piece, { rowOf: updatedRow, note })) return;
    if (isNew) {
      await this.#statementsOf(piece[0].key.kind).upsert.run(transaction, rowsOf(piece, NO_STATES));
      await note(piece, () => NO_STATES);
      return;
    }
    for (const chunk of chunksOf(piece, this.#dialect.rowsPerStatement))
      await this.#addChunk(transaction, chunk, moment);
  }

  /** @param chunk deltas of one kind. */
  async #addChunk(
    transaction: Transaction<Tables>,
    chunk: readonly WindowDelta[],
    moment: Moment,
  ): Promise<void> {
    const { kind } = chunk[0].key;
    const { insertNew, selectStates, upsert } = this.#statementsOf(kind);
    const old = insertNew ? await insertRows(transaction, chunk, insertNew) : chunk;
    let states = NO_STATES;
    if (old.length > 0) {
      const keys = old.map(({ key }) => key);
      const { rows } = await selectStates.run(transaction, keys);
      states = new Map(rows.map((row) => [encodeKey(keyOfRow(kind, row)), row.state]));
      await upsert.run(transaction, rowsOf(old, states));
    }
    await this.#note(transaction, chunk, () => states, moment);
  }

  /** Notes late events and changes of final days. @param states makes them as they were before. */
  async #note(
    transaction: Transaction<Tables>,
    deltas: readonly WindowDelta[],
    states: () => States,
    moment: Moment,
  ): Promise<void> {
    const { kind } = deltas[0].key;
    for (const chunk of chunksOf(revisionsOf(deltas, moment), this.#dialect.rowsPerStatement))
      await this.#statementsOf(kind).addRevisions.run(transaction, chunk);
    if (kind === CUSTOMER_DAYS) await this.#noteChanges(transaction, deltas, states, moment);
  }

  #statementsOf(kind: WindowKind): Statements {
    const statements = this.#statements.get(kind);
    if (!statements) throw bug(`the store does not know windows of the kind ${kind.name}`);
    return statements;
  }

  /** Notes what a chunk changed of final days. @param states as they were before, by encoded keys. */
  async #noteChanges(
    transaction: Transaction<Tables>,
    chunk: readonly WindowDelta[],
    states: () => States,
    { nowMs, finalThrough, sources }: Moment,
  ): Promise<void> {
    const final = chunk.filter(({ key }) => isFinal(key, finalThrough));
    if (final.length === 0) return;
    const befores = states();
    for (const some of chunksOf(final, this.#dialect.rowsPerStatement)) {
      const days = some.map(({ key, statistics }) => {
        const before = befores.get(encodeKey(key));
        const [customerId, date] = key.values;
        return { customerId, date, before, after: updated(key, before, statistics).state };
      });
      await this.#dayChanges.add(transaction, days, { cause: 'late', nowMs, sources });
    }
  }
}

/**
 * Locks the rows of all windows, and inserts the rows of those that are new.
 * @returns the deltas of the others.
 */
async function insertRows(
  transaction: Transaction<Tables>,
  chunk: readonly WindowDelta[],
  insertNew: ManyRows<RowValues, KeyRow>,
): Promise<readonly WindowDelta[]> {
  const { kind } = chunk[0].key;
  const { rows } = await insertNew.run(transaction, rowsOf(chunk, NO_STATES));
  const isNew = new Set(rows.map((row) => encodeKey(keyOfRow(kind, row))));
  return isNew.size === 0 ? chunk : chunk.filter(({ key }) => !isNew.has(encodeKey(key)));
}

/** By encoded keys. */
type States = ReadonlyMap<string, Uint8Array>;
const NO_STATES: States = new Map();

/** @param states of the windows that have one. */
function rowsOf(chunk: readonly WindowDelta[], states: States): RowValues[] {
  return chunk.map((delta) =>
    updatedRow(delta, states.size === 0 ? undefined : states.get(encodeKey(delta.key))),
  );
}

function updatedRow(delta: WindowDelta, before: Uint8Array | undefined): RowValues {
  const { key, row } = delta;
  if (!before && row) return row;
  // Statistics are decoded when they are asked for. To do so for each row took half of the time of a large commit.
  const { state, served } = updated(key, before, delta.statistics);
  return rowValues(key, columnsOf(served), state);
}

/** Locks are taken in the order of keys. With any other, two commits could wait for each other. */
class KeyOrder {
  #previous: WindowKey | undefined;

  *assert(deltas: Iterable<WindowDelta>): Generator<WindowDelta> {
    for (const delta of deltas) {
      const previous = this.#previous;
      if (previous !== undefined && compareKeys(previous, delta.key) >= 0)
        throw bug(`deltas out of key order: ${describe(previous)} before ${describe(delta.key)}`);
      this.#previous = delta.key;
      yield delta;
    }
  }
}

function describe({ kind, values }: WindowKey): string {
  return `${kind.name} ${JSON.stringify(values)}`;
}

/**
 * How a delta changes a window whose numbers may have been relied on. All that is added to a final window is late. That
 * includes events that were in time by the watermark of their own partition, which was found when the window was final.
 */
function* revisionsOf(deltas: readonly WindowDelta[], { nowMs, finalThrough }: Moment): Generator<Revision> {
  for (const delta of deltas) {
    const { key, lateEvents = 0 } = delta;
    // Statistics are counted each time that they are asked for.
    const late = isFinal(key, finalThrough) ? requestsOf(delta.statistics) : lateEvents;
    if (late > 0) yield { key, lateEvents: late, revisedMs: nowMs };
  }
}

function requestsOf({ statuses }: DailyStatistics): number {
  return statuses.reduce((sum, { requests }) => sum + requests, 0);
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
