/** The stores, with what can happen to them while they are written to. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { POOL_NAME, poolOf, query } from './postgres-connections.ts';
import type { Choice } from './random-choice.ts';
import { startProxy } from './tcp-proxy.ts';

export type Row = Record<string, unknown>;

export interface ReadableStore {
  /** How the program finds it. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a query past everything that is done to the program's own connections. Empty where there is no store yet. */
  rows(sql: string): Promise<Row[]>;
  dispose(): Promise<void>;
}

export interface StoreUnderTest extends ReadableStore {
  /** Lets something happen to it, and end. */
  disturb(choice: Choice): Promise<void>;
}

export type OpenStoreUnderTest = () => Promise<StoreUnderTest>;

/** A file of SQLite. */
export const openSqlite: OpenStoreUnderTest = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'daymark-chaos-'));
  const file = join(dataDir, 'daymark.db');
  return {
    env: { DATA_DIR: dataDir },
    rows: async (sql) => {
      try {
        const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
        try {
          return database.prepare(sql).all();
        } finally {
          database.close();
        }
      } catch (error) {
        if (isNotThere(error)) return [];
        throw error;
      }
    },
    disturb: (choice) => lock(file, 100 + choice.below(2000)),
    dispose: async () => rmSync(dataDir, { recursive: true }),
  };
};

/** Also where the process that was creating it was killed: the next one that may write rolls that back. */
function isNotThere(error: unknown): boolean {
  return (
    error instanceof Error && /unable to open|no such table|write a readonly database/.test(error.message)
  );
}

/** Another program holds the lock for writing; unless a frozen process has it already. */
async function lock(file: string, forMs: number): Promise<void> {
  const database = new DatabaseSync(file, { timeout: 1000 });
  try {
    database.exec('begin immediate');
    await delay(forMs);
    database.exec('rollback');
  } catch (error) {
    if (!(error instanceof Error && error.message === 'database is locked')) throw error;
  } finally {
    database.close();
  }
}

/** A database of a PostgreSQL server. @param server the URL of a superuser. */
export async function openPostgresDirectly(
  server: string,
): Promise<ReadableStore & { readonly name: string }> {
  const name = `chaos_${Math.random().toString(36).slice(2)}`;
  await query(server, `create database ${name}`);
  const direct = new URL(server);
  direct.pathname = `/${name}`;
  const connections = poolOf(direct.href);
  return {
    name,
    env: { DATABASE_URL: direct.href },
    rows: async (sql) => {
      try {
        return (await connections.query(sql)).rows as Row[];
      } catch (error) {
        if ((error as { code?: string }).code === '42P01') return [];
        throw error;
      }
    },
    dispose: async () => {
      await query(server, `drop database if exists ${name} with (force)`);
      await connections.end();
    },
  };
}

/** The same, reached through a proxy. */
export function openPostgres(server: string): OpenStoreUnderTest {
  return async () => {
    const { name, env, rows, dispose } = await openPostgresDirectly(server);
    const proxy = await startProxy(env.DATABASE_URL ?? '');
    return {
      env: { DATABASE_URL: proxy.url },
      rows,
      disturb: async (choice) => {
        const kind = choice.below(5);
        if (kind === 0) proxy.cut();
        else if (kind === 1) proxy.cutAfter(1 + choice.below(20_000));
        else if (kind === 2) await whileTrue((isOn) => proxy.refuse(isOn), choice.below(2500));
        else if (kind === 3) await whileTrue((isOn) => proxy.blackhole(isOn), choice.below(2500));
        else await query(server, terminate(name));
      },
      dispose: async () => {
        await proxy.close();
        await dispose();
      },
    };
  };
}

async function whileTrue(set: (isOn: boolean) => void | Promise<void>, forMs: number): Promise<void> {
  await set(true);
  await delay(forMs);
  await set(false);
}

function terminate(database: string): string {
  return `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = '${database}' and application_name <> '${POOL_NAME}'`;
}
