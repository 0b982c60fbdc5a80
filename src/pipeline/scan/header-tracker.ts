import { MAX_LINE_BYTES, MAX_TRACKED_HEADERS } from '../../limits.ts';
import { EMPTY_HEADER, isW3cHeader } from '../../log-format/w3c-header.ts';
import type { Lookback, Partition, Position } from '../../source/contract.ts';

const LF = 0x0a;
const HASH = 0x23;
const LINE_WITH_HASH = '\n#';
const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** What is known of a partition up to a position. */
interface KnownHeader {
  readonly position: Position;
  /** The last line up to there that names the columns; undefined where there is none. */
  readonly header: Buffer | undefined;
  /** True where a line goes on behind the position. */
  readonly isInsideLine: boolean;
}

/**
 * Knows which line names the columns at the offset of a partition, for formats whose logs name them again and again. Such a
 * line counts for all that follow, so reading cannot go on at an offset without it. What stands before the offset is read
 * for it once; later only what came since then.
 */
export class HeaderTracker {
  readonly #known = new Map<string, KnownHeader>();

  /**
   * Looks for the header above the offset of a partition.
   * @returns what `Assignment.open` is given, and what to call when that has opened the partition: it returns the header,
   * empty where there is none.
   */
  begin({ id, offset }: Partition): { readonly lookback: Lookback; readonly end: () => Uint8Array } {
    const earlier = this.#known.get(id);
    const known = earlier && earlier.position <= offset ? earlier : undefined;
    const search = new HeaderSearch(known);
    const end = (): Uint8Array => {
      const { header, isInsideLine } = search.result();
      this.#remember(id, { position: offset, header, isInsideLine });
      return header ?? new Uint8Array();
    };
    return { lookback: { from: known?.position, see: (bytes) => search.see(bytes) }, end };
  }

  /** Forgets the partition that was not asked for the longest time, where there are too many. */
  #remember(id: string, known: KnownHeader): void {
    this.#known.delete(id);
    this.#known.set(id, known);
    if (this.#known.size <= MAX_TRACKED_HEADERS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}

/** Looks for the last header in bytes that come piece by piece. */
class HeaderSearch {
  #header: Buffer | undefined;
  /** The beginning of a line that may be a header; undefined inside any other line. */
  #line: Buffer | undefined;
  #isAtStart: boolean;

  constructor(known: KnownHeader | undefined) {
    this.#header = known?.header;
    this.#line = known?.isInsideLine ? undefined : Buffer.alloc(0);
    this.#isAtStart = known === undefined;
  }

  see(bytes: Uint8Array): void {
    const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = this.#isAtStart && block.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0;
    this.#isAtStart &&= block.length === 0;
    while (at < block.length)
      at = this.#line ? this.#addToLine(this.#line, block, at) : this.#nextLine(block, at);
  }

  /** @returns the position behind what was added. */
  #addToLine(line: Buffer, block: Buffer, at: number): number {
    if (line.length === 0 && block[at] !== HASH) return this.#skipLine(at);
    const newline = block.indexOf(LF, at);
    const end = newline < 0 ? block.length : newline;
    this.#line = Buffer.concat([line, block.subarray(at, end)]).subarray(0, MAX_LINE_BYTES + 1);
    if (newline < 0) return end;
    this.#endLine(this.#line);
    this.#line = Buffer.alloc(0);
    return newline + 1;
  }

  #skipLine(at: number): number {
    this.#line = undefined;
    return at;
  }

  /** Finds the next line that begins with `#`. @returns where it begins, or the end of the block. */
  #nextLine(block: Buffer, at: number): number {
    const newline = block.indexOf(LINE_WITH_HASH, at);
    if (newline < 0 && block[block.length - 1] !== LF) return block.length;
    this.#line = Buffer.alloc(0);
    return newline < 0 ? block.length : newline + 1;
  }

  #endLine(line: Buffer): void {
    const text = line.toString('latin1');
    if (isW3cHeader(text)) this.#header = line.length > MAX_LINE_BYTES ? Buffer.from(EMPTY_HEADER) : line;
  }

  /** What was found. A line without its newline was counted as it is, and what continues it is no header. */
  result(): Omit<KnownHeader, 'position'> {
    const isInsideLine = this.#line?.length !== 0;
    if (this.#line) this.#endLine(this.#line);
    return { header: this.#header, isInsideLine };
  }
}
