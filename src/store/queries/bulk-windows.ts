/** Adds many deltas of one kind to their rows at once, where the database has a way for that. */

import type { Transaction } from 'kysely';
import { encodeKey } from '../../window/key.ts';
import type { BulkWriter, ChangedRow, LockedRow } from '../bulk.ts';
import type { WindowDelta } from '../contract.ts';
import { mapped } from '../statement.ts';
import type { Tables } from '../tables.ts';
import type { RowValues } from '../window-columns.ts';

interface Adding {
  /** @param before the state of the window, if it has one. */
  readonly rowOf: (delta: WindowDelta, before: Uint8Array | undefined) => RowValues;
  /** Called with all deltas, some at a time. @param states makes them as they were before, by encoded keys. */
  readonly note: (
    deltas: readonly WindowDelta[],
    states: () => ReadonlyMap<string, Uint8Array>,
  ) => Promise<void>;
}

export class BulkWindows {
  readonly #writer: BulkWriter;

  constructor(writer: BulkWriter) {
    this.#writer = writer;
  }

  get pieceRows(): number {
    return this.#writer.pieceRows;
  }

  /**
   * @param piece deltas of one kind, in the order of keys.
   * @returns false where nothing was done: they are few, this user may not, or another transaction makes the same windows.
   */
  async add(
    transaction: Transaction<Tables>,
    piece: readonly WindowDelta[],
    { rowOf, note }: Adding,
  ): Promise<boolean> {
    const writer = this.#writer;
    if (piece.length < writer.leastRows || !(await writer.isAllowed(transaction))) return false;
    const { kind } = piece[0].key;
    await writer.begin(transaction);
    const keys = piece.map(({ key }) => key);
    const locked = await writer.lock(transaction, kind, keys);
    const fresh = without(piece, locked);
    const rows = mapped(fresh, (delta) => rowOf(delta, undefined));
    if (fresh.length > 0 && !(await writer.insert(transaction, kind, rows))) {
      await writer.undo(transaction);
      return false;
    }
    let staged: LockedRow[] = [];
    for (const group of groupsOf(locked, writer.statesBytes)) {
      const found = await writer.states(transaction, kind, group);
      const states = new Map(found.map(({ at, state }) => [at, state]));
      await writer.stage(
        transaction,
        kind,
        mapped(group, ({ at, place }): ChangedRow => ({ place, values: rowOf(piece[at], states.get(at)) })),
      );
      await note(
        group.map(({ at }) => piece[at]),
        () => new Map(found.map(({ at, state }) => [encodeKey(piece[at].key), state])),
      );
      staged = staged.concat(group);
      if (bytesOf(staged) < writer.updateBytes) continue;
      await writer.update(transaction, kind, staged.length);
      staged = [];
    }
    if (staged.length > 0) await writer.update(transaction, kind, staged.length);
    await writer.end(transaction);
    if (fresh.length > 0) await note(fresh, () => new Map());
    return true;
  }
}

/** The deltas whose rows are not there. @param locked in the order of the deltas. */
function without(piece: readonly WindowDelta[], locked: readonly LockedRow[]): readonly WindowDelta[] {
  if (locked.length === 0) return piece;
  let next = 0;
  return piece.filter((_, at) => {
    const isThere = next < locked.length && locked[next].at === at;
    if (isThere) next++;
    return !isThere;
  });
}

function bytesOf(rows: readonly LockedRow[]): number {
  return rows.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Groups whose states take some bytes. */
function* groupsOf(locked: readonly LockedRow[], statesBytes: number): Generator<readonly LockedRow[]> {
  let group: LockedRow[] = [];
  let bytes = 0;
  for (const row of locked) {
    group.push(row);
    bytes += row.bytes;
    if (bytes < statesBytes) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}
