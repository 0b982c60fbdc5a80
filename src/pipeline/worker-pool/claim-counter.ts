/** How far a scanner may go before the next commit. */
export interface BatchLimit {
  /** True where a commit is due, or the run is to stop: what may be stopped stops. */
  readonly isClosed: boolean;
  /** How many lines may be taken before {@link isClosed} is asked again. */
  readonly room: number;
  /** Counts lines that were taken. */
  took(lines: number): void;
}

const CLOSED = 2 ** 30;
/** Beside CLOSED: a thread has no more room. */
const FULL = 2 ** 29;
const CLAIMS = 0;
const LINES = 1;
const HEADER_BYTES = 8;
const BYTES_READ = 0;
const LINES_READ = 1;

/**
 * Which splits are claimed, in memory that all scan threads share. Splits are numbered in their order, and a thread claims the
 * next one only while the counter is open. So what is scanned before a commit is always everything up to some split, however
 * fast each thread is, and no thread waits for a split that waits for a thread itself.
 */
export class ClaimCounter implements BatchLimit {
  readonly memory: SharedArrayBuffer;
  readonly room = Number.POSITIVE_INFINITY;
  readonly #words: Int32Array;
  readonly #totals: BigInt64Array;
  readonly #closingLines: number;

  /** @param closingLines closes when so many lines were taken since it was opened. */
  constructor(closingLines: number, memory = new SharedArrayBuffer(HEADER_BYTES + 16)) {
    this.memory = memory;
    this.#closingLines = closingLines;
    this.#words = new Int32Array(memory, 0, 2);
    this.#totals = new BigInt64Array(memory, HEADER_BYTES, 2);
  }

  get isClosed(): boolean {
    return (Atomics.load(this.#words, CLAIMS) & CLOSED) !== 0;
  }

  close(): void {
    Atomics.or(this.#words, CLAIMS, CLOSED);
  }

  /** Closes it because a thread has no more room. */
  closeFull(): void {
    Atomics.or(this.#words, CLAIMS, CLOSED | FULL);
  }

  /** True where it was closed because a thread has no more room. */
  get isFull(): boolean {
    return (Atomics.load(this.#words, CLAIMS) & FULL) !== 0;
  }

  open(): void {
    Atomics.store(this.#words, LINES, 0);
    Atomics.and(this.#words, CLAIMS, ~(CLOSED | FULL));
  }

  /** Closes it, and begins with split 0 again. Nobody may be scanning. */
  reset(): void {
    Atomics.store(this.#words, CLAIMS, CLOSED);
  }

  /** How many splits were claimed. */
  get claimed(): number {
    return Atomics.load(this.#words, CLAIMS) & ~(CLOSED | FULL);
  }

  /** The number of the split that the caller is to scan. @param known it may claim those below this number. */
  claim(known: number): number | undefined {
    for (;;) {
      const word = Atomics.load(this.#words, CLAIMS);
      if ((word & CLOSED) !== 0 || word >= known) return undefined;
      if (Atomics.compareExchange(this.#words, CLAIMS, word, word + 1) === word) return word;
    }
  }

  took(lines: number): void {
    Atomics.add(this.#totals, LINES_READ, BigInt(lines));
    if (Atomics.add(this.#words, LINES, lines) + lines >= this.#closingLines) this.close();
  }

  /** Counts bytes that were read. */
  read(bytes: number): void {
    Atomics.add(this.#totals, BYTES_READ, BigInt(bytes));
  }

  /** All that was ever read through it. */
  get totals(): { readonly bytes: number; readonly lines: number } {
    const [bytes, lines] = [BYTES_READ, LINES_READ].map((total) => Atomics.load(this.#totals, total));
    return { bytes: Number(bytes), lines: Number(lines) };
  }
}
