/** Counts from roll-ups are those of the rows, whatever happens in which order, on every store. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROLL_UP_DAYS } from '../../src/statistics/roll-up-part.ts';
import type { Store } from '../../src/store/contract.ts';
import type { CountedRange, CustomerCounts, CustomersAsked } from '../../src/store/customer-days.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import { compareBytes, deltasOf, type Request, requestOf } from '../support/batches.ts';
import { oddRequests } from '../support/naive-ranking.ts';
import { randomNumbers } from '../support/random-log.ts';
import { runInProcesses } from '../support/store-processes.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';
import { naiveStatuses } from '../support/summary-oracle.ts';

const never = new AbortController().signal;
const DAYS = { from: '2024-08-01', to: '2024-10-01' };
const FIRST_DAY = dayOfDate(DAYS.from);

/** The naive way. */
function countsOf(requests: readonly Request[], { from, to, since = from }: CountedRange) {
  const asked = requests.filter(({ date }) => date >= since && date <= to);
  return [...Map.groupBy(asked, ({ customerId }) => customerId)]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([customerId, own]) => ({
      customerId,
      statuses: naiveStatuses(own.filter(({ date }) => date >= from)),
      before: naiveStatuses(own.filter(({ date }) => date < from)),
    }));
}

function read(store: Store, range: CountedRange, asked: CustomersAsked = {}) {
  return store.readSnapshot(async ({ customers }) => {
    const all: CustomerCounts[] = [];
    for await (const counts of customers.counts(asked, range)) all.push(...counts);
    return all;
  });
}

