import type { RequestListener } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { LogController } from 'fastify';
import { MAX_HEADER_BYTES, MAX_REQUEST_BODY_BYTES, OUTAGE_LOG_INTERVAL_MS } from '../limits.ts';
import { clientErrorAnswerer } from './client-error.ts';
import type { Connections } from './connections.ts';
import { sendError } from './error-answers.ts';
import { createHttpServer } from './http-server.ts';
import { routablePathOf } from './message-rules.ts';
import { AJV_OPTIONS } from './validation.ts';

/** How Fastify is set up: bounds on everything, no line of log a request, no trust in forwarded addresses. */
export function serverOptions(loggerInstance: FastifyBaseLogger | undefined, connections: Connections) {
  const warn = atIntervals((error: Error) =>
    loggerInstance?.warn({ err: error }, 'a connection was not accepted'),
  );
  return {
    ...(loggerInstance && { loggerInstance }),
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for each request would cost a microsecond, and nothing is logged for most.
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
    serverFactory: (handler: RequestListener) => createHttpServer(handler, connections, warn),
    rewriteUrl: ({ url = '' }: { url?: string | undefined }) => routablePathOf(url),
    frameworkErrors: sendError,
    clientErrorHandler: clientErrorAnswerer(connections),
    ajv: { customOptions: AJV_OPTIONS },
    // The router would answer a longer parameter itself, before any hook. The schema checks the length instead.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    bodyLimit: MAX_REQUEST_BODY_BYTES,
    trustProxy: false,
    // While closing, requests on connections that are still open are answered, not refused.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  } as const;
}

/** They come as fast as clients connect, and are all the same: most of them are not told. */
function atIntervals<T>(tell: (value: T) => void): (value: T) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return (value) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < OUTAGE_LOG_INTERVAL_MS) return;
    toldMs = nowMs;
    tell(value);
  };
}
