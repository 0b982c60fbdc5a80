/** Builds the REST app. It does not listen: `commands/` picks the store, the address and the time. */

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { type FastifyBaseLogger, type FastifyInstance, fastify } from 'fastify';
import {
  CLOSE_GRACE_MS,
  DEFAULT_MAX_EVENT_STREAMS,
  DEFAULT_TARGET_PERCENT,
  MAX_ANSWER_CACHE_BYTES,
  MAX_EVENT_LOOP_DELAY_MS,
} from '../limits.ts';
import { Metrics, type MetricsText } from '../metrics/metrics.ts';
import { type AvailabilityDefinition, availabilityDefinition } from '../statistics/availability.ts';
import { type AccessOptions, authenticatorFor } from './access/authenticators.ts';
import { demandRules, guardOf, identifyReaders, mayStillRead, refuseOthers } from './access/guard.ts';
import { refuseOtherOrigins } from './access/same-origin.ts';
import { ActivityAnswers } from './activity/activity-answers.ts';
import { Answers } from './answers.ts';
import { BadgeAnswers } from './badge-answers.ts';
import { closeInTime } from './close.ts';
import { Connections } from './connections.ts';
import { allowOrigins } from './cors.ts';
import { type CustomerNames, NO_NAMES } from './customer-names.ts';
import { EndpointAnswers } from './endpoints/endpoint-answers.ts';
import { answerUnmatched, sendError } from './error-answers.ts';
import { EventStreams } from './events/event-streams.ts';
import type { InputWords } from './input-words.ts';
import type { NewLimit } from './limits/client-limit.ts';
import { OwnLimit } from './limits/own-limit.ts';
import { boundLoad, boundRequestsOfClients } from './load.ts';
import { checkMessages } from './message-rules.ts';
import { observeRequests, type RequestObservers } from './observe-requests.ts';
import { describeApi } from './openapi.ts';
import type { PushReceiver } from './push/receiver.ts';
import { RangeAnswers } from './range-answers.ts';
import { CustomerRankings } from './ranking/customer-rankings.ts';
import { addDocumentation } from './routes/documentation.ts';
import { addHealthRoutes, type WaitsFor } from './routes/health.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addOpenApiRoute } from './routes/openapi.ts';
import { addPage, type PageFiles } from './routes/page.ts';
import { addStatsRoutes } from './routes/stats.ts';
import { addAboutRoute } from './routes/v1/about.ts';
import { addActivityRoutes } from './routes/v1/activity.ts';
import { addBadgeRoutes } from './routes/v1/badges.ts';
import { addCustomerRoutes } from './routes/v1/customer.ts';
import { addRangeRoutes } from './routes/v1/customer-ranges.ts';
import { addCustomersRoute } from './routes/v1/customers.ts';
import { addEndpointRoutes } from './routes/v1/endpoints.ts';
import { addEventsRoute } from './routes/v1/events.ts';
import { addHoursSummaryRoute } from './routes/v1/hours-summary.ts';
import { addLinkRoutes } from './routes/v1/links.ts';
import { addProvenanceRoutes } from './routes/v1/provenance.ts';
import { addPushRoutes } from './routes/v1/push.ts';
import { addRejectedRoute } from './routes/v1/rejected.ts';
import { addSessionRoutes } from './routes/v1/session.ts';
import { addSourcesRoute } from './routes/v1/sources.ts';
import { addStatusRoute } from './routes/v1/status.ts';
import { addStatusesRoute } from './routes/v1/statuses.ts';
import { addWorstDaysRoute } from './routes/v1/worst-days.ts';
import { serverOptions } from './server-options.ts';
import type { StatsReader } from './stats-reader.ts';
import { type Reading, StoredStatus } from './status.ts';
import { StatusAnswers } from './status-answers.ts';
import { measureStore } from './store-metrics.ts';
import { StreamedAnswers } from './streamed-answers.ts';
import { type CertifiedKey, showCertificate } from './tls-server.ts';
import { WorstDayAnswers } from './worst-days/worst-day-answers.ts';

