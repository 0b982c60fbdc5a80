/** The rows of a customer in pages, on every store. */

import { describe, expect, onTestFinished, test } from 'vitest';
import { MAX_POSTGRES_CONNECTIONS, STREAMED_DAYS_PAGE_ROWS } from '../../src/limits.ts';
import type { ServedWindow, Store } from '../../src/store/contract.ts';
import { dateOfDay, dayOfDate } from '../../src/window/day.ts';
import { customerDays } from '../../src/window/key.ts';
import { deltaOf, SUCCESS } from '../api/requests.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const PAGE = STREAMED_DAYS_PAGE_ROWS;
const FIRST = dayOfDate('2000-01-01');

async function commitDays(store: Store, days: readonly number[], customerId = 'cust_1'): Promise<void> {
  const deltas = days.map((day) => deltaOf(customerId, dateOfDay(day), [SUCCESS]));
  await store.commit({ timeZone: 'UTC', advances: [], deltas });
}

const daysFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

async function pagesOf(store: Store, query: Parameters<Store['windowPages']>[0]) {
  const pages: (readonly ServedWindow[])[] = [];
  for await (const page of store.windowPages(query)) pages.push(page);
  return pages;
}

describe.each(STORE_KINDS)('on $name', (kind) => {
  async function emptyPlace(): Promise<{ place: StorePlace; store: Store }> {
    const place = await kind.createPlace();
    onTestFinished(() => place.dispose());
    const store = await place.open();
    await store.migrate();
    return { place, store };
  }

  test('the pages hold what is read at once, in small parts', async () => {
    const { store } = await emptyPlace();
    await commitDays(store, daysFrom(FIRST, 2 * PAGE + 7));
    await commitDays(store, daysFrom(FIRST, 3), 'cust_2');
    const all = { ...customerDays('cust_1'), from: '2000-01-01', limit: 10_000 };
    for (const query of [
      all,
      { ...all, from: '2000-02-01', to: '2001-02-03' },
      // Whole pages, so that the last one says nothing of the end.
      { ...all, to: dateOfDay(FIRST + 2 * PAGE - 1) },
      { ...all, from: '2010-01-01' },
      { ...all, ...customerDays('nobody') },
      { ...all, ...customerDays('no\0body') },
    ]) {
      const pages = await pagesOf(store, query);
      expect(pages.flat()).toEqual(await store.windows(query));
      for (const page of pages) expect(page.length).toBeLessThanOrEqual(PAGE);
    }
  });

  test('a page that ends with the last day that there can be is the last', async () => {
    const { store } = await emptyPlace();
    const last = dayOfDate('9999-12-31');
    await commitDays(store, daysFrom(last - PAGE + 1, PAGE));
    const pages = await pagesOf(store, { ...customerDays('cust_1'), from: '0001-01-01', limit: PAGE });
    expect(pages.flat()).toHaveLength(PAGE);
  });

  test('all pages are as of one moment, and hold up neither commits nor other reads', async () => {
    const { place, store } = await emptyPlace();
    const writer = await place.open();
    const days = daysFrom(FIRST, 3 * PAGE);
    await commitDays(writer, days);
    const query = { ...customerDays('cust_1'), from: '0001-01-01', limit: 10_000 };
    const before = await store.windows(query);
    const rows: ServedWindow[] = [];
    for await (const page of store.windowPages(query)) {
      rows.push(...page);
      await commitDays(writer, days);
      await commitDays(writer, [FIRST - 1 - rows.length, FIRST + 10_000 + rows.length]);
      const [now] = await store.windows({ ...query, from: dateOfDay(FIRST) });
      expect(now.success_requests).toBeGreaterThan(1);
    }
    expect(rows).toEqual(before);
  });

  test('more rows than the limit are refused before the first page', async () => {
    const { store } = await emptyPlace();
    await commitDays(store, daysFrom(FIRST, 12));
    const query = { ...customerDays('cust_1'), from: '2000-01-01' };
    for (const asked of [query, { ...query, to: '2000-01-12' }]) {
      expect((await pagesOf(store, { ...asked, limit: 12 })).flat()).toHaveLength(12);
      await expect(pagesOf(store, { ...asked, limit: 11 })).rejects.toMatchObject({
        code: 'RANGE_TOO_LARGE',
      });
    }
  });

  test('pages that are left, or fail, give their connection back', async () => {
    const { store } = await emptyPlace();
    await commitDays(store, daysFrom(FIRST, 2 * PAGE));
    const query = { ...customerDays('cust_1'), from: '2000-01-01', limit: 10_000 };
    for (let i = 0; i < 2 * MAX_POSTGRES_CONNECTIONS; i++) {
      for await (const page of store.windowPages(query)) {
        expect(page).toHaveLength(PAGE);
        break;
      }
      await expect(pagesOf(store, { ...query, limit: 1 })).rejects.toThrow();
    }
    expect((await pagesOf(store, query)).flat()).toHaveLength(2 * PAGE);
  });
});
