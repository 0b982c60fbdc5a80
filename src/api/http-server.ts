import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
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
import { endWithProblem } from './raw-answer.ts';

const OPTIONS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
  // `message-rules.ts` asks for it, and answers with a problem document.
  requireHostHeader: false,
  // Node sets up no body stream for a request without a body. That saves a tenth of the CPU time of a short answer.
  optimizeEmptyRequests: true,
};

/**
 * The HTTP server under the app: bounded in time and connections. What Node would answer by itself or hang up on
 * (an `Expect`, a tunnel) goes to the handler, or gets a problem document.
 * @param onError hears what cannot be told to any client: a connection that could not be accepted.
 */
export function createHttpServer(
  handler: RequestListener,
  connections: Connections,
  onError: (error: Error) => void,
): Server {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    connections.noteRequest(request.socket, response);
    // Node reads the rest of a body after the answer, however long it is, unless the connection ends there.
    if (hasUnboundedBody(request)) response.setHeader('connection', 'close');
    handler(request, response);
  };
  const server = createServer(OPTIONS, handle);
  server.setTimeout(CONNECTION_TIMEOUT_MS);
  // All that fit into MAX_HEADER_BYTES. Node would pass over those after the 2,000th, and so over what ends a body.
  server.maxHeadersCount = 0;
  connections.bound(server);
  // No body is wanted, so nobody is told to go on and send one. Node closes the connection after the answer.
  server.on('checkContinue', handle);
  server.on('checkExpectation', handle);
  server.on('connect', refuseTunnel);
  // Without a listener that would end the process.
  // That it cannot listen is thrown to whoever asked it to.
  server.on('error', (error) => {
    if (server.listening) onError(error);
  });
  return server;
}

function refuseTunnel({ socket }: IncomingMessage, _stream: Duplex): void {
  const problem = problemOf('METHOD_NOT_ALLOWED', 'This is no proxy: CONNECT is not taken.');
  endWithProblem(socket, problem, { allow: 'GET, HEAD' });
}