/** What the app is made of. By default nobody hears of its requests. */
export interface AppOptions extends RequestObservers {
  /** The app reads it and does not close it. */
  readonly store: StatsReader;
  /** What the pipeline in the same process waits for. By default it waits for nothing. */
  readonly waitsFor?: () => WaitsFor | undefined;
  /** How far the pipeline in the same process is. By default none runs there. */
  readonly reading?: () => Reading;
  /** How inputs are put in words. By default a position is a number. */
  readonly words?: InputWords;
  /** Receives the faults whose details clients do not get. By default nothing is logged. */
  readonly logger?: FastifyBaseLogger;
  /** By default, requests without a response and with 500 to 599 are failures, and all requests count. */
  readonly availability?: AvailabilityDefinition;
  /** Aliases and names of customers. By default there are none. */
  readonly customers?: CustomerNames;
  /** Who may read what. Undefined: everybody may read everything. */
  readonly access?: AccessOptions | undefined;
  /** How many customers must have requests on each day before one of them gets everybody's numbers in its summary. 0, the default: never. */
  readonly everyoneMinCustomers?: number;
  /** The requests that one client, a key or an address, may send a minute. Further ones get 429. 0, the default, means no limit. */
  readonly rateLimitPerMinute?: number;
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. By default none. */
  readonly trustedProxies?: readonly string[];
  /** The certificate that is current: the app speaks HTTPS. By default it speaks plain HTTP. */
  readonly tls?: (() => CertifiedKey) | undefined;
  /** The origins whose pages may read answers in a browser, or `*`. By default none. */
  readonly corsOrigins?: readonly string[];
  /** Those of this process. By default, new ones of requests and the store. */
  readonly metrics?: Metrics | undefined;
  /** What `/metrics` answers. By default, the metrics of this process. */
  readonly metricsText?: MetricsText | undefined;
  /** How many processes serve the same address: they share the memory of kept answers. By default only this one. */
  readonly processes?: number;
  /** Makes what counts the requests of each client. By default, this process counts for itself. */
  readonly newLimit?: NewLimit | undefined;
  /** Takes lines that clients hand in. Undefined: nobody does. */
  readonly push?: PushReceiver | undefined;
  /** How long a push waits for its answer. */
  readonly pushTimeoutMs?: number;
  /** The files of the page. By default there is no page. */
  readonly page?: PageFiles | undefined;
  /** The availability that customers may expect, for the page and for badges. */
  readonly targetPercent?: number;
  /** The origins whose pages may show the page of a customer in a frame. By default none. */
  readonly embedAncestors?: readonly string[];
  /** The version in the OpenAPI document. */
  readonly version?: string;
  /** Requests get 503 while the mean delay of the event loop is longer. Infinity means never. */
  readonly maxEventLoopDelayMs?: number;
  /** How long `close()` waits for requests in progress, including those that arrived only in part. */
  readonly closeGraceMs?: number;
  /**
   * Adds hooks that run on every request, before any that may answer. It runs before any route is added, so
   * the hooks hold for all routes, for 404 and 405, and for answers from the cache.
   */
  readonly addHooks?: (app: FastifyInstance) => void;
  /** The most open connections. At the bound a new one replaces an idle one, or gets 503 if none is idle. */
  readonly maxConnections?: number | undefined;
  /** The most open streams of events. By default half of the connections that there are by default. */
  readonly maxEventStreams?: number | undefined;
}

