import { bug } from '../errors.ts';
import {
  MAX_BATCH_WINDOWS,
  MAX_CUSTOMER_ID_BYTES,
  MAX_INTERNED_BYTES,
  MAX_INTERNED_CUSTOMERS,
  MAX_LINE_BYTES,
  MAX_SPILLED_RUNS,
  MAX_WINDOW_KEY_BYTES,
  RECORD_BATCH_ROWS,
} from '../limits.ts';
import { KERNEL_WASM_BASE64 } from './wasm.generated.ts';

/** The part of WebAssembly that is used here. TypeScript has its types only together with those of a browser. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  Memory: new (descriptor: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
};

interface WasmGlobal {
  readonly value: number;
}

/**
 * What `assembly/kernel.ts` exports. The files in that folder document each. Addresses are bytes from the start of
 * memory.
 */
interface KernelExports {
  initialize(): void;

  readonly ROWS: WasmGlobal;
  readonly MAX_CUSTOMERS: WasmGlobal;
  readonly KEY_BYTES: WasmGlobal;
  readonly MAX_LINE_BYTES: WasmGlobal;
  readonly MAX_CUSTOMER_ID_BYTES: WasmGlobal;
  readonly INPUT: WasmGlobal;
  readonly INPUT_BYTES: WasmGlobal;
  readonly PROGRAM: WasmGlobal;
  readonly PROGRAM_BYTES: WasmGlobal;
  readonly ZONE: WasmGlobal;
  readonly MAX_ZONE_SPANS: WasmGlobal;
  readonly ZONE_SPAN_BYTES: WasmGlobal;
  readonly SCRATCH: WasmGlobal;
  readonly EVENT_TIMES: WasmGlobal;
  readonly CUSTOMERS: WasmGlobal;
  readonly STATUSES: WasmGlobal;
  readonly DURATIONS: WasmGlobal;
  readonly ENDPOINTS: WasmGlobal;
  readonly LINE_BEGINS: WasmGlobal;
  readonly LINE_ENDS: WasmGlobal;
  readonly ENDPOINT_TREE: WasmGlobal;
  readonly ENDPOINT_TREE_BYTES: WasmGlobal;
  readonly NO_CUSTOMER: WasmGlobal;
  readonly SKIPPED_LINE: WasmGlobal;
  readonly position: WasmGlobal;
  readonly skippedLines: WasmGlobal;
  readonly excludedLines: WasmGlobal;
  readonly directRecords: WasmGlobal;
  scan(begin: number, end: number, row: number, limit: number): number;
  intern(id: number, length: number): number;
  setAlias(alias: number, customer: number): void;
  keyAddress(customer: number): number;
  keyLength(customer: number): number;
  forgetCustomers(): void;
  setMissingCustomer(customer: number): void;
  setZoneSpans(spans: number): void;

  readonly MAX_WINDOWS: WasmGlobal;
  readonly MAX_CHUNK_BYTES: WasmGlobal;
  readonly CELLS: WasmGlobal;
  readonly CELL_BYTES: WasmGlobal;
  readonly OF_ENDPOINT: WasmGlobal;
  readonly STATUS_RESULT: WasmGlobal;
  readonly REQUESTS_RESULT: WasmGlobal;
  readonly DURATION_RESULT: WasmGlobal;
  readonly MS_RESULT: WasmGlobal;
  readonly MS_COUNTS_RESULT: WasmGlobal;
  readonly US_RESULT: WasmGlobal;
  readonly US_COUNTS_RESULT: WasmGlobal;
  readonly ENCODED_MS: WasmGlobal;
  readonly ENCODED_US: WasmGlobal;
  readonly TOTAL_RESULT: WasmGlobal;
  readonly DAY_LINES: WasmGlobal;
  readonly DAY_BEGINS: WasmGlobal;
  readonly DAY_ENDS: WasmGlobal;
  readonly USED_DAYS: WasmGlobal;
  readonly OTHER_DAYS: WasmGlobal;
  readonly MAX_OTHER_DAYS: WasmGlobal;
  readonly usedDays: WasmGlobal;
  readonly otherDays: WasmGlobal;
  setBase(position: number): void;
  setPrefixBytes(bytes: number): void;
  settleDays(): void;
  forgetDays(): void;
  readonly POOL: WasmGlobal;
  readonly statusResults: WasmGlobal;
  readonly msResults: WasmGlobal;
  readonly usResults: WasmGlobal;
  readonly resultLevel: WasmGlobal;
  readonly encodedMsBytes: WasmGlobal;
  readonly encodedUsBytes: WasmGlobal;
  readonly MAX_EXACT_OTHERS: WasmGlobal;
  readonly MAX_FIVE_DIGIT_OTHERS: WasmGlobal;
  readonly isCounted: WasmGlobal;
  readonly windows: WasmGlobal;
  readonly firstTime: WasmGlobal;
  readonly lastTime: WasmGlobal;
  readonly records: WasmGlobal;
  setEnd(end: number): void;
  setHourly(value: boolean): void;
  setSpan(fromMs: number, toMs: number, offsetMs: number, parity: number): void;
  setDirectInsert(value: boolean): void;
  readonly cellsOfRecord: WasmGlobal;
  setEndpoints(value: boolean): void;
  setTimeBounds(least: number, greatest: number): void;
  forgetTimes(): void;
  add(row: number, rows: number): number;
  freeBytes(): number;
  compact(): number;
  extendPool(): number;
  begin(window: number): void;
  hasRoomFor(window: number): number;
  countOn(): void;
  takeTotal(): number;
  takeStateOfTotal(window: number, first: number, last: number): number;
  readonly ENTRY_KEY: WasmGlobal;
  readonly MAX_KEY_BYTES: WasmGlobal;
  readonly ENTRIES: WasmGlobal;
  readonly ENTRIES_BYTES: WasmGlobal;
  entriesTaken(): void;
  writeEntry(window: number, keyBytes: number, late: number): number;
  addToEntry(window: number): number;
  endEntry(keyBytes: number, late: number): number;
  addTotalResult(): number;
  takeResults(): void;
  clear(): void;

