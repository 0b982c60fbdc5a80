import { READ_BLOCK_BYTES } from '../../limits.ts';
import type { BitReader } from './bit-reader.ts';
import { HuffmanTable } from './huffman-table.ts';

/** So many symbols are encoded by one table before the next selector says by which. */
const SYMBOLS_A_SELECTOR = 50;
const MAX_TABLES = 6;
/** After so many equal bytes the next one says how many more there are. */
const RUN_BYTES = 4;

/** One block of a bzip2 stream: read whole, then given in pieces. Its memory serves the next block. */
export class Bzip2Block {
  /** How many bytes it can hold, before run lengths are expanded. */
  readonly maxBytes: number;
  /** In the low 8 bits the bytes in the order of the transform; above them where the next one stands. */
  readonly #transformed: Uint32Array;
  /** The bytes in their right order, long runs as four bytes and a length. */
  readonly #bytes: Uint8Array;
  #length = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
    this.#transformed = new Uint32Array(maxBytes);
    this.#bytes = new Uint8Array(maxBytes);
  }

  /**
   * Reads a block, behind its magic. @returns its checksum.
   * @throws {OutOfBits} where it is not all there; {Error} where it is damaged.
   */
  read(bits: BitReader): number {
    const checksum = bits.readWord();
    if (bits.read(1) === 1) throw new Error('a bzip2 block is randomised, which bzip2 gave up in 1997');
    const origin = bits.read(24);
    const counts = this.#readSymbols(bits);
    if (origin >= this.#length) throw new Error('a bzip2 block begins behind its end');
    this.#restoreOrder(counts, origin);
    if (checksumOf(this.#bytes.subarray(0, this.#length)) !== checksum)
      throw new Error('the checksum of a bzip2 block does not hold');
    return checksum;
  }

  /** Undoes Huffman coding, run lengths of zeros and move-to-front. @returns how often each byte is there. */
  #readSymbols(bits: BitReader): Uint32Array {
    const front = readUsedBytes(bits);
    const endSymbol = front.length + 1;
    const tableCount = bits.read(3);
    if (tableCount < 2 || tableCount > MAX_TABLES)
      throw new Error('a bzip2 block has a wrong number of tables');
    const selectors = readSelectors(bits, tableCount);
    const tables = Array.from({ length: tableCount }, () => HuffmanTable.read(bits, endSymbol + 1));
    const [transformed, counts] = [this.#transformed, new Uint32Array(256)];
    let [length, selector, run, weight, table] = [0, 0, 0, 1, tables[0]];
    for (let left = 0; ; left--) {
      if (left === 0) {
        if (selector === selectors.length) throw new Error('a bzip2 block has too few selectors');
        table = tables[selectors[selector++]];
        left = SYMBOLS_A_SELECTOR;
      }
      const symbol = table.decode(bits);
      if (symbol <= 1) {
        // The digits of the length of a run, in base 2 with the digits 1 and 2.
        run += weight << symbol;
        weight *= 2;
        if (run > this.maxBytes) throw new Error('a bzip2 block is too long');
        continue;
      }
      if (run > 0) {
        if (length + run > this.maxBytes) throw new Error('a bzip2 block is too long');
        transformed.fill(front[0], length, length + run);
        counts[front[0]] += run;
        length += run;
        run = 0;
        weight = 1;
      }
      if (symbol === endSymbol) break;
      if (length === this.maxBytes) throw new Error('a bzip2 block is too long');
      const byte = front[symbol - 1];
      front.copyWithin(1, 0, symbol - 1);
      front[0] = byte;
      counts[byte]++;
      transformed[length++] = byte;
    }
    this.#length = length;
    return counts;
  }

  /** Undoes the Burrows-Wheeler transform. */
  #restoreOrder(counts: Uint32Array, origin: number): void {
    const [transformed, bytes, length] = [this.#transformed, this.#bytes, this.#length];
    const next = new Uint32Array(256);
    for (let byte = 1; byte < 256; byte++) next[byte] = next[byte - 1] + counts[byte - 1];
    for (let i = 0; i < length; i++) transformed[next[transformed[i] & 0xff]++] |= i << 8;
    let entry = transformed[origin];
    for (let i = 0; i < length; i++) {
      entry = transformed[entry >>> 8];
      bytes[i] = entry & 0xff;
    }
  }

  /** What it holds, in pieces of at most READ_BLOCK_BYTES, each made when it is asked for. */
  *content(): Generator<Uint8Array, void, undefined> {
    const [bytes, length] = [this.#bytes, this.#length];
    // Of a tiny block nothing becomes more than 52 times as long.
    const pieceBytes = Math.min(READ_BLOCK_BYTES, 52 * length);
    let piece = new Uint8Array(pieceBytes);
    let filled = 0;
    let run = 0;
    let last = -1;
    for (let i = 0; i < length; i++) {
      const byte = bytes[i];
      let copies = byte;
      if (run === RUN_BYTES) {
        run = 0;
      } else {
        copies = 1;
        run = byte === last ? run + 1 : 1;
        last = byte;
      }
      while (copies > 0) {
        const end = Math.min(filled + copies, pieceBytes);
        if (copies === 1) piece[filled] = last;
        else piece.fill(last, filled, end);
        copies -= end - filled;
        filled = end;
        if (filled < pieceBytes) continue;
        yield piece;
        piece = new Uint8Array(pieceBytes);
        filled = 0;
      }
    }
    if (filled > 0) yield piece.subarray(0, filled);
  }
}

/** The bytes that occur in a block, in their order. */
function readUsedBytes(bits: BitReader): Uint8Array {
  const rows = bits.read(16);
  const used: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column++)
      if ((columns & (0x8000 >> column)) !== 0) used.push(16 * row + column);
  }
  if (used.length === 0) throw new Error('a bzip2 block uses no byte');
  return Uint8Array.from(used);
}

/** By which table each SYMBOLS_A_SELECTOR symbols are encoded. */
function readSelectors(bits: BitReader, tables: number): Uint8Array {
  const selectors = new Uint8Array(bits.read(15));
  const front = Uint8Array.from({ length: tables }, (_, table) => table);
  for (let i = 0; i < selectors.length; i++) {
    let place = 0;
    while (bits.read(1) === 1) place++;
    if (place >= tables) throw new Error('a bzip2 block names a table that it does not have');
    const table = front[place];
    front.copyWithin(1, 0, place);
    front[0] = table;
    selectors[i] = table;
  }
  return selectors;
}

/** CRC-32 with the highest bit first. */
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** The checksum of what these bytes are when their run lengths are expanded. */
function checksumOf(bytes: Uint8Array): number {
  let crc = -1;
  let run = 0;
  let last = -1;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (run === RUN_BYTES) {
      for (let copies = byte; copies > 0; copies--) crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ last];
      run = 0;
    } else {
      crc = (crc << 8) ^ CRC_TABLE[(crc >>> 24) ^ byte];
      run = byte === last ? run + 1 : 1;
      last = byte;
    }
  }
  return ~crc;
}
