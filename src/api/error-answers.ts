/** Turns every error of a request into a problem document. Details of faults go to the log, not to the client. */

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DaymarkError, ERRORS, type ErrorCode, isTransient } from '../errors.ts';
import { OUTAGE_LOG_INTERVAL_MS, RETRY_AFTER_S } from '../limits.ts';
import { isRestricted } from './access/reader.ts';
import { unknownCustomer } from './access/unknown-customer.ts';
import { httpStatusOf, PROBLEM_HEADERS, type Problem, problemOf } from './problem.ts';
import { routeOf } from './route-pattern.ts';
import { describeInvalid } from './validation.ts';

/** The methods that all resources accept. */
export const ALLOW = 'GET, HEAD';

/** Those that some accept, too. */
const OTHER_METHODS = ['POST', 'DELETE'] as const;

/** Makes the app answer what no route takes with problem documents. */
export function answerUnmatched(app: FastifyInstance): void {
  app.setNotFoundHandler(sendUnmatched);
  app.removeAllContentTypeParsers();
  // No route takes a body, unless it says so. Node discards it after the answer, or closes the connection (`http-server.ts`).
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
}

/** Answers any error, including those of Fastify's router. */
export function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (isAboutBody(error)) {
    // The body is too long or of an unknown type. What matters first is whether a route takes one.
    if (request.is404) sendUnmatched(request, reply);
    else sendProblem(reply, problemOfBody(error));
    return;
  }
  const problem = problemOfError(error, request);
  if (problem.status < 500 || problem.code === 'OVERLOADED') {
    sendProblem(reply, problem);
    return;
  }
  if (isTransient(error) && !isToBeLogged(request)) {
    sendProblem(reply, problem);
    return;
  }
  const instance = `urn:uuid:${randomUUID()}`;
  const { id: requestId, method } = request;
  request.log.error({ err: error, instance, requestId, method, route: routeOf(request) }, problem.title);
  sendProblem(reply, { ...problem, instance });
}

const loggedMs = new WeakMap<Server, number>();

/** In an outage every request fails. Logging each of them could fill a disk. */
function isToBeLogged({ server: { server } }: FastifyRequest): boolean {
  const nowMs = performance.now();
  const isDue = nowMs - (loggedMs.get(server) ?? Number.NEGATIVE_INFINITY) >= OUTAGE_LOG_INTERVAL_MS;
  if (isDue) loggedMs.set(server, nowMs);
  return isDue;
}

/** Sends a problem document. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const isPassing = problem.status === 429 || problem.status === 503;
  if (isPassing && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_S);
  // Fastify adds a charset to a string, and this media type has none. So the body is a buffer.
  const body = Buffer.from(JSON.stringify(problem));
  // The tag and the next page of an answer that could not be sent.
  reply.removeHeader('etag').removeHeader('link');
  return reply.code(problem.status).headers(PROBLEM_HEADERS).send(body);
}

/** Answers a request without a route: 405 if another method has a route at this path, otherwise 404. */
function sendUnmatched(request: FastifyRequest, reply: FastifyReply): void {
  const { method, server, url } = request;
  const takes = (one: string): boolean => server.findRoute({ method: one as 'GET', url }) !== null;
  const isReading = method === 'GET' || method === 'HEAD';
  const taken = [...(!isReading && takes('GET') ? [ALLOW] : []), ...OTHER_METHODS.filter(takes)];
  if (taken.length === 0 || (isReading && takes('GET'))) {
    sendProblem(reply, problemOf('NOT_FOUND', `Nothing is here. \`/docs\` lists what there is.`));
    return;
  }
  reply.header('allow', taken.join(', '));
  const how = taken[0] === ALLOW ? 'is read with GET, not with' : `takes ${taken.join(' and ')}, not`;
  sendProblem(reply, problemOf('METHOD_NOT_ALLOWED', `This ${how} ${method}.`));
}

function problemOfBody({ statusCode, message }: FastifyError): Problem {
  const detail = `The body of the request cannot be taken: ${message}.`;
  return problemOf('BAD_REQUEST', detail, statusCode === 413 || statusCode === 415 ? statusCode : undefined);
}

function isAboutBody({ code }: FastifyError): boolean {
  return code?.startsWith('FST_ERR_CTP_') || code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE';
}

function isClientError(error: FastifyError): boolean {
  return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
}

function problemOfError(error: FastifyError, request: FastifyRequest): Problem {
  // Its hint names other customers.
  if (error instanceof DaymarkError && error.code === 'CUSTOMER_UNKNOWN' && isRestricted(request.reader))
    return problemOfDaymarkError(unknownCustomer(request));
  if (error instanceof DaymarkError) return problemOfDaymarkError(error);
  if (error.validation) return problemOf('INVALID_REQUEST', describeInvalid(error));
  if (isClientError(error))
    return problemOf('BAD_REQUEST', `The request was not understood (${request.method}).`);
  return problemOfFault('INTERNAL');
}

function problemOfDaymarkError(error: DaymarkError): Problem {
  const status = httpStatusOf(error.code);
  if (status === undefined) return problemOfFault('INTERNAL');
  // The message of a fault may contain paths, hosts or SQL, so only the log gets it.
  return status >= 500 ? problemOfFault(error.code) : problemOf(error.code, error.message);
}

function problemOfFault(code: ErrorCode): Problem {
  return problemOf(code, ERRORS[code].advice);
}
