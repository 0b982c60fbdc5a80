import { bug } from '../errors.ts';
import { type Kernel, newKernel } from '../kernel/kernel.ts';
import { MAX_LINE_BYTES, READ_BLOCK_BYTES, RECORD_BATCH_ROWS, TAIL_BYTES } from '../limits.ts';
import { excerptOf } from './excerpt.ts';
import { RecordWriter } from './record-writer.ts';
import { countExcluded, countRejections, type ScanStep } from './scan-step.ts';
import { textStart } from './text-start.ts';
import {
  type CustomerEndpoint,
  EXCLUDED,
  type RecordBatch,
  type Rejection,
  type RejectionReason,
  type ScanSettings,
} from './types.ts';
import { HEADER_MARK_BYTES } from './w3c-header.ts';
import { PartGroup } from './wrapper/part-group.ts';
import type { Unwrap, Unwrapped } from './wrapper/types.ts';
import { hasParts, unwrapOf } from './wrapper/unwrap.ts';

const LF = 0x0a;
const CR = 0x0d;

interface LongLine {
  readonly offset: number;
  readonly excerpt: string;
  /** The bytes before the line. */
  readonly before: Uint8Array;
  isEnded: boolean;
}

/**
 * Turns the bytes of a partition into record batches. The caller alternates: it writes bytes into {@link space},
 * calls {@link filled}, and calls {@link step} until no lines are left. At the end it calls {@link finish}.
 *
 * Lines are read whole, however the blocks are cut. So the same bytes give the same records and rejections for every
 * way of reading them.
 */
export class Scanner {
  readonly batch: RecordBatch;
  readonly #kernel: Kernel;
  readonly #memory: Uint8Array;
  readonly #input: number;
  readonly #inputEnd: number;
  /** Addresses. `[begin, end)` is not read yet; `[begin, wholeEnd)` of that are whole lines. */
  #begin: number;
  #wholeEnd: number;
  #end: number;
  /** The position in the partition of the byte at address 0. */
  #base = 0;
  readonly #unwrap: Unwrap | undefined;
  /** True where something stands before each line that the kernel does not know. */
  readonly #hasPrefixes: boolean;
  /** Lines that came in parts, and others that began or ended meanwhile. They count when none is open any more. */
  #group: PartGroup | undefined;
  /** A line over MAX_LINE_BYTES. Only its beginning is kept while the scanner looks for its end. */
  #longLine: LongLine | undefined;
  /** The position in the partition from which on the memory holds its bytes. */
  #historyStart = 0;
  /** True while the next bytes continue a line that was counted without its newline. */
  #isContinuing = false;
  /** True while the next line names the columns. */
  #isAtHeader = false;
  readonly #settings: ScanSettings;
  readonly #writer: RecordWriter;

  /** @param kernel reads plain lines. A window accumulator may share it. */
  constructor(settings: ScanSettings, kernel = newKernel()) {
    this.#settings = settings;
    this.#unwrap = settings.wrapper && unwrapOf(settings.wrapper);
    this.#hasPrefixes = settings.wrapper !== undefined && !hasParts(settings.wrapper);
    const { buffer } = kernel;
    this.#kernel = kernel;
    this.#memory = new Uint8Array(buffer);
    this.#input = kernel.INPUT.value;
    this.#inputEnd = this.#input + kernel.INPUT_BYTES.value;
    this.#begin = this.#wholeEnd = this.#end = this.#input;
    this.#writer = new RecordWriter(settings, kernel);
    this.batch = this.#writer.batch;
  }

  /**
   * Begins a partition at an offset, and forgets what is left of another one.
   * @param isInsideLine true where the line before the offset was counted without its newline. Bytes that continue it
   * are rejected, but a newline alone is skipped.
   * @param head what names the columns at the offset. For a `delimited` format the first bytes of the partition,
   * including its first line. For a `w3c` format the last header above the offset, if there is one.
   * @param before the known bytes right before the offset; see {@link before}.
   * @throws {DaymarkError} HEADER_MISSING.
   */
  start(
    offset: number,
    isInsideLine: boolean,
    head: Uint8Array = new Uint8Array(),
    before: Uint8Array = new Uint8Array(),
  ): void {
    this.#isAtHeader = this.#settings.format.layout === 'delimited' && offset === 0;
    this.#writer.startPartition(head);
    this.#group = undefined;
    this.#isContinuing = isInsideLine;
    this.#begin = this.#wholeEnd = this.#end = this.#input;
    this.#moveBase(offset - this.#input);
    this.#longLine = undefined;
    const history = before.subarray(Math.max(0, before.length - TAIL_BYTES));
    this.#memory.set(history, this.#input - history.length);
    this.#historyStart = offset - history.length;
    this.batch.rows = 0;
  }

