import cors, { type FastifyCorsOptions } from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { CORS_MAX_AGE_S } from '../limits.ts';

/** Response headers that a page may read beside those that every page may read. */
const EXPOSED = [
  ...['ETag', 'Link', 'Retry-After', 'X-Request-Id'],
  ...['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'],
];

/**
 * Lets pages of other origins read answers, errors included (CORS). Cookies and other credentials of browsers are never
 * allowed. A preflight request is answered by the hook. OPTIONS without the headers of a preflight gets 405 as before.
 * @param origins that may read: exact ones, or `*` for all. Empty: none, and nothing is added.
 */
export async function allowOrigins(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return;
  const options: FastifyCorsOptions = {
    origin: [...origins],
    methods: ['GET', 'HEAD'],
    exposedHeaders: EXPOSED,
    maxAge: CORS_MAX_AGE_S,
  };
  // The plugin adds this route for preflight requests, which have no key. It answers no other request.
  app.addHook('onRoute', (route) => {
    if (route.method === 'OPTIONS' && route.url === '*') route.config = { ...route.config, access: 'public' };
  });
  await app.register(cors, {
    delegator: ({ headers }, done) => {
      const preflight = headers.origin !== undefined && 'access-control-request-method' in headers;
      done(null, { ...options, preflight });
    },
  });
}
