import { basename, dirname, join, resolve } from 'node:path';
import {
  ARCHIVE_QUIET_MS,
  ARCHIVE_SETTLED_MS,
  FILE_IDENTITY_BYTES,
  FILE_SAMPLE_BYTES,
  ROTATED_QUIET_MS,
} from '../../limits.ts';
import type { ArchiveEnd } from '../compression/archive-reader.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  FoundPartition,
  Partition,
  Source,
  SourceProblem,
  YieldPoint,
} from '../contract.ts';
import { identityOf } from '../identity.ts';
import { ArchiveOpenings } from './archive-openings.ts';
import { type AssignedFile, assignFiles, hasMore, type LogFile } from './assign.ts';
import { beginningOf } from './beginning.ts';
import { openPartition, withFile } from './file-reader.ts';
import { type Found, type FoundFile, findFiles, isFound, type SeenFile } from './find.ts';
import { HeldFiles } from './held-files.ts';
import { isRotatedName } from './log-name.ts';
import { MissingPartitions } from './missing-partitions.ts';

export interface FilesSettings {
  /** True where files are looked at again and again: they are kept open, and a last line waits for its end. */
  readonly isFollowing: boolean;
  /** How long a file must be quiet before its last line is taken without its newline, while following; 0: for ever. */
  readonly lastLineWaitMs: number;
  /** The system time, in ms since 1970. */
  readonly nowMs: () => number;
}

const READ_ONCE: FilesSettings = { isFollowing: false, lastLineWaitMs: 0, nowMs: Date.now };

const NOTHING: Found = { files: new Map(), problems: [] };

/** What was found out about an archive. */
interface ArchiveMemory {
  end?: ArchiveEnd;
  /** The partitions that it does not go on with, by id and mark. */
  readonly differsFrom: Set<string>;
}

/**
 * Log files: those named, and in the directories named those with names of logs (`log-name.ts`). A partition is a
 * file, known by its content (`assign.ts`); its offset is a position in bytes, of a compressed file in those that come
 * out of it. Where a compressed file ends, and whether it is sound, shows when it is read to its end; that is
 * remembered for as long as the file stays the same.
 *
 * Files that are followed are kept open (`held-files.ts`), so that one whose path leads to another file by now, or
 * nowhere, is read to its end.
 *
 * Delivery: at least once, see the contract.
 */
export class FilesSource implements Source {
  readonly #paths: readonly string[];
  readonly #settings: FilesSettings;
  readonly #held: HeldFiles | undefined;
  readonly #missing: MissingPartitions;
  /** Undefined where nobody waits. */
  readonly #openings: ArchiveOpenings | undefined;
  #found = NOTHING;
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** By the stamp of the file. */
  readonly #archives = new Map<string, ArchiveMemory>();

  constructor(paths: readonly string[], settings = READ_ONCE) {
    this.#paths = paths.map((path) => resolve(path));
    this.#settings = settings;
    this.#held = settings.isFollowing ? new HeldFiles() : undefined;
    this.#openings = settings.isFollowing ? new ArchiveOpenings() : undefined;
    this.#missing = new MissingPartitions(this.#paths);
  }

