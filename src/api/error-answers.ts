/** Turns everything that can go wrong with a request into a problem document, and tells the log, not the client. */

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DaymarkError, ERRORS, type ErrorCode } from '../errors.ts';
import { OUTAGE_LOG_INTERVAL_MS, RETRY_AFTER_S } from '../limits.ts';
import { httpStatusOf, PROBLEM_HEADERS, type Problem, problemOf } from './problem.ts';
import { describeInvalid } from './validation.ts';

/** The only methods that anything here takes. */
export const ALLOW = 'GET, HEAD';

/** Makes every route, and every path and method without one, answer errors with problem documents. */
export function answerErrorsWithProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>(sendError);
  const counted = app.hasDecorator('rateLimit') ? { preHandler: app.rateLimit() } : {};
  app.setNotFoundHandler(counted, sendUnmatched);
  app.removeAllContentTypeParsers();
  // Nothing here takes a body. Node throws it away behind the answer, or closes the connection (`http-server.ts`).
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
}

/** Answers any error, those of Fastify's own router included. */
export function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  if (isAboutBody(error)) {
    // Too long, or of no known type: what matters is that nothing here takes one.
    sendUnmatched(request, reply);
    return;
  }
  const problem = problemOfError(error, request);
  if (problem.status < 500 || problem.code === 'OVERLOADED') {
    sendProblem(reply, problem);
    return;
  }
  if (error instanceof DaymarkError && error.isTransient && !isToBeLogged(request)) {
    sendProblem(reply, problem);
    return;
  }
  const instance = `urn:uuid:${randomUUID()}`;
  request.log.error({ err: error, instance, method: request.method, url: request.url }, problem.title);
  sendProblem(reply, { ...problem, instance });
}

const loggedMs = new WeakMap<Server, number>();

/** Of an outage, every request fails. What is logged of them must not fill a disk. */
function isToBeLogged({ server: { server } }: FastifyRequest): boolean {
  const nowMs = performance.now();
  const isDue = nowMs - (loggedMs.get(server) ?? Number.NEGATIVE_INFINITY) >= OUTAGE_LOG_INTERVAL_MS;
  if (isDue) loggedMs.set(server, nowMs);
  return isDue;
}

/** Answers with a problem document. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  if (problem.status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_S);
  // As bytes, because Fastify adds a charset to a string, and this media type has none.
  const body = Buffer.from(JSON.stringify(problem));
  return reply.code(problem.status).headers(PROBLEM_HEADERS).send(body);
}

/** No route: 405 where GET has one at this path, 404 elsewhere. */
function sendUnmatched(request: FastifyRequest, reply: FastifyReply): void {
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (isReading || request.server.findRoute({ method: 'GET', url: request.url }) === null) {
    sendProblem(reply, problemOf('NOT_FOUND', `Nothing is here. \`/docs\` lists what there is.`));
    return;
  }
  reply.header('allow', ALLOW);
  sendProblem(reply, problemOf('METHOD_NOT_ALLOWED', `This is read with GET, not with ${request.method}.`));
}

function isAboutBody({ code }: FastifyError): boolean {
  return code?.startsWith('FST_ERR_CTP_') || code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE';
}

function isClientError(error: FastifyError): boolean {
  return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
}

function problemOfError(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof DaymarkError) return problemOfDaymarkError(error);
  if (error.validation) return problemOf('INVALID_REQUEST', describeInvalid(error));
  if (isClientError(error))
    return problemOf('BAD_REQUEST', `The request was not understood (${request.method}).`);
  return problemOfFault('INTERNAL');
}

function problemOfDaymarkError(error: DaymarkError): Problem {
  const status = httpStatusOf(error.code);
  if (status === undefined) return problemOfFault('INTERNAL');
  // The words of a fault may hold paths, hosts or SQL: those are for the log.
  return status >= 500 ? problemOfFault(error.code) : problemOf(error.code, error.message);
}

function problemOfFault(code: ErrorCode): Problem {
  return problemOf(code, ERRORS[code].advice);
}
