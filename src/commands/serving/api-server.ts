import type { AddressInfo } from 'node:net';
import { type DestinationStream, pino } from 'pino';
import type { AccessOptions } from '../../api/access/authenticators.ts';
import { type AppOptions, buildApp } from '../../api/app.ts';
import { parseNetworks } from '../../config/networks.ts';
import { parseOrigins } from '../../config/origins.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError, messageOf } from '../../errors.ts';
import { CUSTOMERS_FILE_POLL_MS, MAX_UNWRITTEN_LOG_BYTES } from '../../limits.ts';
import { printableJson } from '../../printable.ts';
import { availabilityDefinition } from '../../statistics/availability.ts';
import { INPUT_WORDS } from '../cli/input-words.ts';
import { reportProblem } from '../cli/report.ts';
import { VERSION } from '../cli/version.ts';
import { customerNamesOf } from '../ingesting/customers-file.ts';
import { maxConnectionsOf } from '../ingesting/descriptors.ts';
import type { AccessWays } from './access.ts';

const STDERR = 2;

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
  pipeline: Pick<AppOptions, 'waitsFor' | 'reading'> = {},
): Promise<ApiServer> {
  const customers = customerNamesOf(settings, reportProblem);
  const app = await buildApp({
    store,
    ...(customers ? { customers } : {}),
    ...pipeline,
    words: INPUT_WORDS,
    version: VERSION,
    logger: pino({ level: 'warn' }, logDestination()),
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
  const close = () => {
    clearInterval(looking);
    return app.close();
  };
  const { HOST: host, PORT: port } = settings;
  try {
    await app.listen({ host, port });
  } catch (error) {
    await close();
    throw listenError(error, host, port);
  }
  const { port: actualPort } = app.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${actualPort}`, close };
}

/**
 * Logs to standard error. A line can hold what a client sent, so it is escaped. On a full disk, lines are lost: that neither
 * ends the program nor fills memory.
 */
function logDestination(): DestinationStream {
  const destination = pino.destination({ dest: STDERR, sync: true, maxLength: MAX_UNWRITTEN_LOG_BYTES });
  destination.on('error', () => undefined);
  return { write: (line) => destination.write(`${printableJson(line.trimEnd())}\n`) };
}

function listenError(error: unknown, host: string, port: number): DaymarkError {
  const isInUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (isInUse)
    return new DaymarkError('PORT_IN_USE', `Another program already listens on ${host}, port ${port}.`);
  return new DaymarkError('CANNOT_LISTEN', `${host}, port ${port}: ${messageOf(error)}.`, { cause: error });
}
