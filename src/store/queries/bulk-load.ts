/** Loads the windows of a commit that has very many, where the store has none yet. */

import { deserialize, serialize } from 'node:v8';
import type { Transaction } from 'kysely';
import { windowsOf } from '../../statistics/merged-window.ts';
import { RowBlock } from '../../statistics/row-block.ts';
import { TextInterner } from '../../statistics/text-interner.ts';
import { CUSTOMER_DAYS, type WindowKind } from '../../window/kind.ts';
import type { LoadFile } from '../bulk-load.ts';
import type { Commit, MergedDeltas, RunFile, WindowDelta } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { FinalSpans } from './final-spans.ts';
import { RollUpFeed } from './roll-up-feed.ts';
import { insertPart, type PackedRows } from './roll-up-parts.ts';
import { type RollUp, replaceRollUp } from './roll-ups.ts';
import { isTableEmpty } from './window-statements.ts';

/** What is to be loaded, ready before the transaction that loads it: it keeps other writers out for a short time only. */
export interface BulkLoad {
  /** The dates of the days of customers. */
  readonly dates: ReadonlySet<string>;
  /** Loads all windows but the rest. @returns false, and does nothing, where the store has windows by now. */
  copy(transaction: Transaction<Tables>): Promise<boolean>;
  /** What is not loaded, and must be added. */
  rest(): Iterable<Iterable<WindowDelta>>;
  /** Stores the roll-ups of the days. */
  rollUp(transaction: Transaction<Tables>): Promise<void>;
  close(): Promise<void>;
}

export class BulkLoads {
  readonly #dialect: StoreDialect;
  readonly #kinds: readonly WindowKind[];
  readonly #finalSpans: FinalSpans;

  constructor(dialect: StoreDialect, kinds: readonly WindowKind[], finalSpans: FinalSpans) {
    this.#dialect = dialect;
    this.#kinds = kinds;
    this.#finalSpans = finalSpans;
  }

  /**
   * Prepares the windows of a commit.
   * @returns undefined where they cannot be loaded: they are not very many, the store has windows or final days, some of them have late
   * events, or are too long.
   * @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE; what the deltas throw.
   */
  async prepare({ deltas, advances }: Commit): Promise<BulkLoad | undefined> {
    const { db, bulkLoader, openRunFile } = this.#dialect;
    if (!bulkLoader || !openRunFile || !('blocks' in deltas)) return undefined;
    const kinds: WindowKind[] = [];
    for (const kind of bulkLoader.loadable(this.#kinds)) if (await isTableEmpty(db, kind)) kinds.push(kind);
    const isPossible = async (on: typeof db) => {
      if ((await this.#finalSpans.through(on)).size > 0) return false;
      for (const kind of kinds) if (!(await isTableEmpty(on, kind))) return false;
      return kinds.includes(CUSTOMER_DAYS);
    };
    if (!(await isPossible(db))) return undefined;
    const file = bulkLoader.open(kinds);
    const load = new PreparedLoad(file, openRunFile, kinds, new RollUpFeed(advances), isPossible);
    try {
      if (await load.take(deltas)) return load;
    } catch (error) {
      await load.close();
      throw error;
    }
    await load.close();
    return undefined;
  }
}

class PreparedLoad implements BulkLoad {
  readonly dates = new Set<string>();
  readonly #file: LoadFile;
  readonly #kinds: ReadonlySet<WindowKind>;
  readonly #feed: RollUpFeed;
  readonly #isPossible: (transaction: Transaction<Tables>) => Promise<boolean>;
  readonly #interner = new TextInterner();
  readonly #rest: Pieces;
  readonly #parts: Pieces;
  #rollUps: readonly RollUp[] = [];

  constructor(
    file: LoadFile,
    openRunFile: () => RunFile,
    kinds: readonly WindowKind[],
    feed: RollUpFeed,
    isPossible: (transaction: Transaction<Tables>) => Promise<boolean>,
  ) {
    this.#file = file;
    this.#kinds = new Set(kinds);
    this.#feed = feed;
    this.#isPossible = isPossible;
    this.#rest = new Pieces(openRunFile);
    this.#parts = new Pieces(openRunFile);
  }

  /** @returns false where they cannot be loaded. */
  async take(deltas: MergedDeltas): Promise<boolean> {
    for await (const blocks of deltas.blocks())
      for (const block of blocks.byKind()) {
        const kind = block.kind(0);
        if (!this.#kinds.has(kind)) this.#rest.add(block.bytes);
        else if (!this.#file.add(kind, block.bytes)) return false;
        if (kind === CUSTOMER_DAYS) this.#feedDays(block);
      }
    this.#rollUps = this.#feed.finish();
    this.#keepParts();
    await this.#file.finish();
    return true;
  }

  #feedDays(block: RowBlock): void {
    const { bytes } = block;
    for (let row = 0; row < bytes.length; row = block.next(row)) {
      const idFrom = block.valuesFrom(row);
      const idEnd = block.valueEnd(row, idFrom);
      const stateFrom = block.stateFrom(row);
      const id = this.#interner.text(bytes, idFrom, idEnd);
      const date = this.#interner.text(bytes, idEnd + 1, stateFrom);
      this.dates.add(date);
      this.#feed.add(id, date, bytes, stateFrom, block.stateEnd(row));
    }
    this.#keepParts();
  }

  #keepParts(): void {
    for (const part of this.#feed.take()) this.#parts.add(serialize(part));
  }

  async copy(transaction: Transaction<Tables>): Promise<boolean> {
    if (!(await this.#isPossible(transaction))) return false;
    await this.#file.copy(transaction);
    return true;
  }

  *rest(): Generator<Iterable<WindowDelta>> {
    for (const { buffer } of this.#rest.all()) yield windowsOf(new RowBlock(buffer), this.#interner);
  }

  async rollUp(transaction: Transaction<Tables>): Promise<void> {
    if (this.#rollUps.length === 0) return;
    for (const bytes of this.#parts.all()) await insertPart(transaction, deserialize(bytes) as PackedRows);
    for (const rollUp of this.#rollUps) await replaceRollUp(transaction, rollUp, true);
  }

  async close(): Promise<void> {
    this.#rest.close();
    this.#parts.close();
    await this.#file.close();
  }
}

/** Pieces of bytes in a file. */
class Pieces {
  readonly #openFile: () => RunFile;
  readonly #lengths: number[] = [];
  #file: RunFile | undefined;

  constructor(openFile: () => RunFile) {
    this.#openFile = openFile;
  }

  add(bytes: Uint8Array): void {
    this.#file ??= this.#openFile();
    this.#file.append(bytes);
    this.#lengths.push(bytes.length);
  }

  *all(): Generator<Uint8Array<ArrayBuffer>> {
    let position = 0;
    for (const length of this.#lengths) {
      const bytes = new Uint8Array(length);
      this.#file?.read(bytes, position);
      yield bytes;
      position += length;
    }
  }

  close(): void {
    this.#file?.close();
  }
}
