/** Loads the windows of a commit that has very many: whole tables at once, into a store that has none or not many more. */

import { deserialize, serialize } from 'node:v8';
import type { Transaction } from 'kysely';
import { bug } from '../../errors.ts';
import { BULK_LOAD_SHARE, BYTES_A_SPILLED_BYTE, MAX_BULK_LOAD_BYTES } from '../../limits.ts';
import { StoredRowEncoder } from '../../statistics/encoded-windows.ts';
import { windowsOf } from '../../statistics/merged-window.ts';
import { RowBlock } from '../../statistics/row-block.ts';
import { TextInterner } from '../../statistics/text-interner.ts';
import { CUSTOMER_DAYS, type WindowKind } from '../../window/kind.ts';
import type { BulkLoader, LoadFile } from '../bulk-load.ts';
import type { Commit, FileRun, MergedDeltas, RunFile, WindowDelta } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { FinalSpans } from './final-spans.ts';
import { RollUpFeed } from './roll-up-feed.ts';
import { insertPart, type PackedRows } from './roll-up-parts.ts';
import { type RollUp, replaceRollUp } from './roll-ups.ts';
import { isTableEmpty } from './window-statements.ts';

/** What is to be loaded, ready before the transaction that loads it: it keeps other writers out for a short time only. */
export interface BulkLoad {
  /** Loads all windows but the rest. @returns false, and does nothing, where others have written meanwhile. */
  copy(transaction: Transaction<Tables>): Promise<boolean>;
  /** What is not loaded, and must be added. Between two pieces, the thread may do other things. */
  rest(): AsyncIterable<Iterable<WindowDelta>>;
  /** Stores the roll-ups of the days of customers. */
  rollUp(transaction: Transaction<Tables>): Promise<void>;
  /** Frees what it takes. It never fails. */
  close(): Promise<void>;
}

export class BulkLoads {
  readonly #dialect: StoreDialect;
  readonly #kinds: readonly WindowKind[];
  readonly #finalSpans: FinalSpans;
  #changes = 0;
  #changing = 0;

  constructor(dialect: StoreDialect, kinds: readonly WindowKind[], finalSpans: FinalSpans) {
    this.#dialect = dialect;
    this.#kinds = kinds;
    this.#finalSpans = finalSpans;
  }

  /** Is told in each transaction of this process that changes windows. */
  noteChange(): void {
    this.#changes++;
  }

