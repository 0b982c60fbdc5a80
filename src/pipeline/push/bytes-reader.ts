import { type Position, type PositionedBytes, storedPosition } from '../../source/contract.ts';

const NOTHING = new Uint8Array();

/**
 * Bytes in memory that continue a partition. They are whole lines, and content of their own: what names columns or the order of
 * bytes stands at their beginning, whatever the partition had before.
 */
export class BytesReader implements PositionedBytes {
  readonly before = NOTHING;
  readonly hasBytePositions = true;
  readonly #bytes: Uint8Array;
  readonly #from: number;
  #read = 0;

  /** @param from the position of the first byte. */
  constructor(bytes: Uint8Array, from: number) {
    this.#bytes = bytes;
    this.#from = from;
  }

  async read(target: Uint8Array): Promise<number> {
    const piece = this.#bytes.subarray(this.#read, this.#read + target.length);
    target.set(piece);
    this.#read += piece.length;
    return piece.length;
  }

  positionAt(bytes: number): Position {
    return storedPosition(this.#from + bytes);
  }

  async close(): Promise<void> {}
}
