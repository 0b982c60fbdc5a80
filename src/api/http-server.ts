import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  CONNECTION_TIMEOUT_MS,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_INTERVAL_MS,
} from '../limits.ts';
import type { Connections } from './connections.ts';
import { hasUnboundedBody } from './message-rules.ts';
import { problemOf } from './problem.ts';
import { type CertifiedKey, createTlsServer } from './tls-server.ts';

const OPTIONS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
  // `message-rules.ts` checks it and answers with a problem document.
  requireHostHeader: false,
  // Node sets up no body stream for a request without a body. That saves a tenth of the CPU time of a short answer.
  optimizeEmptyRequests: true,
};

/**
 * Creates the HTTP server under the app, with bounds on time and connections. Node would answer some requests itself or
 * hang up on them (`Expect`, a tunnel). Those go to the handler or get a problem document.
 * @param onError receives errors that no client can be told about: a connection that could not be accepted.
 * @param tls the certificate that is current. Undefined: without TLS.
 */
export function createHttpServer(
  handler: RequestListener,
  connections: Connections,
  onError: (error: Error) => void,
  tls: (() => CertifiedKey) | undefined,
): Server | TlsServer {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    connections.noteRequest(request.socket, response);
    // After the answer, Node reads the rest of a body, however long, unless the connection is closed.
    if (hasUnboundedBody(request)) response.setHeader('connection', 'close');
    handler(request, response);
  };
  const server = tls ? createTlsServer(OPTIONS, handle, connections, tls) : createServer(OPTIONS, handle);
  server.setTimeout(CONNECTION_TIMEOUT_MS);
  // 0 means no limit but MAX_HEADER_BYTES. Node would ignore headers after the 2,000th, even those that frame the body.
  server.maxHeadersCount = 0;
  connections.bound(server);
  // No route takes a body, so no client is told to continue. Node closes the connection after the answer.
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  server.on('connect', ({ socket }: IncomingMessage, _stream: Duplex) => refuseTunnel(connections, socket));
  // Without a listener, an error would end the process. `listen()` itself throws if it cannot listen.
  server.on('error', (error) => {
    if (server.listening) onError(error);
  });
  return server;
}

function refuseTunnel(connections: Connections, socket: Socket): void {
  const problem = problemOf('METHOD_NOT_ALLOWED', 'This server is not a proxy: it does not accept CONNECT.');
  connections.refuse(socket, problem, { allow: 'GET, HEAD' });
}
