import { BZIP2_SPARE_BYTES, MAX_BZIP2_BLOCK_BYTES } from '../../limits.ts';
import { BitReader, OutOfBits } from './bit-reader.ts';
import { Bzip2Block } from './bzip2-block.ts';
import { type Decoder, EndsTooEarly } from './decoder.ts';

/** `BZh`, in front of the digit of a stream's level. */
const STREAM_MAGIC = 0x425a68;
/** π and its square root, as decimal digits: a block, and the end of a stream. Two halves of 24 bits. */
const BLOCK_MAGIC = [0x314159, 0x265359];
const END_MAGIC = [0x177245, 0x385090];
/** A block of level 9 holds this much for each level, before run lengths are expanded. */
const BLOCK_BYTES_OF_LEVEL = 100_000;

/**
 * bzip2: any number of streams, one behind the other. In this thread, block by block; a block is held to its checksum
 * before any of it is given. By own code: the libraries that there are write a whole block at once, byte by byte, and a
 * block of repetitions is 47 MB.
 */
export class Bzip2Decoder implements Decoder {
  readonly losesAtDamage = false;
  readonly #bits = new BitReader();
  #block: Bzip2Block | undefined;
  /** Of the present stream; 0 between streams. */
  #level = 0;
  #checksum = 0;
  /** How many compressed bytes must be there before the next block is tried. */
  #wantedBytes = 0;

  *decode(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    this.#bits.append(bytes);
    while (this.#bits.bytesLeft > this.#wantedBytes) {
      const start = this.#bits.position;
      try {
        yield* this.#decodeNext();
      } catch (error) {
        if (!(error instanceof OutOfBits) || this.#wantedBytes > MAX_BZIP2_BLOCK_BYTES) throw error;
        // A block that does not compress: it is tried again when more of it is there.
        this.#bits.position = start;
        this.#wantedBytes = 2 * Math.max(this.#wantedBytes, BZIP2_SPARE_BYTES);
      }
    }
  }

  *finish(): Generator<Uint8Array, void, undefined> {
    try {
      while (this.#level > 0 || this.#bits.bytesLeft > 0) yield* this.#decodeNext();
    } catch (error) {
      throw error instanceof OutOfBits ? new EndsTooEarly() : error;
    }
  }

  /** Reads the head of a stream, a block or the end of a stream. */
  #decodeNext(): Iterable<Uint8Array> {
    if (this.#level === 0) this.#beginStream();
    else if (this.#isAtBlock()) return this.#decodeBlock();
    else this.#endStream();
    this.#expectNext();
    return [];
  }

  #beginStream(): void {
    const magic = this.#bits.read(24);
    const level = this.#bits.read(8) - 0x30;
    if (magic !== STREAM_MAGIC || level < 1 || level > 9) throw new Error('no bzip2 stream begins there');
    this.#level = level;
    this.#checksum = 0;
  }

  /** @throws {Error} where neither a block nor the end of the stream begins. */
  #isAtBlock(): boolean {
    const magic = [this.#bits.read(24), this.#bits.read(24)];
    const isMagic = (other: readonly number[]) => magic.every((half, i) => half === other[i]);
    if (!isMagic(BLOCK_MAGIC) && !isMagic(END_MAGIC)) throw new Error('no bzip2 block begins there');
    return isMagic(BLOCK_MAGIC);
  }

  #endStream(): void {
    const checksum = this.#bits.readWord();
    if (checksum !== this.#checksum) throw new Error('the checksum of a bzip2 stream does not hold');
    this.#bits.alignToByte();
    this.#level = 0;
  }

  #decodeBlock(): Iterable<Uint8Array> {
    const maxBytes = this.#level * BLOCK_BYTES_OF_LEVEL;
    if (this.#block?.maxBytes !== maxBytes) this.#block = new Bzip2Block(maxBytes);
    const checksum = this.#block.read(this.#bits);
    this.#checksum = ((this.#checksum << 1) | (this.#checksum >>> 31)) ^ checksum;
    this.#expectNext();
    return this.#block.content();
  }

  #expectNext(): void {
    this.#wantedBytes = this.#level === 0 ? 4 : this.#level * BLOCK_BYTES_OF_LEVEL + BZIP2_SPARE_BYTES;
  }

  close(): void {
    // It holds nothing but memory.
  }
}
