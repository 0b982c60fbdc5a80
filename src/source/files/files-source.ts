import { basename, dirname, join, resolve } from 'node:path';
import { bug } from '../../errors.ts';
import {
  ARCHIVE_QUIET_MS,
  ARCHIVE_SETTLED_MS,
  FILE_SAMPLE_BYTES,
  HEAD_FINGERPRINT_BYTES,
  MAX_HELD_FILES,
  MISSING_POLL_MS,
  ROTATED_QUIET_MS,
} from '../../limits.ts';
import { bytePosition, bytePositionText, untilByte } from '../byte-positions.ts';
import { readAt } from '../byte-reader.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  FoundPartition,
  KnownPartitions,
  Partition,
  Position,
  Sample,
  Source,
  SourceProblem,
} from '../contract.ts';
import { readablePath } from '../file-path.ts';
import { headFingerprintOf, headKeyOf } from '../head-fingerprint.ts';
import { ArchiveOpenings } from './archive-openings.ts';
import { type AssignedFile, type AssignedFiles, assignFiles, rewrittenProblem } from './assign.ts';
import { beginningOf } from './beginning.ts';
import { FileMemory } from './file-memory.ts';
import { inspectArchive, isStill, openPartition, withFile } from './file-reader.ts';
import { type Found, type FoundFile, findFiles, isFound, type SeenFile } from './find.ts';
import { HeldFiles } from './held-files.ts';
import { differsBehindOffset, type FileIdentity, hasMore, type LogFile, relationOf } from './log-file.ts';
import { isRotatedName } from './log-name.ts';
import { MissingPartitions } from './missing-partitions.ts';
import { RealPaths } from './real-paths.ts';

export interface FilesSettings {
  /** True where the source is polled again and again: files are kept open, and a last line waits for its end. */
  readonly isFollowing: boolean;
  /** How long a file must be quiet before its last line is taken without its newline, while following; 0: for ever. */
  readonly lastLineWaitMs: number;
  /** A clock that never goes back and never jumps, in milliseconds. It measures waits. */
  readonly nowMs: () => number;
  /** What makes two files one log. */
  readonly fileIdentity: FileIdentity;
  /** How many files are kept open at the most, while following. */
  readonly maxHeldFiles: number;
  /** True where symbolic links in a directory may lead out of it. One that is named itself always may. */
  readonly followsLinksOutside: boolean;
}

const READ_ONCE: FilesSettings = {
  ...{ isFollowing: false, lastLineWaitMs: 0, nowMs: () => performance.now() },
  ...{ fileIdentity: 'content', maxHeldFiles: MAX_HELD_FILES, followsLinksOutside: false },
};

const NOTHING: Found = { files: new Map(), problems: [], realPaths: new RealPaths() };

/**
 * Log files: those that were named, and those with names of logs (`log-name.ts`) in the directories that were named. A
 * partition is a file, identified by its content (`assign.ts`). Its positions count bytes of the decompressed content. Reading
 * an archive to its end shows where it ends and whether it is sound. That is remembered as long as the file stays the same.
 *
 * Files that are followed are kept open (`held-files.ts`). So a file is read to its end even if its path leads to another file
 * by now, or nowhere.
 *
 * Delivery: at least once, see the contract.
 */
export class FilesSource implements Source {
  readonly #paths: readonly string[];
  readonly #settings: FilesSettings;
  readonly #held: HeldFiles | undefined;
  readonly #missing: MissingPartitions;
  readonly #memory = new FileMemory();
  /** Undefined where a poll may take as long as it needs. */
  readonly #openings: ArchiveOpenings | undefined;
  #found = NOTHING;
  #polledMs = Number.NEGATIVE_INFINITY;
  #missingPolledMs = Number.NEGATIVE_INFINITY;
  /** True where the search for missing partitions was put off, or what it found may not be finished. */
  #isMissingPollDue = false;

  constructor(paths: readonly string[], settings: Partial<FilesSettings> = READ_ONCE) {
    this.#paths = paths.map((path) => resolve(path));
    this.#settings = { ...READ_ONCE, ...settings };
    const { isFollowing, maxHeldFiles } = this.#settings;
    this.#held = isFollowing ? new HeldFiles(maxHeldFiles) : undefined;
    this.#openings = isFollowing ? new ArchiveOpenings() : undefined;
    this.#missing = new MissingPartitions(this.#paths);
  }

