import { bug, DaymarkError } from '../../errors.ts';
import { REPEAT_WINDOW_MS } from '../../limits.ts';
import type { Partition } from '../contract.ts';
import { ArchiveNotes } from './archive-notes.ts';
import type { AssignedFile, Copy } from './assign.ts';
import type { FoundFile } from './find.ts';
import { hasMore, type LogFile, type Remembered } from './log-file.ts';

interface Memory extends Remembered {
  /** The content of the file when all of it was read; undefined where there was more. */
  readonly readWhole: FoundFile['content'] | undefined;
}

/** What is known of files, as long as they are there. */
export class FileMemory {
  /** By inode. */
  readonly #files = new Map<string, Memory>();
  /** By the stamp of the file. */
  readonly #archives = new Map<string, ArchiveNotes>();
  /** By path: when a file was read again though most of it had been read, and as which partition. */
  readonly #repeats = new Map<string, { partitionId: string | undefined; readonly atMs: number }>();

  of({ inode }: FoundFile): Remembered | undefined {
    return this.#files.get(inode);
  }

  get partitionIds(): string[] {
    return Array.from(this.#files.values(), ({ partitionId }) => partitionId);
  }

  /** When paths that are stopped may be read again. */
  get dueMs(): number[] {
    return Array.from(this.#repeats.values(), ({ atMs }) => atMs + REPEAT_WINDOW_MS);
  }

  /** Undefined for a file that is not compressed. */
  notesOf({ stamp, content }: FoundFile): ArchiveNotes | undefined {
    if (!content.archive) return undefined;
    const notes = this.#archives.get(stamp) ?? new ArchiveNotes(content.archive);
    this.#archives.set(stamp, notes);
    return notes;
  }

  /** Forgets files that are not there any more. */
  keepOnly(files: Iterable<{ readonly inode: string; readonly stamp: string }>): void {
    const inodes = new Set<string>();
    const stamps = new Set<string>();
    for (const { inode, stamp } of files) {
      inodes.add(inode);
      stamps.add(stamp);
    }
    for (const inode of this.#files.keys()) if (!inodes.has(inode)) this.#files.delete(inode);
    for (const stamp of this.#archives.keys()) if (!stamps.has(stamp)) this.#archives.delete(stamp);
  }

  /**
   * Checks before a file is read that nothing counts twice.
   * @param isKnown whether the store has a partition. A store that was set back to an earlier time may have lost some.
   * @returns why a file must not be read as a new log: most of it was counted, and counted again a short time ago.
   */
  refusal(
    { file, isNew, isRepeat }: AssignedFile,
    isKnown: (partitionId: string) => boolean,
    nowMs: number,
  ): DaymarkError | undefined {
    if (!isNew) return undefined;
    const memory = this.#files.get(file.inode);
    const wasRead = memory?.copyBytes === undefined && memory?.readWhole === file.content;
    if (memory && wasRead && isKnown(memory.partitionId))
      throw bug(`${file.name} was read to its end and did not change, and would be read again`);
    if (!isRepeat) return undefined;
    const last = this.#repeats.get(file.path);
    if (last?.partitionId === undefined || nowMs - last.atMs >= REPEAT_WINDOW_MS) {
      this.#repeats.set(file.path, { partitionId: undefined, atMs: nowMs });
      return undefined;
    }
    const detail = `${file.name} was written anew several times, each time with most of what was read of it before. It was counted twice, and is not read again.`;
    return new DaymarkError('REWRITTEN_AGAIN', detail);
  }

  /** Remembers that a file is read as a partition of the store. */
  noteRead(file: LogFile, { id: partitionId, offset }: Partition): void {
    const readWhole = hasMore(file, offset) ? undefined : file.content;
    this.#files.set(file.inode, { partitionId, copyBytes: undefined, isDoubtful: false, readWhole });
    const repeat = this.#repeats.get(file.path);
    if (repeat && !file.isDeparted) repeat.partitionId ??= partitionId;
  }

  /** Remembers which partitions files are. */
  note(assigned: readonly AssignedFile[], copies: readonly Copy[]): void {
    for (const { file, partition, isNew } of assigned) {
      const memory = this.#files.get(file.inode);
      if (isNew && memory) this.#files.set(file.inode, { ...memory, isDoubtful: true });
      if (!isNew) this.noteRead(file, partition);
    }
    for (const { file, partition } of copies)
      this.#files.set(file.inode, {
        partitionId: partition.id,
        isDoubtful: false,
        copyBytes: file.end?.contentBytes,
        readWhole: file.content,
      });
  }
}
