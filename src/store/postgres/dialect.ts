import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  sql,
  type Transaction,
} from 'kysely';
import type { Pool } from 'pg';
import { STORE_CHUNK_ROWS } from '../../limits.ts';
import type { BulkWriter } from '../bulk.ts';
import type { ColumnTypes, OwnersTable, StoreDialect } from '../dialect.ts';
import type { Tables } from '../tables.ts';
import type { Backends } from './backends.ts';
import { CopyWriter } from './copy-windows.ts';
import { PooledPostgresDriver, type Timeouts } from './driver.ts';
import type { Sessions } from './sessions.ts';

/** Kysely's lock belongs to the session. Ours, around the Migrator, belongs to the transaction. */
class UnlockedPostgresAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

const COLUMN_TYPES: ColumnTypes = {
  text: sql`text collate "C"`,
  integer: 'bigint',
  real: 'double precision',
  bytes: 'bytea',
  date: 'date',
  time: 'timestamptz',
  canAlterColumns: true,
  areViewsWritable: true,
  hasStorageOptions: true,
  tableOptions: sql``,
  // Each of these has 122 bits of the strong random source of PostgreSQL.
  newSecret: () =>
    sql<Uint8Array>`sha256(convert_to(concat(gen_random_uuid(), gen_random_uuid(), gen_random_uuid()), 'UTF8'))`,
};

/** The schema of the tables, or else the one where new tables go. */
const MIGRATION_SCHEMA = sql<{ name: string | null }>`select coalesce(
  (select nspname from pg_namespace where oid =
    (select relnamespace from pg_class where oid = to_regclass('daymark_migrations'))),
  current_schema()) as name`;

/** Default privileges gave these the right to write a table. In an ACL, 0 is everybody. */
const WRITERS = (table: string) => sql<{ writer: string }>`
  select distinct case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end as writer
  from pg_class, aclexplode(relacl)
  where pg_class.oid = to_regclass(${table}) and privilege_type = 'INSERT' and grantee <> relowner`;

async function takeFromWriters(
  transaction: Transaction<Tables>,
  { table, isForOthersToRead }: OwnersTable,
): Promise<void> {
  const { rows } = await WRITERS(table).execute(transaction);
  for (const { writer } of rows) {
    await sql`revoke all on ${sql.table(table)} from ${sql.raw(writer)}`.execute(transaction);
    if (isForOthersToRead)
      await sql`grant select on ${sql.table(table)} to ${sql.raw(writer)}`.execute(transaction);
  }
}

interface PostgresParts {
  /** The server's side of the connections. Without it, nobody checks whether a statement is still running. */
  readonly backends?: Backends | undefined;
  /** Without it, the settings of sessions are those of the server, and none is behind a pooler. */
  readonly sessions?: Sessions | undefined;
  /** How many windows are written at once. */
  readonly bulk?: BulkWriter | undefined;
  readonly openRunFile?: StoreDialect['openRunFile'];
}

/**
 * @param description of the place, without a password.
 * @param timeouts without them, statements may take for ever.
 */
export function postgresDialect(
  pool: Pool,
  description: string,
  timeouts: Timeouts = { statementTimeoutMs: undefined },
  { backends, sessions, bulk = new CopyWriter(), openRunFile }: PostgresParts = {},
): StoreDialect {
  const driver = new PooledPostgresDriver(pool, description, timeouts, backends, sessions);
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new UnlockedPostgresAdapter(),
      createDriver: () => driver,
      createIntrospector: (kysely) => new PostgresIntrospector(kysely),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const snapshot = sql<{ version: string }>`select concat(pg_current_snapshot(),
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() end) as version`.compile(db);
  return {
    db,
    description,
    product: 'PostgreSQL',
    columnTypes: COLUMN_TYPES,
    rowsPerStatement: STORE_CHUNK_ROWS,
    bulk,
    hasOneWriter: false,
    openRunFile,
    nowMs: sql`cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)`,
    updatedMs: sql`cast(floor(extract(epoch from checkpoints.updated_at) * 1000) as bigint)`,
    hex: (bytes) => sql<string>`encode(${bytes}, 'hex')`,
    joinHex: (bytes, length) =>
      sql<string>`string_agg(rpad(encode(substr(${bytes}, 1, ${sql.lit(length)}), 'hex'), ${sql.lit(2 * length)}, 'f'), '')`,
    lockMigrations: async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext('daymark migrations'))`.execute(transaction);
    },
    migrationSchema: async (transaction) => {
      const { rows } = await MIGRATION_SCHEMA.execute(transaction);
      return rows[0].name ?? undefined;
    },
    leaveToOwner: takeFromWriters,
    lockFinalSpans: async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext('daymark final days'))`.execute(transaction);
    },
    lockRollUps: async (transaction) => {
      await sql`select pg_advisory_xact_lock_shared(hashtext('daymark roll-ups'))`.execute(transaction);
    },
    tryLockToRollUp: async (transaction) => {
      const { rows } = await sql<{
        held: boolean;
      }>`select pg_try_advisory_xact_lock(hashtext('daymark roll-ups')) as held`.execute(transaction);
      return rows[0].held;
    },
    // Not an advisory lock: to ask for one takes the snapshot before it is there.
    lockPartitions: async (transaction) => {
      await sql`lock table ${sql.table('checkpoints')} in share update exclusive mode`.execute(transaction);
      await sql`select 1`.execute(transaction);
    },
    lockCheckpoints: async (transaction) => {
      await sql`lock table ${sql.table('checkpoints')} in share row exclusive mode`.execute(transaction);
    },
    writeBriefly: (work) => work(db),
    writeDurably: (work) => work(db),
    openSnapshot: async () => {
      const transaction = await db.startTransaction().setIsolationLevel('repeatable read').execute();
      return {
        db: transaction,
        close: async () => {
          await transaction.rollback().execute();
        },
      };
    },
    // On a replica, the snapshot alone does not say which of the transactions between its ends are committed.
    dataVersion: async () => (await db.executeQuery(snapshot)).rows[0].version,
    sizeBytes: async () => {
      const size = sql<{ bytes: number }>`select pg_database_size(current_database())::float8 as bytes`;
      return (await size.execute(db)).rows[0].bytes;
    },
    close: async () => {
      await db.destroy();
      // Kysely does not destroy a driver that it never used.
      await driver.destroy();
    },
  };
}
