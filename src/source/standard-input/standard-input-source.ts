import { randomUUID } from 'node:crypto';
import { read } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DaymarkError, messageOf } from '../../errors.ts';
import {
  ARCHIVE_PIPE_PIECE_BYTES,
  FILE_IDENTITY_BYTES,
  FILE_SAMPLE_BYTES,
  READ_BLOCK_BYTES,
} from '../../limits.ts';
import { ArchiveReader } from '../compression/archive-reader.ts';
import type { ArchiveBytes } from '../compression/decompress.ts';
import { compressionOf, MAGIC_BYTES } from '../compression/kinds.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  Partition,
  PartitionReader,
  Sample,
  Source,
} from '../contract.ts';
import { identityLength, identityOf, isIdentifiedBy } from '../identity.ts';

const STDIN = 0;
const LF = 0x0a;
const NAME = '(standard input)';
/** How long to wait where the other end made the pipe non-blocking and it is empty. */
const RETRY_MS = 10;

const readDescriptor = promisify(read);

/**
 * Standard input, compressed or not: one partition, known by its first bytes as a file is. What the store already has of it is read
 * past, so that the same log piped in again, or first read as a file, counts once.
 *
 * Delivery: at least once, see the contract; a pipe that broke is piped in again from its start.
 */
export class StandardInputSource implements Source {
  #pipe: Pipe | undefined;

  async discover(): Promise<Discovery> {
    this.#pipe ??= await openPipe();
    const pipe = this.#pipe;
    return { assign: (known) => assign(pipe, known) };
  }
}

/** Standard input itself, decompressed: it can be read once, so all readers share how far it was read. */
class Pipe {
  readonly head: Sample;
  readonly #input: Input;
  #position: number;

  constructor(input: Input, head: Sample) {
    this.#input = input;
    this.head = head;
    this.#position = head.bytes.length;
  }

  /** Reads from a position on; bytes that are gone cannot be had again. */
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
    return bytesRead;
  }

  /** Reads past what lies before a position and was not read yet. @returns the last byte of it, if it was read now. */
  async skipTo(position: number): Promise<number | undefined> {
    const block = new Uint8Array(READ_BLOCK_BYTES);
    let last: number | undefined;
    while (this.#position < position) {
      const wanted = block.subarray(0, Math.min(position - this.#position, block.length));
      const bytesRead = await this.readAt(this.#position, wanted);
      if (bytesRead === 0) {
        const detail = `Standard input ended ${position - this.#position} bytes before the place up to which it was read before.`;
        throw new DaymarkError('FILE_SHRANK', detail);
      }
      last = block[bytesRead - 1];
    }
    return last ?? this.head.bytes[position - 1];
  }
}

function assign(pipe: Pipe, known: readonly Partition[]): Assigned {
  const { bytes } = pipe.head;
  if (bytes.length === 0) {
    const error = new DaymarkError('EMPTY_FILE', 'Nothing came from standard input.');
    return { assignments: [], found: [], problems: [{ error, isNamed: true }] };
  }
  const matches = known.filter(({ identity }) => isIdentifiedBy(bytes, identity));
  const [match] = matches.sort((a, b) => identityLength(b.identity) - identityLength(a.identity));
  const assignment = assignmentOf(pipe, match);
  const found = { partitionId: assignment.partition.id, lastWriteMs: Date.now(), isComplete: true };
  return { assignments: [assignment], found: [found], problems: [] };
}

function assignmentOf(pipe: Pipe, match: Partition | undefined): Assignment {
  const offset = match?.offset ?? 0;
  return {
    partition: {
      id: match?.id ?? randomUUID(),
      name: match?.name ?? NAME,
      identity: identityOf(pipe.head.bytes.subarray(0, FILE_IDENTITY_BYTES)),
      offset,
    },
    isNew: !match,
    isNamed: true,
    isSequential: true,
    availableBytes: undefined,
    sample: async () => pipe.head,
    open: async () => {
      const last = offset === 0 ? LF : await pipe.skipTo(offset);
      return new StandardInputReader(pipe, offset, last !== undefined && last !== LF);
    },
  };
}

/** What comes from standard input, one byte after the other. */
interface Input {
  /** Fills `target` from its start and says how many bytes it wrote; 0 at the end, and ever after. */
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
    // It is thrown again to whoever reads on from here.
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

/** Standard input as it comes, with the first bytes, that were looked at, before it. */
class RawInput implements Input, ArchiveBytes {
  readonly name = NAME;
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
  readonly startsInsideLine: boolean;
  readonly #pipe: Pipe;
  #position: number;

  constructor(pipe: Pipe, position: number, startsInsideLine: boolean) {
    this.#pipe = pipe;
    this.#position = position;
    this.startsInsideLine = startsInsideLine;
  }

  async read(target: Uint8Array): Promise<number> {
    const bytesRead = await this.#pipe.readAt(this.#position, target);
    this.#position += bytesRead;
    return bytesRead;
  }

  async close(): Promise<void> {
    // The descriptor is the process's.
  }
}
