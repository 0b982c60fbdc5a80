import type { AccessOptions } from '../../api/access/authenticators.ts';
import { type AppOptions, buildApp } from '../../api/app.ts';
import { parseNetworks } from '../../config/networks.ts';
import { parseOrigins } from '../../config/origins.ts';
import type { Settings } from '../../config/settings.ts';
import { CUSTOMERS_FILE_POLL_MS } from '../../limits.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import { availabilityDefinition } from '../../statistics/availability.ts';
import { INPUT_WORDS } from '../cli/input-words.ts';
import { reportProblem } from '../cli/report.ts';
import { VERSION } from '../cli/version.ts';
import { customerNamesOf } from '../ingesting/customers-file.ts';
import { maxConnectionsOf } from '../ingesting/descriptors.ts';
import type { AccessWays } from './access.ts';
import { listen } from './listen.ts';
import { faultLogger, openAccessLog } from './loggers.ts';
import { readPageFiles } from './page-files.ts';

export interface ApiServer {
  /** Where it listens. */
  readonly url: string;
  /** Finishes open requests, then closes. */
  close(): Promise<void>;
}

/** Starts the API. @param access who may read what; undefined: everybody everything. @throws {DaymarkError} INVALID_SETTING, PORT_IN_USE, CANNOT_LISTEN. */
export async function startApi(
  store: AppOptions['store'] & { readonly apiKeys: NonNullable<AccessOptions['keys']> },
  settings: Settings,
  access: AccessWays | undefined,
  parts: Pick<AppOptions, 'waitsFor' | 'reading'> & { readonly metrics: Metrics },
): Promise<ApiServer> {
  const customers = customerNamesOf(settings, reportProblem);
  const accessLog = settings.ACCESS_LOG === 'json' ? openAccessLog(parts.metrics) : undefined;
  const app = await buildApp({
    store,
    ...(customers ? { customers } : {}),
    ...parts,
    words: INPUT_WORDS,
    version: VERSION,
    page: readPageFiles(),
    targetPercent: settings.TARGET_PERCENT,
    logger: faultLogger(),
    accessLog: accessLog?.log,
    maxConnections: maxConnectionsOf(settings.MAX_CONNECTIONS),
    availability: availabilityDefinition(settings.FAILED_STATUSES, settings.IGNORED_STATUSES),
    access: access && { keys: access.hasKeys ? store.apiKeys : undefined, jwt: access.jwt },
    everyoneMinCustomers: settings.EVERYONE_MIN_CUSTOMERS,
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
    trustedProxies: parseNetworks(settings.TRUSTED_PROXIES ?? '') ?? [],
    corsOrigins: parseOrigins(settings.CORS_ORIGINS ?? '') ?? [],
  });
  // Requests may be rare, and a change must be there with the first one behind it.
  const looking = customers && setInterval(() => customers.idOf(''), CUSTOMERS_FILE_POLL_MS);
  const close = async () => {
    clearInterval(looking);
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
