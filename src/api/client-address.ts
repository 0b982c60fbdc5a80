import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address of the client, behind the trusted proxies. Fastify takes the last address in `X-Forwarded-For` that is not one of
 * theirs. Where a proxy passes on what is no address, the address of the proxy counts: a client could choose anything else.
 */
export function clientAddress({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  return isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
}
