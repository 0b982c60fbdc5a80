import type { Kysely, Transaction } from 'kysely';
import { LINKS_DELETED_AT_ONCE } from '../../limits.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Link, LinkBounds, LinkKind, Links, LinksQuery, NewLink } from '../links.ts';
import { Statement } from '../statement.ts';
import type { LinksTable, Tables } from '../tables.ts';

/** The links to customers' pages, as `Store.links`. */
export class StoredLinks implements Links {
  readonly #dialect: StoreDialect;
  readonly #find: Statement<string, LinksTable>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#find = selectLink(dialect.db);
  }

  async add(link: NewLink, { forgetBeforeMs, most }: LinkBounds): Promise<boolean> {
    let isAdded = false;
    await this.#transact(async (transaction) => {
      for (const [kind, beforeMs] of Object.entries(forgetBeforeMs))
        await forget(transaction, kind as LinkKind, beforeMs);
      const { count } = await transaction
        .selectFrom('links')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      isAdded = Number(count) < most;
      if (!isAdded) return;
      await transaction
        .insertInto('links')
        .values({
          ...{ id: link.id, customer_id: link.customer, kind: link.kind, name: link.name },
          ...{ created_by: link.createdBy, created_ms: link.createdMs, expires_ms: link.expiresMs },
          revoked_ms: null,
        })
        .execute();
    });
    return isAdded;
  }

  async find(id: string): Promise<Link | undefined> {
    const { rows } = await this.#find.run(this.#dialect.db, id);
    return rows[0] && linkOf(rows[0]);
  }

  async list({ customer, after, limit }: LinksQuery): Promise<readonly Link[]> {
    let query = this.#dialect.db.selectFrom('links').selectAll();
    if (customer !== undefined) query = query.where('customer_id', '=', customer);
    if (after !== undefined)
      query = query.where((eb) =>
        eb.or([
          eb('created_ms', '<', after.createdMs),
          eb.and([eb('created_ms', '=', after.createdMs), eb('id', '<', after.id)]),
        ]),
      );
    const rows = await query.orderBy('created_ms', 'desc').orderBy('id', 'desc').limit(limit).execute();
    return rows.map(linkOf);
  }

  async revoke(id: string, nowMs: number): Promise<boolean> {
    let isThere = false;
    await this.#transact(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('links')
        .set((eb) => ({ revoked_ms: eb.fn.coalesce('revoked_ms', eb.val(nowMs)) }))
        .where('id', '=', id)
        .executeTakeFirst();
      isThere = numUpdatedRows > 0n;
    });
    return isThere;
  }

  #transact(work: (transaction: Transaction<Tables>) => Promise<void>): Promise<void> {
    return this.#dialect.writeDurably((db) =>
      db.transaction().setIsolationLevel('read committed').execute(work),
    );
  }
}

/** Deletes links that ended before a time, a bounded number of them. A revoked one ends when it would have expired, too. */
async function forget(transaction: Transaction<Tables>, kind: LinkKind, beforeMs: number): Promise<void> {
  await transaction
    .deleteFrom('links')
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('links')
        .select('id')
        .where('kind', '=', kind)
        .where('expires_ms', '<', beforeMs)
        .orderBy('expires_ms')
        .limit(LINKS_DELETED_AT_ONCE),
    )
    .execute();
}

function selectLink(db: Kysely<Tables>): Statement<string, LinksTable> {
  return new Statement((parameter) =>
    db
      .selectFrom('links')
      .selectAll()
      .where(
        'id',
        '=',
        parameter((id) => id),
      ),
  );
}

function linkOf(row: LinksTable): Link {
  return {
    ...{ id: row.id, customer: row.customer_id, kind: row.kind, name: row.name, createdBy: row.created_by },
    ...{ createdMs: row.created_ms, expiresMs: row.expires_ms, revokedMs: row.revoked_ms },
  };
}
