/** Leases of partitions, as `Store.leases`. Each statement is a transaction of its own. */

import { type Kysely, sql } from 'kysely';
import { FORGET_MEMBERS_MS, STORE_CHUNK_ROWS } from '../../limits.ts';
import type { Division, Leases, Member, Reader } from '../contract.ts';
import type { StoreDialect } from '../dialect.ts';
import { chunksOf } from '../statement.ts';
import type { Tables } from '../tables.ts';

export class StoredLeases implements Leases {
  readonly #dialect: StoreDialect;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
  }

  async renew({ id, work, name }: Member, leaseMs: number): Promise<Division> {
    const { db, nowMs } = this.#dialect;
    await db
      .insertInto('members')
      .values({ id, work, name, expires_ms: sql<number>`${nowMs} + ${sql.lit(leaseMs)}` })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          work: eb.ref('excluded.work'),
          expires_ms: eb.ref('excluded.expires_ms'),
        })),
      )
      .execute();
    const rows = await liveMembers(this.#dialect)
      .leftJoin('leases', 'leases.member_id', 'members.id')
      .select(['members.id', 'members.work', 'leases.partition_id as partitionId'])
      .orderBy('members.id')
      .execute();
    const holders = rows.flatMap(({ id, partitionId }) =>
      partitionId === null ? [] : [[partitionId, id] as const],
    );
    const members = rows.filter((row) => row.work === work).map((row) => row.id);
    return { members: [...new Set(members)], holders: new Map(holders) };
  }

  async take(memberId: string, partitionIds: readonly string[]): Promise<readonly string[]> {
    if (partitionIds.length === 0) return [];
    await this.#forget();
    const taken: string[] = [];
    // In one order, so that two processes never wait for each other in a circle.
    for (const chunk of chunksOf(partitionIds.toSorted(), STORE_CHUNK_ROWS)) {
      const rows = await this.#dialect.db
        .insertInto('leases')
        .values(chunk.map((id) => ({ partition_id: id, member_id: memberId })))
        .onConflict((conflict) =>
          conflict
            .column('partition_id')
            .doUpdateSet({ member_id: memberId })
            .where((eb) =>
              eb.not(
                eb.exists(
                  liveMembers(this.#dialect)
                    .select('members.id')
                    .where('members.id', '=', sql.ref<string>('leases.member_id')),
                ),
              ),
            ),
        )
        .returning('partition_id')
        .execute();
      taken.push(...rows.map(({ partition_id }) => partition_id));
    }
    return taken;
  }

  /** Rows of members that were gone long ago, and of their leases. */
  async #forget(): Promise<void> {
    const { db, nowMs } = this.#dialect;
    await db
      .deleteFrom('members')
      .where('expires_ms', '<', sql<number>`${nowMs} - ${sql.lit(FORGET_MEMBERS_MS)}`)
      .execute();
    await db
      .deleteFrom('leases')
      .where('member_id', 'not in', (eb) => eb.selectFrom('members').select('id'))
      .execute();
  }

  async giveUp(memberId: string, partitionIds: readonly string[]): Promise<void> {
    for (const chunk of chunksOf(partitionIds.toSorted(), STORE_CHUNK_ROWS))
      await this.#dialect.db
        .deleteFrom('leases')
        .where('member_id', '=', memberId)
        .where('partition_id', 'in', chunk)
        .execute();
  }

  async leave(memberId: string): Promise<void> {
    const { db } = this.#dialect;
    // The member first: without it, its leases are free already.
    await db.deleteFrom('members').where('id', '=', memberId).execute();
    await db.deleteFrom('leases').where('member_id', '=', memberId).execute();
  }

  async readers(): Promise<readonly Reader[]> {
    const rows = await liveMembers(this.#dialect)
      .leftJoin('leases', 'leases.member_id', 'members.id')
      .select(['members.work', 'members.name'])
      .select((eb) => eb.fn.count<number>('leases.partition_id').as('partitions'))
      .groupBy(['members.id', 'members.work', 'members.name'])
      .orderBy('members.work')
      .orderBy('members.name')
      .orderBy('members.id')
      .execute();
    return rows.map((row) => ({ ...row }));
  }
}

function liveMembers({ db, nowMs }: Pick<StoreDialect, 'db' | 'nowMs'>) {
  return db.selectFrom('members').where('members.expires_ms', '>', nowMs);
}

/** The name of the live member that holds the lease of a checkpoint; null where none does. */
export function readerOf({ db, nowMs }: { readonly db: Kysely<Tables> } & Pick<StoreDialect, 'nowMs'>) {
  return db
    .selectFrom('leases')
    .innerJoin('members', 'members.id', 'leases.member_id')
    .select('members.name')
    .whereRef('leases.partition_id', '=', sql.ref('checkpoints.id'))
    .where('members.expires_ms', '>', nowMs);
}
