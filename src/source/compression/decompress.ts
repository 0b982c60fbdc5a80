import { DaymarkError, messageOf } from '../../errors.ts';
import { ARCHIVE_SMALL_PIECE_BYTES, MAX_EMPTY_ARCHIVE_BYTES } from '../../limits.ts';
import { EndsTooEarly, NO_CONTENT, NotSupported } from './decoder.ts';
import type { Compressed } from './kinds.ts';
import { openDecoder } from './open-decoder.ts';

/** Where the bytes of an archive come from. */
export interface ArchiveBytes {
  /** For people: the path of a file. */
  readonly name: string;
  /** How many bytes a decoder is given at once. */
  readonly pieceBytes: number;
  /** False where each byte can be had once only. */
  readonly isRereadable: boolean;
  /**
   * Reads from a position on. @returns how many bytes; 0 at the present end.
   * @throws {DaymarkError} READ_FAILED.
   */
  read(target: Uint8Array, position: number): Promise<number> | number;
}

/** A byte that cannot stand where it stands. */
class Damage extends Error {
  readonly position: number;
  /** True where the decoder has not given all that stands before it. */
  readonly hasLost: boolean;

  constructor(position: number, hasLost: boolean, cause: unknown) {
    super(messageOf(cause), { cause });
    this.position = position;
    this.hasLost = hasLost;
  }
}

const NOTHING_FOR_LONG = `it begins with more than ${MAX_EMPTY_ARCHIVE_BYTES} bytes that hold nothing`;

/** Where to give a decoder fewer bytes at once, for the length of a piece. */
interface Care {
  readonly from: number;
  readonly pieceBytes: number;
}

/**
 * Decompresses an archive from its start, block by block. A block has at most READ_BLOCK_BYTES; one of no bytes says that
 * there was work to do and nothing to give.
 * @throws {DaymarkError} TRUNCATED_ARCHIVE where it ends too early, CORRUPT_ARCHIVE where it holds what it cannot,
 * UNSUPPORTED_ARCHIVE where it asks for too much, each after all that comes before that place was given; what reading
 * throws.
 */
export async function* decompress(
  archive: ArchiveBytes,
  compression: Compressed,
): AsyncGenerator<Uint8Array, void, undefined> {
  let given = 0;
  for (let care: Care = { from: 0, pieceBytes: archive.pieceBytes }; ; ) {
    let contentBytes = 0;
    try {
      for await (const block of decode(archive, compression, care)) {
        const start = Math.max(0, given - contentBytes);
        contentBytes += block.length;
        if (start < block.length) given = contentBytes;
        yield start < block.length ? block.subarray(start) : NO_CONTENT;
      }
      return;
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      const isLast = care.pieceBytes === 1 || !error.hasLost || !archive.isRereadable;
      if (isLast) throw corrupt(archive, error, given);
      // Once more from the start, to have what the damaged piece holds before the damage.
      const pieceBytes = care.pieceBytes > ARCHIVE_SMALL_PIECE_BYTES ? ARCHIVE_SMALL_PIECE_BYTES : 1;
      care = { from: error.position, pieceBytes };
    }
  }
}

/** @throws {Damage} with the position of what was given last. */
async function* decode(
  archive: ArchiveBytes,
  compression: Compressed,
  care: Care,
): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = new Uint8Array(archive.pieceBytes);
  const decoder = await openDecoder(compression);
  let position = 0;
  let contentBytes = 0;
  try {
    for (let bytesRead = -1; bytesRead !== 0; position += bytesRead) {
      const piece = buffer.subarray(0, pieceLength(position, care, archive));
      bytesRead = await archive.read(piece, position);
      const blocks = bytesRead > 0 ? decoder.decode(piece.subarray(0, bytesRead)) : decoder.finish();
      for await (const block of blocks) {
        contentBytes += block.length;
        yield block;
      }
      if (contentBytes === 0 && position > MAX_EMPTY_ARCHIVE_BYTES) throw new NotSupported(NOTHING_FOR_LONG);
      yield NO_CONTENT;
    }
  } catch (error) {
    if (error instanceof EndsTooEarly) throw truncated(archive, position, contentBytes);
    if (error instanceof NotSupported) throw unsupported(archive, position, error);
    throw error instanceof DaymarkError ? error : new Damage(position, decoder.losesAtDamage, error);
  } finally {
    decoder.close();
  }
}

function pieceLength(position: number, care: Care, { pieceBytes }: ArchiveBytes): number {
  if (position < care.from) return Math.min(pieceBytes, care.from - position);
  return position < care.from + pieceBytes ? care.pieceBytes : pieceBytes;
}

function truncated({ name }: ArchiveBytes, position: number, contentBytes: number): DaymarkError {
  const detail = `${name} is cut off at byte ${position}; ${contentBytes} decompressed bytes come before that.`;
  return new DaymarkError('TRUNCATED_ARCHIVE', detail);
}

function unsupported({ name }: ArchiveBytes, position: number, { message }: NotSupported): DaymarkError {
  return new DaymarkError(
    'UNSUPPORTED_ARCHIVE',
    `${name} cannot be read on from byte ${position}: ${message}.`,
  );
}

function corrupt({ name }: ArchiveBytes, { position, message }: Damage, contentBytes: number): DaymarkError {
  const detail = `${name} is damaged at byte ${position} (${message}); ${contentBytes} decompressed bytes come before that.`;
  return new DaymarkError('CORRUPT_ARCHIVE', detail);
}
