/** Builds the REST app. It never listens by itself: `commands/` picks the store, the address and the moment. */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify';
import { CLOSE_GRACE_MS, MAX_EVENT_LOOP_DELAY_MS } from '../limits.ts';
import { Answers } from './answers.ts';
import { closeInTime } from './close.ts';
import { Connections } from './connections.ts';
import { answerErrorsWithProblems } from './error-answers.ts';
import { boundLoad, boundRequestsOfAddresses } from './load.ts';
import { checkMessages } from './message-rules.ts';
import { describeApi } from './openapi.ts';
import { addHealthRoutes, type WaitsFor } from './routes/health.ts';
import { addOpenApiRoute } from './routes/openapi.ts';
import { addPages } from './routes/pages.ts';
import { addStatsRoutes } from './routes/stats.ts';
import { serverOptions } from './server-options.ts';
import type { StatsReader } from './stats-reader.ts';
import { StreamedAnswers } from './streamed-answers.ts';

export interface AppOptions {
  /** Is read only, and not closed. */
  readonly store: StatsReader;
  /** What the reading of logs in the same program waits for; without it nothing. */
  readonly waitsFor?: () => WaitsFor | undefined;
  /** Gets the faults that clients are not told; without it nothing is logged. */
  readonly logger?: FastifyBaseLogger;
  /** Requests a minute from one address, past which it gets 429. 0, the default: any number. */
  readonly rateLimitPerMinute?: number;
  /** Stands in the OpenAPI document. */
  readonly version?: string;
  /** The event loop's mean delay past which requests are turned away with 503. Infinity: none are. */
  readonly maxEventLoopDelayMs?: number;
  /** How long `close()` waits for requests that are under way, the halves of requests included. */
  readonly closeGraceMs?: number;
  /**
   * Adds hooks that run before all others, on every request: authentication, metrics. It runs before any route is added, so
   * the hooks hold for all routes, for 404 and 405, and for answers from the cache.
   */
  readonly addHooks?: (app: FastifyInstance) => void;
  /** Connections at once. Past it idle ones are closed for new ones, and where there are none, new ones get 503. */
  readonly maxConnections?: number | undefined;
}

/**
 * @returns the app, ready to listen or to be injected into. Close it with `close()`: it finishes the requests that
 * are under way, and does not wait for idle connections.
 */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { store, rateLimitPerMinute = 0, version = '0.0.0' } = options;
  const connections = new Connections(options.maxConnections);
  const app: FastifyInstance = fastify(serverOptions(options.logger, connections));
  options.addHooks?.(app);
  closeInTime(app, connections, options.closeGraceMs ?? CLOSE_GRACE_MS);
  boundLoad(app, options.maxEventLoopDelayMs ?? MAX_EVENT_LOOP_DELAY_MS);
  await boundRequestsOfAddresses(app, rateLimitPerMinute);
  checkMessages(app);
  answerErrorsWithProblems(app);
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  await describeApi(api, version);
  addStatsRoutes(api, { answers: new Answers(store), streamed: new StreamedAnswers(store) });
  addHealthRoutes(api, store, options.waitsFor ?? (() => undefined));
  addOpenApiRoute(api);
  await addPages(api);
  await app.ready();
  return app;
}
