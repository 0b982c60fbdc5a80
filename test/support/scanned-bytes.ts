/** Bytes in memory, and a limit of lines, to scan them in pieces. */

import { MAX_UNPLACED_BYTES } from '../../src/limits.ts';
import type { BatchLimit } from '../../src/pipeline/worker-pool/claim-counter.ts';
import { bytePosition } from '../../src/source/byte-positions.ts';
import type { Position, PositionedBytes } from '../../src/source/contract.ts';

const REMEMBERED_BYTES = MAX_UNPLACED_BYTES + 512 * 1024;

/** Reads bytes in blocks of a size. @param isForgetful its positions are asked in order, while it remembers them, or never. */
export function readerOf(
  bytes: Uint8Array,
  from: number,
  blockBytes: number,
  isForgetful = false,
): PositionedBytes {
  let [position, asked] = [from, 0];
  return {
    before: bytes.subarray(Math.max(0, from - 64), from),
    hasBytePositions: !isForgetful,
    read: async (target) => {
      const block = bytes.subarray(position, position + Math.min(blockBytes, target.length));
      target.set(block);
      position += block.length;
      return block.length;
    },
    positionAt: (taken): Position => {
      const isForgotten = taken < asked || from + taken < position - REMEMBERED_BYTES;
      if (isForgetful && isForgotten) throw new Error('a position further back was asked for');
      asked = taken;
      return bytePosition(from + taken);
    },
    close: async () => undefined,
  };
}

/** Closes after each so many lines. */
export class LineLimit implements BatchLimit {
  readonly #lines: number;
  #taken = 0;

  constructor(lines: number) {
    this.#lines = lines;
  }

  get isClosed(): boolean {
    return this.#taken >= this.#lines;
  }

  get room(): number {
    return this.#lines - this.#taken;
  }

  took(lines: number): void {
    this.#taken += lines;
  }

  open(): void {
    this.#taken = 0;
  }
}
