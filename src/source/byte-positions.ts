/** For sources whose positions are numbers of bytes: files, standard input. */

import { grouped } from '../counted.ts';
import type { Assignment, Lookback, PartitionReader, Position, YieldPoint } from './contract.ts';

/** The position behind so many bytes of the (decompressed) content. */
export function bytePosition(bytes: number): Position {
  return bytes as Position;
}

/** `byte 1,234` */
export function bytePositionText(position: number): string {
  return `byte ${grouped(position)}`;
}

/** `Assignment.until` for such a source. */
export function untilByte(assignment: Assignment, end: Position): Assignment {
  const bytes = Math.max(0, end - assignment.partition.offset);
  return {
    ...assignment,
    isSequential: true,
    takesLastLine: true,
    availableBytes: bytes,
    open: async (yieldPoint?: YieldPoint, lookback?: Lookback) => {
      const reader = await assignment.open(yieldPoint, lookback);
      return reader && boundedReader(reader, bytes);
    },
    until: (earlier) => untilByte(assignment, bytePosition(Math.min(earlier, end))),
  };
}

/** Without a location: a thread that reads by location knows no bound. */
function boundedReader(reader: PartitionReader, bytes: number): PartitionReader {
  let left = bytes;
  return {
    before: reader.before,
    hasBytePositions: true,
    read: async (target) => {
      if (left === 0) return 0;
      const bytesRead = await reader.read(target.subarray(0, Math.min(target.length, left)));
      left -= bytesRead;
      return bytesRead;
    },
    positionAt: (behind) => reader.positionAt(behind),
    isIntact: (position, tailChecksum) => reader.isIntact(position, tailChecksum),
    checksumsUpTo: (position) => reader.checksumsUpTo(position),
    close: () => reader.close(),
  };
}
