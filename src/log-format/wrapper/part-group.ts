/**
 * Joins the parts of lines. CRI and Docker cut long lines, and the lines of two streams take turns. So between the first
 * and the last part of one line, others can begin and end.
 *
 * A group begins with a part while no line is open, and ends when none is open any more. A position never stands inside of
 * a group, so its lines depend on nothing but its own bytes.
 */

import {
  MAX_LINE_BYTES,
  MAX_PART_GROUP_BYTES,
  MAX_REJECTED_LINES_KEPT,
  RECORD_BATCH_ROWS,
} from '../../limits.ts';
import type { RejectionReason } from '../types.ts';
import type { Unwrapped } from './types.ts';

/** A line of a group. */
export interface JoinedLine {
  /** Where its first part begins. */
  readonly offset: number;
  /** Where its last part ends, with its newline. */
  readonly end: number;
  /** The beginning of that part, for people. */
  readonly excerpt: string;
  /** Why it is rejected, or else what it says. */
  readonly content: RejectionReason | Uint8Array;
}

/** Where a wrapped line stands. */
export interface WrappedLine {
  readonly offset: number;
  readonly excerpt: string;
  /** With its newline. */
  readonly bytes: number;
}

interface OpenLine {
  readonly offset: number;
  readonly excerpt: string;
  /** Where its last part so far ends. */
  end: number;
  parts: Uint8Array[];
  bytes: number;
  /** True where one of its parts may be missing. */
  isBroken: boolean;
}

export class PartGroup {
  /** Where it begins. */
  readonly offset: number;
  /** The bytes right before that. */
  readonly before: Uint8Array;
  readonly #open = new Map<string, OpenLine>();
  #lines: JoinedLine[] = [];
  #lineCount = 0;
  #rejectedByReason = new Map<RejectionReason, number>();
  #bytes = 0;
  /** True where it is too long to keep its lines. All are rejected. */
  #isTooLong = false;

  constructor(offset: number, before: Uint8Array) {
    this.offset = offset;
    this.before = before;
  }

  /** True where no line is open. */
  get isClosed(): boolean {
    return this.#open.size === 0;
  }

  /** Whole lines, with those that are rejected. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** The whole lines in the order in which they begin; of rejected ones in a group that is too long, only the first. */
  get lines(): readonly JoinedLine[] {
    return this.#lines.toSorted((a, b) => a.offset - b.offset);
  }

  /** How many lines are rejected before anybody looks at what they say. */
  get rejectedByReason(): ReadonlyMap<RejectionReason, number> {
    return this.#rejectedByReason;
  }

  /** Adds a wrapped line, and closes lines that do not come to their end. */
  add(line: WrappedLine, unwrapped: Unwrapped): void {
    this.#bytes += line.bytes;
    const { stream, isPart, bytes, start, end } = unwrapped;
    const open = this.#open.get(stream) ?? { ...line, end: 0, parts: [], bytes: 0, isBroken: false };
    open.end = line.offset + line.bytes;
    open.bytes += end - start;
    if (open.bytes > MAX_LINE_BYTES) open.parts = [];
    else open.parts.push(bytes.slice(start, end));
    this.#open.set(stream, open);
    if (!isPart) this.#close(stream, open);
    this.#bound();
  }

  /** Adds a line that cannot be unwrapped. It may be a part of any line that is open. */
  addRejected(reason: RejectionReason, { offset, excerpt, bytes }: WrappedLine): void {
    this.#bytes += bytes;
    for (const open of this.#open.values()) open.isBroken = true;
    this.#keep({ offset, end: offset + bytes, excerpt, content: reason });
    this.#bound();
  }

  /** Closes what is open: nothing comes any more. */
  end(): void {
    for (const open of this.#open.values()) open.isBroken = true;
    for (const [stream, open] of this.#open) this.#close(stream, open);
  }

  #close(stream: string, open: OpenLine): void {
    this.#open.delete(stream);
    const { offset, end, excerpt } = open;
    this.#keep({ offset, end, excerpt, content: contentOf(open) });
  }

  #keep(line: JoinedLine): void {
    this.#lineCount++;
    const kept = this.#isTooLong ? withoutContent(line) : line;
    if (typeof kept.content === 'string') this.#count(kept.content);
    if (!this.#isTooLong || this.#lines.length < MAX_REJECTED_LINES_KEPT) this.#lines.push(kept);
  }

  #count(reason: RejectionReason): void {
    this.#rejectedByReason.set(reason, (this.#rejectedByReason.get(reason) ?? 0) + 1);
  }

  /**
   * Does not wait for a stream that is silent in the middle of a line, while another one is not. A line that is longer than a
   * line may be is waited for, so that its last part is not taken for a line.
   */
  #bound(): void {
    if (this.#bytes <= MAX_PART_GROUP_BYTES && this.#lineCount < RECORD_BATCH_ROWS) return;
    for (const [stream, open] of this.#open) {
      if (open.bytes > MAX_LINE_BYTES) continue;
      open.isBroken = true;
      this.#close(stream, open);
    }
    if (!this.isClosed) this.#forget();
  }

  #forget(): void {
    if (this.#isTooLong) return;
    this.#isTooLong = true;
    this.#rejectedByReason = new Map();
    const lines = this.#lines.map(withoutContent);
    for (const { content } of lines) this.#count(content);
    this.#lines = lines.slice(0, MAX_REJECTED_LINES_KEPT);
  }
}

function withoutContent(line: JoinedLine): JoinedLine & { readonly content: RejectionReason } {
  return { ...line, content: typeof line.content === 'string' ? line.content : 'unfinished_line' };
}

const CR = 0x0d;

function contentOf({ parts, bytes, isBroken }: OpenLine): RejectionReason | Uint8Array {
  if (bytes > MAX_LINE_BYTES) return 'line_too_long';
  if (isBroken) return 'unfinished_line';
  const content = Buffer.concat(parts);
  return content.at(-1) === CR ? content.subarray(0, -1) : content;
}
