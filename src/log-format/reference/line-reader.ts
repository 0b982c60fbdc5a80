import type { RejectionReason } from '../types.ts';

/** How the lines of one layout are taken apart. */
export interface LineReader {
  /** See `LineParser.startPartition`. */
  startPartition?(head: Uint8Array): void;
  /** Gives the fields of a line to the record reader. @returns why the line is rejected. */
  read(line: string): RejectionReason | undefined;
}
