import fc from 'fast-check';

/** The seed of every property: fixed, so that a run can be had again; `TEST_SEED` sets another one. */
export const SEED = Number(process.env.TEST_SEED ?? 20_241_003);

/** Checks a property. What it prints where it fails names the seed and the smallest counterexample. */
export function check<T>(property: fc.IPropertyWithHooks<T> | fc.IProperty<T>, numRuns = 200): void {
  fc.assert(property, { seed: SEED, numRuns });
}

/** The same for a property that has to wait. */
export async function checkAsync<T>(
  property: fc.IAsyncPropertyWithHooks<T> | fc.IAsyncProperty<T>,
  numRuns = 200,
): Promise<void> {
  await fc.assert(property, { seed: SEED, numRuns });
}

/** How many runs a property has in each form of the tests. */
export interface Runs {
  /** `npm run test:fast` */
  readonly fast: number;
  /** `npm test` */
  readonly normal: number;
  /** `npm run test:long` */
  readonly long: number;
}

/** For a property that takes long: chooses its number of runs. */
export function runsOf({ fast, normal, long }: Runs): number {
  if (process.env.TEST_LONG) return long;
  return process.env.TEST_FAST ? fast : normal;
}
