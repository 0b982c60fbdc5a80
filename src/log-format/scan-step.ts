import type { Rejection, RejectionReason } from './types.ts';

/** What one step of a scanner found, besides the records in {@link Scanner.batch}. */
export interface ScanStep {
  /** All lines: records, rejections, and lines that do not count. */
  lines: number;
  rejected: number;
  /** Lines that do not count, as the rules say. */
  excluded: number;
  readonly rejectedByReason: Map<RejectionReason, number>;
  /** The first rejections of the step, as many as the caller asked for. */
  rejections: Rejection[];
  /** Records that the kernel inserted into their windows directly. They are not in the batch. */
  directRecords: number;
  /**
   * True where there is no room for the customer of the next line. Commit, call {@link Scanner.forgetCustomers}, and
   * go on.
   */
  isCustomerTableFull: boolean;
}

/** Counts lines that do not count. */
export function countExcluded(step: ScanStep, lines: number): void {
  step.lines += lines;
  step.excluded += lines;
}

/** Counts lines that are rejected for a reason. */
export function countRejections(step: ScanStep, reason: RejectionReason, lines: number): void {
  step.lines += lines;
  step.rejected += lines;
  step.rejectedByReason.set(reason, (step.rejectedByReason.get(reason) ?? 0) + lines);
}
