import { bug, DaymarkError } from '../../errors.ts';
import { MAX_HELD_KAFKA_BYTES, MAX_MESSAGE_LINES } from '../../limits.ts';
import type { PartitionReader, Position, StandInLine } from '../contract.ts';
import type { FetchedBatch, FetchedBatches } from './batch-fetcher.ts';
import type { KafkaCluster } from './cluster.ts';
import { brokerError, unreadable } from './kafka-error.ts';
import type { LedPartition } from './led-partition.ts';
import { type MessageLines, standIn, trimmed } from './message-lines.ts';
import { type MessagePlace, nameOf, positionOf } from './position.ts';
import { release } from './released-bytes.ts';

const LF = 0x0a;

/** What the reader asks brokers for. */
export type Fetching = Pick<KafkaCluster, 'fetch'>;

export interface ReadingPlan {
  readonly led: LedPartition;
  /** The offset that positions count from. */
  readonly base: number;
  readonly from: MessagePlace;
  /** Behind the last message or line to read. */
  readonly to: MessagePlace;
  /** The partition's first line is not behind another one. */
  readonly isBeginning: boolean;
  /** The offset before which nothing is there any more, where that is behind `from`. */
  readonly gapTo: number | undefined;
  /** The state of the epochs at `from`, as the store has it. */
  readonly lastEpoch: Uint8Array;
}

/** Hears that the end was reached: behind the position, no line is left before the offset. */
export type Ended = (position: Position, next: number) => void;

/** Lines that were handed out, or are about to be. */
interface Piece extends MessageLines {
  /** Bytes that were handed out before it. */
  readonly begin: number;
  /** Lines of its first message that are not in it. */
  readonly skippedLines: number;
  /** The place behind its last message. */
  readonly behind: MessagePlace;
  readonly leaderEpoch: number;
}

/**
 * Reads a partition of a topic from one place to another. It holds at most the answer that it hands out, the next one, which is on
 * its way meanwhile, and the lines of the batches of which a position may still be asked.
 */
export class KafkaPartitionReader implements PartitionReader {
  readonly before: Uint8Array;
  readonly hasBytePositions = false;
  readonly #plan: ReadingPlan;
  readonly #fetching: Fetching;
  readonly #ended: Ended;
  #answer: OpenAnswer | undefined;
  #ahead: { readonly offset: number; readonly answer: Promise<FetchedBatches> } | undefined;
  /** The offset of the next message to take. */
  #next: number;
  /** The epoch of the last batch; −1: unknown. */
  #epoch = -1;
  /** A batch that began elsewhere than the one before has ended: where it was expected, and where it begins. */
  #unexpected: string | undefined;
  #pieces: Piece[] = [];
  /** Of each buffer, the batches and pieces whose lines lie in it, and that are still needed. */
  readonly #uses = new Map<ArrayBufferLike, number>();
  #heldBytes = 0;
  /** The piece that is being handed out. */
  #present = 0;
  #handedOut = 0;
  #made = 0;
  /** Of the last position that was asked for. */
  #asked = 0;
  #askedPlace: MessagePlace;
  #askedEpoch = -1;
  /** The last line that was counted in a message. */
  #counted:
    | { readonly piece: Piece; readonly message: number; readonly at: number; readonly line: number }
    | undefined;
  #failure: unknown;

