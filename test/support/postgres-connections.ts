/** How tests ask a PostgreSQL server past the program. Knows nothing of the test runner. */

import pg from 'pg';
import { TYPES } from '../../src/store/postgres/types.ts';

/** Tells the connections of a pool of the tests from those of the program. */
export const POOL_NAME = 'daymark-test';

/** A new connection costs the server a process. Idle ones are soon gone, before a test looks who is connected. */
const MAX_IDLE_MS = 50;

/** Reads values as daymark's own connections do, whatever the server's settings are. */
const connectionTo = (url: string): pg.ClientConfig => ({
  ...{ connectionString: url, types: TYPES },
  options: '-c datestyle=ISO -c bytea_output=hex -c extra_float_digits=1',
});

/** Connections for a test that asks one question after the other. */
export function poolOf(url: string): pg.Pool {
  const pool = new pg.Pool({
    ...connectionTo(url),
    ...{ application_name: POOL_NAME, idleTimeoutMillis: MAX_IDLE_MS, allowExitOnIdle: true },
  });
  // An idle one whose server goes away is taken out.
  pool.on('error', () => undefined);
  return pool;
}

/** Runs a statement on a connection of its own. */
export async function query(
  url: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connectionTo(url));
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql, [...parameters])).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
