import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MAX_SIGNING_KEYS } from '../../src/limits.ts';
import type { Store } from '../../src/store/contract.ts';
import { migrateTo } from '../support/old-store.ts';
import { STORE_KINDS, type StorePlace } from '../support/stores.ts';

const NOW_MS = Date.UTC(2026, 10, 29);

describe.each(STORE_KINDS)('The signing keys of a $name store', ({ createPlace }) => {
  let place: StorePlace;
  let store: Store;

  beforeEach(async () => {
    place = await createPlace();
    store = await place.open();
    await store.migrate();
  });
  afterEach(() => place.dispose());

  const ids = async (from = store) => (await from.signingKeys.list()).map(({ id }) => id);

  test('begin with one of 32 bytes, which every process finds', async () => {
    const [key, ...others] = await store.signingKeys.list();
    expect(others).toEqual([]);
    expect(key).toMatchObject({ id: expect.stringMatching(/^[\da-f]{8}$/), createdMs: expect.any(Number) });
    expect(key?.secret.length).toBe(32);
    await store.migrate();
    const [same] = await (await place.open()).signingKeys.list();
    expect(same && Buffer.from(same.secret).equals(key?.secret ?? Buffer.alloc(0))).toBe(true);
  });

  test('begin with another one in each database, and by an upgrade', async () => {
    const old = await createPlace();
    try {
      await migrateTo(old.location, '0013-api-keys');
      const upgraded = await old.open();
      await upgraded.migrate();
      const secrets = [...(await upgraded.signingKeys.list()), ...(await store.signingKeys.list())];
      expect(new Set(secrets.map(({ secret }) => Buffer.from(secret).toString('hex'))).size).toBe(2);
    } finally {
      await old.dispose();
    }
  });

  test('rotate: the new one is the first, and those before stay', async () => {
    const [first] = await ids();
    const rotated = await store.signingKeys.rotate({ nowMs: NOW_MS, revokesOld: false });
    expect(rotated).toEqual([expect.any(String), first]);
    expect(await ids(await place.open())).toEqual(rotated);
    const [newest, oldest] = await store.signingKeys.list();
    expect(newest?.secret.length).toBe(32);
    expect(Buffer.from(newest?.secret ?? []).equals(oldest?.secret ?? Buffer.alloc(0))).toBe(false);
  });

  test('put the last one first, even where the clock of its machine is behind', async () => {
    const rotated = [
      await store.signingKeys.rotate({ nowMs: NOW_MS + 1_000_000_000_000, revokesOld: false }),
      await store.signingKeys.rotate({ nowMs: 5, revokesOld: false }),
    ];
    expect((await ids())[0]).toBe(rotated[1]?.[0]);
    expect((await ids())[1]).toBe(rotated[0]?.[0]);
  });

  test('are gone when they are revoked, or are too many', async () => {
    const before = await ids();
    for (let i = 0; i < MAX_SIGNING_KEYS; i++)
      await store.signingKeys.rotate({ nowMs: NOW_MS + i, revokesOld: false });
    expect(await ids()).toHaveLength(MAX_SIGNING_KEYS);
    expect(await ids()).not.toContain(before[0]);
    const [newest, ...left] = await store.signingKeys.rotate({ nowMs: NOW_MS, revokesOld: true });
    expect(left).toEqual([]);
    expect(await ids()).toEqual([newest]);
  });
});
