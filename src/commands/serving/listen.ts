import { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { DaymarkError, messageOf } from '../../errors.ts';

/**
 * Makes an app listen.
 * @param port 0: a free one.
 * @returns its URL, without a slash at its end.
 * @throws {DaymarkError} PORT_IN_USE, CANNOT_LISTEN.
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, host, port);
  }
  const { port: actualPort } = app.server.address() as AddressInfo;
  const scheme = app.server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
}

function listenError(error: unknown, host: string, port: number): DaymarkError {
  const isInUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  if (isInUse)
    return new DaymarkError('PORT_IN_USE', `Another program already listens on ${host}, port ${port}.`);
  return new DaymarkError('CANNOT_LISTEN', `${host}, port ${port}: ${messageOf(error)}.`, { cause: error });
}
