import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashOfKey, newKey } from '../../src/api/access/key-text.ts';
import type { NewApiKey, Store } from '../../src/store/contract.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const CREATED_MS = Date.UTC(2026, 10, 29);

function keyFor(parts: Partial<NewApiKey> = {}): NewApiKey & { readonly text: string } {
  const { id, text, hash } = newKey();
  const key = { id, hash, role: 'customer', customers: ['cust_1'], name: 'Acme' } as const;
  return { ...key, createdMs: CREATED_MS, expiresMs: null, ...parts, text };
}

describe.each(STORE_KINDS)('The keys of a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  test('are found as they were added, by their public id', async () => {
    const customers = ['cust_1', 'é"\\,', '\u{1f600}'];
    const { text, ...key } = keyFor({ customers, name: 'Ünïcode "quoted"', expiresMs: CREATED_MS + 1 });
    await store.apiKeys.add(key);
    expect(await store.apiKeys.find('0000000000000000')).toBeUndefined();
    const found = await store.apiKeys.find(key.id);
    expect(found).toEqual({
      ...key,
      hash: expect.any(Uint8Array),
      revokedMs: null,
      lastUsedMs: null,
    });
    expect(Buffer.from(found?.hash ?? []).equals(hashOfKey(text))).toBe(true);
  });

  test('are kept as fingerprints: no column of the store holds a secret', async () => {
    const { text, ...key } = keyFor();
    await store.apiKeys.add(key);
    const [row] = await place.query('select * from api_keys');
    const secret = text.split('_')[2] ?? '';
    const held = JSON.stringify(row) + Buffer.from(row?.hash as Uint8Array).toString('latin1');
    expect(held).not.toContain(secret);
    expect(held).not.toContain(Buffer.from(secret, 'hex').toString('latin1'));
  });

  test('are listed in the order in which they were made', async () => {
    const keys = [3, 1, 2].map((n) => keyFor({ createdMs: CREATED_MS + n, name: String(n) }));
    for (const { text: _, ...key } of keys) await store.apiKeys.add(key);
    expect((await store.apiKeys.list()).map(({ name }) => name)).toEqual(['1', '2', '3']);
  });

  test('are revoked once and for ever', async () => {
    const { text: _, ...key } = keyFor();
    await store.apiKeys.add(key);
    expect(await store.apiKeys.revoke('0000000000000000', 5)).toBe(false);
    expect(await store.apiKeys.revoke(key.id, 5)).toBe(true);
    expect(await store.apiKeys.revoke(key.id, 9)).toBe(true);
    expect(await store.apiKeys.find(key.id)).toMatchObject({ revokedMs: 5 });
  });

  test('remember their last use, whatever the order in which uses are noted', async () => {
    const [a, b] = [keyFor(), keyFor()];
    for (const { text: _, ...key } of [a, b]) await store.apiKeys.add(key);
    const reader = await place.open();
    await reader.apiKeys.noteUses([
      { id: b.id, usedMs: 7 },
      { id: a.id, usedMs: 5 },
      { id: 'gone', usedMs: 1 },
    ]);
    await store.apiKeys.noteUses([{ id: b.id, usedMs: 6 }]);
    const uses = (await store.apiKeys.list()).map(({ id, lastUsedMs }) => [id, lastUsedMs]);
    expect(Object.fromEntries(uses)).toEqual({ [a.id]: 5, [b.id]: 7 });
  });
});