  async discover(): Promise<Discovery> {
    const nowMs = this.#settings.nowMs();
    const before = this.#found;
    this.#held?.releaseDone();
    this.#openings?.begin();
    const found = await findFiles(this.#paths, before, {
      held: this.#held,
      openings: this.#openings,
      followsLinksOutside: this.#settings.followsLinksOutside,
      nowMs,
    });
    const isUnchanged = isSame(found, before) && !this.#isDueBetween(this.#polledMs, nowMs);
    this.#found = found;
    this.#polledMs = nowMs;
    this.#memory.keepOnly(found.files.values());
    return { isUnchanged, assign: (known) => this.#assign(found, known, nowMs) };
  }

  noteFinished(partitionIds: readonly string[]): void {
    for (const id of partitionIds) this.#missing.noteFinished(id);
  }

  positionText(position: Position): string {
    return bytePositionText(position);
  }

  close(): void {
    this.#held?.close();
  }

  /** Whether something became due between two polls though no file changed. */
  #isDueBetween(beforeMs: number, nowMs: number): boolean {
    const { lastLineWaitMs } = this.#settings;
    const waits = [ARCHIVE_SETTLED_MS, ROTATED_QUIET_MS, ARCHIVE_QUIET_MS];
    if (lastLineWaitMs > 0) waits.push(lastLineWaitMs);
    const isDue = (dueMs: number) => dueMs > beforeMs && dueMs <= nowMs;
    for (const file of this.#found.files.values()) {
      const sinceMs = this.#quietSince(file);
      if (waits.some((waitMs) => isDue(sinceMs + waitMs))) return true;
      if (isDue(this.#rotatedSince(file) + ROTATED_QUIET_MS)) return true;
    }
    const isMissingPollDue = this.#isMissingPollDue && isDue(this.#missingPolledMs + MISSING_POLL_MS);
    return isMissingPollDue || [...this.#missing.dueMs, ...this.#memory.dueMs].some(isDue);
  }

  /** Since when a file has not changed, and has had its path. */
  #quietSince({ inode, quietSinceMs }: SeenFile): number {
    return Math.max(quietSinceMs, this.#held?.get(inode)?.departedMs ?? 0);
  }

  /** The same, and the file was not renamed either: after a rotation its writer needs a while to notice. */
  #rotatedSince(file: SeenFile): number {
    return Math.max(this.#quietSince(file), this.#held?.get(file.inode)?.namedSinceMs ?? 0);
  }

  async #assign(found: Found, known: KnownPartitions, nowMs: number): Promise<Assigned> {
    const seen = [...found.files.values()];
    const logs = seen.filter(isFound).map((file) => this.#logOf(file, found, nowMs));
    const partitions = await this.#candidates(logs, known);
    const files = assignFiles(logs, partitions, this.#settings.fileIdentity);
    const { problems, copies, unread } = files;
    const { assigned, refused } = this.#withoutRefused(files, new Set(partitions.map(({ id }) => id)), nowMs);
    this.#memory.note(assigned, copies);
    this.#letGo(seen, assigned, nowMs);
    const rewritten = assigned.flatMap((one) => one.rewritten ?? []);
    const gone = await this.#gone(known, files, found, nowMs);
    return {
      assignments: [
        ...assigned
          .filter(({ file, partition }) => hasMore(file, partition.offset))
          .sort((a, b) => (a.file.path < b.file.path ? -1 : 1))
          .map((one) => this.#assignmentOf(one)),
        ...archivesToInspect(logs, unread).map((file) => this.#inspectionOf(file)),
      ],
      found: assigned.flatMap(foundOf),
      problems: [
        ...found.problems,
        ...seen.flatMap((file) => problemsOfUnread(file, nowMs)),
        ...problems,
        ...refused,
        ...assigned.flatMap(problemsOf),
      ],
      finished: [...assigned.filter(isAtEnd).map(({ partition }) => partition), ...rewritten, ...gone],
    };
  }

  /** The partitions that the files were before. For a file that is new, or another log now, also those that begin as it does. */
  async #candidates(logs: readonly LogFile[], known: KnownPartitions): Promise<readonly Partition[]> {
    const before = new Map((await known.byIds(this.#memory.partitionIds)).map((one) => [one.id, one]));
    const isStill = (file: LogFile): boolean => {
      const { remembered } = file;
      if (!remembered || remembered.isDoubtful) return false;
      const partition = before.get(remembered.partitionId);
      const relation = partition && relationOf(file, partition, this.#settings.fileIdentity);
      if (partition && relation === 'continues') return !differsBehindOffset(file, partition);
      return relation === 'behind';
    };
    const keys = logs.filter((file) => !isStill(file)).map(({ content }) => content.headKey);
    if (keys.length === 0) return [...before.values()];
    for (const partition of await known.byHeadKeys(keys)) before.set(partition.id, partition);
    return [...before.values()];
  }

  #withoutRefused({ assigned }: AssignedFiles, known: ReadonlySet<string>, nowMs: number) {
    const refused: SourceProblem[] = [];
    const accepted = assigned.filter((one) => {
      if (!hasMore(one.file, one.partition.offset)) return true;
      const error = this.#memory.refusal(one, (id) => known.has(id), nowMs);
      if (error) refused.push({ error, isNamed: false, input: one.file.name });
      return !error;
    });
    return { assigned: accepted, refused };
  }

  /** Runs only now and then: it is slow where many partitions are live, and a missing file is waited for anyway. */
  async #gone(
    known: KnownPartitions,
    { assigned, copies }: AssignedFiles,
    found: Found,
    nowMs: number,
  ): Promise<readonly Partition[]> {
    if (!this.#settings.isFollowing) return [];
    for (const { partition } of [...assigned, ...copies]) this.#missing.noteThere(partition.id);
    const polledMs = this.#missingPolledMs;
    const isGoneDue = this.#missing.dueMs.some((dueMs) => dueMs > polledMs && dueMs <= nowMs);
    this.#isMissingPollDue = nowMs - polledMs < MISSING_POLL_MS && !isGoneDue;
    if (this.#isMissingPollDue) return [];
    this.#missingPolledMs = nowMs;
    const there = new Set([...assigned, ...copies].map(({ partition }) => partition.id));
    const unmatched = (await known.live()).filter(({ id }) => !there.has(id));
    const gone = this.#missing.gone(unmatched, found, nowMs);
    // Nobody may finish them this time.
    this.#isMissingPollDue = gone.length > 0;
    return await known.byIds(gone);
  }

  #logOf(file: FoundFile, found: Found, nowMs: number): LogFile {
    const { isFollowing, lastLineWaitMs } = this.#settings;
    const { sizeBytes, compression } = file.content;
    const notes = this.#memory.notesOf(file);
    const whole = { contentBytes: sizeBytes, lineBytes: sizeBytes, tail: new Uint8Array(), error: undefined };
    const quietMs = nowMs - this.#quietSince(file);
    const isQuiet = nowMs - this.#rotatedSince(file) >= ROTATED_QUIET_MS;
    const isOver = isFollowing && isRotated(file, found) && isQuiet;
    const hasWaited = compression === 'none' && lastLineWaitMs > 0 && quietMs >= lastLineWaitMs;
    return {
      ...file,
      name: readablePath(file.path),
      notes,
      end: notes ? notes.end : whole,
      remembered: this.#memory.of(file),
      isSettled: !isFollowing || quietMs >= ARCHIVE_SETTLED_MS,
      isFresh: quietMs < ARCHIVE_QUIET_MS,
      isOver,
      takesLastLine: !isFollowing || isOver || hasWaited,
    };
  }

  /** Lets files without a path be closed when they were read to their ends, or cannot be. */
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
    const { isNamed, end, content, takesLastLine, lastWriteMs } = file;
    const present = { ...partition };
    const assignment: Assignment = {
      partition: present,
      isNew,
      isNamed,
      isInspection: false,
      isSequential: content.compression !== 'none' || content.head.length < HEAD_FINGERPRINT_BYTES,
      availableBytes: end && end.contentBytes - partition.offset,
      takesLastLine,
      lastWriteMs,
      fixedContent: content.compression === 'none' ? undefined : file.stamp,
      sample: () => this.#sample(file),
      until: (end) => untilByte(assignment, end),
      open: async (yieldPoint, lookback) => {
        const isToEnd = this.#settings.isFollowing && takesLastLine;
        const opened = await openPartition(file, partition, isToEnd, yieldPoint, lookback);
        if (!opened) this.#forget(file);
        else {
          this.#memory.noteRead(file, partition);
          present.headFingerprint = headFingerprintOf(opened.head);
          present.headKey = headKeyOf(opened.head);
        }
        return opened?.reader;
      },
    };
    return assignment;
  }

  /** Reads an archive to identify it. The next poll knows what it is. */
  #inspectionOf(file: LogFile): Assignment {
    const { name, isNamed, lastWriteMs, inode, content } = file;
    const start = bytePosition(0);
    const nothing = { offset: start, startOffset: start, tailChecksum: '', isLive: false, addedMs: null };
    const fingerprints = {
      headFingerprint: '',
      headKey: content.headKey,
      inode,
      checksums: new Uint8Array(),
    };
    return {
      partition: { id: name, name, ...fingerprints, ...nothing },
      ...{ isNew: false, isNamed, isInspection: true, isSequential: true },
      ...{ availableBytes: undefined, takesLastLine: false },
      lastWriteMs,
      sample: () => this.#sample(file),
      fixedContent: file.stamp,
      until: () => {
        throw bug('an inspection reads nothing');
      },
      open: async (yieldPoint) => {
        await inspectArchive(file, yieldPoint);
        return undefined;
      },
    };
  }

  async #sample(file: LogFile): Promise<Sample | undefined> {
    const sample = await sampleOf(file);
    if (!sample) this.#forget(file);
    return sample;
  }

  /** A file is no longer what was found: the next poll must inspect it anew. */
  #forget(file: FoundFile): void {
    const files = [...this.#found.files].filter(([, { inode }]) => inode !== file.inode);
    this.#found = { ...this.#found, files: new Map(files) };
  }
}

function archivesToInspect(logs: readonly LogFile[], unread: readonly LogFile[]): LogFile[] {
  const isUnread = new Set(unread);
  return logs.filter((file) => {
    const { notes, isSettled, end } = file;
    return isSettled && notes && (notes.wanted.size > 0 || (isUnread.has(file) && !end));
  });
}

/** Its first bytes, behind any NULs that it begins with. @returns undefined where it is no longer what was found. */
async function sampleOf(file: LogFile): Promise<Sample | undefined> {
  const { leadingNuls, sizeBytes } = file.content;
  return await withFile(file, async ({ fd }) => {
    if (!(await isStill(fd, file))) return undefined;
    if (leadingNuls === 0 || file.notes) {
      const { bytes, isWhole } = await beginningOf(fd, file.path, FILE_SAMPLE_BYTES);
      return { bytes: bytes.subarray(leadingNuls), isWhole };
    }
    const bytes = new Uint8Array(FILE_SAMPLE_BYTES);
    const length = readAt({ descriptor: fd, name: file.path }, bytes, leadingNuls);
    return { bytes: bytes.subarray(0, length), isWhole: leadingNuls + length >= sizeBytes };
  });
}

function isSame(a: Found, b: Found): boolean {
  if (a.files.size !== b.files.size || problemsIn(a) !== problemsIn(b)) return false;
  for (const [key, file] of a.files) if (b.files.get(key) !== file) return false;
  return true;
}

function problemsIn({ problems }: Found): string {
  return problems.map(({ error }) => error.message).join('\n');
}

/** Whether a log was rotated, so that only a writer that has not noticed still writes to it. An archive is written once. */
function isRotated({ path, content, isDeparted }: FoundFile, { files }: Found): boolean {
  if (content.compression !== 'none' || isDeparted || content.held?.wasRenamed) return true;
  return isRotatedName(basename(path), (name) => files.has(join(dirname(path), name)));
}

/** True where a partition was read to its end, and nothing more is written to its file. */
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
  // A directory may hold logs that are still empty.
  if (isFound(file) || (file.error.code === 'EMPTY_FILE' && !file.isNamed)) return [];
  const { error, isNamed, quietSinceMs } = file;
  const isFresh = nowMs - quietSinceMs < ARCHIVE_QUIET_MS;
  const mayPass = error.code === 'TRUNCATED_ARCHIVE' && isFresh;
  return [{ error, isNamed, input: readablePath(file.path), mayPass }];
}

function foundOf({ file, partition }: AssignedFile): FoundPartition[] {
  const { end, lastWriteMs, isOver } = file;
  if (end && end.contentBytes < partition.offset) return [];
  return [{ partitionId: partition.id, lastWriteMs, isOver }];
}

/** The problems of a file that is read. While its beginning is not read yet, an error at its end may be reported twice. */
function problemsOf({ file, rewritten }: AssignedFile): SourceProblem[] {
  if (rewritten) return [rewrittenProblem(file, rewritten)];
  const { end, isFresh } = file;
  if (!end?.error) return [];
  const mayPass = isFresh && end.error.code === 'TRUNCATED_ARCHIVE';
  // `isNamed` would stop a run that ends, though the lines before the error can be read.
  return [{ error: end.error, isNamed: false, input: file.name, mayPass }];
}
