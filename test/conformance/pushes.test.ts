import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Commit, Push, Store } from '../../src/store/contract.ts';
import { adding, advanceOf, deltasOf, requestOf } from '../support/batches.ts';
import { daysOfCustomers, ledger } from '../support/rows.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const NOW_MS = Date.UTC(2026, 10, 30);

const pushOf = (key: string, parts: Partial<Push> = {}): Push => ({
  ...{
    scope: '0123456789abcdef',
    key,
    fingerprint: `lines of ${key}`,
    answer: '{"lines":1}',
    createdMs: NOW_MS,
  },
  ...parts,
});

describe.each(STORE_KINDS)('The pushes of a $name store', ({ name, createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
    await store.addPartitions(() => adding('a', 'b'));
  });
  afterEach(() => place.dispose());

  /** A batch of one line that is a push. */
  const commitOf = (partition: string, from: number, push: Push): Commit => {
    const requests = [requestOf('cust_1', '2024-10-02')];
    return {
      timeZone: 'UTC',
      advances: [advanceOf(partition, from, from + 1)],
      push,
      deltas: deltasOf(requests),
    };
  };

  test('are found as they were committed, by every process, and by their scope', async () => {
    const push = pushOf('é"\\,\u{1f600}', { answer: '{"lines":1,"excerpt":"ü"}' });
    expect(await store.pushes.find(push)).toBeUndefined();
    await store.commit(commitOf('a', 0, push));
    const other = await place.open();
    expect(await other.pushes.find(push)).toEqual(push);
    expect(await other.pushes.find({ ...push, scope: '' })).toBeUndefined();
    await store.commit(commitOf('b', 0, { ...push, scope: '', answer: 'another' }));
    expect(await other.pushes.find({ ...push, scope: '' })).toMatchObject({ answer: 'another' });
  });

  test('count once: a second commit with their key stores nothing', async () => {
    await store.commit(commitOf('a', 0, pushOf('1')));
    const before = [await daysOfCustomers(place), await ledger(place)];
    await expect(store.commit(commitOf('b', 0, pushOf('1', { answer: 'other' })))).rejects.toMatchObject({
      code: 'PUSH_KNOWN',
    });
    expect([await daysOfCustomers(place), await ledger(place)]).toEqual(before);
    expect(await store.pushes.find(pushOf('1'))).toEqual(pushOf('1'));
  });

  test('are not known where their commit failed', async () => {
    await expect(store.commit(commitOf('a', 77, pushOf('1')))).rejects.toMatchObject({
      code: 'CHECKPOINT_MOVED',
    });
    expect(await store.pushes.find(pushOf('1'))).toBeUndefined();
    await store.commit(commitOf('a', 0, pushOf('1')));
    expect(await ledger(place)).toMatchObject({ lines: 1 });
  });

  // The embedded store has one writer at a time, and a second one in the same thread would wait for itself.
  test.skipIf(name === 'SQLite')('count once if two commit them at the same time', async () => {
    const other = await place.open();
    for (let round = 0; round < 10; round++) {
      const push = pushOf(`round ${round}`);
      const from = { a: 0, b: 0 };
      for (const { id, offset } of await store.checkpoints.byIds(['a', 'b'])) from[id as 'a' | 'b'] = offset;
      const outcomes = await Promise.allSettled([
        store.commit(commitOf('a', from.a, push)),
        other.commit(commitOf('b', from.b, push)),
      ]);
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
      expect(refused).toEqual(['PUSH_KNOWN']);
      expect(await ledger(place)).toMatchObject({ lines: round + 1 });
    }
  });

  test('are forgotten by their age, the oldest first, and some at once', async () => {
    for (let i = 0; i < 5; i++)
      await store.commit(commitOf('a', i, pushOf(`${i}`, { createdMs: NOW_MS + i })));
    expect(await store.pushes.forgetBefore(NOW_MS, 10)).toBe(0);
    expect(await store.pushes.forgetBefore(NOW_MS + 4, 3)).toBe(3);
    expect(await store.pushes.find(pushOf('2'))).toBeUndefined();
    expect(await store.pushes.find(pushOf('3'))).toBeDefined();
    expect(await store.pushes.forgetBefore(NOW_MS + 4, 3)).toBe(1);
    expect(await store.pushes.find(pushOf('4'))).toBeDefined();
    // What they counted stays.
    expect(await ledger(place)).toMatchObject({ lines: 5 });
  });
});
