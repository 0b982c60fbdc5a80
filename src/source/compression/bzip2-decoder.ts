import bzip2 from 'unbzip2-stream/lib/bzip2.js';
import { READ_BLOCK_BYTES } from '../../limits.ts';
import { type Decoder, EndsTooEarly } from './decoder.ts';

/** A block of level 9 holds this much for each level; run lengths make of it up to 52 times as much. */
const BLOCK_BYTES_OF_LEVEL = 100_000;
/** More than a block can grow by compression: 1 % and 600 bytes, says the manual of bzip2. */
const SPARE_BYTES = 25_000;

/**
 * bzip2: any number of streams, one behind the other. In this thread, block by block; a block is held to its checksum
 * before any of it is given. Decompressed memory: one block, 900 kB, or at the most 47 MB of nothing but repetitions.
 */
export class Bzip2Decoder implements Decoder {
  readonly losesAtDamage = false;
  readonly #input = new BitInput();
  readonly #work = new Int32Array(9 * BLOCK_BYTES_OF_LEVEL);
  /** Of the present stream; 0 between streams. */
  #level = 0;
  #checksum = 0;

  *decode(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#input.append(bytes);
    while (this.#input.bytesLeft >= this.#level * BLOCK_BYTES_OF_LEVEL + SPARE_BYTES)
      yield* this.#decodeNext();
  }

  *finish(): Generator<Uint8Array, void, undefined> {
    while (this.#level > 0 || this.#input.bytesLeft > 0) yield* this.#decodeNext();
  }

  /** Reads the head of a stream, a block or the end of a stream. */
  #decodeNext(): readonly Uint8Array[] {
    const { bits } = this.#input;
    if (this.#level === 0) {
      this.#level = bzip2.header(bits);
      this.#checksum = 0;
      return [];
    }
    const output = new Output();
    const length = this.#level * BLOCK_BYTES_OF_LEVEL;
    const checksum = bzip2.decompress(bits, output.put, this.#work, length, this.#checksum);
    if (checksum === null) this.#level = 0;
    else this.#checksum = checksum;
    return output.blocks;
  }

  close(): void {
    // It holds nothing but memory.
  }
}

/** The bytes that were not decoded yet, read as bits, the highest of a byte first. */
class BitInput {
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #bitsLeft = 8;

  get bytesLeft(): number {
    return this.#bytes.length - this.#at;
  }

  append(bytes: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#at);
    this.#bytes = Buffer.concat([rest, bytes]);
    this.#at = 0;
  }

  readonly bits = (count: number | null): number => {
    if (count === null) {
      if (this.#bitsLeft < 8) this.#advance(this.#bitsLeft);
      return 0;
    }
    let value = 0;
    for (let wanted = count; wanted > 0; ) {
      if (this.#at === this.#bytes.length) throw new EndsTooEarly();
      const taken = Math.min(wanted, this.#bitsLeft);
      const byte = this.#bytes[this.#at] as number;
      value = (value << taken) | ((byte >> (this.#bitsLeft - taken)) & (2 ** taken - 1));
      this.#advance(taken);
      wanted -= taken;
    }
    return value;
  };

  #advance(bits: number): void {
    this.#bitsLeft -= bits;
    if (this.#bitsLeft > 0) return;
    this.#bitsLeft = 8;
    this.#at++;
  }
}

/** Takes bytes one by one. */
class Output {
  readonly #full: Uint8Array[] = [];
  #block = new Uint8Array(READ_BLOCK_BYTES);
  #length = 0;

  readonly put = (byte: number): void => {
    if (this.#length === this.#block.length) {
      this.#full.push(this.#block);
      this.#block = new Uint8Array(READ_BLOCK_BYTES);
      this.#length = 0;
    }
    this.#block[this.#length++] = byte;
  };

  get blocks(): readonly Uint8Array[] {
    return this.#length === 0 ? this.#full : [...this.#full, this.#block.subarray(0, this.#length)];
  }
}
