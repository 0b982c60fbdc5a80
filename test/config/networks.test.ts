import { expect, test } from 'vitest';
import { loadSettings } from '../../src/config/load.ts';
import { parseNetworks } from '../../src/config/networks.ts';

test('a list of networks has addresses and networks', () => {
  expect(parseNetworks('127.0.0.1, 10.0.0.0/8,::1,2001:db8::/32')).toEqual([
    ...['127.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32'],
  ]);
  for (const text of [
    ...['', 'loopback', '*', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0/8', '10.0.0.0/8/8', '127.0.0.1,'],
    ...['fe80::1%eth0', '10.0.0.0/-1', '10.0.0.0/8.5', '127.0.0.1:80', 'proxy.example'],
  ])
    expect([text, parseNetworks(text)]).toEqual([text, undefined]);
});

test('TRUSTED_PROXIES is refused where it is no list of networks', () => {
  const load = (text: string) =>
    loadSettings({ flags: {}, environment: { TRUSTED_PROXIES: text }, configFile: undefined });
  expect(load('10.0.0.0/8').TRUSTED_PROXIES).toBe('10.0.0.0/8');
  expect(load('').TRUSTED_PROXIES).toBeUndefined();
  expect(() => load('nginx')).toThrow('TRUSTED_PROXIES in the environment is "nginx"');
});
