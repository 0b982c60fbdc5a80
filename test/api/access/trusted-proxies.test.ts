import { expect, test } from 'vitest';
import { emptyStore, serve } from '../support.ts';

const LIMIT = 2;

/** Serves with a limit for each address, and asks as if a proxy on this machine had passed a request on. */
async function limited(trustedProxies?: readonly string[]) {
  const url = await serve({
    store: await emptyStore(),
    rateLimitPerMinute: LIMIT,
    ...(trustedProxies && { trustedProxies }),
  });
  return async (forwardedFor: string) => {
    const { status } = await fetch(`${url}/v1/status`, { headers: { 'x-forwarded-for': forwardedFor } });
    return status;
  };
}

test('nobody gets out of a limit by an address that it sends itself', async () => {
  const ask = await limited();
  for (let i = 0; i < LIMIT; i++) expect(await ask(`192.0.2.${i}`)).toBe(200);
  expect(await ask('192.0.2.99')).toBe(429);
});

test('behind a trusted proxy, the last address that is not a proxy counts', async () => {
  const ask = await limited(['127.0.0.0/8', '::1', '10.0.0.0/8']);
  for (let i = 0; i < LIMIT; i++) expect(await ask(`203.0.113.${i}, 192.0.2.1, 10.0.0.7`)).toBe(200);
  expect(await ask('203.0.113.9, 192.0.2.1')).toBe(429);
  expect(await ask('192.0.2.1, 192.0.2.2')).toBe(200);
});

test('what is no address counts for the proxy that passed it on', async () => {
  const ask = await limited(['127.0.0.1', '::1']);
  for (let i = 0; i < LIMIT; i++) expect(await ask(`nonsense-${i}`)).toBe(200);
  expect(await ask('other nonsense')).toBe(429);
  expect(await ask('192.0.2.1')).toBe(200);
});

test('the addresses of an IPv6 network of 64 bits count together, and those of others apart', async () => {
  const ask = await limited(['127.0.0.1', '::1']);
  for (let i = 0; i < LIMIT; i++) expect(await ask(`2001:db8:0:1:${i}::1`)).toBe(200);
  expect(await ask('2001:DB8::1:0:0:0:ffff')).toBe(429);
  expect(await ask('2001:db8:0:2::1')).toBe(200);
});

test('an IPv4 address is the same client in IPv6', async () => {
  const ask = await limited(['127.0.0.1', '::1']);
  expect(await ask('::ffff:192.0.2.1')).toBe(200);
  expect(await ask('192.0.2.1')).toBe(200);
  expect(await ask('::ffff:c000:201')).toBe(429);
  expect(await ask('::ffff:192.0.2.2')).toBe(200);
});
