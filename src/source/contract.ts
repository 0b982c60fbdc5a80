/**
 * The contract of a source: where lines come from. The pipeline calls it, and so does `daymark check`.
 *
 * Delivery: a source hands out the bytes of a partition in order, from the position that it is told. It keeps no state
 * that matters; the position that counts is the one in the store. So each source delivers at least once. The store's
 * compare-and-set on the position makes it exactly once.
 *
 * Errors: `discover` and `assign` report what is wrong with an input as a {@link SourceProblem}. They throw only what
 * the store throws. A reader throws a {@link DaymarkError}. Where its `isTransient` is true, the error passes by itself:
 * the pipeline reads the other partitions, and tries this one again later.
 */

import type { DaymarkError } from '../errors.ts';
import type { YieldPoint } from './compression/archive-reader.ts';
import type { Compression } from './compression/kinds.ts';

export type { YieldPoint };

declare const POSITION: unique symbol;

/**
 * A place between two lines of a partition. Only the source knows what the number means: bytes of a file, or the number
 * of a message with the number of a line in it. Everybody else compares positions (`===`, `<`), and keeps them. A
 * position is an integer from 0 to 2^53 − 1, because that is what the store keeps. It grows from line to line.
 */
export type Position = number & { readonly [POSITION]: true };

/** A position that the store has kept. */
export function storedPosition(integer: number): Position {
  return integer as Position;
}

/** What a {@link YieldPoint} throws to end the work there. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
  }
}

/** A partition as the store knows it. The fingerprints belong to the source; nobody else reads them. */
export interface Partition {
  readonly id: string;
  /** For people: the path of a file. It may change while the partition stays the same. */
  readonly name: string;
  /** The fingerprint of its first bytes. */
  readonly headFingerprint: string;
  /** The key for looking partitions up. All that begin with the same line have the same key. Empty: no whole line yet. */
  readonly headKey: string;
  /**
   * Checksums of its beginnings; empty where there are none. They may go beyond the offset: up to there stood what was there
   * when the partition was added. Those bytes may have changed since.
   */
  readonly checksums: Uint8Array;
  /** The file that it was last seen as; empty where that is unknown, or it is no file. */
  readonly inode: string;
  /** The position of its first line. */
  readonly startOffset: Position;
  /** The position behind the last line that is in the store. */
  readonly offset: Position;
  /** The fingerprint of the bytes right before the offset; empty where it is unknown. */
  readonly tailChecksum: string;
  /** False where it was read to its end and nothing more is expected. New lines are read all the same. */
  readonly isLive: boolean;
  /** When it was found, in ms since 1970; null where that was not noted. */
  readonly addedMs: number | null;
}

/** What the store knows of partitions. Reading all of them would take longer with every log that there ever was. */
export interface KnownPartitions {
  byIds(ids: readonly string[]): Promise<readonly Partition[]>;
  /** Those with one of these keys, and those without a key. */
  byHeadKeys(keys: readonly string[]): Promise<readonly Partition[]>;
  /** Those that are live, by name. */
  live(): Promise<readonly Pick<Partition, 'id' | 'name'>[]>;
}

/** Shows bytes that stand before the offset of a partition to somebody who must know what they say. */
export interface Lookback {
  /** Where to begin. Undefined: at the very beginning of the content. */
  readonly from: Position | undefined;
  /** Is given the bytes up to the offset, in their order. They are valid only during the call. */
  see(bytes: Uint8Array): void;
}

