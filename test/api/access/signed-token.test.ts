import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  keyIdOfToken,
  signToken,
  type TokenPurpose,
  verifyToken,
} from '../../../src/api/access/signed-token.ts';
import { TokenSigner } from '../../../src/api/access/token-signer.ts';
import { KEY_MAX_AGE_MS, MAX_SIGNED_TOKEN_CHARACTERS } from '../../../src/limits.ts';
import type { SigningKey } from '../../../src/store/contract.ts';
import { SEED } from '../../support/property.ts';

const NOW_MS = Date.UTC(2026, 10, 29);
const IN_AN_HOUR = NOW_MS / 1000 + 3600;
const newKey = (id = randomBytes(4).toString('hex')): SigningKey => ({
  ...{ id, secret: randomBytes(32), createdMs: NOW_MS },
});

interface Claims {
  readonly exp: number;
  readonly said: unknown;
}

function signed(purpose: TokenPurpose, claims: Claims, key: SigningKey): string {
  const token = signToken(purpose, claims, key);
  if (token === undefined) throw new Error('it does not fit');
  return token;
}

describe('a signed token', () => {
  test('says what was signed, whatever that is', () => {
    const key = newKey();
    fc.assert(
      fc.property(fc.string({ maxLength: 500, unit: 'grapheme' }), (said) => {
        const claims = { exp: IN_AN_HOUR, said };
        const token = signed('session', claims, key);
        expect(token).toMatch(/^[\w.-]+$/);
        expect(keyIdOfToken(token)).toBe(key.id);
        expect(verifyToken<Claims>('session', token, key, NOW_MS)).toEqual({ state: 'valid', claims });
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test('is forged wherever a character of it is another one, is missing, or is added', () => {
    const key = newKey();
    const token = signed('session', { exp: IN_AN_HOUR, said: 'cust_1' }, key);
    const character = fc.constantFrom(...'abcdefXYZ0123456789-_.=+/ é');
    fc.assert(
      fc.property(
        fc.nat(token.length),
        character,
        fc.constantFrom('change', 'add', 'drop'),
        (at, one, how) => {
          const tail = token.slice(how === 'add' ? at : at + 1);
          const changed = token.slice(0, at) + (how === 'drop' ? '' : one) + tail;
          fc.pre(changed !== token);
          expect(verifyToken('session', changed, key, NOW_MS)).toEqual({ state: 'forged' });
        },
      ),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test('is forged for another purpose, and with another secret of the same id', () => {
    const key = newKey();
    const token = signed('link', { exp: IN_AN_HOUR, said: 'cust_1' }, key);
    expect(verifyToken('session', token, key, NOW_MS)).toEqual({ state: 'forged' });
    expect(verifyToken('link', token, newKey(key.id), NOW_MS)).toEqual({ state: 'forged' });
    expect(verifyToken('link', token, newKey(), NOW_MS)).toEqual({ state: 'forged' });
  });

  test('ends at its second', () => {
    const key = newKey();
    const token = signed('session', { exp: IN_AN_HOUR, said: '' }, key);
    expect(verifyToken('session', token, key, IN_AN_HOUR * 1000 - 1).state).toBe('valid');
    expect(verifyToken('session', token, key, IN_AN_HOUR * 1000)).toEqual({ state: 'expired' });
  });

  test('is not made longer than a cookie may be, and no longer text is looked at', () => {
    const said = 'x'.repeat(MAX_SIGNED_TOKEN_CHARACTERS);
    expect(signToken('session', { exp: IN_AN_HOUR, said } as Claims, newKey())).toBeUndefined();
    expect(keyIdOfToken(`1.0123abcd.${said}.${'x'.repeat(43)}`)).toBeUndefined();
  });
});

describe('the signer of tokens', () => {
  /** A store, and how often it was read. */
  function storeOf(...keys: SigningKey[]) {
    const store = {
      ...{ keys, reads: 0 },
      list: async () => {
        store.reads++;
        return [...store.keys];
      },
    };
    return store;
  }
  const claims = { exp: Math.floor(Date.now() / 1000) + 3600, said: 'cust_1' };

  test('signs with the newest key, and accepts what other processes signed with any of them', async () => {
    const [newest, old] = [newKey(), newKey()];
    const store = storeOf(newest, old);
    const token = (await new TokenSigner(store).sign('session', claims)) ?? '';
    expect(keyIdOfToken(token)).toBe(newest.id);
    const other = new TokenSigner(store);
    expect(await other.verify('session', token, true)).toEqual({ state: 'valid', claims });
    expect(await other.verify('session', signed('session', claims, old), true)).toMatchObject({
      state: 'valid',
    });
    expect(await other.verify('session', 'no token', true)).toEqual({ state: 'forged' });
    expect(store.reads).toBe(2);
  });

  test('reads the keys again for one that it does not know, unless it may not', async () => {
    const store = storeOf(newKey());
    const signer = new TokenSigner(store);
    await signer.sign('session', claims);
    const rotated = newKey();
    store.keys = [rotated, ...store.keys];
    const token = signed('session', claims, rotated);
    expect(await signer.verify('session', token, false)).toEqual({ state: 'forged' });
    expect(store.reads).toBe(1);
    expect(await signer.verify('session', token, true)).toEqual({ state: 'valid', claims });
    expect(store.reads).toBe(2);
  });

  test('refuses what a revoked key signed as soon as it has read again', async () => {
    let nowMs = 0;
    const key = newKey();
    const store = storeOf(key);
    const signer = new TokenSigner(store, () => nowMs);
    const token = (await signer.sign('session', claims)) ?? '';
    store.keys = [newKey()];
    nowMs += KEY_MAX_AGE_MS - 1;
    expect(await signer.verify('session', token, true)).toMatchObject({ state: 'valid' });
    nowMs += 1;
    expect(await signer.verify('session', token, true)).toEqual({ state: 'forged' });
  });

  test('shares a read among the requests of a moment', async () => {
    const key = newKey();
    const store = storeOf(key);
    const signer = new TokenSigner(store);
    const token = signed('session', claims, key);
    await Promise.all(Array.from({ length: 50 }, () => signer.verify('session', token, true)));
    expect(store.reads).toBe(1);
  });
});
