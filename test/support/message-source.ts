/**
 * A queue of messages in memory, as a source: a message holds whole lines, one or many, and the numbers of messages may
 * have gaps, as those of a compacted topic have.
 */

import type {
  Assigned,
  Assignment,
  Discovery,
  KnownPartitions,
  Partition,
  PartitionReader,
  Position,
  Source,
} from '../../src/source/contract.ts';

/** A line's number in its message has so many values. */
const LINES_A_MESSAGE = 2 ** 20;
const LF = 0x0a;
const NEWLINE = Uint8Array.of(LF);

interface Message {
  readonly number: number;
  /** Lines; the last one may lack its newline. */
  readonly bytes: Uint8Array;
}

/** The position before a line of a message. Messages and lines count from 0. */
function messagePosition(message: number, line: number): Position {
  return (message * LINES_A_MESSAGE + line) as Position;
}

function messageOf(position: Position): { readonly number: number; readonly line: number } {
  const line = position % LINES_A_MESSAGE;
  return { number: (position - line) / LINES_A_MESSAGE, line };
}

/** What stays when the program ends: the queue. */
export class MessageQueue {
  readonly messages: Message[] = [];
  #next = 0;

  /** Adds a message. @param gap numbers to leave out before it. */
  append(text: string, gap = 0): void {
    this.messages.push({ number: this.#next + gap, bytes: Buffer.from(text) });
    this.#next += gap + 1;
  }

  /** The position behind the last message. */
  get end(): Position {
    return messagePosition(this.#next, 0);
  }
}

/** A partition for each queue. Delivery: at least once, see the contract. */
export class MessageSource implements Source {
  readonly #queues: readonly MessageQueue[];
  readonly sharedWork?: () => string;
  #seenEnds = '';

  /** @param work a name of the queues, where several processes divide them. */
  constructor(queues: MessageQueue | readonly MessageQueue[], work?: string) {
    this.#queues = queues instanceof MessageQueue ? [queues] : queues;
    if (work !== undefined) this.sharedWork = () => work;
  }

  async discover(): Promise<Discovery> {
    const ends = this.#queues.map(({ end }) => end).join();
    const isUnchanged = this.#seenEnds === ends;
    this.#seenEnds = ends;
    return { isUnchanged, assign: (known) => this.#assign(known) };
  }

  positionText(position: Position): string {
    const { number, line } = messageOf(position);
    return `message ${number}, line ${line + 1}`;
  }

  close(): void {
    // Nothing is kept open.
  }

  async #assign(known: KnownPartitions): Promise<Assigned> {
    const queues = this.#queues.map((queue, i) => ({ queue, partition: partitionOf(i) }));
    const stored = await known.byIds(queues.map(({ partition }) => partition.id));
    const found = stored.map(({ id }) => ({ partitionId: id, lastWriteMs: 0, isOver: false }));
    const assignments = queues.flatMap(({ queue, partition }) => {
      const present = stored.find(({ id }) => id === partition.id);
      const { offset } = present ?? partition;
      return offset < queue.end ? [assignmentOf(queue, present ?? partition, !present)] : [];
    });
    return { assignments, found, problems: [], finished: [] };
  }
}

function assignmentOf(queue: MessageQueue, partition: Partition, isNew: boolean, end?: Position): Assignment {
  return {
    ...{ partition, isNew, isNamed: true, isInspection: false, isSequential: true },
    ...{ availableBytes: undefined, takesLastLine: end !== undefined, lastWriteMs: undefined },
    sample: async () => ({ bytes: queue.messages[0]?.bytes ?? new Uint8Array(), isWhole: false }),
    open: async () => new MessageReader(queue, partition.offset, end),
    until: (bound) => assignmentOf(queue, partition, isNew, bound),
  };
}

const START = messagePosition(0, 0);

const partitionOf = (number: number): Partition => ({
  ...{
    id: `queue-${number}`,
    name: `queue/${number}`,
    headFingerprint: 'queue',
    headKey: '',
    inode: '',
    tailChecksum: '',
  },
  ...{ checksums: new Uint8Array(), isLive: true, addedMs: null },
  ...{ startOffset: START, offset: START },
});

/** Lines of a message that were handed out, or are about to be. */
interface Piece {
  readonly number: number;
  readonly firstLine: number;
  /** Bytes that were handed out before it. */
  readonly start: number;
  readonly bytes: Uint8Array;
}

class MessageReader implements PartitionReader {
  readonly before: Uint8Array;
  readonly hasBytePositions = false;
  readonly #messages: Iterator<Message>;
  readonly #start: Position;
  readonly #end: Position;
  /** Pieces of which a position may still be asked; the last one may not be handed out to its end. */
  #pieces: Piece[] = [];
  #handedOut = 0;
  #asked = 0;
  /** The position behind all that was handed out. */
  #behind: Position;

  constructor({ messages }: MessageQueue, start: Position, end: Position | undefined) {
    const { number } = messageOf(start);
    this.before = start === START ? new Uint8Array() : NEWLINE;
    this.#messages = messages.filter((message) => message.number >= number).values();
    this.#start = start;
    this.#behind = start;
    this.#end = end ?? messagePosition(Number.MAX_SAFE_INTEGER / LINES_A_MESSAGE, 0);
  }

  async read(target: Uint8Array): Promise<number> {
    const piece = this.#presentPiece();
    if (!piece) return 0;
    const from = this.#handedOut - piece.start;
    const bytes = piece.bytes.subarray(from, from + target.length);
    target.set(bytes);
    this.#handedOut += bytes.length;
    return bytes.length;
  }

  /** The piece of which not all was handed out. */
  #presentPiece(): Piece | undefined {
    for (;;) {
      const last = this.#pieces.at(-1);
      if (last && this.#handedOut < last.start + last.bytes.length) return last;
      const { value: message } = this.#messages.next();
      if (!message || messagePosition(message.number, 0) >= this.#end) return undefined;
      this.#pieces.push(this.#pieceOf(message));
    }
  }

  #pieceOf({ number, bytes }: Message): Piece {
    const [start, end] = [this.#start, this.#end].map(messageOf);
    const firstLine = number === start?.number ? start.line : 0;
    const lines = linesOf(bytes).slice(firstLine, number === end?.number ? end.line : undefined);
    this.#behind = number === end?.number ? this.#end : messagePosition(number + 1, 0);
    return { number, firstLine, start: this.#handedOut, bytes: Buffer.concat(lines) };
  }

  positionAt(bytes: number): Position {
    if (bytes < this.#asked) throw new Error('a position further back was asked for');
    if (bytes > this.#handedOut) throw new Error('a position of bytes that nobody has was asked for');
    this.#asked = bytes;
    if (bytes === 0 && this.#pieces.length === 0) return this.#start;
    this.#pieces = this.#pieces.filter((piece) => bytes <= piece.start + piece.bytes.length);
    const piece = this.#pieces.find(
      ({ start, bytes: all }) => start <= bytes && bytes < start + all.length && start < this.#handedOut,
    );
    if (!piece) return this.#behind;
    const taken = piece.bytes.subarray(0, bytes - piece.start);
    if (taken.length > 0 && taken.at(-1) !== LF) throw new Error('a position inside a line was asked for');
    return messagePosition(piece.number, piece.firstLine + linesOf(taken).length);
  }

  isIntact(): boolean {
    return true;
  }

  checksumsUpTo(): Uint8Array {
    return new Uint8Array();
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}

/** Each with its newline. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let begin = 0; begin < bytes.length; ) {
    const newline = bytes.indexOf(LF, begin);
    const line = bytes.subarray(begin, newline < 0 ? bytes.length : newline);
    lines.push(Buffer.concat([line, NEWLINE]));
    begin += line.length + 1;
  }
  return lines;
}
