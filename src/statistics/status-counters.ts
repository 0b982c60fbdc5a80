import type { StatusTotal } from './types.ts';

const STATUSES = 500;
/** Sums are kept in two parts, so that they stay exact integers past 2^53. */
const CARRY = 2 ** 52;

/** Requests and summed durations by status, to count into. One is reused for window after window. */
export class StatusCounters {
  readonly #requests = new Float64Array(STATUSES);
  readonly #lowUs = new Float64Array(STATUSES);
  readonly #highUs = new Float64Array(STATUSES);
  readonly #touched: number[] = [];

  /** @param index status - 100. @param durationUs below 2^52. */
  add(index: number, durationUs: number): void {
    if (this.#requests[index]++ === 0) this.#touched.push(index);
    const sum = this.#lowUs[index] + durationUs;
    if (sum < CARRY) this.#lowUs[index] = sum;
    else this.#carry(index, sum);
  }

  #carry(index: number, sum: number): void {
    this.#lowUs[index] = sum - CARRY;
    this.#highUs[index]++;
  }

  /** What was added since the last take, by status, ascending; empties it. */
  take(): StatusTotal[] {
    const totals = this.#touched
      .sort((a, b) => a - b)
      .map((index) => ({
        status: index + 100,
        requests: this.#requests[index],
        durationUs: BigInt(this.#highUs[index]) * BigInt(CARRY) + BigInt(this.#lowUs[index]),
      }));
    for (const index of this.#touched) {
      this.#requests[index] = 0;
      this.#lowUs[index] = 0;
      this.#highUs[index] = 0;
    }
    this.#touched.length = 0;
    return totals;
  }
}
