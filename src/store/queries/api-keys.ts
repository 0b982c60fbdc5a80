import type { Kysely } from 'kysely';
import type { ApiKey, ApiKeys, ApiKeyUse, NewApiKey, StoredApiKey } from '../api-keys.ts';
import type { StoreDialect } from '../dialect.ts';
import { Statement } from '../statement.ts';
import type { ApiKeysTable, Tables } from '../tables.ts';

/** The keys of the API, as `Store.apiKeys`. */
export class StoredApiKeys implements ApiKeys {
  readonly #dialect: StoreDialect;
  readonly #find: Statement<string, ApiKeysTable>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#find = selectKey(dialect.db);
  }

  async add({ hash, role, customers, name, ...key }: NewApiKey): Promise<void> {
    await this.#dialect.db
      .insertInto('api_keys')
      .values({
        ...{ id: key.id, hash, role, name, customers: JSON.stringify(customers) },
        ...{ created_ms: key.createdMs, expires_ms: key.expiresMs },
        ...{ revoked_ms: null, last_used_ms: null },
      })
      .execute();
  }

  async find(id: string): Promise<StoredApiKey | undefined> {
    const { rows } = await this.#find.run(this.#dialect.db, id);
    return rows[0] && { ...keyOf(rows[0]), hash: rows[0].hash };
  }

  async list(): Promise<readonly ApiKey[]> {
    const rows = await this.#dialect.db
      .selectFrom('api_keys')
      .selectAll()
      .orderBy('created_ms')
      .orderBy('id')
      .execute();
    return rows.map(keyOf);
  }

  async revoke(id: string, nowMs: number): Promise<boolean> {
    const { numUpdatedRows } = await this.#dialect.db
      .updateTable('api_keys')
      .set((eb) => ({ revoked_ms: eb.fn.coalesce('revoked_ms', eb.val(nowMs)) }))
      .where('id', '=', id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  noteUses(uses: readonly ApiKeyUse[]): Promise<void> {
    // In one order, so that two processes never wait for each other.
    const inOrder = uses.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return this.#dialect.writeBriefly((db) =>
      db
        .transaction()
        .setIsolationLevel('read committed')
        .execute(async (transaction) => {
          for (const { id, usedMs } of inOrder) {
            await transaction
              .updateTable('api_keys')
              .set({ last_used_ms: usedMs })
              .where('id', '=', id)
              .where((eb) => eb.or([eb('last_used_ms', 'is', null), eb('last_used_ms', '<', usedMs)]))
              .execute();
          }
        }),
    );
  }
}

function selectKey(db: Kysely<Tables>): Statement<string, ApiKeysTable> {
  return new Statement((parameter) =>
    db
      .selectFrom('api_keys')
      .selectAll()
      .where(
        'id',
        '=',
        parameter((id) => id),
      ),
  );
}

function keyOf(row: ApiKeysTable): ApiKey {
  return {
    ...{ id: row.id, role: row.role, name: row.name, customers: JSON.parse(row.customers) as string[] },
    ...{ createdMs: row.created_ms, expiresMs: row.expires_ms },
    ...{ revokedMs: row.revoked_ms, lastUsedMs: row.last_used_ms },
  };
}
