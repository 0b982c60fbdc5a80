import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Member, Store } from '../../src/store/contract.ts';
import { adding, advanceOf } from '../support/batches.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const LEASE_MS = 600_000;
/** A renewal that is over as soon as it is made. */
const OVER = -1;

const memberOf = (id: string, work = 'topic'): Member => ({ id, work, name: `host:${id}` });
const [A, B] = [memberOf('a'), memberOf('b')];

describe.each(STORE_KINDS)('The leases of a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;
  let other: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
    other = await place.open();
  });
  afterEach(() => place.dispose());

  test('are of one member each, whichever process asks', async () => {
    expect(await store.leases.renew(A, LEASE_MS)).toEqual({ members: ['a'], holders: new Map() });
    await other.leases.renew(B, LEASE_MS);
    expect(await store.leases.take('a', ['p2', 'p1'])).toEqual(['p1', 'p2']);
    expect(await other.leases.take('b', ['p1', 'p2', 'p3'])).toEqual(['p3']);
    expect(await store.leases.renew(A, LEASE_MS)).toEqual({
      members: ['a', 'b'],
      holders: new Map([
        ['p1', 'a'],
        ['p2', 'a'],
        ['p3', 'b'],
      ]),
    });
  });

  test('are taken once where two processes take them at the same time', async () => {
    await store.leases.renew(A, LEASE_MS);
    await other.leases.renew(B, LEASE_MS);
    const ids = Array.from({ length: 40 }, (_, i) => `p${i}`);
    const taken = await Promise.all([store.leases.take('a', ids), other.leases.take('b', ids.toReversed())]);
    expect(taken.flat().sort()).toEqual(ids.toSorted());
  });

  test('are free when their member did not renew in time', async () => {
    await store.leases.renew(A, LEASE_MS);
    await store.leases.take('a', ['p1']);
    await store.leases.renew(A, OVER);
    expect(await other.leases.renew(B, LEASE_MS)).toEqual({ members: ['b'], holders: new Map() });
    expect(await other.leases.take('b', ['p1'])).toEqual(['p1']);
    // It goes on, and sees that it has lost it.
    const division = await store.leases.renew(A, LEASE_MS);
    expect(division).toEqual({ members: ['a', 'b'], holders: new Map([['p1', 'b']]) });
  });

  test('stay with a member that renews late, where nobody has taken them', async () => {
    await store.leases.renew(A, OVER);
    await store.leases.take('a', ['p1']);
    expect((await store.leases.renew(A, LEASE_MS)).holders).toEqual(new Map([['p1', 'a']]));
  });

  test('are given up, and only by who has them', async () => {
    await store.leases.renew(A, LEASE_MS);
    await other.leases.renew(B, LEASE_MS);
    await store.leases.take('a', ['p1', 'p2']);
    await other.leases.giveUp('b', ['p1']);
    expect(await other.leases.take('b', ['p1'])).toEqual([]);
    await store.leases.giveUp('a', ['p1']);
    expect(await other.leases.take('b', ['p1', 'p2'])).toEqual(['p1']);
  });

  test('end with their member', async () => {
    await store.leases.renew(A, LEASE_MS);
    await store.leases.take('a', ['p1']);
    await store.leases.leave('a');
    expect(await other.leases.renew(B, LEASE_MS)).toEqual({ members: ['b'], holders: new Map() });
    expect(await place.query('select * from leases')).toEqual([]);
  });

  test('are kept apart by what is divided, and held by one member all the same', async () => {
    await store.leases.renew(A, LEASE_MS);
    await store.leases.take('a', ['p1']);
    const division = await other.leases.renew(memberOf('c', 'another topic'), LEASE_MS);
    expect(division).toEqual({ members: ['c'], holders: new Map([['p1', 'a']]) });
  });

  test('leave no rows of members that were gone long ago', async () => {
    await store.leases.renew(A, -24 * 3_600_000);
    await store.leases.take('a', ['p1']);
    await other.leases.renew(B, LEASE_MS);
    await other.leases.take('b', ['p2']);
    expect(await place.query('select partition_id from leases')).toEqual([{ partition_id: 'p2' }]);
    expect(await place.query('select id from members')).toEqual([{ id: 'b' }]);
  });

  test('show who reads what', async () => {
    await store.addPartitions(() => adding('p1', 'p2'));
    await store.leases.renew(A, LEASE_MS);
    await store.leases.renew(B, LEASE_MS);
    await store.leases.take('a', ['p1']);
    expect(await other.leases.readers()).toEqual([
      { work: 'topic', name: 'host:a', partitions: 1 },
      { work: 'topic', name: 'host:b', partitions: 0 },
    ]);
    const readers = async () => (await other.ledger()).map(({ id, reader }) => [id, reader]);
    expect(await readers()).toEqual([
      ['p1', 'host:a'],
      ['p2', null],
    ]);
    await store.leases.renew(A, OVER);
    expect(await readers()).toEqual([
      ['p1', null],
      ['p2', null],
    ]);
    expect(await other.leases.readers()).toEqual([{ work: 'topic', name: 'host:b', partitions: 0 }]);
  });
});

describe.each(STORE_KINDS)('The hosts of partitions in a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const named = async () => (await store.checkpoints.all()).map(({ id, sourceName }) => [id, sourceName]);

  test('are named once', async () => {
    await store.addPartitions(() => [
      ...adding('p1', 'p2'),
      ...adding('p3').map((one) => ({ ...one, sourceName: 'web-2' })),
    ]);
    await store.nameSource(['p1', 'p3'], 'web-1');
    await store.nameSource(['p1'], 'web-2');
    expect(await named()).toEqual([
      ['p1', 'web-1'],
      ['p2', ''],
      ['p3', 'web-2'],
    ]);
    expect((await store.ledger()).map(({ sourceName }) => sourceName)).toEqual(['web-1', '', 'web-2']);
  });

  test('narrow the search for partitions', async () => {
    await store.addPartitions(() => [
      ...adding('p1', 'p2'),
      ...adding('p3').map((one) => ({ ...one, sourceName: 'web-2' })),
    ]);
    await store.nameSource(['p1'], 'web-1');
    const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);
    expect(ids(await store.checkpoints.byHeadKeys(['']))).toEqual(['p1', 'p2', 'p3']);
    expect(ids(await store.checkpoints.byHeadKeys([''], ['web-1', '']))).toEqual(['p1', 'p2']);
    expect(ids(await store.checkpoints.live(['web-2']))).toEqual(['p3']);
  });

  test('are noted with each commit', async () => {
    await store.addPartitions(() => adding('p1', 'p2'));
    const commit = { timeZone: 'UTC', deltas: [] };
    await store.commit({ ...commit, advances: [advanceOf('p1', 0, 0)], host: 'host-a' });
    await store.commit({ ...commit, advances: [advanceOf('p2', 0, 0)] });
    expect((await store.checkpoints.all()).map(({ host }) => host)).toEqual(['host-a', '']);
  });
});
