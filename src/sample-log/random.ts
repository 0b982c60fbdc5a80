/**
 * Random numbers that depend on the seed only, not on the machine: xoshiro128** 1.1 by David Blackman and Sebastiano
 * Vigna (https://prng.di.unimi.it/xoshiro128starstar.c). Vigna's splitmix64 fills the state, as the authors advise
 * (https://prng.di.unimi.it/splitmix64.c). Both are in the public domain.
 */

const TWO_TO_32 = 2 ** 32;

/** The first `count` numbers of splitmix64. It uses big integers and is slow, so it is for seeding only. */
export function splitmix64(seed: bigint, count: number): bigint[] {
  let state = BigInt.asUintN(64, seed);
  return Array.from({ length: count }, () => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  });
}

/** A sequence of random numbers. */
export class Random {
  // Four fields of 32-bit integers, which the engine keeps without boxing.
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param state four 32-bit integers, not all of them 0. */
  constructor(state: readonly [number, number, number, number]) {
    this.#a = state[0] | 0;
    this.#b = state[1] | 0;
    this.#c = state[2] | 0;
    this.#d = state[3] | 0;
  }

  static fromSeed(seed: number): Random {
    const [first, second] = splitmix64(BigInt(seed), 2) as [bigint, bigint];
    const low = (word: bigint) => Number(BigInt.asIntN(32, word));
    const high = (word: bigint) => Number(BigInt.asIntN(32, word >> 32n));
    return new Random([low(first), high(first), low(second), high(second)]);
  }

  /** An integer from 0 to 2^32 - 1. */
  next(): number {
    const b = this.#b;
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const c = this.#c ^ this.#a;
    const d = this.#d ^ b;
    this.#b = b ^ c;
    this.#a ^= d;
    this.#c = c ^ (b << 9);
    this.#d = (d << 11) | (d >>> 21);
    return result;
  }

  /**
   * An integer from 0 to `bound` - 1. The bound is at most 2^21, so that the product is an exact integer. The chances
   * of any two numbers differ by at most `bound` / 2^32.
   */
  below(bound: number): number {
    return Math.floor((this.next() * bound) / TWO_TO_32);
  }
}
