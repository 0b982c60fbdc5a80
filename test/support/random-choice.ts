import { shuffle } from './random-log.ts';

/** Chooses: what a renderer is free to write this way or that. */
export class Choice {
  readonly #random: () => number;
  readonly #oddity: number;

  /**
   * @param random numbers in [0, 1).
   * @param oddity how often it leaves what is plain: the first of several values, the order as it is, and nothing that
   * is done only once in so many times. 1: it knows nothing plain.
   */
  constructor(random: () => number, oddity = 1) {
    this.#random = random;
    this.#oddity = oddity;
  }

  #isOdd(): boolean {
    return this.#oddity === 1 || this.#random() < this.#oddity;
  }

  /** A whole number from 0 up to, without, `bound`. */
  below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  of<T>(values: readonly T[]): T {
    return values[this.#isOdd() ? this.below(values.length) : 0] as T;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.#isOdd() && this.below(times) === 0;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }

  shuffled<T>(values: readonly T[]): T[] {
    return this.#isOdd() ? shuffle([...values], this.#random) : [...values];
  }
}
