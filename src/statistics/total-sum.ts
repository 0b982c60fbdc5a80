import { type Kernel, newKernel } from '../kernel/kernel.ts';
import { assertSameBuckets, type Counted, resultsOf } from './kernel-results.ts';

/** Adds up totals that accumulators of several threads counted of one window. */
export class TotalSum {
  readonly #kernel: Kernel;
  readonly #total: Uint8Array;

  constructor(kernel = newKernel()) {
    assertSameBuckets(kernel);
    this.#kernel = kernel;
    this.#total = new Uint8Array(kernel.buffer, kernel.TOTAL_RESULT.value);
  }

  /** @param total as `WindowAccumulator.total` gave it. */
  add(total: Uint8Array): void {
    this.#total.set(total);
    this.#kernel.addTotalResult();
  }

  /** The sum of what was added since this was called before. The histogram holds until something is added again. */
  take(): Counted {
    this.#kernel.takeResults();
    return resultsOf(this.#kernel);
  }
}
