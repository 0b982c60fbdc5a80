import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LINKS_DELETED_AT_ONCE } from '../../src/limits.ts';
import type { NewLink, Store } from '../../src/store/contract.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const NOW_MS = Date.UTC(2026, 10, 29);
const DAY_MS = 86_400_000;
const BOUNDS = { forgetBeforeMs: { page: NOW_MS - 30 * DAY_MS, embed: NOW_MS - DAY_MS }, most: 1_000_000 };

let made = 0;

function linkFor(parts: Partial<NewLink> = {}): NewLink {
  const id = (made++).toString(16).padStart(16, '0');
  const link = { id, customer: 'cust_1', kind: 'page', name: 'Acme', createdBy: 'key 1' } as const;
  return { ...link, createdMs: NOW_MS, expiresMs: NOW_MS + DAY_MS, ...parts };
}

describe.each(STORE_KINDS)('The links of a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const add = (link: NewLink, bounds = BOUNDS) => store.links.add(link, bounds);
  const ids = async (customer?: string) =>
    (await store.links.list({ customer, after: undefined, limit: 100 })).map(({ id }) => id);

  test('are found as they were added, by every process', async () => {
    const link = linkFor({ customer: 'é"\\,\u{1f600}', name: 'Ünïcode "quoted"', kind: 'embed' });
    expect(await add(link)).toBe(true);
    expect(await store.links.find('ffffffffffffffff')).toBeUndefined();
    const other = await place.open();
    expect(await other.links.find(link.id)).toEqual({ ...link, revokedMs: null });
  });

  test('are listed in pages, those first that were made last, of one customer or of all', async () => {
    const links = [3, 1, 2, 2].map((n) => linkFor({ createdMs: NOW_MS + n, customer: n === 1 ? 'b' : 'a' }));
    for (const link of links) await add(link);
    const [last = '', first = '', second = '', third = ''] = links.map(({ id }) => id);
    expect(await ids()).toEqual([last, third, second, first]);
    expect(await ids('a')).toEqual([last, third, second]);
    expect(await ids('c')).toEqual([]);
    const page = await store.links.list({ customer: 'a', after: links[3], limit: 1 });
    expect(page.map(({ id }) => id)).toEqual([second]);
  });

  test('are revoked once and for ever', async () => {
    const link = linkFor();
    await add(link);
    expect(await store.links.revoke('ffffffffffffffff', 5)).toBe(false);
    expect(await store.links.revoke(link.id, 5)).toBe(true);
    expect(await store.links.revoke(link.id, 9)).toBe(true);
    expect(await store.links.find(link.id)).toMatchObject({ revokedMs: 5 });
  });

  test('are deleted some time after their end, by their kind, when another one is added', async () => {
    const ended = (kind: NewLink['kind'], days: number) =>
      linkFor({ kind, expiresMs: NOW_MS - days * DAY_MS });
    const kept = [ended('page', 29), ended('embed', 0.9), linkFor()];
    const old = [ended('page', 31), ended('embed', 1.1)];
    for (const link of [...kept, ...old])
      await add(link, { ...BOUNDS, forgetBeforeMs: { page: 0, embed: 0 } });
    expect((await ids()).length).toBe(5);
    const last = linkFor();
    await add(last);
    expect(new Set(await ids())).toEqual(new Set([...kept, last].map(({ id }) => id)));
    expect(LINKS_DELETED_AT_ONCE).toBe(1_000);
  });

  test('are refused where there are too many, and nothing is added', async () => {
    for (let i = 0; i < 2; i++) await add(linkFor());
    const link = linkFor();
    expect(await add(link, { ...BOUNDS, most: 2 })).toBe(false);
    expect(await store.links.find(link.id)).toBeUndefined();
  });

  test('hold nothing that opens a page', async () => {
    await add(linkFor());
    const [row] = await place.query('select * from links');
    expect(Object.keys(row ?? {}).sort()).toEqual([
      ...['created_by', 'created_ms', 'customer_id', 'expires_ms', 'id', 'kind', 'name', 'revoked_ms'],
    ]);
  });
});
