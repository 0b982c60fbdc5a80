import { bug } from '../../errors.ts';
import {
  MAX_CUSTOMER_ID_BYTES,
  MAX_INTERNED_BYTES,
  MAX_INTERNED_CUSTOMERS,
  MAX_LINE_BYTES,
  RECORD_BATCH_ROWS,
} from '../../limits.ts';
import { instantiate, type WasmGlobal, type WasmMemory } from '../../webassembly.ts';
import { KERNEL_WASM_BASE64 } from './wasm.generated.ts';

/** What `assembly/kernel.ts` exports; it documents each. Addresses are bytes from the start of `memory`. */
export interface KernelExports {
  readonly ROWS: WasmGlobal;
  readonly MAX_CUSTOMERS: WasmGlobal;
  readonly KEY_BYTES: WasmGlobal;
  readonly MAX_LINE_BYTES: WasmGlobal;
  readonly MAX_CUSTOMER_ID_BYTES: WasmGlobal;
  readonly INPUT: WasmGlobal;
  readonly INPUT_BYTES: WasmGlobal;
  readonly EVENT_TIMES: WasmGlobal;
  readonly CUSTOMERS: WasmGlobal;
  readonly STATUSES: WasmGlobal;
  readonly DURATIONS: WasmGlobal;
  readonly position: WasmGlobal;
  readonly linesOfNobody: WasmGlobal;
  readonly PROGRAM: WasmGlobal;
  readonly PROGRAM_BYTES: WasmGlobal;
  readonly ZONE: WasmGlobal;
  readonly MAX_ZONE_SPANS: WasmGlobal;
  readonly SCRATCH: WasmGlobal;
  initialize(): void;
  scan(begin: number, end: number, row: number, limit: number): number;
  intern(id: number, length: number): number;
  keyAddress(customer: number): number;
  keyLength(customer: number): number;
  forgetCustomers(): void;
  setMissingCustomer(customer: number): void;
  setZoneSpans(spans: number): void;
}

/** What the kernel takes of a memory, from its start on. */
export const KERNEL_BYTES = 16 * 1024 * 1024;

/** A fresh kernel. @param memory of at least {@link KERNEL_BYTES}. */
export function instantiateKernel(memory: WasmMemory): KernelExports {
  const kernel = instantiate<KernelExports>(KERNEL_WASM_BASE64, memory);
  checkBounds(kernel);
  kernel.initialize();
  return kernel;
}

/** The kernel cannot import `limits.ts`, so its own bounds are held to them here. */
function checkBounds(kernel: KernelExports): void {
  const same =
    kernel.ROWS.value === RECORD_BATCH_ROWS &&
    kernel.MAX_CUSTOMERS.value === MAX_INTERNED_CUSTOMERS &&
    kernel.KEY_BYTES.value === MAX_INTERNED_BYTES &&
    kernel.MAX_LINE_BYTES.value === MAX_LINE_BYTES &&
    kernel.MAX_CUSTOMER_ID_BYTES.value === MAX_CUSTOMER_ID_BYTES &&
    kernel.INPUT.value + kernel.INPUT_BYTES.value <= KERNEL_BYTES;
  if (!same) throw bug('the kernel was compiled with other bounds than limits.ts');
}
