import type { HeaderColumns, RejectionReason } from '../types.ts';

/** Takes apart the lines of one layout. */
export interface LineReader {
  /** See `LineParser.startPartition`. */
  startPartition?(head: Uint8Array): void;
  /**
   * Gives the fields of a line to the record reader. @returns why the line is rejected; undefined where it is a
   * record.
   */
  read(line: string): RejectionReason | undefined;
  /** See `LineParser.passLongLine`. */
  passLongLine?(beginning: string): void;
  /** See `LineParser.columns`. */
  readonly columns?: HeaderColumns | undefined;
}
