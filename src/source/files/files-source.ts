import { type FileHandle, open } from 'node:fs/promises';
import { DaymarkError } from '../../errors.ts';
import { FILE_SAMPLE_BYTES } from '../../limits.ts';
import { type BytePlace, type ByteReader, openByteReader } from '../byte-reader.ts';
import type { ArchiveEnd } from '../compression/archive-reader.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  FoundPartition,
  Partition,
  PartitionReader,
  Sample,
  Source,
  SourceProblem,
} from '../contract.ts';
import { pathError } from '../path-error.ts';
import { type AssignedFile, assignFiles, hasMore, type LogFile } from './assign.ts';
import { readBeginning } from './beginning.ts';
import { type FoundFile, findFiles, versionOf } from './find.ts';

/**
 * Log files: those named, and in the directories named those with names of logs (`log-name.ts`). A partition is a
 * file, known by its content (`assign.ts`); its offset is a position in bytes, of a compressed file in those that come
 * out of it. Where a compressed file ends, and whether it is sound, shows when it is read to its end; that is
 * remembered for as long as the file stays the same.
 *
 * Delivery: at least once, see the contract.
 */
export class FilesSource implements Source {
  readonly #paths: readonly string[];
  #found: readonly FoundFile[] = [];
  /** By the version of the file. */
  #archiveEnds: ReadonlyMap<string, ArchiveEnd> = new Map();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  async discover(): Promise<Discovery> {
    const { files, problems } = await findFiles(this.#paths, this.#found);
    this.#found = files;
    const versions = new Set(files.map(({ version }) => version));
    this.#archiveEnds = new Map([...this.#archiveEnds].filter(([version]) => versions.has(version)));
    const logs = files.map((file) => ({ ...file, end: this.#endOf(file) }));
    return { assign: (known) => this.#assign(logs, known, problems) };
  }

  #endOf({ compression, sizeBytes, version }: FoundFile): ArchiveEnd | undefined {
    if (compression !== 'none') return this.#archiveEnds.get(version);
    return { contentBytes: sizeBytes, lineBytes: sizeBytes, error: undefined };
  }

  #assign(files: readonly LogFile[], known: readonly Partition[], found: readonly SourceProblem[]): Assigned {
    const { assigned, problems } = assignFiles(files, known);
    return {
      assignments: assigned
        .filter(({ file, partition }) => hasMore(file, partition.offset))
        .sort((a, b) => (a.file.path < b.file.path ? -1 : 1))
        .map((one) => this.#assignmentOf(one)),
      found: assigned.flatMap(foundOf),
      problems: [...found, ...problems, ...assigned.flatMap(problemsOf)],
    };
  }

  #assignmentOf({ file, partition, isNew }: AssignedFile): Assignment {
    return {
      partition,
      isNew,
      isNamed: file.isNamed,
      isSequential: file.compression !== 'none',
      availableBytes: file.end && file.end.contentBytes - partition.offset,
      sample: () => readSample(file.path),
      open: async () => {
        const reader = await openFile(file, partition.offset, (end) => this.#remember(file, end));
        // What was found is not there any more: the next look must not trust what it remembers.
        if (!reader) this.#found = [];
        return reader;
      },
    };
  }

  #remember({ version }: FoundFile, end: ArchiveEnd): void {
    this.#archiveEnds = new Map([...this.#archiveEnds, [version, end]]);
  }
}

function foundOf({ file, partition }: AssignedFile): FoundPartition[] {
  const { compression, end, lastWriteMs } = file;
  if (end && end.contentBytes < partition.offset) return [];
  const isComplete = compression !== 'none' && end !== undefined && end.error === undefined;
  return [{ partitionId: partition.id, lastWriteMs, isComplete }];
}

/** What is wrong with the end of a file. Where its beginning is still to be read, it may be told twice. */
function problemsOf({ file, partition }: AssignedFile): SourceProblem[] {
  const { path, isNamed, isFresh, end } = file;
  if (!end) return [];
  if (end.error) {
    const mayPass = isFresh && end.error.code === 'TRUNCATED_ARCHIVE';
    // Not as of a named input: a run that is to stop for it has read it before.
    return [{ error: end.error, isNamed: false, mayPass }];
  }
  if (end.contentBytes >= partition.offset) return [];
  const detail = `${path} has ${end.contentBytes} bytes, but ${partition.offset} were read from it before.`;
  return [{ error: new DaymarkError('FILE_SHRANK', detail), isNamed }];
}

async function readSample(path: string): Promise<Sample> {
  return await readBeginning(path, FILE_SAMPLE_BYTES);
}

type Remember = (end: ArchiveEnd) => void;

/** @returns undefined where the file is not what was found, or ends before the offset. */
async function openFile(
  file: FoundFile,
  offset: number,
  remember: Remember,
): Promise<PartitionReader | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file.path, 'r');
    // Between the look and now the path may have been given to another file. What is open cannot change any more.
    const reader = (await isWhatWasFound(handle, file)) && (await openReader(handle, file, offset, remember));
    if (!reader) await handle.close();
    return reader || undefined;
  } catch (error) {
    await handle?.close();
    throw pathError(file.path, error);
  }
}

async function openReader(
  handle: FileHandle,
  { path: name, compression }: FoundFile,
  offset: number,
  remember: Remember,
): Promise<PartitionReader | undefined> {
  const place = { descriptor: handle.fd, compression, offset, name };
  const reader = await openByteReader(place);
  if (reader.hasReachedOffset) return new FileReader(handle, place, reader, remember);
  if (reader.end) remember(reader.end);
  await reader.close();
  return undefined;
}

/** A log that is written to must only begin as before; an archive that changed is another one. */
async function isWhatWasFound(
  handle: FileHandle,
  { compression, head, version }: FoundFile,
): Promise<boolean> {
  if (compression !== 'none') return versionOf(await handle.stat()) === version;
  const { buffer, bytesRead } = await handle.read(new Uint8Array(head.length), 0, head.length, 0);
  return bytesRead === head.length && Buffer.compare(buffer, head) === 0;
}

class FileReader implements PartitionReader {
  readonly place: BytePlace;
  readonly #file: FileHandle;
  readonly #reader: ByteReader;
  readonly #remember: Remember;

  constructor(file: FileHandle, place: BytePlace, reader: ByteReader, remember: Remember) {
    this.place = place;
    this.#file = file;
    this.#reader = reader;
    this.#remember = remember;
  }

  get startsInsideLine(): boolean {
    return this.#reader.startsInsideLine;
  }

  async read(target: Uint8Array): Promise<number> {
    try {
      return await this.#reader.read(target);
    } finally {
      if (this.#reader.end) this.#remember(this.#reader.end);
    }
  }

  async close(): Promise<void> {
    await this.#reader.close();
    await this.#file.close();
  }
}
