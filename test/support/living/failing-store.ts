import { DaymarkError } from '../../../src/errors.ts';
import type { Store } from '../../../src/store/contract.ts';

/** How a store fails: before it does something, or behind it, so that the answer is lost. */
interface Failures {
  before: number;
  behind: number;
}

/**
 * A real store that is read-only for a while, or whose answers are lost.
 * @returns the store, and how many of the next calls fail.
 */
export function failingStore(store: Store): { readonly store: Store; readonly failures: Failures } {
  const failures: Failures = { before: 0, behind: 0 };
  return { store: failing(store, failures), failures };
}

/** The same object, of which all functions fail, and those of what it looks checkpoints up by. */
function failing<T extends object>(target: T, failures: Failures): T {
  const get = (_: T, name: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, name);
    if (name === 'checkpoints' && typeof value === 'object' && value !== null)
      return failing(value, failures);
    if (typeof value !== 'function') return value;
    return async (...args: unknown[]) => {
      if (failures.before > 0 && failures.before--) fail();
      const result: unknown = await value.apply(target, args);
      if (failures.behind > 0 && failures.behind--) fail();
      return result;
    };
  };
  return new Proxy(target, { get });
}

function fail(): never {
  throw new DaymarkError('STORE_UNWRITABLE', 'It is read-only for a while.');
}
