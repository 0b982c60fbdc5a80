import type { RowBlock } from '../../statistics/row-block.ts';
import type { Deltas, FileRun, MergedDeltas, WindowDelta } from '../../store/contract.ts';
import { CUSTOMER_DAYS } from '../../window/kind.ts';

/** The deltas of a commit, and how many of them the store has taken. */
export class CountedDeltas {
  readonly #deltas: () => Deltas;
  #rows = 0;
  #windows = 0;

  /** @param deltas gives them from the start each time it is called. */
  constructor(deltas: () => Deltas) {
    this.#deltas = deltas;
  }

  /** Of all kinds, in the last reading. */
  get rows(): number {
    return this.#rows;
  }

  /** Days of customers among them. */
  get windows(): number {
    return this.#windows;
  }

  /** The deltas, from the start. They are counted anew when the first one is asked for. */
  read(): Deltas {
    const deltas = this.#deltas();
    if (Symbol.iterator in deltas) return this.#all(deltas);
    return {
      bytes: deltas.bytes,
      [Symbol.asyncIterator]: () => this.#inPieces(deltas),
      blocks: (stored) => this.#inBlocks(deltas, stored),
      pause: () => deltas.pause(),
    };
  }

  *#all(deltas: Iterable<WindowDelta>): Generator<WindowDelta> {
    this.#begin();
    yield* this.#counted(deltas);
  }

  async *#inPieces(pieces: AsyncIterable<Iterable<WindowDelta>>): AsyncGenerator<Iterable<WindowDelta>> {
    this.#begin();
    for await (const piece of pieces) yield this.#counted(piece);
  }

  async *#inBlocks(deltas: MergedDeltas, stored: FileRun | undefined): AsyncGenerator<RowBlock> {
    this.#begin();
    for await (const block of deltas.blocks(stored)) {
      for (let row = 0; row < block.bytes.length; row = block.next(row)) {
        if (block.isStored(row)) continue;
        this.#rows++;
        if (block.kind(row) === CUSTOMER_DAYS) this.#windows++;
      }
      yield block;
    }
  }

  #begin(): void {
    this.#rows = 0;
    this.#windows = 0;
  }

  *#counted(deltas: Iterable<WindowDelta>): Generator<WindowDelta> {
    for (const delta of deltas) {
      this.#rows++;
      if (delta.key.kind === CUSTOMER_DAYS) this.#windows++;
      yield delta;
    }
  }
}
