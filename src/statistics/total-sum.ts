import { type Kernel, newKernel } from '../kernel/kernel.ts';
import { assertSameBuckets, type Counted, resultsOf } from './kernel-results.ts';

/** Adds up the totals that the accumulators of several threads counted for one window. */
export class TotalSum {
  readonly #kernel: Kernel;
  readonly #total: Uint8Array;

  constructor(kernel = newKernel()) {
    assertSameBuckets(kernel);
    this.#kernel = kernel;
    this.#total = new Uint8Array(kernel.buffer, kernel.TOTAL_RESULT.value);
  }

  /** @param total what `WindowAccumulator.total` returned. */
  add(total: Uint8Array): void {
    this.#total.set(total);
    this.#kernel.addTotalResult();
  }

  /** Takes the sum of everything added since the last call. The histogram is valid until the next {@link add}. */
  take(): Counted {
    this.#kernel.takeResults();
    return resultsOf(this.#kernel);
  }
}
