import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { TYPES } from '../../src/store/postgres/types.ts';

/** A database of one test. */
export interface TestDatabase {
  readonly url: string;
  /** Runs a statement on a connection of its own, as any other program would. */
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
  return {
    url,
    query: (sql, parameters) => query(url, sql, parameters),
    drop: async () => void (await query(server, `drop database if exists ${name} with (force)`)),
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

/** Runs a statement on a connection of its own. */
export async function query(
  url: string,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    connectionString: url,
    types: TYPES,
    options: '-c datestyle=ISO -c bytea_output=hex -c extra_float_digits=1',
  });
  await client.connect();
  try {
    return (await client.query(sql, [...parameters])).rows;
  } finally {
    await client.end();
  }
}
