import { DaymarkError, type ErrorCode } from '../../errors.ts';
import { TAIL_BYTES } from '../../limits.ts';
import { ChecksumTap, type PrefixChecksums } from '../prefix-checksums.ts';
import { type ArchiveBytes, decompress } from './decompress.ts';
import type { Compressed } from './kinds.ts';

const LF = 0x0a;

/** What is wrong with the archive itself. After any other error nobody knows how it ends. */
const ARCHIVE_ERRORS: ReadonlySet<ErrorCode> = new Set([
  'TRUNCATED_ARCHIVE',
  'CORRUPT_ARCHIVE',
  'UNSUPPORTED_ARCHIVE',
]);

/** What an archive holds, as reading it to its end showed. */
export interface ArchiveEnd {
  /** All its bytes, decompressed. */
  readonly contentBytes: number;
  /** Those up to the last newline. */
  readonly lineBytes: number;
  /** Its last bytes, TAIL_BYTES or all that there are. */
  readonly tail: Uint8Array;
  /** What its end is instead of a right one. */
  readonly error: DaymarkError | undefined;
}

/** Long work calls it again and again, and goes on when it resolves. */
export type YieldPoint = () => Promise<void>;

/** Reads an archive from its start. The next block is decompressed while the last one is made use of. */
export class ArchiveReader {
  readonly #blocks: AsyncGenerator<Uint8Array, void, undefined>;
  readonly #yieldPoint: YieldPoint | undefined;
  #next: Promise<IteratorResult<Uint8Array, void>> | undefined;
  #block: Uint8Array = new Uint8Array();
  #blockStart = 0;
  #used = 0;
  #lineBytes = 0;
  /** The last bytes of the blocks before this one. */
  #history: Uint8Array = new Uint8Array();
  #end: ArchiveEnd | undefined;
  readonly #tap = new ChecksumTap();

  /** @param yieldPoint is called for each block, and each piece of the archive that holds none; what it throws is thrown. */
  constructor(archive: ArchiveBytes, compression: Compressed, yieldPoint?: YieldPoint) {
    this.#yieldPoint = yieldPoint;
    this.#blocks = decompress(archive, compression);
  }

  /** Known when all of it was read. */
  get end(): ArchiveEnd | undefined {
    return this.#end;
  }

  /** Those of all that was decompressed. */
  get checksums(): PrefixChecksums {
    return this.#tap.checksums;
  }

  /** What stands right before the position: TAIL_BYTES, or all that there are. */
  get before(): Uint8Array {
    return lastOf(this.#history, this.#block.subarray(0, this.#used));
  }

  /**
   * Skips what comes before a position, from the start of the archive.
   * @param see is given what is skipped.
   * @returns false where the archive ends before it, in whatever way.
   */
  async skipTo(position: number, see?: (bytes: Uint8Array) => void): Promise<boolean> {
    while (this.#blockStart + this.#block.length < position) {
      see?.(this.#block);
      if (!(await this.#takeBlock())) return false;
    }
    this.#use(position - this.#blockStart - this.#used);
    see?.(this.#block.subarray(0, this.#used));
    return true;
  }

  /**
   * Fills `target` from its start. @returns how many bytes; 0 at the end.
   * @throws {DaymarkError} as {@link decompress} does, when all before was handed out.
   */
  async read(target: Uint8Array): Promise<number> {
    if (this.#used === this.#block.length && !(await this.#takeBlock())) {
      if (this.#end?.error) throw this.#end.error;
      return 0;
    }
    const bytes = this.#block.subarray(this.#used, this.#used + target.length);
    target.set(bytes);
    this.#use(bytes.length);
    return bytes.length;
  }

  #use(bytes: number): void {
    this.#used += bytes;
  }

  /** @returns false at the end. */
  async #takeBlock(): Promise<boolean> {
    if (this.#end) return false;
    let next: Uint8Array | undefined;
    do {
      await this.#yieldPoint?.();
      next = await this.#nextBlock();
    } while (next?.length === 0);
    if (!next) return false;
    this.#history = lastOf(this.#history, this.#block);
    this.#blockStart += this.#block.length;
    this.#block = next;
    this.#used = 0;
    this.#tap.push(next);
    const newline = next.lastIndexOf(LF);
    if (newline >= 0) this.#lineBytes = this.#blockStart + newline + 1;
    this.#prepareNext();
    return true;
  }

  #prepareNext(): void {
    this.#next = this.#blocks.next();
    // It may fail before anybody asks for it.
    this.#next.catch(() => undefined);
  }

  async #nextBlock(): Promise<Uint8Array | undefined> {
    try {
      const next = this.#next ?? this.#blocks.next();
      this.#next = undefined;
      const { value } = await next;
      if (!value) this.#endWith(undefined);
      return value ?? undefined;
    } catch (error) {
      if (!(error instanceof DaymarkError && ARCHIVE_ERRORS.has(error.code))) throw error;
      this.#endWith(error);
      return undefined;
    }
  }

  #endWith(error: DaymarkError | undefined): void {
    const contentBytes = this.#blockStart + this.#block.length;
    const tail = lastOf(this.#history, this.#block);
    this.#end = { contentBytes, lineBytes: this.#lineBytes, tail, error };
  }

  async close(): Promise<void> {
    // Waits for a block that is being made: its input is still read.
    await this.#blocks.return();
  }
}

/** A copy of the last TAIL_BYTES of two pieces that follow on each other. */
function lastOf(first: Uint8Array, second: Uint8Array): Uint8Array {
  const missing = Math.max(0, TAIL_BYTES - second.length);
  const head = first.subarray(Math.max(0, first.length - missing));
  return Uint8Array.from([...head, ...second.subarray(Math.max(0, second.length - TAIL_BYTES))]);
}