  /** Does something that changes windows in several transactions. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#changing++;
    try {
      return await work();
    } finally {
      this.#changing--;
      this.#changes++;
    }
  }

  /**
   * Prepares the windows of a commit.
   * @returns undefined where they are to be added one by one. "Whole tables at once" in docs/internals.md says why they would be.
   * @throws {DaymarkError} STORE_UNWRITABLE, DATA_DIR_UNUSABLE; what the deltas throw.
   */
  async prepare({ deltas, advances }: Commit): Promise<BulkLoad | undefined> {
    const { db, bulkLoader, openRunFile } = this.#dialect;
    if (!bulkLoader || !openRunFile || !('blocks' in deltas)) return undefined;
    const version = () => `${bulkLoader.foreignVersion()}.${this.#changes}`;
    const before = version();
    if (!(await this.#isWorthIt(deltas.bytes, bulkLoader, openRunFile))) return undefined;
    if ((await this.#finalSpans.through(db)).size > 0) return undefined;
    const kinds = bulkLoader.loadable(this.#kinds);
    if (!kinds.includes(CUSTOMER_DAYS)) return undefined;
    const isUnchanged = () => this.#changing === 0 && version() === before;
    if (!isUnchanged()) return undefined;
    const load = new PreparedLoad(bulkLoader, openRunFile, kinds, new RollUpFeed(advances), isUnchanged, () =>
      deltas.pause(),
    );
    let isTaken = false;
    try {
      isTaken = await load.take(deltas);
    } finally {
      if (!isTaken) await load.close();
    }
    return isTaken ? load : undefined;
  }

  /** Tables are written anew with what is in them: to a file, and to the log of the database. */
  async #isWorthIt(bytes: number, loader: BulkLoader, openRunFile: () => RunFile): Promise<boolean> {
    const storeBytes = loader.bytes();
    if (bytes + storeBytes > MAX_BULK_LOAD_BYTES) return false;
    const isLarge = bytes >= storeBytes * BULK_LOAD_SHARE;
    if (!isLarge && !(await isTableEmpty(this.#dialect.db, CUSTOMER_DAYS))) return false;
    const file = openRunFile();
    try {
      return file.freeBytes() >= 2 * (storeBytes + BYTES_A_SPILLED_BYTE * bytes);
    } finally {
      file.close();
    }
  }
}

class PreparedLoad implements BulkLoad {
  readonly #loader: BulkLoader;
  readonly #openRunFile: () => RunFile;
  readonly #kinds: readonly WindowKind[];
  readonly #feed: RollUpFeed;
  readonly #isUnchanged: () => boolean;
  readonly #pause: () => Promise<void>;
  readonly #interner = new TextInterner();
  readonly #changed = new Set<WindowKind>();
  readonly #rest: Pieces;
  readonly #parts: Pieces;
  #file: LoadFile | undefined;
  #rollUps: readonly RollUp[] = [];

  /** @param isUnchanged whether nobody has written since the store was read. @param pause as `MergedDeltas.pause`. */
  constructor(
    loader: BulkLoader,
    openRunFile: () => RunFile,
    kinds: readonly WindowKind[],
    feed: RollUpFeed,
    isUnchanged: () => boolean,
    pause: () => Promise<void>,
  ) {
    this.#loader = loader;
    this.#openRunFile = openRunFile;
    this.#kinds = kinds;
    this.#feed = feed;
    this.#isUnchanged = isUnchanged;
    this.#pause = pause;
    this.#rest = new Pieces(openRunFile);
    this.#parts = new Pieces(openRunFile);
  }

  /** @returns false where they cannot be loaded. */
  async take(deltas: MergedDeltas): Promise<boolean> {
    const stored = new Pieces(this.#openRunFile);
    try {
      if (!(await this.#readStored(stored))) return false;
      const file = this.#loader.open(this.#kinds);
      this.#file = file;
      if (!(await this.#merge(deltas, stored.run(), file))) return false;
      this.#rollUps = this.#feed.finish();
      this.#keepParts();
      await file.finish();
      return true;
    } finally {
      stored.close();
    }
  }

  /** Reads what the store has. @returns false where it has states of an earlier version, which stay as they are. */
  async #readStored(stored: Pieces): Promise<boolean> {
    const encoder = new StoredRowEncoder();
    for (const kind of this.#kinds)
      for (const { values, stateHex } of this.#loader.stored(kind)) {
        if (!encoder.add(kind, values, stateHex)) return false;
        if (!encoder.isFull) continue;
        stored.add(encoder.take());
        await this.#pause();
      }
    stored.add(encoder.take());
    return true;
  }

  async #merge(deltas: MergedDeltas, stored: FileRun | undefined, file: LoadFile): Promise<boolean> {
    for await (const mixed of deltas.blocks(stored))
      for (const block of mixed.byKind()) {
        const kind = block.kind(0);
        if (!this.#kinds.includes(kind)) {
          this.#rest.add(block.bytes);
          file.touch();
          continue;
        }
        if (!file.add(kind, block.bytes)) return false;
        if (!this.#changed.has(kind) && hasChanges(block)) this.#changed.add(kind);
        if (kind !== CUSTOMER_DAYS) continue;
        this.#feed.add(block);
        this.#keepParts();
      }
    return true;
  }

  #keepParts(): void {
    for (const part of this.#feed.take()) this.#parts.add(serialize(part));
  }

  async copy(transaction: Transaction<Tables>): Promise<boolean> {
    const isUnchanged = this.#isUnchanged();
    if (!isUnchanged) this.#closePieces();
    for (const kind of isUnchanged ? this.#changed : []) {
      await this.#pause();
      await this.#file?.copy(transaction, kind);
    }
    this.#file?.free();
    return isUnchanged;
  }

  async *rest(): AsyncGenerator<Iterable<WindowDelta>> {
    for (const { buffer } of this.#rest.all()) {
      await this.#pause();
      yield windowsOf(new RowBlock(buffer), this.#interner);
    }
  }

  async rollUp(transaction: Transaction<Tables>): Promise<void> {
    if (this.#rollUps.length === 0) return;
    for (const bytes of this.#parts.all()) {
      await this.#pause();
      await insertPart(transaction, deserialize(bytes) as PackedRows);
    }
    for (const rollUp of this.#rollUps) await replaceRollUp(transaction, rollUp, true);
  }

  #closePieces(): void {
    this.#rest.close();
    this.#parts.close();
  }

  async close(): Promise<void> {
    try {
      this.#closePieces();
      await this.#file?.close();
    } catch {
      // What is committed stays committed, and the error of a commit that failed says more. The system closes the rest.
    }
  }
}

function hasChanges(block: RowBlock): boolean {
  for (let row = 0; row < block.bytes.length; row = block.next(row)) if (!block.isStored(row)) return true;
  return false;
}

/** Pieces of bytes in a file. */
class Pieces {
  readonly #openFile: () => RunFile;
  readonly #lengths: number[] = [];
  #file: RunFile | undefined;
  #bytes = 0;

  constructor(openFile: () => RunFile) {
    this.#openFile = openFile;
  }

  add(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#file ??= this.#openFile();
    this.#file.append(bytes);
    this.#lengths.push(bytes.length);
    this.#bytes += bytes.length;
  }

  *all(): Generator<Uint8Array<ArrayBuffer>> {
    let position = 0;
    for (const length of this.#lengths) {
      if (!this.#file) throw bug('what is read is closed');
      const bytes = new Uint8Array(length);
      this.#file.read(bytes, position);
      yield bytes;
      position += length;
    }
  }

  /** All pieces together. Undefined where there are none. */
  run(): FileRun | undefined {
    return this.#file?.run(0, this.#bytes);
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    file?.close();
  }
}
