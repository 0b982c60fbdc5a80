import { randomUUID } from 'node:crypto';
import { read } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DaymarkError, messageOf } from '../../errors.ts';
import {
  ARCHIVE_PIPE_PIECE_BYTES,
  FILE_SAMPLE_BYTES,
  HEAD_FINGERPRINT_BYTES,
  READ_BLOCK_BYTES,
  TAIL_BYTES,
} from '../../limits.ts';
import { bytePosition, bytePositionText, untilByte } from '../byte-positions.ts';
import { ArchiveReader } from '../compression/archive-reader.ts';
import type { ArchiveBytes } from '../compression/decompress.ts';
import { compressionOf, MAGIC_BYTES } from '../compression/kinds.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  KnownPartitions,
  Lookback,
  Partition,
  PartitionReader,
  Position,
  Sample,
  Source,
} from '../contract.ts';
import { hasTail, headFingerprintOf, headKeyOf, headLength, isIdentifiedBy } from '../head-fingerprint.ts';
import { LookbackPieces } from '../lookback.ts';
import { ChecksumTap, type PrefixChecksums, readChecksums } from '../prefix-checksums.ts';

const STDIN = 0;
export const STANDARD_INPUT = '(standard input)';
/** How long to wait where the other end made the pipe non-blocking and it is empty. */
const RETRY_MS = 10;

const readDescriptor = promisify(read);

/**
 * Standard input, compressed or not: one partition, identified by its first bytes as a file is. What the store already has of it
 * is skipped, so that a log counts once, even if it is piped in again or was read as a file before.
 *
 * Delivery: at least once, see the contract. A log whose pipe broke must be piped in again from its start.
 */
export class StandardInputSource implements Source {
  #pipe: Pipe | undefined;

  async discover(): Promise<Discovery> {
    this.#pipe ??= await openPipe();
    const pipe = this.#pipe;
    return { isUnchanged: false, assign: (known) => assign(pipe, known) };
  }

  positionText(position: Position): string {
    return bytePositionText(position);
  }

  close(): void {
    // The descriptor is the process's.
  }
}

/** Standard input itself, decompressed. It can be read only once, so all readers share one position. */
class Pipe {
  readonly head: Sample;
  readonly #input: Input;
  #position: number;
  /** The last bytes before the position. */
  #last: Uint8Array;
  readonly #tap = new ChecksumTap();

  constructor(input: Input, head: Sample) {
    this.#input = input;
    this.head = head;
    this.#position = head.bytes.length;
    this.#last = head.bytes.slice(-TAIL_BYTES);
    this.#tap.push(head.bytes);
  }

  /** Reads from a position on. Bytes that were read before cannot be had again. */
  async readAt(position: number, target: Uint8Array): Promise<number> {
    const inHead = this.head.bytes.subarray(position, position + target.length);
    if (inHead.length > 0) {
      target.set(inHead);
      return inHead.length;
    }
    if (position !== this.#position) {
      const detail =
        'Standard input was read on before another process committed a part of it. Pipe it in again: what is stored counts once.';
      throw new DaymarkError('READ_FAILED', detail);
    }
    const bytesRead = await this.#input.read(target);
    this.#position += bytesRead;
    this.#tap.push(target.subarray(0, bytesRead));
    const recent = target.subarray(Math.max(0, bytesRead - TAIL_BYTES), bytesRead);
    this.#last = Buffer.concat([this.#last, recent]).subarray(-TAIL_BYTES);
    return bytesRead;
  }

