import { markerOf, type RecordBatch } from './record-batch.ts';

/** A transaction that was aborted, by the broker's word. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  /** The offset of its first message. */
  readonly firstOffset: number;
}

/**
 * Tells which batches are of aborted transactions, in the order of their offsets. The broker names the aborted transactions that a
 * fetch touches. A producer has one transaction at a time; the marker at its end says that what follows is of another one.
 */
export class AbortedTransactions {
  readonly #ahead: AbortedTransaction[];
  readonly #producers = new Set<bigint>();

  constructor(aborted: readonly AbortedTransaction[]) {
    this.#ahead = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Takes the next batch. @returns true where its messages do not count. */
  isAborted(batch: RecordBatch): boolean {
    while (this.#ahead[0] && this.#ahead[0].firstOffset <= batch.lastOffset)
      this.#producers.add((this.#ahead.shift() as AbortedTransaction).producerId);
    if (batch.isControl) {
      if (markerOf(batch) === 'abort') this.#producers.delete(batch.producerId);
      return true;
    }
    return batch.isTransactional && this.#producers.has(batch.producerId);
  }
}
