import { randomUUID } from 'node:crypto';
import { DaymarkError } from '../../errors.ts';
import { FILE_IDENTITY_BYTES } from '../../limits.ts';
import type { ArchiveEnd } from '../compression/archive-reader.ts';
import type { Partition, SourceProblem } from '../contract.ts';
import { identityOf } from '../identity.ts';
import type { FoundFile } from './find.ts';
import { KnownPartitions } from './known-partitions.ts';

/** A file, and what it holds. */
export interface LogFile extends FoundFile {
  /** Undefined of an archive that was not read to its end since it changed. */
  readonly end: ArchiveEnd | undefined;
  /** False of an archive that is being written, while following. */
  readonly isSettled: boolean;
  /** True where it changed within the last minute, so that it may still be written. */
  readonly isFresh: boolean;
  /** True where nothing comes to it any more, while following. */
  readonly isOver: boolean;
  /** True where the end of its last line will not come. */
  readonly takesLastLine: boolean;
  /** True of an archive that was found, when it was read, not to go on with this partition. */
  isKnownToDiffer(partition: Partition): boolean;
}

/** A file and the partition that it is. */
export interface AssignedFile {
  readonly file: LogFile;
  readonly partition: Partition;
  readonly isNew: boolean;
}

export interface AssignedFiles {
  readonly assigned: readonly AssignedFile[];
  readonly problems: readonly SourceProblem[];
  /** Partitions whose files were rewritten. */
  readonly retired: readonly Partition[];
  /** Partitions that no file is. */
  readonly unmatched: readonly Partition[];
}

/**
 * Says which partition each file is. The rules, for a line that stands in two files counts once:
 *
 * 1. Of files of which one is the beginning of the other one is read; the others are SAME_CONTENT. They are that where their
 *    first FILE_IDENTITY_BYTES are the same, or all bytes of the shorter one, and its last ones, too. The one with something
 *    new is read, else the longest. How long an archive is, and how it ends, shows only when it is read to its end; until
 *    then it counts as such a copy, gives way to a file that is known to hold something new, and goes before those that do
 *    not: so it is read when they are, and nothing in it is lost.
 * 2. A file is the partition with the longest identity that its content begins with, if the bytes before the partition's
 *    offset are those that were read there (its mark). Where several files could be the same partition, it is the one under
 *    the partition's name, else the first; where a file could be several, that of its name, else the youngest.
 * 3. A file that begins as a partition of its own name, which no other file is, and does not go on with it was rewritten:
 *    it is a new partition, and the old one is retired (FILE_REWRITTEN).
 * 4. One that begins as a partition of another name, and holds less than was read of that, is a copy that has not come as
 *    far (COPY_BEHIND), unless that partition's own file is there and goes on otherwise.
 * 5. Any other file is a new partition.
 */
export function assignFiles(files: readonly LogFile[], known: readonly Partition[]): AssignedFiles {
  const index = new KnownPartitions(known, files);
  const { originals, problems } = setCopiesAside(
    files.map((file) => candidateOf(file, index)),
    index,
  );
  // The file under a partition's name comes first.
  const { underName = [], others = [] } = Object.groupBy(originals, (file) =>
    index.match(file)?.name === file.path ? 'underName' : 'others',
  );
  const matches = new Map([...underName, ...others].map((file) => [file, index.take(file)]));
  const nearest = new Map(
    [...matches].map(([file, match]) => [file, match ? undefined : index.nearest(file)]),
  );
  const copied = new Set(Array.from(nearest.values(), (near) => near?.is === 'behind' && near.partition));
  const assigned: AssignedFile[] = [];
  const retired: Partition[] = [];
  for (const [file, match] of matches) {
    const near = nearest.get(file);
    if (near?.is === 'behind') {
      problems.push(copyBehind(file, near.partition));
      continue;
    }
    // Where a copy of it was made, it was truncated as it should be, and the copy must still be recognised.
    if (near?.is === 'rewritten' && !copied.has(near.partition)) {
      retired.push(near.partition);
      problems.push(rewritten(file, near.partition));
    }
    assigned.push({ file, partition: partitionOf(file, match), isNew: !match });
  }
  return { assigned, problems, retired, unmatched: index.unmatched.filter((one) => !retired.includes(one)) };
}

function partitionOf(file: LogFile, match: Partition | undefined): Partition {
  return {
    id: match?.id ?? randomUUID(),
    name: file.path,
    identity: identityOf(file.content.head),
    offset: match?.offset ?? 0,
    mark: match?.mark ?? '',
    isLive: match?.isLive ?? true,
    addedMs: match?.addedMs ?? null,
  };
}

