/** Answers to what never becomes a request: Node hands over the bare socket. */

import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { PROBLEM_HEADERS, type Problem, problemOf } from './problem.ts';

/** What Node's HTTP parser says of a request that it gave up on. */
interface ClientError extends Error {
  readonly code?: string;
}

/** Answers what is not HTTP, or came too slowly or too long to be read, and closes the connection. */
export function answerClientError(this: FastifyInstance, error: ClientError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  this.log.debug({ err: error }, 'a request could not be read');
  if (socket.writable) socket.end(rawAnswer(problemOfClientError(error)));
  else socket.destroy();
}

function problemOfClientError({ code }: ClientError): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return problemOf('BAD_REQUEST', 'The request took too long to arrive.', 408);
  if (code === 'HPE_HEADER_OVERFLOW')
    return problemOf('BAD_REQUEST', 'The request line and headers are too long.', 431);
  return problemOf('BAD_REQUEST', 'The request is not well-formed HTTP/1.1.');
}

function rawAnswer(problem: Problem): string {
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(PROBLEM_HEADERS).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
