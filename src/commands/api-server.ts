import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { type AppOptions, buildApp } from '../api/app.ts';
import type { Settings } from '../config/settings.ts';
import { DaymarkError, messageOf } from '../errors.ts';
import { VERSION } from './version.ts';

const STDERR = 2;

export interface ApiServer {
  /** Where it listens. */
  readonly url: string;
  /** Answers what is being asked, and ends. */
  close(): Promise<void>;
}

/** Starts the API. @throws {DaymarkError} PORT_IN_USE, CANNOT_LISTEN. */
export async function startApi(
  store: AppOptions['store'],
  settings: Settings,
  waitsFor: AppOptions['waitsFor'] = () => undefined,
): Promise<ApiServer> {
  const app = await buildApp({
    store,
    waitsFor,
    version: VERSION,
    logger: pino({ level: 'warn' }, pino.destination({ dest: STDERR, sync: true })),
    rateLimitPerMinute: settings.RATE_LIMIT_PER_MINUTE,
  });
  const { HOST: host, PORT: port } = settings;
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
  const { port: actualPort } = app.server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return { url: `http://${name}:${actualPort}`, close: () => app.close() };
}

function listenError(error: unknown, host: string, port: number): DaymarkError {
  const isInUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (isInUse)
    return new DaymarkError('PORT_IN_USE', `Another program already listens on ${host}, port ${port}.`);
  return new DaymarkError('CANNOT_LISTEN', `${host}, port ${port}: ${messageOf(error)}.`, { cause: error });
}