  async discover(): Promise<Discovery> {
    const nowMs = this.#settings.nowMs();
    const before = this.#found;
    this.#held?.releaseDone();
    this.#openings?.begin();
    const found = await findFiles(this.#paths, before, this.#held, nowMs, this.#openings);
    const isUnchanged = isSame(found, before) && !this.#isDueBetween(this.#lookedMs, nowMs);
    this.#found = found;
    this.#lookedMs = nowMs;
    this.#forgetArchives(found);
    return { isUnchanged, assign: async (known) => this.#assign(found, known, nowMs) };
  }

  close(): void {
    this.#held?.close();
  }

  /** Whether a time has come at which something is to be done, though no file changed. */
  #isDueBetween(beforeMs: number, nowMs: number): boolean {
    const { lastLineWaitMs } = this.#settings;
    const waits = [ARCHIVE_SETTLED_MS, ROTATED_QUIET_MS, ...(lastLineWaitMs > 0 ? [lastLineWaitMs] : [])];
    const isDue = (dueMs: number) => dueMs > beforeMs && dueMs <= nowMs;
    for (const file of this.#found.files.values()) {
      const sinceMs = this.#quietSince(file);
      if (waits.some((waitMs) => isDue(sinceMs + waitMs))) return true;
      if (isDue(this.#rotatedSince(file) + ROTATED_QUIET_MS)) return true;
      if (isDue(file.lastWriteMs + ARCHIVE_QUIET_MS)) return true;
    }
    return this.#missing.dueMs.some(isDue);
  }

  /** Since when a file did not change, and its path was not given to another one. */
  #quietSince({ inode, quietSinceMs }: SeenFile): number {
    return Math.max(quietSinceMs, this.#held?.get(inode)?.departedMs ?? 0);
  }

  /** Since when nothing happened to a file, if it was rotated: its writer has a while from then on to hear of it. */
  #rotatedSince(file: SeenFile): number {
    return Math.max(this.#quietSince(file), this.#held?.get(file.inode)?.namedSinceMs ?? 0);
  }

  #forgetArchives({ files }: Found): void {
    if (this.#archives.size === 0) return;
    const stamps = new Set(Array.from(files.values(), ({ stamp }) => stamp));
    for (const stamp of this.#archives.keys()) if (!stamps.has(stamp)) this.#archives.delete(stamp);
  }

  #assign(found: Found, known: readonly Partition[], nowMs: number): Assigned {
    const seen = [...found.files.values()];
    const logs = seen.filter(isFound).map((file) => this.#logOf(file, found, nowMs));
    const { assigned, problems, retired, unmatched } = assignFiles(logs, known);
    this.#letGo(seen, assigned, nowMs);
    const gone = this.#settings.isFollowing ? this.#missing.gone(unmatched, found, nowMs) : [];
    return {
      assignments: assigned
        .filter(({ file, partition }) => hasMore(file, partition.offset))
        .sort((a, b) => (a.file.path < b.file.path ? -1 : 1))
        .map((one) => this.#assignmentOf(one)),
      found: assigned.flatMap(foundOf),
      problems: [
        ...found.problems,
        ...seen.flatMap((file) => problemsOfUnread(file, nowMs)),
        ...problems,
        ...assigned.flatMap(problemsOf),
      ],
      finished: [...assigned.filter(isAtEnd).map(({ partition }) => partition), ...gone],
      retired,
    };
  }

  #logOf(file: FoundFile, found: Found, nowMs: number): LogFile {
    const { isFollowing, lastLineWaitMs } = this.#settings;
    const { sizeBytes, compression } = file.content;
    const memory = this.#archives.get(file.stamp);
    const whole = { contentBytes: sizeBytes, lineBytes: sizeBytes, tail: new Uint8Array(), error: undefined };
    const quietMs = nowMs - this.#quietSince(file);
    const isQuiet = nowMs - this.#rotatedSince(file) >= ROTATED_QUIET_MS;
    const isOver = isFollowing && isRotated(file, found) && isQuiet;
    const hasWaited = compression === 'none' && lastLineWaitMs > 0 && quietMs >= lastLineWaitMs;
    return {
      ...file,
      end: compression === 'none' ? whole : memory?.end,
      isSettled: !isFollowing || quietMs >= ARCHIVE_SETTLED_MS,
      isFresh: isFresh(file, nowMs),
      isOver,
      takesLastLine: !isFollowing || isOver || hasWaited,
      isKnownToDiffer: (partition) => memory?.differsFrom.has(keyOf(partition)) ?? false,
    };
  }

  /** Has files that left their paths closed, when they were read to their ends, or cannot be. */
  #letGo(seen: readonly SeenFile[], assigned: readonly AssignedFile[], nowMs: number): void {
    const offsets = new Map(assigned.map(({ file, partition }) => [file.inode, partition.offset]));
    for (const file of seen) {
      const held = this.#held?.get(file.inode);
      if (held?.departedMs === undefined || nowMs - this.#rotatedSince(file) < ROTATED_QUIET_MS) continue;
      const offset = offsets.get(file.inode);
      const isRead = !isFound(file) || offset === undefined || offset >= file.content.sizeBytes;
      const stuck = held.stuck && held.stuck.offset === offset ? held.stuck : { offset, sinceMs: nowMs };
      held.stuck = stuck;
      held.isDone = isRead || nowMs - stuck.sinceMs >= ROTATED_QUIET_MS;
    }
  }

  #assignmentOf({ file, partition, isNew }: AssignedFile): Assignment {
    const { path, isNamed, end, content, takesLastLine, lastWriteMs } = file;
    const present = { ...partition };
    return {
      partition: present,
      isNew,
      isNamed,
      isSequential: content.compression !== 'none' || content.head.length < FILE_IDENTITY_BYTES,
      availableBytes: end && end.contentBytes - partition.offset,
      takesLastLine,
      lastWriteMs,
      sample: () => withFile(file, ({ fd }) => beginningOf(fd, path, FILE_SAMPLE_BYTES)),
      fixedContent: content.compression === 'none' ? undefined : file.stamp,
      open: async (yieldPoint) => {
        const opened = await this.#open(file, partition, yieldPoint);
        if (opened) present.identity = identityOf(opened.head);
        else this.#forget(file);
        return opened?.reader;
      },
    };
  }

  /** What was found is not there any more: the next look must not trust what it remembers. */
  #forget(file: FoundFile): void {
    const files = [...this.#found.files].filter(([, { inode }]) => inode !== file.inode);
    this.#found = { ...this.#found, files: new Map(files) };
  }

  #open(
    file: LogFile,
    partition: Partition,
    yieldPoint: YieldPoint | undefined,
  ): ReturnType<typeof openPartition> {
    const memory = (): ArchiveMemory => {
      const remembered = this.#archives.get(file.stamp) ?? { differsFrom: new Set<string>() };
      this.#archives.set(file.stamp, remembered);
      return remembered;
    };
    const isToEnd = this.#settings.isFollowing && file.takesLastLine;
    const notes = {
      ended: (end: ArchiveEnd) => {
        memory().end = end;
      },
      differs: () => memory().differsFrom.add(keyOf(partition)),
    };
    return openPartition(file, partition, isToEnd, notes, yieldPoint);
  }
}

function keyOf({ id, mark }: Partition): string {
  return `${id} ${mark}`;
}

function isSame(a: Found, b: Found): boolean {
  if (a.files.size !== b.files.size || problemsIn(a) !== problemsIn(b)) return false;
  for (const [key, file] of a.files) if (b.files.get(key) !== file) return false;
  return true;
}

function problemsIn({ problems }: Found): string {
  return problems.map(({ error }) => error.message).join('\n');
}

/** Whether a log is written to no more, but by a writer that does not know it yet; an archive is written once. */
function isRotated({ path, content, isDeparted }: FoundFile, { files }: Found): boolean {
  if (content.compression !== 'none' || isDeparted || content.held?.wasRenamed) return true;
  return isRotatedName(basename(path), (name) => files.has(join(dirname(path), name)));
}

/** True where it changed within the last minute, so that it may still be written. */
function isFresh({ lastWriteMs }: SeenFile, nowMs: number): boolean {
  return nowMs - lastWriteMs < ARCHIVE_QUIET_MS;
}

/** True where a partition was read to the end of a file to which nothing comes any more. */
function isAtEnd({ file: { isOver, end }, partition, isNew }: AssignedFile): boolean {
  return (
    isOver &&
    !isNew &&
    partition.isLive &&
    end?.error === undefined &&
    end !== undefined &&
    partition.offset >= end.contentBytes
  );
}

function problemsOfUnread(file: SeenFile, nowMs: number): SourceProblem[] {
  // A directory may hold logs to which nothing was written yet.
  if (isFound(file) || (file.error.code === 'EMPTY_FILE' && !file.isNamed)) return [];
  const { error, isNamed } = file;
  return [{ error, isNamed, mayPass: error.code === 'TRUNCATED_ARCHIVE' && isFresh(file, nowMs) }];
}

function foundOf({ file, partition }: AssignedFile): FoundPartition[] {
  const { end, lastWriteMs, isOver } = file;
  if (end && end.contentBytes < partition.offset) return [];
  return [{ partitionId: partition.id, lastWriteMs, isOver }];
}

/** What is wrong with the end of a file. Where its beginning is still to be read, it may be told twice. */
function problemsOf({ file: { end, isFresh } }: AssignedFile): SourceProblem[] {
  if (!end?.error) return [];
  const mayPass = isFresh && end.error.code === 'TRUNCATED_ARCHIVE';
  // Not as of a named input: a run that is to stop for it has read it before.
  return [{ error: end.error, isNamed: false, mayPass }];
}
