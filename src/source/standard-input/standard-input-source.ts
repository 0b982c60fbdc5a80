import { randomUUID } from 'node:crypto';
import { read } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DaymarkError, messageOf } from '../../errors.ts';
import { FILE_IDENTITY_BYTES, FILE_SAMPLE_BYTES, READ_BLOCK_BYTES } from '../../limits.ts';
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
 * Standard input: one partition, known by its first bytes as a file is. What the store already has of it is read
 * past, so that the same log piped in again, or first read as a file, counts once.
 *
 * Delivery: at least once, see the contract; a pipe that broke is piped in again from its start.
 */
export class StandardInputSource implements Source {
  #head: Sample | undefined;

  async discover(): Promise<Discovery> {
    this.#head ??= await readHead();
    const head = this.#head;
    return { assign: (known) => assign(head, known) };
  }
}

function assign(head: Sample, known: readonly Partition[]): Assigned {
  if (head.bytes.length === 0) {
    const error = new DaymarkError('EMPTY_FILE', 'Nothing came from standard input.');
    return { assignments: [], problems: [{ error, isNamed: true }] };
  }
  const matches = known.filter(({ identity }) => isIdentifiedBy(head.bytes, identity));
  const [match] = matches.sort((a, b) => identityLength(b.identity) - identityLength(a.identity));
  return { assignments: [assignmentOf(head, match)], problems: [] };
}

function assignmentOf(head: Sample, match: Partition | undefined): Assignment {
  const offset = match?.offset ?? 0;
  return {
    partition: {
      id: match?.id ?? randomUUID(),
      name: match?.name ?? NAME,
      identity: identityOf(head.bytes.subarray(0, FILE_IDENTITY_BYTES)),
      offset,
    },
    isNew: !match,
    isNamed: true,
    availableBytes: undefined,
    sample: async () => head,
    open: async () => {
      const reader = new StandardInputReader(head.bytes);
      reader.startsInsideLine = await skip(reader, offset);
      return reader;
    },
  };
}

async function readHead(): Promise<Sample> {
  const bytes = new Uint8Array(FILE_SAMPLE_BYTES);
  let length = 0;
  let bytesRead = -1;
  while (length < bytes.length && bytesRead !== 0) {
    bytesRead = await readInput(bytes.subarray(length));
    length += bytesRead;
  }
  return { bytes: bytes.subarray(0, length), isWhole: bytesRead === 0 };
}

/** Reads past bytes. @returns true where the last of them ends no line. */
async function skip(reader: PartitionReader, bytes: number): Promise<boolean> {
  let last = LF;
  const block = new Uint8Array(READ_BLOCK_BYTES);
  for (let left = bytes; left > 0; ) {
    const bytesRead = await reader.read(block.subarray(0, Math.min(left, block.length)));
    if (bytesRead === 0) {
      const detail = `Standard input ended ${left} bytes before the place up to which it was read before.`;
      throw new DaymarkError('FILE_SHRANK', detail);
    }
    left -= bytesRead;
    last = block[bytesRead - 1];
  }
  return last !== LF;
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

/** Hands out the bytes that were looked at first, then what follows. */
class StandardInputReader implements PartitionReader {
  startsInsideLine = false;
  #head: Uint8Array;

  constructor(head: Uint8Array) {
    this.#head = head;
  }

  async read(target: Uint8Array): Promise<number> {
    if (this.#head.length === 0) return readInput(target);
    const part = this.#head.subarray(0, target.length);
    target.set(part);
    this.#head = this.#head.subarray(part.length);
    return part.length;
  }

  async close(): Promise<void> {
    // The descriptor is the process's.
  }
}