/**
 * @returns the app, ready to listen or for `inject()`. `close()` finishes the requests in progress and does not wait for
 * idle connections.
 */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const {
    store,
    rateLimitPerMinute = 0,
    version = '0.0.0',
    availability = availabilityDefinition(),
    customers = NO_NAMES,
    processes = 1,
    targetPercent = DEFAULT_TARGET_PERCENT,
    embedAncestors = [],
    newLimit = (_name, bounds) => new OwnLimit(bounds),
  } = options;
  const connections = new Connections(options.maxConnections);
  const app: FastifyInstance = fastify(
    serverOptions(options.logger, connections, options.trustedProxies ?? [], options.tls),
  );
  // Before any route, those of plugins included: a route takes the handler that it finds.
  app.setErrorHandler(sendError);
  // Bodies are made by the routes. To compile a serializer for each response that a route declares took most of the time of a start.
  app.setSerializerCompiler(() => JSON.stringify);
  demandRules(app, options.access !== undefined);
  const metrics = options.metrics ?? new Metrics(version);
  observeRequests(app, connections, metrics, options);
  options.addHooks?.(app);
  // Before what refuses requests, so that pages can read a refusal.
  await allowOrigins(app, options.corsOrigins ?? []);
  closeInTime(app, connections, options.closeGraceMs ?? CLOSE_GRACE_MS);
  boundLoad(app, options.maxEventLoopDelayMs ?? MAX_EVENT_LOOP_DELAY_MS);
  const authenticator = options.access && (await authenticatorFor(options.access, customers));
  const sessions = authenticator?.sessions;
  const guard = authenticator && guardOf({ authenticator, sessions, customers }, newLimit);
  app.addHook('onClose', async () => authenticator?.close());
  // A refused request counts, too, and the count is by who asks.
  identifyReaders(app, guard);
  boundRequestsOfClients(app, rateLimitPerMinute, newLimit);
  refuseOthers(app, guard);
  refuseOtherOrigins(app);
  checkMessages(app);
  answerUnmatched(app);
  const api = app.withTypeProvider<TypeBoxTypeProvider>();
  await describeApi(api, { version, isGuarded: authenticator !== undefined });
  addStatsRoutes(api, {
    answers: new Answers(store, availability, MAX_ANSWER_CACHE_BYTES / processes, customers),
    streamed: new StreamedAnswers(store, availability, undefined, customers),
  });
  const ranges = new RangeAnswers(store, availability, customers, processes);
  addRangeRoutes(api, ranges, options.everyoneMinCustomers ?? 0);
  addHoursSummaryRoute(api, ranges);
  addCustomersRoute(api, new CustomerRankings(store, availability, undefined, processes), customers);
  addCustomerRoutes(api, store, customers);
  addActivityRoutes(api, new ActivityAnswers(store, availability, customers, processes));
  addWorstDaysRoute(api, new WorstDayAnswers(store, availability, customers, processes));
  addEndpointRoutes(api, new EndpointAnswers(store, availability, customers, processes));
  addStatusesRoute(api, new StatusAnswers(store, customers, processes));
  addHealthRoutes(api, store, options.waitsFor ?? (() => undefined));
  const words = options.words ?? { positionText: (position) => String(position), rejectionReasons: [] };
  addSourcesRoute(api, store, words);
  addProvenanceRoutes(api, store, { words, customers, definition: availability });
  addRejectedRoute(api, store, words);
  const status = new StoredStatus(store);
  addStatusRoute(api, status, () => ({
    ...{ version, database: store.product, nowMs: Date.now() },
    ...{ reading: options.reading?.(), waitsFor: options.waitsFor?.() },
  }));
  addAboutRoute(api, status, {
    ...{ version, access: options.access, targetPercent, availability, embedAncestors },
  });
  const badges = new BadgeAnswers(store, status, { definition: availability, targetPercent }, processes);
  addBadgeRoutes(api, badges, customers);
  const streams = new EventStreams(store, options.maxEventStreams ?? DEFAULT_MAX_EVENT_STREAMS, metrics);
  addEventsRoute(api, streams, (request) => mayStillRead(request, guard));
  addSessionRoutes(api, sessions, customers);
  addPushRoutes(api, options.push, options.pushTimeoutMs);
  addLinkRoutes(api, { store, customers, signer: authenticator?.signer });
  measureStore(store, status, metrics);
  if (options.tls) showCertificate(metrics, options.tls);
  addMetricsRoute(api, options.metricsText ?? metrics);
  addOpenApiRoute(api);
  await addDocumentation(api);
  if (options.page) await addPage(api, options.page, embedAncestors);
  await app.ready();
  return app;
}
