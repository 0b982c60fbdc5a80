/** The rules of HTTP for every request (RFC 9110, RFC 9112) that Node does not check. */

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_REQUEST_BODY_BYTES } from '../limits.ts';
import { malformed } from './client-error.ts';
import { ALLOW, sendProblem } from './error-answers.ts';
import { type Problem, problemOf } from './problem.ts';

/** A name or an address, then a port (RFC 3986, sections 3.2.2 and 3.2.3). All may be empty. */
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-fA-Fv:.]+\])(?::\d*)?$/;

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*(.*)$/is;

/**
 * Takes the path and query out of a request's target. Clients of a proxy send the whole URL, and a server must accept
 * that, too.
 * @returns the target unchanged if it names no resource (`*`).
 */
function pathOf(target: string): string {
  if (target.startsWith('/')) return target;
  const path = ABSOLUTE_FORM.exec(target)?.[1];
  if (path === undefined) return target;
  return path.startsWith('/') ? path : `/${path}`;
}

/**
 * @returns {@link pathOf} the target, or `*` where its escapes are malformed. The router would answer such a path itself,
 * and no hook would run. `*` has no route, so all hooks run, and {@link checkMessages} answers.
 */
export function routablePathOf(target: string): string {
  const path = pathOf(target);
  return hasValidEscapes(path) ? path : '*';
}

function hasValidEscapes(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    decodeURIComponent(path.split(/[?#]/, 1)[0]);
    return true;
  } catch {
    return false;
  }
}

/** Answers requests that break the rules, with or without a route, and closes their connections. */
export function checkMessages(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { raw } = request;
    const problem = problemOfMessage(raw);
    if (problem) sendProblem(reply.header('connection', 'close'), problem);
    else if (raw.url === '*') answerStar(request, reply);
    else done();
  });
}

/** `OPTIONS *` asks what the whole server supports. No other method accepts `*`. */
function answerStar({ method, originalUrl }: FastifyRequest, reply: FastifyReply): void {
  if (originalUrl !== '*')
    sendProblem(reply, problemOf('BAD_REQUEST', 'The path is not percent-encoded UTF-8.'));
  else if (method === 'OPTIONS') reply.code(204).header('allow', ALLOW).send();
  else sendProblem(reply, problemOf('BAD_REQUEST', 'Only OPTIONS accepts `*`.'));
}

function problemOfMessage(request: IncomingMessage): Problem | undefined {
  // Node's parser also accepts 0.9 and 2.0.
  if (request.httpVersionMajor !== 1) return malformed();
  const hosts = valuesOf(request, 'host');
  const isMissing = hosts.length === 0 && request.httpVersionMinor > 0;
  if (isMissing) return problemOf('BAD_REQUEST', 'The header `Host` is missing.');
  if (hosts.length > 1) return problemOf('BAD_REQUEST', 'The header `Host` is given more than once.');
  if (hosts.length === 1 && !HOST.test(hosts[0]))
    return problemOf('BAD_REQUEST', 'The header `Host` is malformed.');
  if (!isPathOrStar(request.url)) return problemOf('BAD_REQUEST', 'The target of the request is not a path.');
  return problemOfContent(request);
}

function isPathOrStar(url = ''): boolean {
  return url.startsWith('/') || url === '*';
}

function problemOfContent({ headers, method, httpVersionMinor }: IncomingMessage): Problem | undefined {
  // HTTP/1.0 has no `Expect`.
  const expected = httpVersionMinor > 0 ? headers.expect : undefined;
  if (expected !== undefined && expected.toLowerCase() !== '100-continue')
    return problemOf('BAD_REQUEST', 'The expectation cannot be met.', 417);
  const isReading = method === 'GET' || method === 'HEAD';
  // Other methods are refused anyway.
  if (isReading && Number(headers['content-length'] ?? 0) > MAX_REQUEST_BODY_BYTES)
    return problemOf('BAD_REQUEST', 'The request has a body, and this server reads none.', 413);
  return undefined;
}

/** `headers` has only the first value of some headers that are given twice. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const isIt = rawHeaders[i].length === name.length && rawHeaders[i].toLowerCase() === name;
    if (isIt) values.push(rawHeaders[i + 1]);
  }
  return values;
}

/** True if the body of a request is longer than the bound or of unknown length. */
export function hasUnboundedBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > MAX_REQUEST_BODY_BYTES
  );
}
