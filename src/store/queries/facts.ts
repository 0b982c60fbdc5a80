/** Reads and writes metadata of the store, each value by its name. */

import type { Kysely } from 'kysely';
import { Statement } from '../statement.ts';
import type { MetadataTable, Tables } from '../tables.ts';

export function selectFact(db: Kysely<Tables>, name: string): Statement<void, Pick<MetadataTable, 'value'>> {
  return new Statement(() => db.selectFrom('facts').select('value').where('name', '=', name));
}

export function upsertFact(db: Kysely<Tables>, name: string): Statement<string, unknown> {
  return new Statement((parameter) =>
    db
      .insertInto('facts')
      .values({ name, value: parameter((value) => value) })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })),
      ),
  );
}
