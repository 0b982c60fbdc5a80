/** Counts every request, gives it an id, and tells the access log of it: whatever answers it, and if nothing does. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Metrics } from '../metrics/metrics.ts';
import type { RequestTracing } from '../tracing/contract.ts';
import { clientAddress } from './client-address.ts';
import type { Connections } from './connections.ts';
import { routeOf } from './route-pattern.ts';
import { waitingRequests } from './slots.ts';

/**
 * What is logged of a request. The URL is not: it names customers, by aliases, too, and those may be keys. Neither is any
 * header but the id.
 */
export interface AnsweredRequest {
  readonly method: string;
  /** With names of parameters, as `/v1/customers/{customer_id}/summary`; undefined where no route took the request. */
  readonly route: string | undefined;
  /** 0: the client left before it had the whole answer. */
  readonly status: number;
  readonly durationMs: number;
  /** Bytes that were handed to the system for its connection, headers included. */
  readonly bytes: number;
  /** The address of the client. */
  readonly client: string;
  readonly requestId: string;
  /** The id of the reader's key; undefined where none was needed, or none was valid. */
  readonly keyId: string | undefined;
}

export type AccessLog = (request: AnsweredRequest) => void;

/** Who hears of requests, where anybody does. */
export interface RequestObservers {
  /** Hears of every request when it is answered. */
  readonly accessLog?: AccessLog | undefined;
  readonly tracing?: RequestTracing | undefined;
}

/** Ids of requests that clients, or proxies before the server, may choose: they go into logs as they are. */
const PLAIN_ID = /^[\w.:-]{1,64}$/;

/** @returns the `X-Request-Id` of a request if it is plain and short, else a new id. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && PLAIN_ID.test(given) ? given : randomUUID();
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for a route whose answers last until their clients leave. */
    isEndless?: boolean;
  }
}

/** What is to be done when an endless answer begins, by its request. */
const beginnings = new WeakMap<FastifyRequest, () => void>();

/** Call this when an endless answer begins: it counts as answered then, and its trace ends. The access log tells of its end. */
export function noteAnswering(request: FastifyRequest): void {
  beginnings.get(request)?.();
}

/** Observes all requests of an app. Call it before any hook that may answer. */
export function observeRequests(
  app: FastifyInstance,
  connections: Connections,
  metrics: Metrics,
  { accessLog, tracing }: RequestObservers,
): void {
  const count = requestCounter(metrics, connections);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    const answered = count(request);
    const span = tracing?.begin(request);
    const beganMs = performance.now();
    const bytesBefore = request.socket.bytesWritten;
    let isAnswered = false;
    const end = (status: number, durationMs: number): void => {
      if (isAnswered) return;
      isAnswered = true;
      answered(status, durationMs);
      span?.end(routeOf(request), status);
    };
    if (request.routeOptions.config.isEndless)
      beginnings.set(request, () => end(200, performance.now() - beganMs));
    // It comes, too, where the client leaves before the answer is there.
    reply.raw.once('close', () => {
      const durationMs = performance.now() - beganMs;
      const isWhole = isAnswered || reply.raw.writableFinished;
      const status = isWhole ? reply.raw.statusCode : 0;
      end(status, durationMs);
      accessLog?.(entryOf(request, reply, status, { durationMs, bytesBefore }));
    });
    if (span) span.run(done);
    else done();
  });
}

function entryOf(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  { durationMs, bytesBefore }: { readonly durationMs: number; readonly bytesBefore: number },
): AnsweredRequest {
  return {
    method: request.method,
    route: routeOf(request),
    ...{ status, durationMs },
    bytes: (reply.raw.req.socket?.bytesWritten ?? bytesBefore) - bytesBefore,
    ...{ client: clientAddress(request), requestId: request.id, keyId: request.reader?.id || undefined },
  };
}

/** @returns a function that counts a request that begins, and returns one to call when it ends. */
function requestCounter(metrics: Metrics, connections: Connections) {
  const requests = metrics.counter('daymark_http_requests_total');
  const durations = metrics.histogram('daymark_http_request_duration_seconds');
  let inProgress = 0;
  metrics.onScrape(() => {
    metrics.gauge('daymark_http_requests_in_progress').set(inProgress);
    metrics.gauge('daymark_http_connections').set(connections.count);
    const waiting = metrics.gauge('daymark_http_requests_waiting');
    for (const [queue, count] of Object.entries(waitingRequests())) waiting.set({ queue }, count);
    const refusals = metrics.counter('daymark_http_refusals_total');
    refusals.reset();
    for (const [status, count] of connections.refusals) refusals.inc({ status }, count);
    const failed = metrics.counter('daymark_tls_failed_handshakes_total');
    failed.reset();
    for (const [reason, count] of connections.failedHandshakes) failed.inc({ reason }, count);
  });
  return (request: FastifyRequest) => {
    inProgress++;
    return (status: number, durationMs: number): void => {
      inProgress--;
      const route = routeOf(request) ?? '(none)';
      requests.inc({ route, method: methodOf(request), status });
      durations.observe({ route }, durationMs / 1000);
    };
  };
}

const COUNTED_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']);

/** No route takes another method, and a client may think of any number of them. */
function methodOf({ method }: FastifyRequest): string {
  return COUNTED_METHODS.has(method) ? method : 'other';
}
