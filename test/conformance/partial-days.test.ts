import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Store, WindowDelta } from '../../src/store/contract.ts';
import { ALL_DAYS } from '../../src/window/kind.ts';
import { deltasOf, requestOf } from '../support/batches.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const EVER = { from: '0001-01-01', to: '9999-12-31' };

describe.each(STORE_KINDS)(
  'Days that are not all in the windows of all customers, in $name',
  ({ createPlace }) => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await createPlace();
      store = await place.open();
      await store.migrate();
    });
    afterEach(() => place.dispose());

    const add = (deltas: readonly WindowDelta[]) => store.commit({ timeZone: 'UTC', advances: [], deltas });
    const partialDays = (range = EVER) => store.readSnapshot((snapshot) => snapshot.partialDays(range));

    /** A day of a customer, and of all together, as a run with ALL_CUSTOMERS commits it. */
    function withAll(customer: string, date: string): WindowDelta[] {
      const [own] = deltasOf([requestOf(customer, date)]);
      if (!own) throw new Error('no delta');
      return [{ ...own, key: { kind: ALL_DAYS, values: ['00', date] } }, own];
    }

    test('are noted when they are committed, whatever is committed of them before and later', async () => {
      await add(withAll('a', '2024-10-01'));
      expect(await partialDays()).toEqual([]);
      await add(
        deltasOf([requestOf('a', '2024-10-02'), requestOf('b', '2024-10-03'), requestOf('b', '2024-10-02')]),
      );
      await add(deltasOf([requestOf('b', '2024-10-01')]));
      await add(withAll('a', '2024-10-02'));
      expect(await partialDays()).toEqual(['2024-10-01', '2024-10-02', '2024-10-03']);
      expect(await partialDays({ from: '2024-10-02', to: '2024-10-02' })).toEqual(['2024-10-02']);
    });

    test('are forgotten when they are deleted', async () => {
      await add(deltasOf([requestOf('a', '2024-10-01'), requestOf('a', '2024-10-02')]));
      await store.deleteDaysBefore('2024-10-02', new AbortController().signal);
      expect(await partialDays()).toEqual(['2024-10-02']);
    });
  },
);
