import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { JwtAuthenticator } from '../../../src/api/access/jwt-authenticator.ts';

const CLAIMS = { iss: 'https://login.example.com/', aud: 'stats', customer_id: 'a' };

async function newSigner(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const sign = (claims: JWTPayload = {}) =>
    new SignJWT({ ...CLAIMS, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setExpirationTime('1h')
      .sign(privateKey);
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' }, sign };
}

/** An authenticator with a provider of keys that counts how often it is asked. */
async function setUp() {
  const signer = await newSigner('one');
  const asked = { count: 0 };
  const provider = createServer((_request, response) => {
    asked.count++;
    response.end(JSON.stringify({ keys: [signer.jwk] }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void provider.close());
  const { port } = provider.address() as AddressInfo;
  const authenticator = new JwtAuthenticator({
    ...{ issuer: CLAIMS.iss, audience: CLAIMS.aud },
    keys: { jwksUrl: new URL(`http://127.0.0.1:${port}/`) },
    ...{ customerClaim: 'customer_id', roleClaim: 'role', adminRole: 'admin' },
  });
  return { ...signer, asked, authenticator };
}

test('a JWT that was not seen is checked with the keys at hand, also for those who sent too many', async () => {
  const { sign, asked, authenticator } = await setUp();
  expect(await authenticator.authenticate(await sign({ sub: 'first' }), true)).toBeDefined();
  const stranger = await newSigner('two');
  expect(await authenticator.authenticate(await sign({ sub: 'second' }), false)).toMatchObject({
    customers: ['a'],
  });
  expect(await authenticator.authenticate(await stranger.sign(), false)).toBeUndefined();
  expect(asked.count).toBe(1);
});

test('who has a JWT is told apart by a short id, however many customers it names', async () => {
  const { sign, authenticator } = await setUp();
  const idOf = async (claims: JWTPayload) =>
    (await authenticator.authenticate(await sign(claims), true))?.id ?? '';
  const customers = Array.from({ length: 1_000 }, (_, i) => `customer ${i}`);
  expect((await idOf({ customer_id: customers })).length).toBeLessThan(60);
  expect(await idOf({ customer_id: customers, jti: '1' })).toBe(
    await idOf({ customer_id: customers, jti: '2' }),
  );
  expect(await idOf({ sub: 'x' })).toBe(await idOf({ sub: 'x', customer_id: 'b' }));
  const others = [
    await idOf({ sub: 'x' }),
    await idOf({ sub: 'y' }),
    await idOf({ sub: 'x', role: 'admin' }),
  ];
  expect(new Set(others).size).toBe(3);
});
