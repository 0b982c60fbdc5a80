import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { MAX_SIGNING_KEYS } from '../../limits.ts';
import type { StoreDialect } from '../dialect.ts';
import type { SigningKey, SigningKeys } from '../signing-keys.ts';
import type { Tables } from '../tables.ts';

/** The secrets of the API, as `Store.signingKeys`. */
export class StoredSigningKeys implements SigningKeys {
  readonly #dialect: StoreDialect;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
  }

  async list(): Promise<readonly SigningKey[]> {
    const rows = await newestFirst(this.#dialect.db).selectAll().execute();
    return rows.map(({ id, secret, created_ms: createdMs }) => ({ id, secret, createdMs }));
  }

  rotate({
    nowMs,
    revokesOld,
  }: {
    readonly nowMs: number;
    readonly revokesOld: boolean;
  }): Promise<readonly string[]> {
    const { db, columnTypes } = this.#dialect;
    return db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (transaction) => {
        const old = await newestFirst(transaction).select(['id', 'created_ms']).execute();
        const ids = old.map((key) => key.id);
        const kept = revokesOld ? [] : ids.slice(0, MAX_SIGNING_KEYS - 1);
        const id = randomBytes(4).toString('hex');
        // Clocks of machines differ, and the last key that was made is the one that signs.
        const created = Math.max(nowMs, ...old.map(({ created_ms: ms }) => ms + 1));
        await transaction
          .insertInto('signing_keys')
          .values({ id, secret: columnTypes.newSecret(), created_ms: created })
          .execute();
        const dropped = ids.slice(kept.length);
        if (dropped.length > 0)
          await transaction.deleteFrom('signing_keys').where('id', 'in', dropped).execute();
        return [id, ...kept];
      });
  }
}

function newestFirst(db: Kysely<Tables>) {
  return db.selectFrom('signing_keys').orderBy('created_ms', 'desc').orderBy('id', 'desc');
}
