/** Counts from roll-ups are those of the rows, whatever happens in which order, on every store. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROLL_UP_DAYS } from '../../src/statistics/roll-up-part.ts';
import type { StatusCount } from '../../src/statistics/types.ts';
import type { Store } from '../../src/store/contract.ts';
import type {
  CountedRange,
  CustomerCounts,
  CustomerDays,
  CustomersAsked,
  CustomerTable,
} from '../../src/store/customer-days.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import type { SpanRange } from '../../src/window/kind.ts';
import { adding, advanceOf, compareBytes, deltasOf, type Request, requestOf } from '../support/batches.ts';
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

/** Reads streams, tables and statuses: all must say the same. */
function read(store: Store, range: CountedRange, asked: CustomersAsked = {}) {
  return store.readSnapshot(async ({ customers }) => {
    const all: CustomerCounts[] = [];
    for await (const counts of customers.counts(asked, range)) all.push(...counts);
    const table = Object.keys(asked).length === 0 ? await customers.table(range, EACH_STATUS) : undefined;
    if (table) expect(rowsOf(table)).toEqual(all);
    if (table) expect(await everySecond(customers, range, all)).toEqual(all.filter((_, at) => at % 2 === 1));
    if (table) expect(await statusesOf(customers, range)).toEqual(allStatuses(all));
    return all;
  });
}

/** Of every second customer, and of one that is nowhere. */
async function everySecond(customers: CustomerDays, range: CountedRange, all: readonly CustomerCounts[]) {
  const ids = ['nobody at all', ...all.filter((_, at) => at % 2 === 1).map(({ customerId }) => customerId)];
  const table = await customers.table(range, EACH_STATUS, { ids: ids.sort(compareBytes) });
  expect(table!.ids).toEqual(ids);
  return rowsOf(table!);
}

/** The naive way, by day. */
function naiveDays(requests: readonly Request[], { from, to }: SpanRange) {
  const asked = requests.filter(({ date }) => date >= from && date <= to);
  return [...Map.groupBy(asked, ({ date }) => date)]
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([date, own]) => ({ date, statuses: naiveStatuses(own) }));
}

async function statusesOf(customers: CustomerDays, range: SpanRange) {
  const days = await customers.statuses({}, range);
  expect(days.map(({ date }) => date)).toEqual(days.map(({ date }) => date).sort());
  return added(days.flatMap(({ statuses }) => statuses));
}

const allStatuses = (customers: readonly CustomerCounts[]) =>
  added(customers.flatMap(({ statuses }) => statuses));

function added(counts: readonly StatusCount[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>();
  for (const { status, requests } of counts) sums.set(status, (sums.get(status) ?? 0) + requests);
  return sums;
}

const EACH_STATUS = Array.from({ length: 600 }, (_, status) => status);

function rowsOf({ ids, now, before }: CustomerTable): CustomerCounts[] {
  const statusesOf = (columns: CustomerTable['now'], at: number) =>
    [...columns]
      .map(([status, requests]) => ({ status, requests: requests[at] ?? 0 }))
      .filter(({ requests }) => requests > 0)
      .sort((a, b) => a.status - b.status);
  expect(new Set(ids).size).toBe(ids.length);
  return ids
    .map((customerId, at) => ({ customerId, statuses: statusesOf(now, at), before: statusesOf(before, at) }))
    .filter(({ statuses, before }) => statuses.length + before.length > 0)
    .sort((a, b) => compareBytes(a.customerId, b.customerId));
}

/** Where it is known when lines begin, roll-ups of most days are made of all rows. */
const CASES = STORE_KINDS.flatMap((kind) => [
  { ...kind, firstDate: undefined, knowing: 'that does not know its first day' },
  { ...kind, firstDate: DAYS.from, knowing: 'that knows its first day' },
]);

describe.each(CASES)('Roll-ups of a $name store $knowing', ({ createPlace, firstDate }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
    if (firstDate === undefined) return;
    await store.addPartitions(async () => adding('log'));
    const advance = { ...advanceOf('log', 0, 1), firstEventMs: Date.parse(firstDate) };
    await store.commit({ timeZone: 'UTC', advances: [advance], deltas: [] });
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

  test('add tables up, also from only some days, and of days behind the last that they hold', async () => {
    const requests = [...oddRequests(randomNumbers(4), 3_000), requestOf('\ufeffid', DAYS.from)];
    await commit(store, requests);
    const until = (to: string) => store.rollUp({ from: DAYS.from, to }, 100, never);
    const table = (range: CountedRange) =>
      store.readSnapshot(async ({ customers }) => customers.table(range, EACH_STATUS));
    const ranges: CountedRange[] = [
      DAYS,
      { from: '2024-09-01', to: '2024-09-10', since: '2024-08-22' },
      { from: '2024-08-21', to: '2024-08-21' },
    ];
    expect(await table(DAYS)).toBeUndefined();
    for (const to of ['2024-08-14', '2024-08-15', '2024-08-21', '2024-09-09', DAYS.to]) {
      expect(await until(to)).toBeGreaterThan(0);
      expect(await until(to)).toBe(0);
      // A day behind the last one that they hold leaves them as they are.
      const more = [requestOf('new one', dateOfDay(dayOfDate(to) + 1)), requestOf('new two', DAYS.to)];
      await commit(store, to === DAYS.to ? [] : more);
      requests.push(...(to === DAYS.to ? [] : more));
      expect(await until(to)).toBe(0);
      for (const range of ranges) {
        expect([to, range, await read(store, range)]).toEqual([to, range, countsOf(requests, range)]);
        expect(await store.readSnapshot(({ customers }) => customers.statuses({}, range))).toEqual(
          naiveDays(requests, range),
        );
        if (to === DAYS.to) expect(await table(range)).toBeDefined();
      }
    }
  });

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
    await place.query(
      `insert into roll_ups (period, id, last_day, is_ready) values (${period}, 'killed', 0, 0)`,
    );
    await place.query(
      `insert into roll_up_parts (roll_up_id, part, slot, last_customer_id, data) values ('killed', 0, 0, 'z', '${'\\x00'}')`.replace(
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
