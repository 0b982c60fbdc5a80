import type { BitReader } from './bit-reader.ts';

const MAX_CODE_BITS = 20;
/** Codes of so many bits are found with one look: most are. */
const FAST_BITS = 10;

/** A Huffman code of bzip2: canonical, its codes at most 20 bits long. */
export class HuffmanTable {
  /** By the next FAST_BITS bits: symbol × 32 + length; 0 where the code is longer. */
  readonly #fast = new Uint16Array(2 ** FAST_BITS);
  /** By length: behind the last code of that length, as MAX_CODE_BITS bits. */
  readonly #ends = new Int32Array(MAX_CODE_BITS + 1);
  /** By length: what is to be added to a code to have its place among the symbols. */
  readonly #shifts = new Int32Array(MAX_CODE_BITS + 1);
  readonly #symbols: Uint16Array;

  /** @param lengths of the codes, by symbol. */
  constructor(lengths: Uint8Array) {
    this.#symbols = Uint16Array.from(lengths.keys()).sort((a, b) => lengths[a] - lengths[b] || a - b);
    let code = 0;
    let place = 0;
    for (let length = 1; length <= MAX_CODE_BITS; length++) {
      this.#shifts[length] = place - code;
      for (; place < lengths.length && lengths[this.#symbols[place]] === length; place++, code++)
        this.#noteFast(this.#symbols[place], code, length);
      this.#ends[length] = code << (MAX_CODE_BITS - length);
      code <<= 1;
    }
  }

  #noteFast(symbol: number, code: number, length: number): void {
    if (length > FAST_BITS) return;
    const spare = FAST_BITS - length;
    this.#fast.fill(symbol * 32 + length, code << spare, (code + 1) << spare);
  }

  /** Reads the lengths of the codes, each as the difference to the one before. @throws {Error} where one is wrong. */
  static read(bits: BitReader, symbols: number): HuffmanTable {
    const lengths = new Uint8Array(symbols);
    let length = bits.read(5);
    for (let symbol = 0; symbol < symbols; symbol++) {
      for (;;) {
        if (length < 1 || length > MAX_CODE_BITS)
          throw new Error('a bzip2 block has a code of a wrong length');
        if (bits.read(1) === 0) break;
        length += bits.read(1) === 0 ? 1 : -1;
      }
      lengths[symbol] = length;
    }
    return new HuffmanTable(lengths);
  }

  /** The next symbol. @throws {Error} where the bits are no code. */
  decode(bits: BitReader): number {
    const next = bits.peek(MAX_CODE_BITS);
    const fast = this.#fast[next >>> (MAX_CODE_BITS - FAST_BITS)];
    if (fast > 0) {
      bits.skip(fast & 31);
      return fast >>> 5;
    }
    for (let length = FAST_BITS + 1; length <= MAX_CODE_BITS; length++) {
      if (next >= this.#ends[length]) continue;
      bits.skip(length);
      const symbol = this.#symbols[(next >>> (MAX_CODE_BITS - length)) + this.#shifts[length]];
      if (symbol !== undefined) return symbol;
      break;
    }
    throw new Error('a bzip2 block holds what is no code');
  }
}
