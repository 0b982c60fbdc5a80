/**
 * The kernel: the two hot loops, in AssemblyScript (https://www.assemblyscript.org). `scan/` turns lines into
 * records. `windows/` keeps records by window until they are counted. Both share one memory, so that `scan/` can
 * insert the records of plain lines into their windows directly.
 */

import { initializeDates } from './scan/dates';
import { emptyPool } from './windows/chunks';

export { forgetCustomers, keyAddress, keyLength } from './scan/customers';
export {
  CUSTOMERS,
  DURATIONS,
  EVENT_TIMES,
  INPUT,
  INPUT_BYTES,
  KEY_BYTES,
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
export {
  add,
  clear,
  firstTime,
  forgetTimes,
  freeBytes,
  lastTime,
  records,
  setDirectInsert,
  setSpan,
  setTimeBounds,
  windows,
} from './windows/chunks';
export { count, takeTotal } from './windows/count';
export {
  BUCKET_RESULT,
  BUCKETS,
  CELL_BYTES,
  CELLS,
  COUNT_RESULT,
  DURATION_RESULT,
  ENCODED_RESULT,
  MAX_CHUNK_BYTES,
  MAX_WINDOWS,
  POOL,
  REQUESTS_RESULT,
  STATUS_RESULT,
  TOTAL_RESULT,
} from './windows/window-memory';
export { bucketResults, encodedBytes, statusResults, takeResults } from './windows/results';
export { addTotalResult } from './windows/totals';
export { compact, setEnd } from './windows/compact';

/** Called once. */
export function initialize(): void {
  initializeDates();
  emptyPool();
}
