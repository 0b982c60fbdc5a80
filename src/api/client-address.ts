import { isIP, isIPv6, SocketAddress } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address of the client, behind the trusted proxies. Fastify takes the last address in `X-Forwarded-For` that is not one of
 * theirs. Where a proxy passes on what is no address, the address of the proxy counts: a client could choose anything else.
 */
export function clientAddress({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
}

/**
 * Whose requests count together: those of one IPv4 address, or of one /64 network of IPv6, because one customer of a provider has
 * all addresses of it. An IPv4 address in IPv6 is that IPv4 address.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // In the form of RFC 5952, whatever the proxy wrote.
  const { address: canonical } = new SocketAddress({ family: 'ipv6', address: address.split('%', 1)[0] });
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/.exec(canonical)?.[1];
  if (mapped !== undefined) return mapped;
  const [before = '', after] = canonical.split('::');
  const head = before.split(':').filter(Boolean);
  const tail = (after ?? '').split(':').filter(Boolean);
  const zeros = after === undefined ? 0 : 8 - head.length - tail.length;
  const groups = [...head, ...Array<string>(Math.max(0, zeros)).fill('0'), ...tail];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
