/** Answers input that never becomes a request. For it, Node hands over the bare socket. */

import { METHODS } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Connections } from './connections.ts';
import { type Problem, problemOf } from './problem.ts';

/** The error of Node's HTTP parser for a request that it gave up on. */
interface ClientError extends Error {
  readonly code?: string;
  /** A buffer with the bytes that arrived last. The parser found the fault in them. */
  readonly rawPacket?: unknown;
}

/** The method at the start of a request (RFC 9110, section 9.1), or the part of a long one that is examined. */
const METHOD = /^([\w!#$%&'*+.^`|~-]+)( |$)/;
const METHOD_LOOK_BYTES = 64;

/**
 * @returns a function that answers a request that is not HTTP, is too slow or is too long, and closes its connection.
 * Earlier requests on the same connection are answered first. Otherwise a client would take this answer for one of
 * theirs.
 */
export function clientErrorAnswerer(connections: Connections) {
  // Node reports the error again for everything that still arrives.
  const failed = new WeakSet<Socket>();
  return function answerClientError(this: FastifyInstance, error: ClientError, socket: Socket): void {
    if (error.code === 'ECONNRESET' || socket.destroyed || failed.has(socket)) return;
    failed.add(socket);
    this.log.debug({ err: error }, 'a request could not be read');
    connections.whenAnswered(socket, () => end(connections, socket, error));
  };
}

function end(connections: Connections, socket: Socket, error: ClientError): void {
  // Browsers open connections in advance. They would take an answer on one for the answer to their next request.
  const isUnused = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0;
  if (isUnused) socket.destroy();
  else if (socket.writable) connections.refuse(socket, problemOfClientError(error));
  else socket.destroy();
}

function problemOfClientError({ code, rawPacket }: ClientError): Problem {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problemOf('BAD_REQUEST', 'The request took too long to arrive.', 408);
    case 'HPE_HEADER_OVERFLOW':
      return problemOf('BAD_REQUEST', 'The request line and headers are too long.', 431);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return problemOf('BAD_REQUEST', 'The extensions of a chunk are too long.', 413);
    case 'HPE_INVALID_METHOD':
      if (Buffer.isBuffer(rawPacket) && hasUnknownMethod(rawPacket))
        return problemOf('METHOD_NOT_ALLOWED', 'No resource takes this method.', 501);
      break;
  }
  return malformed();
}

/** False, too, if the packet begins with a valid request. */
function hasUnknownMethod(packet: Buffer): boolean {
  const method = METHOD.exec(packet.toString('latin1', 0, METHOD_LOOK_BYTES))?.[1];
  return method !== undefined && !METHODS.includes(method);
}

/** The problem of a request that is not well-formed HTTP/1.1. */
export function malformed(): Problem {
  return problemOf('BAD_REQUEST', 'The request is not well-formed HTTP/1.1.');
}