  constructor(plan: ReadingPlan, fetching: Fetching, ended: Ended = () => undefined) {
    this.#plan = plan;
    this.#fetching = fetching;
    this.#ended = ended;
    this.#next = plan.gapTo ?? plan.from.offset;
    this.#askedPlace = plan.from;
    this.before = plan.isBeginning ? new Uint8Array() : Uint8Array.of(LF);
    if (plan.gapTo !== undefined) this.#addGap(plan.from, plan.gapTo);
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#failure) throw this.#failure;
    let filled = 0;
    try {
      for (;;) {
        filled += this.#fill(target.subarray(filled));
        if (filled === target.length || !(await this.#takeBatch(filled === 0))) return filled;
      }
    } catch (error) {
      // What stands before the error counts.
      if (filled === 0) throw error;
      this.#failure = error;
      return filled;
    }
  }

  /** Hands out what there is of the present piece. */
  #fill(target: Uint8Array): number {
    const piece = this.#pieces[this.#present];
    if (!piece) return 0;
    const from = this.#handedOut - piece.begin;
    const bytes = piece.bytes.subarray(from, from + target.length);
    target.set(bytes);
    this.#handedOut += bytes.length;
    if (this.#handedOut === piece.begin + piece.bytes.length) this.#present++;
    return bytes.length;
  }

  positionAt(bytes: number): Position {
    if (bytes < this.#asked || bytes > this.#handedOut)
      throw bug('a position was asked for that nobody can know');
    this.#asked = bytes;
    const at = this.#pieces.findIndex(({ begin, bytes: { length } }) => bytes < begin + length);
    const piece = this.#pieces[at];
    const before = piece && bytes > piece.begin ? piece : this.#pieces.at(at < 0 ? -1 : at - 1);
    if (piece) this.#askedPlace = this.#placeIn(piece, bytes - piece.begin);
    else if (before) this.#askedPlace = before.behind;
    if (before && (at !== 0 || before === piece)) this.#askedEpoch = before.leaderEpoch;
    this.#forget(at < 0 ? this.#pieces.length : at);
    return positionOf(this.#askedPlace, this.#plan.base);
  }

  standIns(from: number, to: number): readonly StandInLine[] {
    return this.#pieces.flatMap(({ begin, standIns }) =>
      standIns
        .map(({ at, reason }) => ({ at: begin + at, reason }))
        .filter(({ at }) => at >= from && at < to),
    );
  }

  isIntact(): boolean {
    return true;
  }

  /** The epoch of the last message before the position that was asked for last. */
  checksumsUpTo(): Uint8Array {
    return this.#asked === 0 ? this.#plan.lastEpoch : epochBytes(this.#askedEpoch, this.#askedPlace);
  }

  async close(): Promise<void> {
    this.#ahead?.answer.catch(() => undefined);
    this.#ahead = undefined;
    this.#pieces = [];
    this.#counted = undefined;
    this.#answer = undefined;
    this.#uses.clear();
    this.#heldBytes = 0;
  }

  /**
   * The place of the line that begins at a byte of a piece. It counts on from the place before, where that is in the same message: to
   * count from the message's first line each time took 0.06 µs a line, for messages of a thousand lines of seven days (2026-11-30).
   */
  #placeIn(piece: Piece, at: number): MessagePlace {
    const { bytes, starts, offsets, skippedLines } = piece;
    if (at > 0 && bytes[at - 1] !== LF) throw bug('a position inside a line was asked for');
    const message = lastAtOrBefore(starts, at);
    const before = this.#counted;
    const goesOn = before?.piece === piece && before.message === message && before.at <= at;
    let line = goesOn ? before.line : message === 0 ? skippedLines : 0;
    const from = goesOn ? before.at : (starts[message] ?? 0);
    for (let lf = bytes.indexOf(LF, from); lf >= 0 && lf < at; lf = bytes.indexOf(LF, lf + 1)) line++;
    this.#counted = { piece, message, at, line };
    const offset = offsets[message] as number;
    // All lines that a message may have.
    return line === MAX_MESSAGE_LINES ? { offset: offset + 1, line: 0 } : { offset, line };
  }

  #forget(pieces: number): void {
    const gone = this.#pieces.splice(0, Math.min(pieces, this.#present));
    this.#present -= gone.length;
    for (const { bytes } of gone) this.#letGo(bytes.buffer);
  }

  #hold(buffer: ArrayBufferLike): void {
    const uses = this.#uses.get(buffer) ?? 0;
    if (uses === 0) this.#heldBytes += buffer.byteLength;
    this.#uses.set(buffer, uses + 1);
  }

  /** Gives the memory back behind the last use. */
  #letGo(buffer: ArrayBufferLike): void {
    const uses = (this.#uses.get(buffer) ?? 0) - 1;
    if (uses > 0) {
      this.#uses.set(buffer, uses);
      return;
    }
    this.#uses.delete(buffer);
    this.#heldBytes -= buffer.byteLength;
    release(buffer);
  }

