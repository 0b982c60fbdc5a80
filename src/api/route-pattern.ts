import type { FastifyRequest } from 'fastify';

/** By the pattern that the app gave, of which there are a few. */
const patterns = new Map<string, string>();

/**
 * What may be told of a request's URL: in its place are the names of parameters, as in `/v1/customers/{customer_id}/summary`. The URL
 * itself names customers, by aliases, too, and those may be secrets.
 * @returns undefined where no route took the request.
 */
export function routeOf({ routeOptions: { url } }: FastifyRequest): string | undefined {
  if (url === undefined) return undefined;
  let pattern = patterns.get(url);
  if (pattern === undefined) {
    pattern = url.replace(/:(\w+)/g, '{$1}');
    patterns.set(url, pattern);
  }
  return pattern;
}
