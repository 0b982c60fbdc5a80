import { dirname } from 'node:path';
import { fingerprintOf } from '../../fingerprint.ts';
import { FORK_MIN_BYTES, HEAD_FINGERPRINT_BYTES } from '../../limits.ts';
import type { ArchiveEnd } from '../compression/archive-reader.ts';
import type { Partition } from '../contract.ts';
import { hasTail, headLength } from '../head-fingerprint.ts';
import { PrefixChecksums, positionOf, positionsUpTo, readChecksums } from '../prefix-checksums.ts';
import type { ArchiveNotes } from './archive-notes.ts';
import type { FoundFile } from './find.ts';

/**
 * What makes two files one log: the same content; the same content in the same directory; or the same content in the same
 * file, by its device and inode.
 */
export type FileIdentity = 'content' | 'directory' | 'inode';

/** What a file was at the last poll. */
export interface Remembered {
  /** The partition that it was, or was a copy of. */
  readonly partitionId: string;
  /** Of a copy: its length. */
  readonly copyBytes: number | undefined;
  /** True where it is another log by now: the store must be asked which one. */
  readonly isDoubtful: boolean;
}

/** A file, and what it holds. */
export interface LogFile extends FoundFile {
  /** The path as partitions are named. */
  readonly name: string;
  /** Of an archive: what is known of it. */
  readonly notes: ArchiveNotes | undefined;
  /** Undefined for an archive that was not read to its end since it changed. */
  readonly end: ArchiveEnd | undefined;
  readonly remembered: Remembered | undefined;
  /** False for an archive that may still be written, while following. */
  readonly isSettled: boolean;
  /** True where it changed within the last minute, so that it may still be written. */
  readonly isFresh: boolean;
  /** True where nothing more is written to it, while following. */
  readonly isOver: boolean;
  /** True where its last line counts without a newline. */
  readonly takesLastLine: boolean;
}

/**
 * How a file is related to a partition:
 * - `continues`: it begins with all that was read of the partition;
 * - `behind`: it ends before that, and all of it was read: it is a copy that has not come as far;
 * - `differs`: it begins as the partition does, and then differs;
 * - `unread`: too little of an archive was read to know;
 * - `stranger`: not at all.
 */
export type Relation = 'continues' | 'behind' | 'differs' | 'unread' | 'stranger';

/** @see Relation */
export function relationOf(file: LogFile, partition: Partition, fileIdentity: FileIdentity): Relation {
  if (!isInScope(file, partition, fileIdentity) || !beginsAs(file, partition)) return 'stranger';
  const { end } = file;
  const isRemembered = file.remembered?.partitionId === partition.id && file.hasOnlyGrown && !isArchive(file);
  // For a file that was this partition before and has only grown, it is enough to compare the bytes before the offset.
  if (!(isRemembered && end && end.contentBytes >= partition.offset)) {
    const checksums = readChecksums(partition);
    const difference = checksums.firstDifference(checksumsOf(file, checksums.count));
    if (difference !== undefined) return isPreallocated(file, positionOf(difference)) ? 'behind' : 'differs';
  }
  if (!end) return isReadUpTo(file, partition) ? 'continues' : 'unread';
  if (end.contentBytes < partition.offset) return 'behind';
  if (holdsTailChecksum(file, end, partition)) return 'continues';
  return isPreallocated(file, partition.offset) ? 'behind' : 'differs';
}

/**
 * How much of a file that continues a partition is known to be that partition. While only lines were read that many logs begin
 * with, the checksums of what stood behind them tell the logs apart.
 */
export function knownBytes(file: LogFile, partition: Partition): number {
  const { offset } = partition;
  // The bytes behind the offset may have changed. So much that was read is no coincidence.
  if (differsBehindOffset(file, partition)) return offset < FORK_MIN_BYTES ? 0 : offset;
  const { count: most } = new PrefixChecksums(partition.checksums);
  const { count } = most <= positionsUpTo(offset) ? PrefixChecksums.NONE : checksumsOf(file, most);
  return Math.max(offset, count === 0 ? 0 : positionOf(Math.min(count, most) - 1));
}

/** Whether a file that continues a partition holds other bytes behind the offset than stood there when the log was added. */
export function differsBehindOffset(file: LogFile, partition: Partition): boolean {
  const checksums = new PrefixChecksums(partition.checksums);
  if (checksums.count <= positionsUpTo(partition.offset)) return false;
  return checksums.firstDifference(checksumsOf(file, checksums.count)) !== undefined;
}

/** Whether enough of an archive was read to know that it holds what was read of a partition. Opening it compares the tail. */
function isReadUpTo({ notes }: LogFile, { id, offset }: Partition): boolean {
  if (!notes || notes.readsAs === id) return true;
  return positionsUpTo(offset) <= notes.checksums.count;
}