/** True where a file may hold something to read behind the offset up to which it was read. */
export function hasMore(file: LogFile, offset: number): boolean {
  const { end, content, takesLastLine, isSettled } = file;
  if (!end) return isSettled;
  // What comes before an error is not known to be a whole line.
  if (takesLastLine && !end.error) return end.contentBytes > offset;
  return content.compression === 'none' ? content.hasLineBehind(offset) : end.lineBytes > offset;
}

/** A file, and what rule 1 goes by. */
interface Candidate {
  readonly file: LogFile;
  readonly isKnownByName: boolean;
  /** 2: it holds something new, 1: it may, 0: it does not. */
  readonly newness: 0 | 1 | 2;
}

function candidateOf(file: LogFile, index: KnownPartitions): Candidate {
  const match = index.match(file);
  const isBehind = !match && index.nearest(file)?.is === 'behind';
  const mayHoldMore = !isBehind && hasMore(file, match?.offset ?? 0);
  const newness = mayHoldMore ? (file.end ? 2 : 1) : 0;
  return { file, isKnownByName: index.names.has(file.path), newness };
}

/**
 * Applies rule 1. In the order of their heads, a file that is the beginning of others stands before them, and all those of
 * the same head stand together.
 */
function setCopiesAside(
  candidates: readonly Candidate[],
  index: KnownPartitions,
): { originals: LogFile[]; problems: SourceProblem[] } {
  const originals: LogFile[] = [];
  const problems: SourceProblem[] = [];
  for (const { file } of candidates.toSorted(comparePreference).reverse()) {
    const original = originalOf(file, originals, index);
    if (!original) originals.push(file);
    // That a log is still open, and compressed already, is as it should be.
    else if (!file.isDeparted && !original.isDeparted) problems.push(sameContent(file, original));
  }
  return { originals, problems };
}

/** The one of which a file is a copy. */
function originalOf(
  file: LogFile,
  originals: readonly LogFile[],
  index: KnownPartitions,
): LogFile | undefined {
  const { head } = file.content;
  for (let i = originals.length - 1; i >= 0; i--) {
    const original = originals[i];
    if (!isBeginningOf(head, original.content.head)) return undefined;
    if (head.length < FILE_IDENTITY_BYTES || isCopy(file, original, index)) return original;
  }
  return undefined;
}

/** By head; then what is to be set aside first. */
function comparePreference(a: Candidate, b: Candidate): number {
  return (
    Buffer.compare(a.file.content.head, b.file.content.head) ||
    a.newness - b.newness ||
    (a.file.end?.contentBytes ?? 0) - (b.file.end?.contentBytes ?? 0) ||
    Number(isArchive(b.file)) - Number(isArchive(a.file)) ||
    Number(a.isKnownByName) - Number(b.isKnownByName) ||
    (a.file.path < b.file.path ? 1 : -1)
  );
}

function isBeginningOf(head: Uint8Array, other: Uint8Array): boolean {
  return head.length <= other.length && Buffer.compare(head, other.subarray(0, head.length)) === 0;
}

function isArchive({ content }: LogFile): boolean {
  return content.compression !== 'none';
}

/** Whether one of two files of the same head is the beginning of the other, as far as that is known. */
function isCopy(a: LogFile, b: LogFile, index: KnownPartitions): boolean {
  if (isArchive(a) && isArchive(b)) return true;
  if (isArchive(a)) return isCopyOfArchive(b, a, index);
  if (isArchive(b)) return isCopyOfArchive(a, b, index);
  return a.content.isCopyOf(b.content);
}

function isCopyOfArchive({ content }: LogFile, archive: LogFile, index: KnownPartitions): boolean {
  const { end } = archive;
  if (!end && index.mayBeContested(archive)) return false;
  if (!end || end.contentBytes > content.sizeBytes) return true;
  return content.holdsBefore(end.contentBytes, end.tail);
}

function sameContent(file: LogFile, original: LogFile): SourceProblem {
  const detail = `${file.path} begins with the same content as ${original.path} and is not read.`;
  return { error: new DaymarkError('SAME_CONTENT', detail), isNamed: false, mayPass: file.isFresh };
}

function copyBehind({ path, end }: LogFile, { name, offset }: Partition): SourceProblem {
  const detail = `${path} has ${end?.contentBytes} bytes and begins as ${name}, of which ${offset} were read: a copy that has not come as far. Nothing of it is counted.`;
  return { error: new DaymarkError('COPY_BEHIND', detail), isNamed: false };
}

function rewritten({ path, end }: LogFile, { offset }: Partition): SourceProblem {
  const size = end ? ` It has ${end.contentBytes} bytes, and` : '';
  const detail = `${path} does not hold any more what was read of it.${size} ${offset} were read before.`;
  return { error: new DaymarkError('FILE_REWRITTEN', detail), isNamed: false };
}
