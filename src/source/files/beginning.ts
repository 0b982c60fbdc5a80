import { constants, openSync } from 'node:fs';
import type { DaymarkError } from '../../errors.ts';
import { ARCHIVE_BEGINNING_PIECE_BYTES } from '../../limits.ts';
import { type ByteReader, compressionAt, openByteReader } from '../byte-reader.ts';
import type { Compression } from '../compression/kinds.ts';
import { systemPath } from '../file-path.ts';
import { pathError } from '../path-error.ts';
import type { ArchiveBeginning } from './archive-notes.ts';

/** The first bytes of a file, decompressed. */
export interface Beginning {
  readonly bytes: Uint8Array;
  readonly compression: Compression;
  /** True where there is nothing behind these bytes. */
  readonly isWhole: boolean;
  /** Why there are no more of them: an archive may be cut off or damaged so early. */
  readonly error: DaymarkError | undefined;
  /** Of an archive: what these bytes show. */
  readonly archive: ArchiveBeginning | undefined;
}

/**
 * Does not wait where a pipe has taken the place of a file, and does not follow a link that has. Paths of files that were found
 * hold no links.
 */
const READ_ONLY = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/** @throws {DaymarkError} why it cannot be opened. */
export function openToRead(path: string): number {
  try {
    return openSync(systemPath(path), READ_ONLY);
  } catch (error) {
    throw pathError(path, error);
  }
}

/**
 * Reads the beginning of a file that is open.
 * @param maxBytes how much of it, decompressed.
 * @param maxArchiveBytes the same for an archive. More bytes now may save decompressing it again to identify it.
 * @throws {DaymarkError} where the file cannot be read.
 */
export async function beginningOf(
  descriptor: number,
  name: string,
  maxBytes: number,
  maxArchiveBytes = maxBytes,
): Promise<Beginning> {
  const compression = compressionAt(descriptor, name);
  const place = { descriptor, compression, offset: 0, name };
  const reader = await openByteReader(place, { pieceBytes: ARCHIVE_BEGINNING_PIECE_BYTES });
  try {
    const beginning = await readUpTo(reader, compression === 'none' ? maxBytes : maxArchiveBytes);
    const { checksums, end } = reader;
    const leadingNuls = Math.max(
      0,
      beginning.bytes.findIndex((byte) => byte !== 0),
    );
    return { compression, ...beginning, archive: checksums && { checksums, end, leadingNuls } };
  } finally {
    await reader.close();
  }
}

async function readUpTo(
  reader: ByteReader,
  maxBytes: number,
): Promise<Omit<Beginning, 'compression' | 'archive'>> {
  // One more byte shows whether there are more.
  const buffer = new Uint8Array(maxBytes + 1);
  let length = 0;
  try {
    for (let bytesRead = -1; bytesRead !== 0 && length <= maxBytes; length += bytesRead) {
      bytesRead = await reader.read(buffer.subarray(length));
    }
    return {
      bytes: buffer.subarray(0, Math.min(length, maxBytes)),
      isWhole: length <= maxBytes,
      error: undefined,
    };
  } catch (error) {
    if (!reader.end?.error) throw error;
    return { bytes: buffer.subarray(0, Math.min(length, maxBytes)), isWhole: false, error: reader.end.error };
  }
}