  get isHoldingMuch(): boolean {
    return this.#heldBytes > MAX_HELD_KAFKA_BYTES;
  }

  /**
   * Takes the next batch.
   * @param mayWait false: gives up where the network would have to be waited for.
   * @returns false at the end.
   */
  async #takeBatch(mayWait: boolean): Promise<boolean> {
    while (!this.#isAtEnd) {
      if (!this.#answer) {
        if (!mayWait) return false;
        this.#answer = await this.#nextAnswer();
      }
      const batch = this.#nextBatch(this.#answer);
      if (batch && this.#isExpected(batch) && this.#take(batch, this.#answer)) return true;
    }
    this.#ended(positionOf(this.#pieces.at(-1)?.behind ?? this.#askedPlace, this.#plan.base), this.#next);
    return false;
  }

  /** @returns false where it holds no lines that count. */
  #take(batch: FetchedBatch, answer: OpenAnswer): boolean {
    const { to, from, gapTo } = this.#plan;
    if (++answer.at === answer.batches.length && !answer.problem) this.#answer = undefined;
    const { lines, lastOffset, leaderEpoch } = batch;
    this.#next = lastOffset + 1;
    this.#epoch = leaderEpoch;
    if (!lines) return false;
    const skippedLines = lines.offsets[0] === from.offset && gapTo === undefined ? from.line : 0;
    const isCut = skippedLines > 0 || lastOffset >= to.offset;
    return this.#add(isCut ? trimmed(lines, skippedLines, to) : lines, skippedLines, batch);
  }

  get #isAtEnd(): boolean {
    const { to } = this.#plan;
    return to.line === 0 ? this.#next >= to.offset : this.#next > to.offset;
  }

  #add(
    lines: MessageLines,
    skippedLines: number,
    { lastOffset, leaderEpoch }: Pick<FetchedBatch, 'lastOffset' | 'leaderEpoch'>,
  ): boolean {
    if (lines.bytes.length === 0) {
      this.#letGo(lines.bytes.buffer);
      return false;
    }
    // Behind the batch, and not behind its last line: a batch that cannot be unpacked has one line for all of its messages.
    const { to } = this.#plan;
    const behind = lastOffset >= to.offset ? to : { offset: lastOffset + 1, line: 0 };
    this.#pieces.push({ ...lines, begin: this.#made, skippedLines, behind, leaderEpoch });
    this.#made += lines.bytes.length;
    return true;
  }

  /** One line for all messages that were deleted before they were read. */
  #addGap(from: MessagePlace, to: number): void {
    const lines = standIn(from.offset, 'missing_messages', gapText(from, to));
    const behind = { offset: to, line: 0 };
    this.#hold(lines.bytes.buffer);
    this.#pieces.push({ ...lines, begin: 0, skippedLines: from.line, behind, leaderEpoch: -1 });
    this.#made = lines.bytes.length;
  }

  /**
   * Asks only for what was there when the source was polled. Where it does not come, that is no end: a broker answers nothing to a
   * client that is above its quota, and a new leader may not know yet how far it may answer. Where it is gone, the next poll tells.
   */
  async #nextAnswer(): Promise<OpenAnswer> {
    const { led } = this.#plan;
    const offset = this.#next;
    const ahead = this.#ahead?.offset === offset ? this.#ahead.answer : this.#fetch(offset);
    this.#ahead = undefined;
    let fetched = await ahead;
    for (let tries = 1; isEmpty(fetched) && tries < EMPTY_FETCHES; tries++)
      fetched = await this.#fetch(offset);
    if (fetched.errorCode !== 0) throw brokerError(fetched.errorCode, unreadable(led));
    if (isEmpty(fetched)) {
      const detail = `${unreadable(led)}: nothing comes from offset ${offset} on, though there are messages.`;
      throw new DaymarkError('KAFKA_UNAVAILABLE', detail);
    }
    const { batches, problem } = fetched;
    const behind = (batches.at(-1)?.lastOffset ?? 0) + 1;
    if (!problem && behind > offset && behind < this.#plan.to.offset) this.#fetchAhead(behind);
    for (const { lines } of batches) if (lines) this.#hold(lines.bytes.buffer);
    return { batches, at: 0, ...(problem && { problem }) };
  }

  #fetch(offset: number): Promise<FetchedBatches> {
    const { led, to } = this.#plan;
    return this.#fetching.fetch(led, offset, to.line === 0 ? to.offset : to.offset + 1);
  }

  #fetchAhead(offset: number): void {
    const answer = this.#fetch(offset);
    // It may fail while nobody waits for it.
    answer.catch(() => undefined);
    this.#ahead = { offset, answer };
  }

  /** The next batch of an answer; undefined behind its last one. @throws {DaymarkError} where that cannot be read. */
  #nextBatch({ batches, at, problem }: OpenAnswer): FetchedBatch | undefined {
    const batch = batches[at];
    if (batch) return batch;
    this.#answer = undefined;
    if (problem?.kind === 'corrupt') throw this.#corrupt(problem.why);
    if (!problem) return undefined;
    const detail = `${this.#placeName}: a batch of messages cannot be read: ${problem.why}.`;
    throw new DaymarkError('KAFKA_UNSUPPORTED', detail);
  }

  /**
   * The checksum does not cover where a batch begins, nor its epoch. So a batch that does not begin where the one before ended, as
   * behind messages that compaction removed, must come twice in the same way.
   */
  #isExpected({ baseOffset, lastOffset, leaderEpoch }: FetchedBatch): boolean {
    const { led } = this.#plan;
    if (lastOffset < this.#next || leaderEpoch > led.leaderEpoch || leaderEpoch < this.#epoch)
      throw this.#corrupt(`it has the offsets ${baseOffset} to ${lastOffset} and the epoch ${leaderEpoch}`);
    const seen = `${this.#next} ${baseOffset} ${leaderEpoch}`;
    if (
      (baseOffset === this.#next && leaderEpoch === (this.#epoch < 0 ? leaderEpoch : this.#epoch)) ||
      seen === this.#unexpected
    ) {
      this.#unexpected = undefined;
      return true;
    }
    this.#unexpected = seen;
    this.#dropAnswer();
    this.#ahead = undefined;
    return false;
  }

  #dropAnswer(): void {
    const { batches, at } = this.#answer ?? { batches: [], at: 0 };
    for (const { lines } of batches.slice(at)) if (lines) this.#letGo(lines.bytes.buffer);
    this.#answer = undefined;
  }

  #corrupt(why: string): DaymarkError {
    return new DaymarkError(
      'KAFKA_CORRUPT',
      `${this.#placeName}: the batch of messages there is damaged: ${why}.`,
    );
  }

  get #placeName(): string {
    return `${nameOf(this.#plan.led)} at offset ${this.#next}`;
  }
}

