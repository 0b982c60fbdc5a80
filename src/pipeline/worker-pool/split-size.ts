/** How a batch is cut for several workers, so that it covers no more lines than it may. */

import { SHORT_LINE_BYTES, SPLIT_BYTES } from '../../limits.ts';

/** A batch is cut into at least so many splits for each worker: the more, the less a worker waits for the others. */
const SPLITS_A_BATCH = 4;

/** @param bytes of all that is to be read. */
export function splitBytesFor(batchLines: number, workers: number, bytes: number): number {
  const batchBytes = Math.min(bytes, batchLines * SHORT_LINE_BYTES);
  return Math.min(SPLIT_BYTES, Math.floor(batchBytes / (SPLITS_A_BATCH * workers)));
}

/** The lines at which the claim counter closes. It leaves room for what the threads still scan then. */
export function closingLinesFor(batchLines: number, workers: number): number {
  const splitBytes = splitBytesFor(batchLines, workers, Number.POSITIVE_INFINITY);
  return batchLines - Math.ceil((workers * splitBytes) / SHORT_LINE_BYTES);
}
