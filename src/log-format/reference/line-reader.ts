import type { RejectionReason } from '../types.ts';

/** Takes apart the lines of one layout. */
export interface LineReader {
  /** See `LineParser.startPartition`. */
  startPartition?(head: Uint8Array): void;
  /**
   * Gives the fields of a line to the record reader. @returns why the line is rejected; undefined where it is a
   * record.
   */
  read(line: string): RejectionReason | undefined;
}
