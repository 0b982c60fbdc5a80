import { describe, expect, test } from 'vitest';
import { KeyAuthenticator } from '../../../src/api/access/key-authenticator.ts';
import { idOfKey, KEY_TEXT, newKey } from '../../../src/api/access/key-text.ts';
import { KEY_MAX_AGE_MS, MAX_CACHED_KEYS, MAX_WAITING_KEY_READS } from '../../../src/limits.ts';
import type { StoredApiKey } from '../../../src/store/contract.ts';
import { emptyStore } from '../support.ts';
import { addKey } from './credentials.ts';

/** An authenticator over a real store, with a clock that the test moves and a count of the store's reads. */
async function setUp() {
  const store = await emptyStore();
  const clock = { ms: 1000 };
  const reads: string[] = [];
  const find = (id: string): Promise<StoredApiKey | undefined> => {
    reads.push(id);
    return store.apiKeys.find(id);
  };
  const uses: string[] = [];
  const noted = { note: ({ id }: { readonly id: string }) => void uses.push(id) };
  return { store, clock, reads, uses, authenticator: new KeyAuthenticator({ find }, noted, () => clock.ms) };
}

test('a key has 256 random bits, a public id, and a form that scanners for secrets can find', () => {
  const keys = Array.from({ length: 1000 }, newKey);
  for (const { id, text } of keys) {
    expect(text).toMatch(KEY_TEXT);
    expect(idOfKey(text)).toBe(id);
  }
  expect(new Set(keys.map(({ text }) => text.split('_')[2])).size).toBe(1000);
  expect(new Set(keys.map(({ id }) => id)).size).toBe(1000);
});

describe('the authenticator of keys', () => {
  test('reads a key once for all requests of half a second', async () => {
    const { store, clock, reads, authenticator } = await setUp();
    const text = await addKey(store, 'customer', ['a', 'b']);
    const keyId = idOfKey(text);
    const reader = {
      ...{ id: `key ${keyId}`, keyId, role: 'customer', customers: ['a', 'b'], expiresMs: null },
    };
    const together = [authenticator.authenticate(text, true), authenticator.authenticate(text, true)];
    expect(await Promise.all(together)).toEqual([reader, reader]);
    clock.ms += KEY_MAX_AGE_MS - 1;
    // No promise: such a request waits for nothing.
    expect(authenticator.authenticate(text, true)).toEqual(reader);
    expect(reads.length).toBe(1);
  });

  test('knows of a revocation half a second after it, at the latest', async () => {
    const { store, clock, authenticator } = await setUp();
    const text = await addKey(store, 'admin');
    expect(await authenticator.authenticate(text, true)).toBeDefined();
    await store.apiKeys.revoke(idOfKey(text) ?? '', 1);
    clock.ms += KEY_MAX_AGE_MS;
    expect(await authenticator.authenticate(text, true)).toBeUndefined();
  });

  test('does not wait for a read that began more than half a second ago', async () => {
    const { store, clock, reads, authenticator } = await setUp();
    const text = await addKey(store, 'admin');
    const slow = authenticator.authenticate(text, true);
    clock.ms += KEY_MAX_AGE_MS;
    const later = authenticator.authenticate(text, true);
    expect(reads.length).toBe(2);
    expect(await slow).toBeDefined();
    expect(await later).toBeDefined();
  });

  test('refuses what is malformed without a read', async () => {
    const { reads, authenticator } = await setUp();
    for (const text of ['', 'daymark_', `daymark_${'0'.repeat(81)}`, `${newKey().text} `, 'x'.repeat(10_000)])
      expect(authenticator.authenticate(text, true)).toBeUndefined();
    expect(reads).toEqual([]);
  });

  test('reads unknown keys one at a time for those who sent too many, and known ones at once', async () => {
    const { store, clock, reads, authenticator } = await setUp();
    const [known, fresh] = [await addKey(store, 'admin'), await addKey(store, 'admin')];
    await authenticator.authenticate(known, true);
    clock.ms += KEY_MAX_AGE_MS;
    const wrong = authenticator.authenticate(newKey().text, false);
    const right = authenticator.authenticate(fresh, false);
    const changed = authenticator.authenticate(`${known.slice(0, -4)}0000`, false);
    await Promise.resolve();
    expect(reads.length).toBe(2);
    // It waits for none of these.
    const seen = authenticator.authenticate(known, false);
    expect(reads.length).toBe(3);
    expect(await seen).toBeDefined();
    expect(await wrong).toBeUndefined();
    expect(await right).toBeDefined();
    expect(await changed).toBeUndefined();
  });

  test('lets a bounded number of such reads wait, and goes on when they are done', async () => {
    const { store, reads, authenticator } = await setUp();
    const text = await addKey(store, 'admin');
    const wrong = Array.from({ length: MAX_WAITING_KEY_READS }, () => newKey().text);
    const waiting = wrong.map((one) => authenticator.authenticate(one, false));
    expect(await authenticator.authenticate(text, false)).toBeUndefined();
    await Promise.all(waiting);
    expect(reads.length).toBe(MAX_WAITING_KEY_READS);
    expect(await authenticator.authenticate(text, false)).toBeDefined();
  });

  test('notes a use only of a key that is valid', async () => {
    const { store, uses, authenticator } = await setUp();
    const text = await addKey(store, 'admin');
    await authenticator.authenticate(newKey().text, true);
    await authenticator.authenticate(`${text.slice(0, -4)}0000`, true);
    expect(uses).toEqual([]);
    await authenticator.authenticate(text, true);
    expect(uses).toEqual([idOfKey(text)]);
  });

  test('remembers a bounded number of ids, however many are made up', async () => {
    const { store, reads, authenticator } = await setUp();
    const text = await addKey(store, 'admin');
    await authenticator.authenticate(text, true);
    for (let i = 0; i < MAX_CACHED_KEYS; i++) await authenticator.authenticate(newKey().text, true);
    const before = reads.length;
    expect(await authenticator.authenticate(text, true)).toBeDefined();
    expect(reads.length).toBe(before + 1);
  });
});