/** How often a broker is asked for the same before that is an outage. It waits KAFKA_FETCH_WAIT_MS each time. */
const EMPTY_FETCHES = 4;

function isEmpty({ errorCode, batches, problem }: FetchedBatches): boolean {
  return errorCode === 0 && batches.length === 0 && !problem;
}

interface OpenAnswer extends Pick<FetchedBatches, 'batches' | 'problem'> {
  /** Which batch is the next one. */
  at: number;
}

/** Words for messages that retention deleted before they were read. */
export function gapText({ offset }: MessagePlace, to: number): string {
  return `${to - offset} messages from offset ${offset} to ${to - 1} were deleted before they were read`;
}

function lastAtOrBefore(ascending: Uint32Array, value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((ascending[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

const EPOCH_BYTES = 12;

/** The epoch of the message before a place, for the store. */
function epochBytes(epoch: number, { offset }: MessagePlace): Uint8Array {
  const bytes = new Uint8Array(EPOCH_BYTES);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, epoch);
  view.setFloat64(4, offset);
  return bytes;
}

/**
 * The epoch of the message before a place, as the store has it.
 * @returns undefined where it is not known, or of another place.
 */
export function epochBefore(bytes: Uint8Array, { offset }: MessagePlace): number | undefined {
  if (bytes.length !== EPOCH_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, EPOCH_BYTES);
  const epoch = view.getInt32(0);
  return epoch >= 0 && view.getFloat64(4) === offset ? epoch : undefined;
}
