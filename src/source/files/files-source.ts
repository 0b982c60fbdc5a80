import { type FileHandle, open } from 'node:fs/promises';
import { DaymarkError } from '../../errors.ts';
import { FILE_SAMPLE_BYTES } from '../../limits.ts';
import { type BytePlace, type ByteReader, openByteReader } from '../byte-reader.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  Partition,
  PartitionReader,
  Sample,
  Source,
  SourceProblem,
} from '../contract.ts';
import { type AssignedFile, assignFiles } from './assign.ts';
import { type FoundFile, findFiles, pathError } from './find.ts';

/**
 * Log files: those named, and in the directories named those that end in `.log`. A partition is a file, known
 * by its content (`assign.ts`); its offset is a position in bytes.
 *
 * Delivery: at least once, see the contract.
 */
export class FilesSource implements Source {
  readonly #paths: readonly string[];
  #found: readonly FoundFile[] = [];

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  async discover(): Promise<Discovery> {
    const { files, problems } = await findFiles(this.#paths, this.#found);
    this.#found = files;
    return { assign: (known) => this.#assign(files, known, problems) };
  }

  #assign(
    files: readonly FoundFile[],
    known: readonly Partition[],
    found: readonly SourceProblem[],
  ): Assigned {
    const { assigned, problems } = assignFiles(files, known);
    const shrunk = assigned.filter(({ file, partition }) => file.sizeBytes < partition.offset);
    const unread = assigned.filter(({ file, partition }) => file.sizeBytes > partition.offset);
    return {
      assignments: unread
        .sort((a, b) => (a.file.path < b.file.path ? -1 : 1))
        .map((one) => this.#assignmentOf(one)),
      problems: [...found, ...problems, ...shrunk.map(shrankProblem)],
    };
  }

  #assignmentOf({ file, partition, isNew }: AssignedFile): Assignment {
    return {
      partition,
      isNew,
      isNamed: file.isNamed,
      availableBytes: file.sizeBytes - partition.offset,
      sample: () => readSample(file),
      open: async () => {
        const reader = await openFile(file, partition.offset);
        // What was found is not there any more: the next look must not trust what it remembers.
        if (!reader) this.#found = [];
        return reader;
      },
    };
  }
}

function shrankProblem({ file, partition }: AssignedFile): SourceProblem {
  const detail = `${file.path} has ${file.sizeBytes} bytes, but ${partition.offset} were read from it before.`;
  return { error: new DaymarkError('FILE_SHRANK', detail), isNamed: file.isNamed };
}

async function readSample(file: FoundFile): Promise<Sample> {
  const bytes = new Uint8Array(FILE_SAMPLE_BYTES);
  try {
    await using handle = await open(file.path, 'r');
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, bytesRead), isWhole: bytesRead >= file.sizeBytes };
  } catch (error) {
    throw pathError(file.path, error);
  }
}

async function openFile(file: FoundFile, offset: number): Promise<PartitionReader | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file.path, 'r');
    // Between the look and now the path may have been given to another file. What is open cannot change any more.
    if (await beginsWith(handle, file.head)) {
      const place = { descriptor: handle.fd, compression: 'none', offset, name: file.path } as const;
      return new FileReader(handle, place, await openByteReader(place));
    }
    await handle.close();
    return undefined;
  } catch (error) {
    await handle?.close();
    throw error instanceof DaymarkError ? error : pathError(file.path, error);
  }
}

async function beginsWith(handle: FileHandle, head: Uint8Array): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(new Uint8Array(head.length), 0, head.length, 0);
  return bytesRead === head.length && Buffer.compare(buffer, head) === 0;
}

class FileReader implements PartitionReader {
  readonly place: BytePlace;
  readonly #file: FileHandle;
  readonly #reader: ByteReader;

  constructor(file: FileHandle, place: BytePlace, reader: ByteReader) {
    this.place = place;
    this.#file = file;
    this.#reader = reader;
  }

  get startsInsideLine(): boolean {
    return this.#reader.startsInsideLine;
  }

  read(target: Uint8Array): Promise<number> {
    return this.#reader.read(target);
  }

  async close(): Promise<void> {
    await this.#reader.close();
    await this.#file.close();
  }
}
