/** Nobody lets a browser change anything here from a page of another server (CSRF). */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DaymarkError } from '../../errors.ts';
import { sendProblem } from '../error-answers.ts';
import { problemOf } from '../problem.ts';

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that change something if a page of another origin sent them. A browser adds the cookie of a session by itself, so
 * such a request must show that it comes from a page of this server, and what it sends must be JSON, which no form can send. A program
 * that sends a key has chosen to, and tells of no origin.
 *
 * Call it behind what finds out who asks.
 */
export function refuseOtherOrigins(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (SAFE.has(request.method) || request.is404) {
      done();
      return;
    }
    const origin = originOf(request);
    const isBySession = request.session?.state === 'valid';
    if (origin === 'other' || (isBySession && origin === 'unknown'))
      done(new DaymarkError('CROSS_ORIGIN', 'The request does not come from a page of this server.'));
    else if (isBySession && !isJson(request))
      sendProblem(reply, problemOf('BAD_REQUEST', 'Send JSON: `Content-Type: application/json`.', 415));
    else done();
  });
}

/** Browsers tell of `Sec-Fetch-Site` over TLS and on their own machine, and everywhere else of `Origin`. */
function originOf({ headers, host }: FastifyRequest): 'own' | 'other' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'other';
  const { origin } = headers;
  if (origin === undefined) return 'unknown';
  // Not the scheme: a proxy that terminates TLS may not tell of it. The cookie is not sent across schemes (SameSite).
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase() ? 'own' : 'other';
}

function isJson({ headers }: FastifyRequest): boolean {
  const type = headers['content-type'];
  if (type !== undefined) return /^application\/json *(;|$)/i.test(type);
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}