function isInScope(file: LogFile, partition: Partition, fileIdentity: FileIdentity): boolean {
  if (fileIdentity === 'directory') return dirname(file.name) === dirname(partition.name);
  if (fileIdentity === 'inode') return partition.inode === '' || partition.inode === file.inode;
  return true;
}

/** Whether it begins with the first bytes of a partition, as far as both go. */
function beginsAs({ content }: LogFile, { headFingerprint, headKey, checksums }: Partition): boolean {
  const length = headLength(headFingerprint);
  if (length <= content.head.length) return content.headFingerprint(length) === headFingerprint;
  return headKey !== '' && content.headKey === headKey && (checksums.length > 0 || length < positionOf(0));
}

/** A file's checksums: all that are known of an archive, up to `count` of any other file. */
export function checksumsOf({ content, notes }: LogFile, count: number): PrefixChecksums {
  if (notes) return notes.checksums;
  return count === 0 ? PrefixChecksums.NONE : content.checksumsUpTo(positionOf(count - 1));
}

function holdsTailChecksum(file: LogFile, end: ArchiveEnd, partition: Partition): boolean {
  if (!file.notes) return file.content.hasTail(partition);
  if (file.notes.differsFrom(partition)) return false;
  return end.contentBytes > partition.offset || hasTail(end.tail, partition.tailChecksum);
}

/** Whether space before a position is preallocated and not written yet. A log that begins with NULs was truncated instead. */
function isPreallocated(file: LogFile, position: number): boolean {
  const { head } = file.content;
  return !isArchive(file) && head[0] !== 0 && file.content.endsInNuls && file.content.isNulBefore(position);
}

export function isArchive({ content }: LogFile): boolean {
  return content.compression !== 'none';
}

/**
 * Whether one file is the beginning of another, or all of it; undefined where an archive must be read to know.
 */
export function isBeginningOf(
  file: LogFile,
  other: LogFile,
  fileIdentity: FileIdentity,
): boolean | undefined {
  if (fileIdentity === 'inode') return false;
  if (fileIdentity === 'directory' && dirname(file.name) !== dirname(other.name)) return false;
  if (!beginAlike(file, other)) return false;
  const [end, otherEnd] = [file.end, other.end];
  if (end && otherEnd && end.contentBytes > otherEnd.contentBytes) return false;
  const ours = checksumsUpTo(file, end?.contentBytes ?? Number.POSITIVE_INFINITY);
  const theirs = checksumsUpTo(other, end?.contentBytes ?? Number.POSITIVE_INFINITY);
  if (ours.firstDifference(theirs) !== undefined) return false;
  if (!end || theirs.count < ours.count) return undefined;
  return endsWithin(file, end, other);
}

function beginAlike({ content }: LogFile, { content: other }: LogFile): boolean {
  const length = Math.min(content.head.length, other.head.length);
  const isSameKey = content.headKey === other.headKey || content.headKey === '';
  return isSameKey && content.headFingerprint(length) === other.headFingerprint(length);
}

/** All of a file's checksums that are known, up to an offset. */
export function checksumsUpTo({ content, notes }: LogFile, offset: number): PrefixChecksums {
  return notes ? notes.checksums.upTo(offset) : content.checksumsUpTo(offset);
}

/** Whether its last bytes stand in the other one; undefined where that must be decompressed again to know. */
function endsWithin(file: LogFile, end: ArchiveEnd, other: LogFile): boolean | undefined {
  if (other.notes) {
    const tail = file.notes ? end.tail : file.content.tailBytesBefore(end.contentBytes);
    const isAtEnd = other.end?.contentBytes === end.contentBytes;
    const tailChecksum = isAtEnd
      ? fingerprintOf(other.end.tail)
      : other.notes.tailChecksumAt(end.contentBytes);
    return tailChecksum === undefined ? undefined : tailChecksum === fingerprintOf(tail);
  }
  return file.notes
    ? other.content.holdsBefore(end.contentBytes, end.tail)
    : file.content.endsWithin(other.content);
}

/** True where a file may hold something to read behind the offset up to which it was read. */
export function hasMore(file: LogFile, offset: number): boolean {
  const { end, content, takesLastLine, isSettled } = file;
  if (isArchive(file) && !isSettled) return false;
  if (!end) return true;
  // The bytes before an error may end in the middle of a line.
  if (takesLastLine && !end.error) return end.contentBytes > offset;
  return isArchive(file) ? end.lineBytes > offset : content.hasLineBehind(offset);
}

/** The fields of a partition that come from its file. */
export function fingerprintsOf(
  file: LogFile,
): Pick<Partition, 'name' | 'headFingerprint' | 'headKey' | 'inode'> {
  const { content, name, inode } = file;
  const length = Math.min(content.head.length, HEAD_FINGERPRINT_BYTES);
  return { name, headFingerprint: content.headFingerprint(length), headKey: content.headKey, inode };
}
