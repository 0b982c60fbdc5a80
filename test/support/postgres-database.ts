import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { poolOf, query } from './postgres-connections.ts';

export { query };

/** A database of one test. */
export interface TestDatabase {
  readonly url: string;
  /** Runs a statement on a connection that is idle or new, as any other program would. No state of a session outlasts it. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** Deletes it, also where connections to it are open. */
  drop(): Promise<void>;
}

/** @param options what stands behind `create database NAME`. */
export async function createDatabase(options = ''): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = inject('postgresUrl');
  await query(server, `create database ${name} ${options}`);
  const url = urlOf({ database: name });
  const connections = poolOf(url);
  return {
    url,
    query: async (sql, parameters = []) => (await connections.query(sql, [...parameters])).rows,
    drop: async () => {
      await query(server, `drop database if exists ${name} with (force)`);
      if (!connections.ending) await connections.end();
    },
  };
}

/** The URL of the test server, with some parts replaced. */
export function urlOf(parts: {
  database?: string;
  user?: string;
  password?: string;
  host?: string;
  port?: number;
}): string {
  const url = new URL(inject('postgresUrl'));
  if (parts.database !== undefined) url.pathname = `/${parts.database}`;
  if (parts.user !== undefined) url.username = parts.user;
  if (parts.password !== undefined) url.password = parts.password;
  if (parts.host !== undefined) url.hostname = parts.host;
  if (parts.port !== undefined) url.port = String(parts.port);
  return url.href;
}