describe.each(STORE_KINDS)('Roll-ups of a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const commit = (to: Store, requests: readonly Request[]) =>
    to.commit({ timeZone: 'UTC', advances: [], deltas: deltasOf(requests) });
  const replaceBy = async (requests: readonly Request[], range: typeof DAYS) => {
    const scratchPlace = await STORE_KINDS[0].createPlace();
    try {
      const source = await scratchPlace.open();
      await source.migrate();
      await commit(source, requests);
      await store.replace({
        range,
        source,
        nowMs: 0,
        isDryRun: false,
        prepare: async () => [],
        note: () => {},
      });
    } finally {
      await scratchPlace.dispose();
    }
  };
  const readyPeriods = async () =>
    (await place.query('select period from roll_ups where is_ready = 1 order by period')).length;

  test('are built for all days asked for, and searches find in them what they find in rows', async () => {
    const requests = oddRequests(randomNumbers(1), 4_000);
    await commit(store, requests);
    const periods = Math.floor(dayOfDate(DAYS.to) / ROLL_UP_DAYS) - Math.floor(FIRST_DAY / ROLL_UP_DAYS) + 1;
    expect(await store.rollUp(DAYS, 2, never)).toBe(2);
    expect(await store.rollUp(DAYS, 100, never)).toBe(periods - 2);
    expect(await store.rollUp(DAYS, 100, never)).toBe(0);
    expect(await readyPeriods()).toBe(periods);
    const all = countsOf(requests, DAYS);
    for (const prefix of ['', 'cust_', 'cust_1', '😀', '\uffff', 'nobody', 'no\0body'])
      for (const after of [undefined, '', 'cust_15', 'é', '😀'])
        expect(await read(store, DAYS, { prefix, after })).toEqual(
          all.filter(
            ({ customerId }) =>
              customerId.startsWith(prefix) && (after === undefined || compareBytes(customerId, after) > 0),
          ),
        );
    const matches = (id: string) => id.length % 2 === 0;
    expect(await read(store, DAYS, { matches })).toEqual(all.filter(({ customerId }) => matches(customerId)));
    const whole = { from: '0001-01-01', to: '9999-12-31' };
    expect(await read(store, whole)).toEqual(countsOf(requests, whole));
  });

  test.each([1, 2, 3])(
    'change no count in random sequences of commits, rebuilds, retention and builds (%i)',
    async (seed) => {
      const random = randomNumbers(seed);
      const randomDate = () => dateOfDay(FIRST_DAY + Math.floor(random() * 62));
      const randomRange = () => {
        const [from, to] = [randomDate(), randomDate()].sort();
        return { from, to };
      };
      let requests: Request[] = [];
      for (let step = 0; step < 40; step++) {
        const kind = Math.floor(random() * 8);
        const { from, to } = randomRange();
        if (kind < 3) {
          const isWide = kind === 0;
          const more = oddRequests(random, 300).filter(({ date }) => isWide || date === from);
          await commit(store, more);
          requests = [...requests, ...more];
        } else if (kind < 6) await store.rollUp({ from, to }, 5, never);
        else if (kind === 6) {
          const other = oddRequests(random, 100).filter(({ date }) => date >= from && date <= to);
          await replaceBy(other, { from, to });
          requests = [...requests.filter(({ date }) => date < from || date > to), ...other];
        } else if (from < '2024-08-15') {
          await store.deleteDaysBefore(from, never);
          requests = requests.filter(({ date }) => date >= from);
        }
        const range = randomRange();
        const since = randomDate();
        const asked = since < range.from ? { ...range, since } : range;
        expect([step, await read(store, asked)]).toEqual([step, countsOf(requests, asked)]);
      }
      expect(await read(store, DAYS)).toEqual(countsOf(requests, DAYS));
    },
  );

  test('are never ready where a commit came while they were built', async () => {
    const requests = [requestOf('a', DAYS.from), requestOf('b', DAYS.from)];
    await commit(store, requests);
    const day = { from: DAYS.from, to: DAYS.from };
    // Whatever the order of the two, counts are those of all requests.
    for (let i = 0; i < 10; i++) {
      const more = requestOf(`c${i}`, DAYS.from);
      await Promise.all([store.rollUp(day, 1, never), commit(store, [more])]);
      requests.push(more);
      expect(await read(store, day)).toEqual(countsOf(requests, day));
    }
    await store.rollUp(day, 1, never);
    expect(await readyPeriods()).toBe(1);
    expect(await read(store, day)).toEqual(countsOf(requests, day));
  });

  test('hold all that several processes commit while another one builds', async () => {
    const days = Array.from({ length: 20 }, (_, i) => dateOfDay(FIRST_DAY + i));
    const batches = Array.from({ length: 30 }, (_, i) =>
      days.map((date) => ({ customerId: `customer ${i % 7}`, date })),
    );
    const { location } = place;
    const range = { from: days[0], to: days[days.length - 1] };
    await runInProcesses([
      { location, kind: 'commit', batches },
      { location, kind: 'commit', batches },
      { location, kind: 'rollUp', range, times: 100 },
      { location, kind: 'rollUp', range, times: 100 },
    ]);
    const requests = [...batches, ...batches]
      .flat()
      .map(({ customerId, date }) => requestOf(customerId, date));
    expect(await read(store, range)).toEqual(countsOf(requests, range));
    await store.rollUp(range, 100, never);
    expect(await readyPeriods()).toBeGreaterThan(2);
    expect(await read(store, range)).toEqual(countsOf(requests, range));
  });

  test('that a killed process began are built anew, and what it had written is deleted', async () => {
    const requests = oddRequests(randomNumbers(9), 500);
    await commit(store, requests);
    const period = Math.floor(FIRST_DAY / ROLL_UP_DAYS);
    await place.query(`insert into roll_ups (period, id, is_ready) values (${period}, 'killed', 0)`);
    await place.query(
      `insert into roll_up_parts (roll_up_id, part, last_customer_id, data) values ('killed', 0, 'z', '${'\\x00'}')`.replace(
        "'\\x00'",
        place.location.kind === 'postgres' ? "'\\x00'" : "x'00'",
      ),
    );
    expect(await read(store, DAYS)).toEqual(countsOf(requests, DAYS));
    await store.rollUp(DAYS, 100, never);
    await commit(store, [requestOf('one more', DAYS.from)]);
    await store.rollUp(DAYS, 100, never);
    expect(await place.query(`select * from roll_up_parts where roll_up_id = 'killed'`)).toEqual([]);
    requests.push(requestOf('one more', DAYS.from));
    expect(await read(store, DAYS)).toEqual(countsOf(requests, DAYS));
  });
});
