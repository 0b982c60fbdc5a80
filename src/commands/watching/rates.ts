import { TOP_RATE_MS, TOP_RATES_KEPT } from '../../limits.ts';

interface Sample {
  readonly atMs: number;
  readonly lines: number;
}

/** Lines a second, from how many there are at some times. */
export class Rates {
  readonly #samples: Sample[] = [];
  readonly #steps: number[] = [];

  /** @param atMs by a clock that never goes back. @param lines so far. */
  add(atMs: number, lines: number): void {
    const last = this.#samples.at(-1);
    if (last && atMs > last.atMs) {
      this.#steps.push(rateOf(last, { atMs, lines }));
      if (this.#steps.length > TOP_RATES_KEPT) this.#steps.shift();
    }
    this.#samples.push({ atMs, lines });
    while (this.#samples.length > 2 && (this.#samples[1]?.atMs ?? 0) <= atMs - TOP_RATE_MS)
      this.#samples.shift();
  }

  /** Over the last TOP_RATE_MS, because lines come with commits. Null before the second sample. */
  get linesPerSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    return first && last && last.atMs > first.atMs ? rateOf(first, last) : null;
  }

  /** Between the samples, the oldest first. */
  get steps(): readonly number[] {
    return this.#steps;
  }
}

/** A rebuild may lower the count. */
function rateOf(from: Sample, to: Sample): number {
  return (Math.max(0, to.lines - from.lines) * 1000) / (to.atMs - from.atMs);
}