  /** Skips bytes up to a position. @param lookback is shown those that can be had: all at the first time. */
  async skipTo(position: number, lookback?: Lookback): Promise<void> {
    const block = new Uint8Array(READ_BLOCK_BYTES);
    const pieces = lookback && new LookbackPieces(lookback);
    if (this.#position === this.head.bytes.length) pieces?.see(this.head.bytes.subarray(0, position));
    while (this.#position < position) {
      const wanted = block.subarray(0, Math.min(position - this.#position, block.length));
      const bytesRead = await this.readAt(this.#position, wanted);
      pieces?.see(wanted.subarray(0, bytesRead));
      if (bytesRead === 0) {
        const detail = `Standard input ended at byte ${this.#position}; of the same log, ${position} bytes were read before.`;
        throw new DaymarkError('FILE_SHRANK', detail);
      }
    }
  }

  /** Those of all that was read. */
  get checksums(): PrefixChecksums {
    return this.#tap.checksums;
  }

  /** The bytes right before a position, TAIL_BYTES or all that there are; undefined where they cannot be had any more. */
  before(position: number): Uint8Array | undefined {
    if (position === this.#position) return this.#last;
    const isInHead = position <= this.head.bytes.length;
    return isInHead ? this.head.bytes.subarray(Math.max(0, position - TAIL_BYTES), position) : undefined;
  }
}

async function assign(pipe: Pipe, known: KnownPartitions): Promise<Assigned> {
  const { bytes } = pipe.head;
  if (bytes.length === 0) {
    const error = new DaymarkError('EMPTY_FILE', 'Nothing came from standard input.');
    return { ...NOTHING, problems: [{ error, isNamed: true, input: STANDARD_INPUT }] };
  }
  const candidates = await known.byHeadKeys([headKeyOf(bytes)]);
  const matches = candidates.filter((partition) => isContinued(bytes, partition, pipe.checksums));
  const [match] = matches.sort(
    (a, b) => headLength(b.headFingerprint) - headLength(a.headFingerprint) || b.offset - a.offset,
  );
  const assignment = assignmentOf(pipe, match);
  const found = { partitionId: assignment.partition.id, lastWriteMs: Date.now(), isOver: true };
  return { ...NOTHING, assignments: [assignment], found: [found] };
}

const NOTHING: Assigned = { assignments: [], found: [], problems: [], finished: [] };

/** Whether a stream with these first bytes continues a partition, as far as they show. */
function isContinued(bytes: Uint8Array, partition: Partition, present: PrefixChecksums): boolean {
  const { headFingerprint, offset, tailChecksum } = partition;
  if (!isIdentifiedBy(bytes, headFingerprint)) return false;
  if (readChecksums(partition).firstDifference(present) !== undefined) return false;
  return offset > bytes.length || hasTail(bytes.subarray(0, offset), tailChecksum);
}

function assignmentOf(pipe: Pipe, match: Partition | undefined): Assignment {
  const offset = match?.offset ?? bytePosition(0);
  const assignment: Assignment = {
    partition: {
      id: match?.id ?? randomUUID(),
      name: match?.name ?? STANDARD_INPUT,
      headFingerprint: headFingerprintOf(pipe.head.bytes.subarray(0, HEAD_FINGERPRINT_BYTES)),
      headKey: headKeyOf(pipe.head.bytes),
      checksums: match?.checksums ?? new Uint8Array(),
      inode: '',
      startOffset: match?.startOffset ?? bytePosition(0),
      offset,
      tailChecksum: match?.tailChecksum ?? '',
      isLive: true,
      addedMs: match?.addedMs ?? null,
    },
    isNew: !match,
    isNamed: true,
    isInspection: false,
    isSequential: true,
    isReadOnce: true,
    availableBytes: undefined,
    takesLastLine: true,
    lastWriteMs: undefined,
    sample: async () => pipe.head,
    open: async (_, lookback) => {
      await pipe.skipTo(offset, lookback);
      const before = pipe.before(offset) ?? new Uint8Array();
      if (before.length > 0 && match && !hasTail(before, match.tailChecksum)) throw otherContent(match);
      return new StandardInputReader(pipe, offset, before);
    },
    until: (end) => untilByte(assignment, end),
  };
  return assignment;
}

function otherContent({ name, offset }: Partition): DaymarkError {
  const detail = `Standard input begins like ${name}, which was read up to ${bytePositionText(offset)}, but has other bytes before that place.`;
  return new DaymarkError('OTHER_CONTENT', detail);
}

/** What comes from standard input, one byte after the other. */
interface Input {
  /** Fills `target` from its start. @returns how many bytes it wrote; 0 at the end, and ever after. */
  read(target: Uint8Array): Promise<number>;
}

async function openPipe(): Promise<Pipe> {
  const beginning = new Uint8Array(MAGIC_BYTES);
  const length = await fill(beginning, { read: readInput });
  const raw = new RawInput(beginning.subarray(0, length));
  const compression = compressionOf(beginning.subarray(0, length));
  const input = compression === 'none' ? raw : new ArchiveReader(raw, compression);
  const bytes = new Uint8Array(FILE_SAMPLE_BYTES);
  try {
    const sampled = await fill(bytes, input);
    return new Pipe(input, { bytes: bytes.subarray(0, sampled), isWhole: sampled < bytes.length });
  } catch (error) {
    if (!(input instanceof ArchiveReader) || !input.end || input.end.contentBytes === 0) throw error;
    // Reading on from here throws it again.
    return new Pipe(input, { bytes: bytes.subarray(0, input.end.contentBytes), isWhole: false });
  }
}

/** Reads until `target` is full or nothing comes any more. @returns how many bytes. */
async function fill(target: Uint8Array, input: Input): Promise<number> {
  let length = 0;
  for (let bytesRead = -1; bytesRead !== 0 && length < target.length; length += bytesRead) {
    bytesRead = await input.read(target.subarray(length));
  }
  return length;
}

/** Standard input as it comes, behind the first bytes that were read to detect its compression. */
class RawInput implements Input, ArchiveBytes {
  readonly name = STANDARD_INPUT;
  readonly pieceBytes = ARCHIVE_PIPE_PIECE_BYTES;
  readonly isRereadable = false;
  #beginning: Uint8Array;

  constructor(beginning: Uint8Array) {
    this.#beginning = beginning;
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#beginning.length === 0) return await readInput(target);
    const bytes = this.#beginning.subarray(0, target.length);
    target.set(bytes);
    this.#beginning = this.#beginning.subarray(bytes.length);
    return bytes.length;
  }
}

async function readInput(target: Uint8Array): Promise<number> {
  for (;;) {
    try {
      const { bytesRead } = await readDescriptor(STDIN, target, 0, target.length, null);
      return bytesRead;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN')
        throw new DaymarkError('READ_FAILED', `Standard input cannot be read: ${messageOf(error)}.`);
    }
    await delay(RETRY_MS);
  }
}

class StandardInputReader implements PartitionReader {
  readonly before: Uint8Array;
  readonly hasBytePositions = true;
  readonly #pipe: Pipe;
  readonly #start: number;
  #position: number;

  constructor(pipe: Pipe, position: number, before: Uint8Array) {
    this.#pipe = pipe;
    this.#start = position;
    this.#position = position;
    this.before = before;
  }

  async read(target: Uint8Array): Promise<number> {
    const bytesRead = await this.#pipe.readAt(this.#position, target);
    this.#position += bytesRead;
    return bytesRead;
  }

  positionAt(bytes: number): Position {
    return bytePosition(this.#start + bytes);
  }

  isIntact(): boolean {
    return true;
  }

  checksumsUpTo(offset: Position): Uint8Array {
    return this.#pipe.checksums.upTo(offset).bytes;
  }

  async close(): Promise<void> {
    // As of the source.
  }
}
