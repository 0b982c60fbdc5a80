import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../src/store/contract.ts';
import { MIGRATION_NAMES } from '../../src/store/migrations/index.ts';
import { customerDays, spanOf } from '../../src/window/key.ts';
import { compareBytes, deltasOf, requestOf } from '../support/batches.ts';
import { runInProcesses } from '../support/store-processes.ts';
import { POSTGRES_BY_COPY, STORE_KINDS, type StorePlace } from '../support/stores.ts';

const SEED = 20241002;

/** @returns a function that returns numbers from 0 below 1, the same ones in every run. */
function pseudoRandom(): () => number {
  let state = SEED;
  return () => {
    state = (state * 48271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

describe.each([...STORE_KINDS, POSTGRES_BY_COPY])('A $name store that several processes share', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
  });
  afterEach(() => place.dispose());

  test('makes its schema once where several processes migrate at once', async () => {
    const job = { location: place.location, kind: 'migrate' } as const;
    const applied = await runInProcesses([job, job, job, job]);
    expect(applied.flat()).toEqual(MIGRATION_NAMES);
    await store.checkSchema();
  });

  test('adds each partition once where several processes add some at once', async () => {
    await store.migrate();
    const job = { location: place.location, kind: 'addPartitions', times: 10 } as const;
    const added = await runInProcesses([job, job, job]);
    const ids = added.flat().sort(compareBytes);
    expect(ids).toHaveLength(30);
    expect((await store.checkpoints.all()).map(({ id }) => id)).toEqual(ids);
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 30 }, (_, i) => `partition-${i}`)));
  });

  test('loses nothing where several processes add to the same windows, old and new', async () => {
    await store.migrate();
    const random = pseudoRandom();
    const customers = Array.from({ length: 130 }, (_, i) => `c${i}`);
    const old = '2024-10-01';
    await store.commit({
      timeZone: 'UTC',
      advances: [],
      deltas: deltasOf(customers.map((id) => requestOf(id, old))),
    });
    // Each batch has windows that are old and others that are new to all processes, side by side, and leaves out
    // others, so that no two statements begin and end at the same window.
    const batchOf = (_: unknown, i: number) =>
      customers
        .flatMap((customerId) => [old, `2024-11-${10 + i}`].map((date) => ({ customerId, date })))
        .filter(() => random() < 0.7);
    const jobs = Array.from({ length: 4 }, () => ({
      location: place.location,
      kind: 'commit' as const,
      batches: Array.from({ length: 12 }, batchOf),
    }));
    await runInProcesses(jobs);

    const touched = jobs.flatMap(({ batches }) => batches.flat());
    for (const id of customers) {
      const dates = touched.filter(({ customerId }) => customerId === id).map(({ date }) => date);
      const expected = Map.groupBy([old, ...dates].sort(), (date) => date);
      const days = await store.windows({ ...customerDays(id), from: old, limit: 100 });
      const served = days.map(({ key, success_requests }) => [spanOf(key), success_requests]);
      expect(served).toEqual([...expected].map(([date, group]) => [date, group.length]));
    }
    expect((await store.checkpoints.all()).map(({ offset }) => offset)).toEqual([12, 12, 12, 12]);
  });
});