/** A partition that has something to read. */
export interface Assignment {
  /** With the name and the fingerprints that it has now; the offset is the store's. */
  readonly partition: Partition;
  /** True where the store did not know it yet. */
  readonly isNew: boolean;
  /** True where the operator named it, and not the directory that it lies in. */
  readonly isNamed: boolean;
  /** True where `open` only inspects the input, and gives no reader: what partition it is shows behind that. */
  readonly isInspection: boolean;
  /** True where it can only be read in order, by the assignment's own reader. Else the reader has a `location`. */
  readonly isSequential: boolean;
  /** True where what was read cannot be read again, so that a crash loses what is not committed. */
  readonly isReadOnce?: boolean;
  /** Bytes behind the offset that are there now; undefined where that shows only when they are read. */
  readonly availableBytes: number | undefined;
  /** Messages behind the offset that are there now, of a source that has messages. */
  readonly availableMessages?: number;
  /** True where something behind the offset is known to be there, though its bytes are not. */
  readonly hasMore?: boolean;
  /** True where the last line counts without a newline, because its end will not come. */
  readonly takesLastLine: boolean;
  /** When the input was last written to, in ms since 1970; undefined where nobody can know. */
  readonly lastWriteMs: number | undefined;
  /**
   * Names the content of an input that is written once: an archive. While the name stays the same, the pipeline may keep
   * the reader from one poll to the next. Undefined for an input that may grow.
   */
  readonly fixedContent?: string | undefined;
  /**
   * Its first bytes, decompressed, at most FILE_SAMPLE_BYTES: they show whether a new partition is a log, and may name the columns of
   * all its lines. Undefined where the input is no longer what was found: the columns of another log would be wrong.
   */
  sample(): Promise<Sample | undefined>;
  /**
   * Opens it at its offset. The caller closes the reader, also after an error, and before the next poll. (Only a reader
   * of `fixedContent` may stay open longer.) A new partition is opened when the store has it.
   * @param yieldPoint is called now and then while an archive is decompressed, here and by the reader. The work goes on
   * when it resolves, and throws what it throws.
   * @param lookback is shown what stands before the offset. A source that cannot go back, such as a queue or a pipe that
   * was read on, shows nothing, or only what it passes over.
   * @returns undefined where the input is no longer what was found, holds nothing, does not continue what was read, or
   * was only inspected: poll again.
   * @throws {DaymarkError} why it cannot be opened.
   */
  open(yieldPoint?: YieldPoint, lookback?: Lookback): Promise<PartitionReader | undefined>;
  /** The same, up to a position behind the offset. It is sequential, and takes a last line without a newline there. */
  until(end: Position): Assignment;
}

export interface Sample {
  readonly bytes: Uint8Array;
  /** True where there is nothing behind these bytes. */
  readonly isWhole: boolean;
}

/** A line that the source made, in the place of what cannot be read. It is rejected for its reason. */
export interface StandInLine {
  /** Bytes that `read` gave before it. */
  readonly at: number;
  readonly reason: string;
}

/** Bytes in order, and the positions that they stand at. */
export interface PositionedBytes {
  /**
   * The bytes right before the first one that `read` gives: TAIL_BYTES, or all that there are. Empty only at the very
   * beginning of the content. A source without bytes before a line (a queue) gives the newline that ends the last one.
   */
  readonly before: Uint8Array;
  /**
   * Fills `target` from its start. A message of a queue is whole lines; where its last newline is missing, the source
   * adds it.
   * @returns how many bytes it wrote; 0 at the present end.
   * @throws {DaymarkError} READ_FAILED, SOURCE_UNAVAILABLE, TRUNCATED_ARCHIVE, CORRUPT_ARCHIVE, UNSUPPORTED_ARCHIVE.
   * What was handed out before stands, but a last line without its newline does not count.
   */
  read(target: Uint8Array): Promise<number>;
  /** True where positions are numbers of bytes. Then any position may be asked for at any time, also one further back. */
  readonly hasBytePositions: boolean;
  /**
   * The position behind the first `bytes` bytes that `read` gave. Reading from there on gives the bytes that follow.
   * Callers ask only at the ends of lines and never for fewer bytes than before, so a source may forget what lies
   * further back. Where a line follows that was handed out already, it is the position of that line.
   */
  positionAt(bytes: number): Position;
  /** True where it holds much memory for positions that may still be asked for: ask for one soon. Undefined: it never does. */
  readonly isHoldingMuch?: boolean;
  /**
   * The lines among these bytes that the source made. Each is longer than a line may be, so that it is rejected in every log format.
   * Ask before the position behind them. Undefined: the source makes none.
   */
  standIns?(from: number, to: number): readonly StandInLine[];
  close(): Promise<void>;
}

