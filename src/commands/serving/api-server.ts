import type { AccessOptions } from '../../api/access/authenticators.ts';
import { type AppOptions, buildApp } from '../../api/app.ts';
import { parseNetworks } from '../../config/networks.ts';
import { parseOrigins } from '../../config/origins.ts';
import type { Settings } from '../../config/settings.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { availabilityDefinition } from '../../statistics/availability.ts';
import type { Tracing } from '../../tracing/tracing.ts';
import { INPUT_WORDS } from '../cli/input-words.ts';
import { reportProblem } from '../cli/report.ts';
import { customerNamesOf } from '../ingesting/customers-file.ts';
import { maxConnectionsOf, maxEventStreamsOf } from '../ingesting/descriptors.ts';
import { VERSION } from '../program-files.ts';
import type { AccessWays } from './access.ts';
import { embedAncestorsOf } from './embed-ancestors.ts';
import { listen } from './listen.ts';
import { faultLogger, openAccessLog } from './loggers.ts';
import { readPageFiles } from './page-files.ts';

/** The calls of the store that are children of a request's span. */
const STORE_CALLS = [
  ...(['windows', 'windowPages', 'readSnapshot', 'dataVersion', 'checkSchema'] as const),
  ...(['ledgerPage', 'rejectedLines', 'status', 'sizeBytes'] as const),
];

/** What the API shares with the rest of its process. */
export interface ApiParts
  extends Pick<AppOptions, 'waitsFor' | 'reading' | 'tls' | 'metricsText' | 'newLimit' | 'push'> {
  readonly metrics: Metrics;
  readonly tracing: Tracing | undefined;
}

export interface ApiServer {
  /** Where it listens. */
  readonly url: string;
  /** Finishes open requests, then closes. */
  close(): Promise<void>;
}

/** Starts the API. @param access who may read what; undefined: everybody everything. @throws {DaymarkError} INVALID_SETTING, PORT_IN_USE, CANNOT_LISTEN. */
export async function startApi(
  store: AppOptions['store'] & {
    readonly apiKeys: NonNullable<AccessOptions['keys']>;
    readonly signingKeys: NonNullable<AccessOptions['signingKeys']>;
  },
  settings: Settings,
  access: AccessWays | undefined,
  parts: ApiParts,
): Promise<ApiServer> {
  const customers = customerNamesOf(settings, reportProblem);
  const accessLog =
    settings.ACCESS_LOG === 'json' ? openAccessLog(parts.metrics, settings.PROCESSES > 1) : undefined;
  const { tracing } = parts;
  const maxConnections = maxConnectionsOf(settings.MAX_CONNECTIONS);
  const keys = tracing?.calls(store.apiKeys, ['find']) ?? store.apiKeys;
  const app = await buildApp({
    ...(customers ? { customers } : {}),
    ...parts,
    store: tracing?.calls(store, STORE_CALLS) ?? store,
    words: INPUT_WORDS,
    version: VERSION,
    page: readPageFiles(),
    targetPercent: settings.TARGET_PERCENT,
    logger: faultLogger(),
    accessLog: accessLog?.log,
    maxConnections,
    maxEventStreams: maxEventStreamsOf(settings.MAX_EVENT_STREAMS, maxConnections),
    availability: availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES),
    access: access && {
      ...{ keys: access.hasKeys ? keys : undefined, jwt: access.jwt, sessionMs: access.sessionMs },
      signingKeys: store.signingKeys,
      links: tracing?.calls(store.links, ['find']) ?? store.links,
    },
    everyoneMinCustomers: settings.EVERYONE_MIN_CUSTOMERS,
    processes: settings.PROCESSES,
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    trustedProxies: parseNetworks(settings.TRUSTED_PROXIES ?? '') ?? [],
    embedAncestors: embedAncestorsOf(settings),
    corsOrigins: parseOrigins(settings.CORS_ORIGINS ?? '') ?? [],
  });
  const close = async () => {
    await app.close();
    accessLog?.close();
  };
  try {
    return { url: await listen(app, settings.HOST, settings.PORT), close };
  } catch (error) {
    await close();
    throw error;
  }
}
