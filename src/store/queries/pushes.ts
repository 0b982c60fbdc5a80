import type { Kysely, Transaction } from 'kysely';
import { DaymarkError } from '../../errors.ts';
import type { StoreDialect } from '../dialect.ts';
import type { Push, Pushes, PushKey } from '../pushes.ts';
import { shortTransaction } from '../short-transaction.ts';
import { Statement } from '../statement.ts';
import type { PushesTable, Tables } from '../tables.ts';

/** What was handed in over HTTP, as `Store.pushes`. */
export class StoredPushes implements Pushes {
  readonly #dialect: StoreDialect;
  readonly #find: Statement<PushKey, PushesTable>;
  readonly #insert: Statement<Push, unknown>;

  constructor(dialect: StoreDialect) {
    this.#dialect = dialect;
    this.#find = selectPush(dialect.db);
    this.#insert = insertPush(dialect.db);
  }

  /**
   * Adds a push in the transaction that counts it. A second one with its key waits here until the first one is committed, or is
   * not. @throws {DaymarkError} PUSH_KNOWN where it was committed before.
   */
  async add(transaction: Transaction<Tables>, push: Push): Promise<void> {
    const { numAffectedRows } = await this.#insert.run(transaction, push);
    if (numAffectedRows !== 1n)
      throw new DaymarkError('PUSH_KNOWN', 'A push with this key was committed before.');
  }

  async find(key: PushKey): Promise<Push | undefined> {
    const { rows } = await this.#find.run(this.#dialect.db, key);
    return rows[0] && pushOf(rows[0]);
  }

  async forgetBefore(timeMs: number, limit: number): Promise<number> {
    let forgotten = 0;
    await shortTransaction(this.#dialect.db, async (transaction) => {
      const { numDeletedRows } = await transaction
        .deleteFrom('pushes')
        .where((eb) =>
          eb(
            eb.refTuple('scope', 'idempotency_key'),
            'in',
            eb
              .selectFrom('pushes')
              .select(['scope', 'idempotency_key'])
              .where('created_ms', '<', timeMs)
              .orderBy('created_ms')
              .orderBy('scope')
              .orderBy('idempotency_key')
              .limit(limit)
              .$asTuple('scope', 'idempotency_key'),
          ),
        )
        .executeTakeFirst();
      forgotten = Number(numDeletedRows);
    });
    return forgotten;
  }
}

function insertPush(db: Kysely<Tables>): Statement<Push, unknown> {
  return new Statement((parameter) =>
    db
      .insertInto('pushes')
      .values({
        scope: parameter(({ scope }) => scope),
        idempotency_key: parameter(({ key }) => key),
        fingerprint: parameter(({ fingerprint }) => fingerprint),
        answer: parameter(({ answer }) => answer),
        created_ms: parameter(({ createdMs }) => createdMs),
      })
      .onConflict((conflict) => conflict.columns(['scope', 'idempotency_key']).doNothing()),
  );
}

function selectPush(db: Kysely<Tables>): Statement<PushKey, PushesTable> {
  return new Statement((parameter) =>
    db
      .selectFrom('pushes')
      .selectAll()
      .where(
        'scope',
        '=',
        parameter(({ scope }) => scope),
      )
      .where(
        'idempotency_key',
        '=',
        parameter(({ key }) => key),
      ),
  );
}

function pushOf(row: PushesTable): Push {
  const { scope, idempotency_key: key, fingerprint, answer, created_ms: createdMs } = row;
  return { scope, key, fingerprint, answer, createdMs };
}
