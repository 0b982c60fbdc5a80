import { describe, expect, test } from 'vitest';
import { FAILED_ATTEMPTS, FailedAttempts } from '../../../src/api/access/failed-attempts.ts';
import { newKey } from '../../../src/api/access/key-text.ts';
import { OwnLimit } from '../../../src/api/limits/own-limit.ts';
import { FAILED_ATTEMPTS_WINDOW_MS, MAX_FAILED_ATTEMPTS, MAX_LIMITED_CLIENTS } from '../../../src/limits.ts';
import { emptyStore, serve } from '../support.ts';
import { addKey } from './credentials.ts';

const times = (count: number, work: (i: number) => void) => {
  for (let i = 0; i < count; i++) work(i);
};

const newFailedAttempts = (now: () => number) => new FailedAttempts(new OwnLimit(FAILED_ATTEMPTS, now));

describe('failed attempts', () => {
  test('make an address wait for the rest of a minute', () => {
    const clock = { ms: 5 };
    const failed = newFailedAttempts(() => clock.ms);
    times(MAX_FAILED_ATTEMPTS - 1, () => failed.note('192.0.2.1'));
    expect(failed.waitMs('192.0.2.1')).toBe(0);
    clock.ms += 1000;
    failed.note('192.0.2.1');
    expect(failed.waitMs('192.0.2.1')).toBe(FAILED_ATTEMPTS_WINDOW_MS - 1000);
    expect(failed.waitMs('192.0.2.2')).toBe(0);
    clock.ms += FAILED_ATTEMPTS_WINDOW_MS - 1000;
    expect(failed.waitMs('192.0.2.1')).toBe(0);
  });

  test.each([
    ['2001:db8::1', '2001:db8::ffff', true],
    ['2001:db8::1', '2001:db8:0:0:5::1', true],
    ['2001:db8:1::', '2001:db8:2::', false],
    ['::1', '::2', true],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2', false],
  ])('of %s and %s count together: %s', (first, second, isTogether) => {
    const failed = newFailedAttempts(() => 0);
    times(MAX_FAILED_ATTEMPTS, () => failed.note(first));
    expect(failed.waitMs(second) > 0).toBe(isTogether);
  });

  test('are remembered of a bounded number of addresses', () => {
    const failed = newFailedAttempts(() => 0);
    times(MAX_FAILED_ATTEMPTS, () => failed.note('192.0.2.1'));
    times(MAX_LIMITED_CLIENTS, (i) => failed.note(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`));
    expect(failed.waitMs('192.0.2.1')).toBe(0);
  });
});

test('an address with too many wrong keys gets 429, and those behind it with a valid key are served on', async () => {
  const store = await emptyStore();
  const text = await addKey(store, 'admin');
  const url = await serve({ store, access: { keys: store.apiKeys } });
  const ask = (key: string | undefined) =>
    fetch(`${url}/v1/status`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` } });
  expect((await ask(text)).status).toBe(200);
  for (let i = 0; i < MAX_FAILED_ATTEMPTS; i++) expect((await ask(newKey().text)).status).toBe(401);
  const refused = await ask(newKey().text);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(FAILED_ATTEMPTS_WINDOW_MS / 1000);
  expect((await ask(undefined)).status).toBe(401);
  expect((await ask(text)).status).toBe(200);
  // Also with a key that was never seen: many clients can be behind one address.
  expect((await ask(await addKey(store, 'admin'))).status).toBe(200);
});
