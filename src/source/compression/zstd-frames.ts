const FRAME = 0xfd2fb528;
const FRAME_MAGIC = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd);
/** The lowest of sixteen. */
const SKIPPABLE_FRAME = 0x184d2a50;
const RAW_BLOCK = 0;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/** What comes next: a number of so many bytes, least significant first, that says how to go on. */
type Part = 'magic' | 'skippable size' | 'descriptor' | 'block header';

const PART_BYTES: Readonly<Record<Part, number>> = {
  magic: 4,
  'skippable size': 4,
  descriptor: 1,
  'block header': 3,
};

/**
 * Finds where the frames of a zstd archive end (RFC 8878, 3.1), without decompressing them: the runtime's decoder
 * takes one frame and silently drops those behind it where they come in the same bytes.
 */
export class ZstdFrames {
  #part: Part = 'magic';
  #value = 0;
  #valueBytes = 0;
  /** Bytes to skip before the next part. */
  #toPass = 0;
  #isSkipped = false;
  /** True up to the end of the first block's header. What was passed of it stands in `#head`. */
  #isInHead = false;
  #head: number[] = [];
  /** True of a frame whose only block holds nothing. */
  #isEmpty = false;
  #hasChecksum = false;

  /** True before the first frame and behind a whole one. */
  get isBetweenFrames(): boolean {
    return this.#isAtMagic && this.#valueBytes === 0;
  }

  /**
   * Cuts the archive's next bytes between its frames, and leaves out those that are to be skipped or hold nothing: each
   * frame costs the runtime's decoder a trip through the thread pool.
   * @throws {Error} where no frame begins at the end of one; what comes before was given.
   */
  *split(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let at = 0; at < bytes.length; ) {
      const start = at;
      const phase = this.#phase;
      do at += this.#pass(bytes, at);
      while (at < bytes.length && this.#phase === phase);
      if (phase === 'body') yield bytes.subarray(start, at);
      if (phase !== 'head') continue;
      this.#head.push(...bytes.subarray(start, at));
      if (this.#phase === 'head') continue;
      if (!this.#isEmpty) yield Uint8Array.from(this.#head);
    }
  }

  /** What the next byte is of. The head of a frame ends with the header of its first block. */
  get #phase(): 'between' | 'skipped' | 'head' | 'body' {
    if (this.#isAtMagic) return 'between';
    if (this.#isSkipped || this.#isEmpty) return 'skipped';
    return this.#isInHead ? 'head' : 'body';
  }

  /** True where the next byte is one of four that begin a frame. */
  get #isAtMagic(): boolean {
    return this.#part === 'magic' && this.#toPass === 0;
  }

  /** @returns how many bytes from `at` on were passed. */
  #pass(bytes: Uint8Array, at: number): number {
    if (this.#toPass > 0) {
      const passed = Math.min(this.#toPass, bytes.length - at);
      this.#toPass -= passed;
      return passed;
    }
    this.#value += (bytes[at] as number) * 2 ** (8 * this.#valueBytes++);
    if (this.#valueBytes === PART_BYTES[this.#part]) {
      const value = this.#value;
      this.#value = this.#valueBytes = 0;
      this.#goOn(value);
    }
    return 1;
  }

  #goOn(value: number): void {
    if (this.#part === 'magic') this.#beginFrame(value);
    else if (this.#part === 'skippable size') this.#expect('magic', value);
    else if (this.#part === 'descriptor') this.#passFrameHeader(value);
    else this.#passBlock(value);
  }

  #expect(part: Part, toPass = 0): void {
    this.#part = part;
    this.#toPass = toPass;
  }

  #beginFrame(magic: number): void {
    this.#isSkipped = magic - (magic % 16) === SKIPPABLE_FRAME;
    if (!this.#isSkipped && magic !== FRAME) throw new Error('something else follows the last zstd frame');
    this.#isInHead = true;
    this.#isEmpty = false;
    this.#head = [...FRAME_MAGIC];
    this.#expect(this.#isSkipped ? 'skippable size' : 'descriptor');
  }

  /** RFC 8878, 3.1.1.1: the bits of the descriptor say how long the rest of the header is. */
  #passFrameHeader(descriptor: number): void {
    const isSingleSegment = (descriptor & 0x20) !== 0;
    this.#hasChecksum = (descriptor & 0x04) !== 0;
    const windowBytes = isSingleSegment ? 0 : 1;
    const dictionaryBytes = [0, 1, 2, 4][descriptor & 0x03] as number;
    const contentSizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
    this.#expect('block header', windowBytes + dictionaryBytes + contentSizeBytes);
  }

  /** RFC 8878, 3.1.1.2. */
  #passBlock(header: number): void {
    const type = (header >> 1) & 0x03;
    if (type === RESERVED_BLOCK) throw new Error('a block of a reserved type');
    const isLast = (header & 1) === 1;
    this.#isEmpty = this.#isInHead && isLast && type === RAW_BLOCK && header >> 3 === 0;
    this.#isInHead = false;
    const blockBytes = type === RLE_BLOCK ? 1 : header >> 3;
    if (!isLast) this.#expect('block header', blockBytes);
    else this.#expect('magic', blockBytes + (this.#hasChecksum ? 4 : 0));
  }
}
