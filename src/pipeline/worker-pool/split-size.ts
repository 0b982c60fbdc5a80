/** How a batch is cut for several workers, so that it covers no more lines than it may. */

import { SECTION_BYTES, SHORT_LINE_BYTES } from '../../limits.ts';

/** Into so many sections for each worker a batch is cut at least: the more, the less a worker waits for the others. */
const SECTIONS_A_BATCH = 4;

/** @param bytes of all that is to be read. */
export function sectionBytesFor(batchLines: number, workers: number, bytes: number): number {
  const batchBytes = Math.min(bytes, batchLines * SHORT_LINE_BYTES);
  return Math.min(SECTION_BYTES, Math.floor(batchBytes / (SECTIONS_A_BATCH * workers)));
}

/** When the gate closes: what the others still scan then counts as well, however much there was to read. */
export function closingLinesFor(batchLines: number, workers: number): number {
  const sectionBytes = sectionBytesFor(batchLines, workers, Number.POSITIVE_INFINITY);
  return batchLines - Math.ceil((workers * sectionBytes) / SHORT_LINE_BYTES);
}
