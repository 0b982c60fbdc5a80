/**
 * The kernel: the two hot loops, in AssemblyScript (https://www.assemblyscript.org). `scan/` turns lines into
 * records. `windows/` keeps records by window until they are counted. Both share one memory, so that `scan/` can
 * insert the records of plain lines into their windows directly.
 */

import { initializeDates } from './scan/dates';
import { initializeTraits } from './scan/segments';
import { emptyPool } from './windows/chunks';

export { forgetCustomers, keyAddress, keyLength, setAlias } from './scan/customers';
export {
  CUSTOMERS,
  DURATIONS,
  ENDPOINT_TREE,
  ENDPOINT_TREE_BYTES,
  ENDPOINTS,
  EVENT_TIMES,
  INPUT,
  INPUT_BYTES,
  KEY_BYTES,
  LINE_BEGINS,
  LINE_ENDS,
  MAX_CUSTOMER_ID_BYTES,
  MAX_CUSTOMERS,
  MAX_LINE_BYTES,
  MAX_ZONE_SPANS,
  PROGRAM,
  PROGRAM_BYTES,
  ROWS,
  SCRATCH,
  STATUSES,
  ZONE,
  ZONE_SPAN_BYTES,
} from './scan/scan-memory';
export { NO_CUSTOMER, setMissingCustomer, SKIPPED_LINE } from './scan/record';
export { directRecords, excludedLines, intern, skippedLines, position, scan } from './scan/scan';
export { setZoneSpans } from './scan/zone-offsets';
export { clear, windows } from './windows/cells';
export { freeBytes, records } from './windows/chunks';
export {
  add,
  cellsOfRecord,
  firstTime,
  forgetTimes,
  lastTime,
  setDirectInsert,
  setEndpoints,
  setHourly,
  setSpan,
  setTimeBounds,
} from './windows/insert';
export { forgetDays, otherDays, setBase, setPrefixBytes, settleDays, usedDays } from './windows/days';
export { begin, countOn, hasRoomFor, isCounted, takeTotal } from './windows/count';
export {
  CELL_BYTES,
  CELLS,
  DAY_BEGINS,
  DAY_ENDS,
  DAY_LINES,
  DURATION_RESULT,
  ENCODED_MS,
  ENCODED_US,
  ENTRIES,
  ENTRIES_BYTES,
  ENTRY_KEY,
  MAX_CHUNK_BYTES,
  MAX_KEY_BYTES,
  MAX_OTHER_DAYS,
  MAX_WINDOWS,
  MS_COUNTS_RESULT,
  MS_RESULT,
  OF_ENDPOINT,
  OTHER_DAYS,
  POOL,
  REQUESTS_RESULT,
  STATUS_RESULT,
  TOTAL_RESULT,
  US_COUNTS_RESULT,
  US_RESULT,
  USED_DAYS,
} from './windows/window-memory';
export {
  encodedMsBytes,
  encodedUsBytes,
  msResults,
  resultLevel,
  statusResults,
  takeResults,
  usResults,
} from './windows/results';
export { addTotalResult } from './windows/totals';
export { takeStateOfTotal } from './windows/states';
export { addToEntry, endEntry, entriesTaken, writeEntry } from './windows/entries';
export {
  addCursor,
  beginMerge,
  endCursor,
  entryState,
  entryStateBytes,
  entryTaken,
  fillCursor,
  groupTaken,
  hasCounts,
  MAX_RUNS,
  MERGE_KEY,
  MERGED_ROWS,
  mergeCursor,
  mergedRowsEnd,
  mergeFirst,
  mergeKeyBytes,
  mergeLast,
  mergeLate,
  mergeRows,
  nextEntry,
  rowsTaken,
  RUN_BUFFERS,
} from './merge/merge';
export {
  beginKeyLeaf,
  beginRowLeaf,
  beginTable,
  KEY_LEAF,
  keyCells,
  keyContent,
  lastKeyCellBytes,
  LEAF_BYTES,
  nextRow,
  pagedRows,
  pageRows,
  ROW_BLOCK,
  ROW_LEAF,
  rowCells,
  rowContent,
} from './pages/rows';
export { compact, extendPool, setEnd } from './windows/compact';
export { MAX_EXACT_OTHERS, MAX_FIVE_DIGIT_OTHERS } from './windows/levels';

/** Called once. */
export function initialize(): void {
  initializeDates();
  initializeTraits();
  emptyPool();
}
