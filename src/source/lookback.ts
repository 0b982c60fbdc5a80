/** Shows what stands before an offset. See `Lookback` in the contract. */

import { READ_BLOCK_BYTES } from '../limits.ts';
import type { Lookback } from './contract.ts';

/** Leaves out of pieces that follow on each other what the lookback need not see. */
export class LookbackPieces {
  readonly #lookback: Lookback;
  readonly #from: number;
  #position: number;

  /** @param position of the first piece. */
  constructor(lookback: Lookback, position = 0) {
    this.#lookback = lookback;
    this.#from = lookback.from ?? 0;
    this.#position = position;
  }

  see(bytes: Uint8Array): void {
    const seen = Math.max(0, this.#from - this.#position);
    this.#position += bytes.length;
    if (seen < bytes.length) this.#lookback.see(bytes.subarray(seen));
  }
}

/**
 * Shows the bytes before an offset of something that can be read from any position.
 * @param readAt returns how many bytes it read; 0 at the end.
 */
export function lookBack(
  lookback: Lookback,
  offset: number,
  readAt: (target: Uint8Array, position: number) => number,
): void {
  const block = new Uint8Array(READ_BLOCK_BYTES);
  for (let position = lookback.from ?? 0; position < offset; ) {
    const bytesRead = readAt(block.subarray(0, offset - position), position);
    if (bytesRead === 0) return;
    lookback.see(block.subarray(0, bytesRead));
    position += bytesRead;
  }
}
