import type { RequestListener, Server } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { LogController } from 'fastify';
import { MAX_HEADER_BYTES, MAX_REQUEST_BODY_BYTES, OUTAGE_LOG_INTERVAL_MS } from '../limits.ts';
import { clientErrorAnswerer } from './client-error.ts';
import type { Connections } from './connections.ts';
import { sendError } from './error-answers.ts';
import { createHttpServer } from './http-server.ts';
import { routablePathOf } from './message-rules.ts';
import { requestIdOf } from './observe-requests.ts';
import { buildSerializers } from './serializers.ts';
import type { CertifiedKey } from './tls-server.ts';
import { AJV_OPTIONS } from './validation.ts';

/**
 * Fastify's options: bounds on everything, no log line for each request.
 * @param trustedProxies whose `X-Forwarded-For` is believed; see `client-address.ts`.
 * @param tls the certificate that is current. Undefined: the server speaks plain HTTP.
 */
export function serverOptions(
  loggerInstance: FastifyBaseLogger | undefined,
  connections: Connections,
  trustedProxies: readonly string[],
  tls?: () => CertifiedKey,
) {
  const warn = atIntervals((error: Error) =>
    loggerInstance?.warn({ err: error }, 'a connection was not accepted'),
  );
  return {
    ...(loggerInstance && { loggerInstance }),
    logController: new LogController({ disableRequestLogging: true }),
    // A child logger for each request would cost a microsecond, and most requests log nothing.
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
    // Fastify's types know servers of HTTP, of which one of HTTPS has all that Fastify uses.
    serverFactory: (handler: RequestListener) => createHttpServer(handler, connections, warn, tls) as Server,
    genReqId: requestIdOf,
    rewriteUrl: ({ url = '' }: { url?: string | undefined }) => routablePathOf(url),
    frameworkErrors: sendError,
    clientErrorHandler: clientErrorAnswerer(connections),
    ajv: { customOptions: AJV_OPTIONS },
    schemaController: { compilersFactory: { buildSerializer: buildSerializers } },
    // The router would answer a longer parameter itself, before any hook. The schema checks the length instead.
    routerOptions: { maxParamLength: MAX_HEADER_BYTES },
    bodyLimit: MAX_REQUEST_BODY_BYTES,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    // While the server closes, it still answers requests on open connections.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  } as const;
}

/** Limits calls to one an interval: these errors come as fast as clients connect, and are all the same. */
function atIntervals<T>(tell: (value: T) => void): (value: T) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return (value) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < OUTAGE_LOG_INTERVAL_MS) return;
    toldMs = nowMs;
    tell(value);
  };
}
