/**
 * The contract of a source: where lines come from. The pipeline is its only caller.
 *
 * Delivery: a source hands out bytes from the offset that it is told, in order. It remembers nothing that
 * matters; the offset that counts is the one in the store. So each source delivers at least once, and the
 * store's compare-and-set on the offset makes it exactly once.
 */

import type { DaymarkError } from '../errors.ts';
import type { BytePlace } from './byte-reader.ts';
import type { YieldPoint } from './compression/archive-reader.ts';

export type { YieldPoint };

/** What a {@link YieldPoint} throws where the work is to end there. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}

/** A partition as the store knows it. What it is recognised by belongs to the source; nobody else reads it. */
export interface Partition {
  readonly id: string;
  /** For people: the path of a file. It may change while the partition stays the same. */
  readonly name: string;
  /** The fingerprint of its first bytes. */
  readonly headFingerprint: string;
  /** What partitions are looked up by: equal for all that begin with the same line. Empty where that was cut off. */
  readonly headKey: string;
  /** Checksums of its beginnings; empty where there are none. */
  readonly checksums: Uint8Array;
  /** The file that it was last seen as; empty where that is not known, or it is no file. */
  readonly inode: string;
  /** The position of the first byte that belongs to it. */
  readonly startOffset: number;
  /** The position after the last byte whose line is in the store. */
  readonly offset: number;
  /** The fingerprint of what stands right before the offset; empty where nobody knows it. */
  readonly tailChecksum: string;
  /** False where it was read to its end and nothing more is expected. It is read on all the same. */
  readonly isLive: boolean;
  /** When it was found, in ms since 1970; null where that was not noted. */
  readonly addedMs: number | null;
}

/** What the store knows of partitions. To read all would take longer with every log that there ever was. */
export interface KnownPartitions {
  byIds(ids: readonly string[]): Promise<readonly Partition[]>;
  /** Those with one of these keys, and those without a key. */
  byHeadKeys(keys: readonly string[]): Promise<readonly Partition[]>;
  /** Those that are live, by name. */
  live(): Promise<readonly Pick<Partition, 'id' | 'name'>[]>;
}

/** A partition that has something to read. */
export interface Assignment {
  /** With the name and the fingerprints that it has now; the offset is the store's. */
  readonly partition: Partition;
  /** True where the store did not know it yet. */
  readonly isNew: boolean;
  /** True where the operator named it, and not the directory that it lies in. */
  readonly isNamed: boolean;
  /** True where opening it only shows what it is: there is no partition yet, and no reader. */
  readonly isInspection: boolean;
  /** True where it can only be read in order, by the assignment's own reader: a pipe, an archive. */
  readonly isSequential: boolean;
  /** Bytes beyond the offset that are there now; undefined where that shows only when they are read. */
  readonly availableBytes: number | undefined;
  /** True where a last line without its newline is to be taken: its end will not come. */
  readonly takesLastLine: boolean;
  /** When the input was last written to, in ms since 1970; undefined where nobody can know. */
  readonly lastWriteMs: number | undefined;
  /**
   * Names what is in it, where that is written once: an archive. As long as it stays the same, a reader may be kept from
   * one look to the next. Undefined of what may grow.
   */
  readonly fixedContent?: string | undefined;
  /** Its first bytes, decompressed, at most FILE_SAMPLE_BYTES, to judge a new partition by before anything is stored. */
  sample(): Promise<Sample>;
  /**
   * Opens it at its offset. The caller closes it, also after an error, and before the source is looked at again, but for a
   * reader of `fixedContent`.
   * Undefined where the input is no longer what was found (a log was rotated meanwhile), or turned out to have
   * nothing there, or to be no continuation of what was read, or was only to be looked into: look again.
   * @param yieldPoint is called while an archive is decompressed, now and then, by this call and by the reader: they go on
   * when it resolves, and throw what it throws.
   */
  open(yieldPoint?: YieldPoint): Promise<PartitionReader | undefined>;
}

export interface Sample {
  readonly bytes: Uint8Array;
  /** True where there is nothing behind these bytes. */
  readonly isWhole: boolean;
}

/** Reads one partition on. */
export interface PartitionReader {
  /** What stands right before the offset, TAIL_BYTES or all that there are. */
  readonly before: Uint8Array;
  /** Where its bytes are, if another thread can read them there as well (`byte-reader.ts`). Good until it is closed. */
  readonly place?: BytePlace;
  /**
   * Fills `target` from its start and says how many bytes it wrote; 0 at the present end.
   * @throws {DaymarkError} READ_FAILED, TRUNCATED_ARCHIVE, CORRUPT_ARCHIVE. What was handed out before stands, but a
   * last line without its newline is not to be taken.
   */
  read(target: Uint8Array): Promise<number>;
  /**
   * False where what was read may be of another log: the input was truncated and written anew meanwhile, so what comes
   * behind the offset does not go on with what stood before it. Ask behind a read, and before what it gave counts.
   */
  isIntact(): boolean;
  /** The checksums of what stands before an offset up to which it was read. */
  checksumsUpTo(offset: number): Uint8Array;
  /** Of `fixedContent`: true where what is open was not written to since it was found, whatever became of its path. */
  isUnchanged?(): boolean;
  close(): Promise<void>;
}

/** Something that was found but is not read. */
export interface SourceProblem {
  readonly error: DaymarkError;
  /** True where the operator named the input: a run that is not to follow stops before it reads anything. */
  readonly isNamed: boolean;
  /** True where it may pass by itself (an archive is still being written): a run that follows says nothing yet. */
  readonly mayPass?: boolean;
}

/** What a look at the source found. */
export interface Discovery {
  /** True where nothing changed since the look before, and nothing is due: who had read everything has. */
  readonly isUnchanged: boolean;
  /**
   * Says which partitions have something to read, given what the store knows. It changes nothing. Where it names a new
   * partition, the source is looked at again under the store's lock, so that two processes agree on which is which.
   */
  assign(known: KnownPartitions): Promise<Assigned>;
}

/** A partition that is there, whether there is something to read or not. */
export interface FoundPartition {
  readonly partitionId: string;
  /** When its last line was written: system time, in ms since 1970. */
  readonly lastWriteMs: number;
  /** True where nothing is written to it any more: it was rotated, or is an archive. */
  readonly isOver: boolean;
}

export interface Assigned {
  readonly assignments: readonly Assignment[];
  /** All that the store's partitions were recognised as, those that have become shorter left out. */
  readonly found: readonly FoundPartition[];
  readonly problems: readonly SourceProblem[];
  /** Partitions that were read to their end, or whose input is gone or rewritten: nothing comes of them any more. */
  readonly finished: readonly Partition[];
}

/** Where lines come from. */
export interface Source {
  /** Looks at what is there now. Cheap enough to be called again and again. */
  discover(): Promise<Discovery>;
  /** Gives up what it keeps open between looks. Whoever opened it calls it, when nothing is looked at or read any more. */
  close(): void;
}
