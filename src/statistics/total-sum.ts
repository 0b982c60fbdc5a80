import { type Kernel, newKernel } from '../kernel/kernel.ts';
import { mergeCounted } from './daily-statistics.ts';
import { copyOf } from './histogram.ts';
import { assertSameLevels, resultsOf } from './kernel-results.ts';
import type { Counted } from './types.ts';

/** Adds up the totals that the accumulators of several threads counted for one window. */
export class TotalSum {
  readonly #kernel: Kernel;
  readonly #total: Uint8Array;
  /** Sums of the totals before, where the kernel had no room for all. */
  #pieces: Counted[] = [];

  constructor(kernel = newKernel()) {
    assertSameLevels(kernel);
    this.#kernel = kernel;
    this.#total = new Uint8Array(kernel.buffer, kernel.TOTAL_RESULT.value);
  }

  /** @param total one that `WindowAccumulator.totals` gave. */
  add(total: Uint8Array): void {
    this.#total.set(total);
    if (this.#kernel.addTotalResult()) return;
    this.#pieces.push(kept(this.#takeSum()));
    // The results lie over it.
    this.#total.set(total);
    this.#kernel.addTotalResult();
  }

  /** Takes the sum of everything added since the last call. The histogram is valid until the next {@link add} or merge. */
  take(): Counted {
    const last = this.#takeSum();
    if (this.#pieces.length === 0) return last;
    const sum = mergeCounted([...this.#pieces, last]);
    this.#pieces = [];
    return sum;
  }

  #takeSum(): Counted {
    this.#kernel.takeResults();
    return resultsOf(this.#kernel);
  }
}

/** A copy that stays valid. */
function kept({ statuses, histogram }: Counted): Counted {
  return { statuses, histogram: copyOf(histogram) };
}