  readonly MAX_RUNS: WasmGlobal;
  readonly MERGE_KEY: WasmGlobal;
  readonly MERGED_ROWS: WasmGlobal;
  readonly RUN_BUFFERS: WasmGlobal;
  readonly mergeCursor: WasmGlobal;
  readonly mergedRowsEnd: WasmGlobal;
  beginMerge(stored: number): void;
  fillCursor(cursor: number, at: number, end: number): void;
  addCursor(cursor: number): number;
  mergeRows(): number;
  rowsTaken(): void;
  nextEntry(cursor: number): number;
  endCursor(): void;
  entryState(cursor: number): number;
  entryStateBytes(cursor: number): number;
  entryTaken(): void;
  mergeKeyBytes(): number;
  mergeLate(): number;
  mergeFirst(): number;
  mergeLast(): number;
  hasCounts(): number;
  groupTaken(): void;

  readonly LEAF_BYTES: WasmGlobal;
  readonly ROW_LEAF: WasmGlobal;
  readonly KEY_LEAF: WasmGlobal;
  readonly ROW_BLOCK: WasmGlobal;
  readonly rowCells: WasmGlobal;
  readonly rowContent: WasmGlobal;
  readonly keyCells: WasmGlobal;
  readonly keyContent: WasmGlobal;
  readonly lastKeyCellBytes: WasmGlobal;
  readonly pagedRows: WasmGlobal;
  readonly nextRow: WasmGlobal;
  beginTable(): void;
  beginRowLeaf(): void;
  beginKeyLeaf(): void;
  pageRows(from: number, end: number): number;
}

/** An instance of the kernel with its memory. A scanner and a window accumulator may share one. */
export interface Kernel extends KernelExports {
  readonly buffer: ArrayBuffer;
}

const PAGE_BYTES = 65_536;
/** An upper bound of where the pool of chunks begins. */
const MOST_BYTES_BEFORE_POOL = 30 * 1024 * 1024;

/** Compiled once a thread. */
let compiled: object | undefined;

/** Makes a kernel. @param stateBytes the memory for windows; 0 for a kernel that only scans. */
export function newKernel(stateBytes = 0): Kernel {
  const pages = Math.ceil((MOST_BYTES_BEFORE_POOL + stateBytes) / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages });
  compiled ??= new WebAssembly.Module(Buffer.from(KERNEL_WASM_BASE64, 'base64'));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  const exports = instance.exports as KernelExports;
  checkBounds(exports);
  exports.initialize();
  exports.setEnd(exports.POOL.value + stateBytes);
  return { ...exports, buffer: memory.buffer };
}

/** The kernel cannot import `limits.ts`. So its own bounds are compared with those here. */
function checkBounds(kernel: KernelExports): void {
  const same =
    kernel.ROWS.value === RECORD_BATCH_ROWS &&
    kernel.MAX_CUSTOMERS.value === MAX_INTERNED_CUSTOMERS &&
    kernel.KEY_BYTES.value === MAX_INTERNED_BYTES &&
    kernel.MAX_LINE_BYTES.value === MAX_LINE_BYTES &&
    kernel.MAX_CUSTOMER_ID_BYTES.value === MAX_CUSTOMER_ID_BYTES &&
    kernel.MAX_WINDOWS.value === MAX_BATCH_WINDOWS &&
    kernel.MAX_RUNS.value === MAX_SPILLED_RUNS &&
    kernel.MAX_KEY_BYTES.value === MAX_WINDOW_KEY_BYTES &&
    kernel.POOL.value <= MOST_BYTES_BEFORE_POOL;
  if (!same) throw bug('the kernel was compiled with other bounds than limits.ts');
}
