import type { FastifyBaseLogger } from 'fastify';
import { LogController } from 'fastify';
import {
  CONNECTION_TIMEOUT_MS,
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_HEADER_BYTES,
  MAX_REQUEST_BODY_BYTES,
  MAX_URL_PARAMETER_CHARACTERS,
  REQUEST_TIMEOUT_MS,
} from '../limits.ts';
import { answerClientError } from './client-error.ts';
import { sendError } from './error-answers.ts';
import { AJV_OPTIONS } from './validation.ts';

/** How Fastify is set up: bounds on everything, no line of log a request, no trust in forwarded addresses. */
export function serverOptions(loggerInstance: FastifyBaseLogger | undefined) {
  return {
    ...(loggerInstance && { loggerInstance }),
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for each request would cost a microsecond, and nothing is logged for most.
    childLoggerFactory: (logger: FastifyBaseLogger) => logger,
    frameworkErrors: sendError,
    clientErrorHandler: answerClientError,
    ajv: { customOptions: AJV_OPTIONS },
    routerOptions: { maxParamLength: MAX_URL_PARAMETER_CHARACTERS },
    bodyLimit: MAX_REQUEST_BODY_BYTES,
    http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS },
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    trustProxy: false,
    // While closing, requests on connections that are still open are answered, not refused.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
  } as const;
}