  #moveBase(base: number): void {
    this.#base = base;
    this.#kernel.setBase(base);
  }

  /** From now on, rejects lines whose event time is below the first or above the second time. */
  setTimeBounds(leastMs: number, greatestMs: number): void {
    this.#writer.setTimeBounds(leastMs, greatestMs);
  }

  /** The bytes right before {@link offset}: at most TAIL_BYTES, and only known ones. Valid until the next call. */
  get before(): Uint8Array {
    if (this.#group) return this.#group.before;
    return this.#longLine ? this.#longLine.before : this.#historyBefore(this.#begin);
  }

  #historyBefore(address: number): Uint8Array {
    const length = Math.min(TAIL_BYTES, this.#base + address - this.#historyStart);
    return this.#memory.subarray(address - length, address);
  }

  /** The position in the partition behind the last line that was read. It is never between the parts of a line. */
  get offset(): number {
    if (this.#group) return this.#group.offset;
    return this.#longLine ? this.#longLine.offset : this.#base + this.#begin;
  }

  /** Where to write the next bytes of the partition: at least one block, never all used. */
  space(): Uint8Array {
    if (this.#wholeEnd > this.#begin) throw bug('the scanner was given bytes before all lines were read');
    const moved = this.#begin - this.#input;
    this.#memory.copyWithin(this.#input - TAIL_BYTES, this.#begin - TAIL_BYTES, this.#end);
    this.#moveBase(this.#base + moved);
    this.#begin = this.#wholeEnd = this.#input;
    this.#end -= moved;
    return this.#memory.subarray(this.#end, Math.min(this.#inputEnd, this.#end + READ_BLOCK_BYTES));
  }

  /** Tells the scanner that the first `bytes` bytes of {@link space} were written. */
  filled(bytes: number): void {
    const from = this.#end;
    this.#end += bytes;
    // Searches the new bytes only. In a view of the whole memory the search would run on to its start.
    const newline = this.#memory.subarray(from, this.#end).lastIndexOf(LF);
    if (newline >= 0) this.#wholeEnd = from + newline + 1;
    if (this.#longLine && !this.#longLine.isEnded) this.#skip();
    else if (this.#wholeEnd === this.#begin && this.#end - this.#begin > MAX_LINE_BYTES + 1)
      this.#beginLongLine();
  }

  #beginLongLine(): void {
    const excerpt = excerptOf(this.#memory, this.#begin, this.#end);
    const before = this.#historyBefore(this.#begin).slice();
    this.#longLine = { offset: this.#base + this.#begin, excerpt, before, isEnded: false };
    if (!this.#isContinuing)
      this.#writer.passLongLine(this.#memory.subarray(this.#begin, this.#begin + HEADER_MARK_BYTES));
    this.#isContinuing = false;
    this.#skip();
  }

  /** Skips bytes up to the next newline, and the newline. */
  #skip(): void {
    if (!this.#longLine) throw bug('nothing to skip');
    this.#longLine.isEnded = this.#wholeEnd > this.#begin;
    this.#begin = this.#longLine.isEnded ? this.#memory.indexOf(LF, this.#begin) + 1 : this.#end;
    this.#wholeEnd = Math.max(this.#wholeEnd, this.#begin);
  }

  /**
   * Reads whole lines until the batch is full, `maxLines` are read, or none is left.
   * @param maxRejections how many rejections to describe. All are counted.
   */
  step(maxLines: number, maxRejections: number): ScanStep {
    const step: ScanStep = {
      lines: 0,
      rejected: 0,
      excluded: 0,
      rejectedByReason: new Map(),
      rejections: [],
      directRecords: 0,
      isCustomerTableFull: false,
    };
    this.batch.rows = 0;
    const limit = Math.min(maxLines, RECORD_BATCH_ROWS);
    if (this.#longLine?.isEnded) this.#rejectLongLine(step, maxRejections);
    else if (this.#isContinuing && this.#begin < this.#wholeEnd) this.#endLine(step, maxRejections);
    else if (this.#isAtHeader && this.#begin < this.#wholeEnd && limit > 0)
      this.#takeHeader(step, maxRejections);
    while (step.lines < limit && !step.isCustomerTableFull) {
      if (this.#group?.isClosed) {
        // A group counts whole.
        if (step.lines > 0 && step.lines + this.#group.lineCount > limit) break;
        this.#takeGroup(this.#group, step, maxRejections);
      } else if (this.#begin < this.#wholeEnd) {
        this.#takeWholeLines(step, limit, maxRejections);
      } else break;
    }
    return step;
  }

  #takeWholeLines(step: ScanStep, limit: number, maxRejections: number): void {
    if (this.#canBePlain) {
      this.#takePlainLines(this.#begin, this.#wholeEnd, step, limit, maxRejections);
      this.#begin = this.#kernel.position.value;
    }
    if (step.lines >= limit || this.#begin >= this.#wholeEnd) return;
    const newline = this.#memory.indexOf(LF, this.#begin);
    this.#takeLine(newline, newline + 1, step, maxRejections);
  }

  /**
   * False between the parts of a line, where something else stands before the text of the first line, and where the kernel
   * does not know the wrapper.
   */
  get #canBePlain(): boolean {
    if (this.#hasPrefixes) return false;
    const isFirst = this.#base + this.#begin === 0;
    return !this.#group && !(isFirst && textStart(this.#memory, this.#begin, this.#end) > this.#begin);
  }

  /** Skips the rest of a line that was counted before. */
  #endLine(step: ScanStep, maxRejections: number): void {
    const newline = this.#memory.subarray(this.#begin, this.#end).indexOf(LF);
    const end = newline < 0 ? this.#end : this.#begin + newline;
    const lineEnd = end > this.#begin && this.#memory[end - 1] === CR ? end - 1 : end;
    if (lineEnd > this.#begin) this.#reject('continued_line', this.#begin, lineEnd, step, maxRejections);
    this.#begin = Math.min(end + 1, this.#end);
    this.#isContinuing = false;
  }

  /** Counts the line that names the columns. */
  #takeHeader(step: ScanStep, maxRejections: number): void {
    const newline = this.#memory.subarray(this.#begin, this.#end).indexOf(LF);
    const end = newline < 0 ? this.#end : this.#begin + newline;
    this.#reject('header_line', this.#begin, end, step, maxRejections);
    this.#begin = Math.min(end + 1, this.#end);
    this.#isAtHeader = false;
  }

  /** Lets the kernel read lines from `begin` on, up to the first that is not plain, or `end`. */
  #takePlainLines(begin: number, end: number, step: ScanStep, limit: number, maxRejections: number): void {
    const { rows } = this.batch;
    // There can be many lines without a customer id. The kernel counts those that need no description.
    const isCounting = step.rejections.length >= maxRejections;
    this.#writer.setMissingCustomer(isCounting);
    this.batch.rows = this.#kernel.scan(begin, end, rows, rows + limit - step.lines);
    step.directRecords += this.#kernel.directRecords.value;
    step.lines += this.batch.rows - rows + this.#kernel.directRecords.value;
    const skippedLines = this.#kernel.skippedLines.value;
    if (skippedLines > 0) countRejections(step, 'missing_customer_id', skippedLines);
    countExcluded(step, this.#kernel.excludedLines.value);
  }

  /** Reads the line `[begin, end)` with the reference parser, and goes on at `next`. */
  #takeLine(end: number, next: number, step: ScanStep, maxRejections: number): void {
    const start = this.#begin;
    const lineEnd = end > start && this.#memory[end - 1] === CR ? end - 1 : end;
    const content = this.#contentOf(start, lineEnd);
    if (this.#group || (typeof content !== 'string' && content.isPart)) {
      this.#addToGroup(content, lineEnd, next);
      this.#begin = next;
      return;
    }
    if (this.#hasPrefixes && typeof content !== 'string' && next > end) {
      this.#kernel.setPrefixBytes(content.start - start);
      this.#takePlainLines(content.start, next, step, step.lines + 1, maxRejections);
      this.#kernel.setPrefixBytes(0);
      if (this.#kernel.position.value === next) {
        this.#begin = next;
        return;
      }
    }
    const reason =
      typeof content === 'string' ? content : this.#writer.read(content.bytes, content.start, content.end);
    if (reason === EXCLUDED) {
      countExcluded(step, 1);
    } else if (reason) {
      this.#reject(reason, start, lineEnd, step, maxRejections);
    } else if (this.#writer.store(this.#base + start, this.#base + next)) {
      step.lines++;
    } else {
      step.isCustomerTableFull = true;
      return;
    }
    this.#begin = next;
  }

  /** The line `[start, end)` without its wrapper, or why it is rejected. */
  #contentOf(start: number, end: number): Unwrapped | RejectionReason {
    const text = this.#base + start === 0 ? textStart(this.#memory, start, end) : start;
    // The parser judges bare lines itself: a header that is too long rules the lines below it, too.
    if (end - start > MAX_LINE_BYTES && (this.#unwrap || text > start)) return 'line_too_long';
    if (text === end) return 'empty_line';
    const bytes = this.#memory;
    if (!this.#unwrap) return { bytes, start: text, end, isPart: false, stream: '' };
    return this.#unwrap(bytes, text, end) ?? 'malformed_line';
  }

  #reject(reason: RejectionReason, start: number, end: number, step: ScanStep, maxRejections: number): void {
    countRejections(step, reason, 1);
    if (step.rejections.length >= maxRejections) return;
    const excerpt = excerptOf(this.#memory, start, end);
    step.rejections.push({ reason, offset: this.#base + start, excerpt });
  }

  /** Adds a line that stands between the parts of another one, or is the first part of one. */
  #addToGroup(content: Unwrapped | RejectionReason, end: number, next: number): void {
    const start = this.#begin;
    const line = {
      offset: this.#base + start,
      excerpt: excerptOf(this.#memory, start, end),
      bytes: next - start,
    };
    this.#group ??= new PartGroup(line.offset, this.#historyBefore(start).slice());
    if (typeof content === 'string') this.#group.addRejected(content, line);
    else this.#group.add(line, content);
  }

  /** Takes all lines of a closed group, or none of them where there is no room for their customers. */
  #takeGroup(group: PartGroup, step: ScanStep, maxRejections: number): void {
    const { rows } = this.batch;
    const rejected = new Map(group.rejectedByReason);
    const rejections: Rejection[] = [];
    let excluded = 0;
    for (const { offset, end, excerpt, content } of group.lines) {
      const reason = typeof content === 'string' ? content : this.#writer.read(content, 0, content.length);
      if (reason === EXCLUDED) {
        excluded++;
        continue;
      }
      if (reason) rejections.push({ reason, offset, excerpt });
      if (reason && typeof content !== 'string') rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
      if (reason || this.#writer.store(offset, end)) continue;
      this.batch.rows = rows;
      step.isCustomerTableFull = true;
      return;
    }
    step.lines += this.batch.rows - rows;
    countExcluded(step, excluded);
    for (const [reason, lines] of rejected) countRejections(step, reason, lines);
    step.rejections.push(...rejections.slice(0, Math.max(0, maxRejections - step.rejections.length)));
    this.#group = undefined;
  }

  #rejectLongLine(step: ScanStep, maxRejections: number): void {
    if (!this.#longLine) throw bug('no long line to reject');
    const { offset, excerpt } = this.#longLine;
    this.#longLine = undefined;
    if (this.#group) {
      const bytes = this.#base + this.#begin - offset;
      this.#group.addRejected('line_too_long', { offset, excerpt, bytes });
      return;
    }
    if (maxRejections > 0) step.rejections.push({ reason: 'line_too_long', offset, excerpt });
    countRejections(step, 'line_too_long', 1);
  }

  /**
   * Reads a last line without a newline, and lines whose last parts are missing. Call it after the last step, where the
   * partition has ended.
   */
  finish(maxRejections: number): ScanStep {
    const step = this.step(0, 0);
    if (this.#longLine) this.#rejectLongLine(step, maxRejections);
    else if (this.#begin < this.#end) {
      if (this.#isContinuing) this.#endLine(step, maxRejections);
      else if (this.#isAtHeader) this.#takeHeader(step, maxRejections);
      else this.#takeLine(this.#end, this.#end, step, maxRejections);
      this.#wholeEnd = this.#begin;
    }
    if (this.#group) {
      this.#group.end();
      this.#takeGroup(this.#group, step, maxRejections);
    }
    return step;
  }

  /** The id of the customer with this number. */
  customerId(customer: number): string {
    return this.#writer.customerId(customer);
  }

  /** Writes the UTF-8 bytes of the id of a customer with this number to a place. @returns how many they are. */
  writeCustomerId(customer: number, target: Uint8Array, at: number): number {
    return this.#writer.writeCustomerId(customer, target, at);
  }

  /** The endpoint of a customer with this number; undefined where the number is that of a customer. */
  endpoint(number: number): CustomerEndpoint | undefined {
    return this.#writer.endpoint(number);
  }

  /** Makes room for other customers. Numbers from before are no longer valid. */
  forgetCustomers(): void {
    this.#writer.forgetCustomers();
  }
}
