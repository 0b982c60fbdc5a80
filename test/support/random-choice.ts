import { shuffle } from './random-log.ts';

/** Chooses: what a renderer is free to write this way or that. */
export class Choice {
  readonly #random: () => number;

  /** @param random numbers in [0, 1). */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** A whole number from 0 up to, without, `bound`. */
  below(bound: number): number {
    return Math.floor(this.#random() * bound);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }

  shuffled<T>(values: readonly T[]): T[] {
    return shuffle([...values], this.#random);
  }
}
