/**
 * The kernel: the two hot loops, in AssemblyScript (https://www.assemblyscript.org). `scan/` reads lines to records,
 * and `windows/` keeps records by window until they are counted. They share one memory, and plain records go from one to
 * the other without a stop.
 */

import { initializeDates } from './scan/values';
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
} from './scan/layout';
export { setMissingCustomer } from './scan/record';
export { fedRecords, intern, linesOfNobody, position, scan } from './scan/scan';
export { setZoneSpans } from './scan/values';
export {
  add,
  clear,
  firstTime,
  forgetTimes,
  freeBytes,
  lastTime,
  records,
  setFed,
  setSpan,
  setTimeBounds,
  windows,
} from './windows/chunks';
export { bucketResults, count, encodedBytes, statusResults, takeResults } from './windows/count';
export {
  BUCKET_RESULT,
  BUCKETS,
  CELLS,
  COUNT_RESULT,
  DURATION_RESULT,
  ENCODED_RESULT,
  MAX_WINDOWS,
  POOL,
  REQUESTS_RESULT,
  STATUS_RESULT,
  TOTAL_RESULT,
} from './windows/layout';
export { addTotalResult, takeTotal } from './windows/totals';
export { fold, setEnd } from './windows/fold';

/** Called once. */
export function initialize(): void {
  initializeDates();
  emptyPool();
}