/** Where a partition's bytes are: plain data that every thread of the process can use while the descriptor is open. */
export interface ByteLocation {
  /** Of a regular file. Each read says its own position, so any number of readers may share it. */
  readonly descriptor: number;
  readonly compression: Compression;
  /** Bytes of the decompressed content that lie before. */
  readonly offset: number;
  /** For people: the path of the file. */
  readonly name: string;
}

/** Reads one partition on. */
export interface PartitionReader extends PositionedBytes {
  /**
   * Where its bytes are, if other threads can read them there as well (`byte-reader.ts`). It holds until the reader is
   * closed. Only a source whose partitions are addressed by bytes has one: the pipeline cuts such a partition into ranges
   * of bytes. Queues have none.
   */
  readonly location?: ByteLocation;
  /**
   * False where what was read may be of another log: the input was truncated and rewritten meanwhile. Ask behind a read, and before
   * what it gave counts, but behind {@link checksumsUpTo}, which may read the input again.
   * @param position up to where lines were taken. @param tailChecksum of the bytes before it as they were read; as in `Partition`.
   */
  isIntact(position: Position, tailChecksum: string): boolean;
  /** The checksums of what stands before a position up to which it was read. */
  checksumsUpTo(position: Position): Uint8Array;
  /** Of `fixedContent`: true where the open input was not written to since it was found, whatever became of its path. */
  isUnchanged?(): boolean;
}

/** An input that was found and is not read. */
export interface SourceProblem {
  readonly error: DaymarkError;
  /** True where the operator named the input: a run that does not follow stops before it reads anything. */
  readonly isNamed: boolean;
  /** For people: what cannot be read, as partitions are named. Problems of one input have one name. */
  readonly input: string;
  /** True where it may only be early (an archive is still being written): a run that follows does not warn yet. */
  readonly mayPass?: boolean;
}

/** What a poll of the source found. */
export interface Discovery {
  /** True where nothing changed since the last poll, and nothing is due: if all was read then, all is read now. */
  readonly isUnchanged: boolean;
  /**
   * Says which partitions have something to read, given what the store knows. It changes nothing. Where it names a new
   * partition, the pipeline polls again under the store's lock, so that two processes agree on which is which.
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
  /** The partitions of the store that were recognised. Those that have become shorter are left out. */
  readonly found: readonly FoundPartition[];
  readonly problems: readonly SourceProblem[];
  /** Partitions that were read to their end, or whose input is gone or rewritten: nothing comes of them any more. */
  readonly finished: readonly Partition[];
}

/** Where lines come from. */
export interface Source {
  /** True where partitions hold messages: each assignment says how many there are, and so how far the store is behind. */
  readonly hasMessages?: boolean;
  /**
   * There where every process can read every partition, such as those of a topic. Processes then divide them: the pipeline reads
   * only those that it holds the lease of. Polls still find all of them, and name all that are there in `found`.
   * @returns a name of what is divided, the same in all processes that find the same partitions. Called behind a poll.
   */
  sharedWork?(): string;
  /** Finds out what is there now. Cheap enough to be called again and again. */
  discover(): Promise<Discovery>;
  /**
   * Is called when the store has noted that partitions are finished. Until then the source names them again and again: a poll
   * of which not everything was read finishes nothing.
   */
  noteFinished?(partitionIds: readonly string[]): void;
  /** Is told now and then how far the store is, by the ids of partitions, so that the source can tell others. */
  noteStored?(positions: ReadonlyMap<string, Position>): void;
  /** A position in words, such as `byte 1,234`. */
  positionText(position: Position, partitionId: string): string;
  /** Closes what it keeps open between polls. Whoever opened it calls it behind the last poll and the last read. */
  close(): void;
}
