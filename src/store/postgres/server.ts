import type { Client } from 'pg';
import { DaymarkError } from '../../errors.ts';
import { close, inTime } from './answer.ts';
import { connectionError, statementError } from './errors.ts';

const OLDEST_VERSION = 15;

const SERVER = `select current_setting('server_version') as version, current_setting('server_encoding') as encoding`;

/**
 * Connects, and checks that daymark can use the server and the database. It takes a client and not the pool: if the server
 * wants a password and there is none, `pg` leaves the connection open, and the pool forgets it. Then the process could not
 * end until the server gives up, a minute later.
 * @param timeoutMs how long to wait for an answer.
 * @throws {DaymarkError} STORE_UNREACHABLE, STORE_ENCODING, STORE_FAILED.
 */
export async function checkServer(client: Client, description: string, timeoutMs: number): Promise<void> {
  // If the connection breaks, the query on it fails. The event comes in addition.
  client.on('error', () => {});
  try {
    await client.connect().catch((error) => {
      throw connectionError(error, description);
    });
    const { rows } = await inTime(client, description, client.query(SERVER), { timeoutMs });
    checkVersion(rows[0].version, description);
    checkEncoding(rows[0].encoding, description);
  } catch (error) {
    throw statementError(error, description);
  } finally {
    await close(client);
  }
}

/** @param version as the server words it: `15.18 (Debian 15.18-0+deb12u1)`, `17rc1`. */
export function checkVersion(version: string, description: string): void {
  if (Number.parseInt(version, 10) >= OLDEST_VERSION) return;
  const detail = `${description}: the server is PostgreSQL ${version}; daymark needs ${OLDEST_VERSION} or later.`;
  throw new DaymarkError('STORE_FAILED', detail);
}

function checkEncoding(encoding: string, description: string): void {
  if (encoding === 'UTF8') return;
  throw new DaymarkError('STORE_ENCODING', `${description}: its encoding is ${encoding}.`);
}
