import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ColumnTypes } from '../dialect.ts';

/**
 * Gives the days of customers a new name, and leaves a view under the old one. A process of an older daymark may run on
 * while the database is upgraded. It would go on to commit, replace and delete days, but not their hours, endpoints and
 * roll-ups. Now each of these statements fails, its transaction stores nothing, and the process ends: started again, it
 * says that the database is newer. Reading goes on.
 *
 * Notes also which days have requests that are not in the windows of all customers together: all that there are.
 */
export function customerDays(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema.alterTable('daily_stats').renameTo('customer_daily_stats').execute();
      await sql`create view daily_stats as select * from customer_daily_stats`.execute(db);
      if (types.areViewsWritable) await refuseWrites(db);
      await notePartialDays(db, types);
    },
  };
}

/** PostgreSQL would pass writes on to the table. The code is one that an older daymark does not wait for. */
async function refuseWrites(db: Kysely<unknown>): Promise<void> {
  await sql`create function daymark_upgraded() returns trigger language plpgsql as $$ begin
    raise exception 'The database was upgraded by a newer daymark' using errcode = 'feature_not_supported';
  end $$`.execute(db);
  await sql`create trigger daymark_upgraded instead of insert or update or delete on daily_stats
    for each row execute function daymark_upgraded()`.execute(db);
}

async function notePartialDays(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('partial_days')
    .addColumn('date', types.date, (column) => column.notNull())
    .addPrimaryKeyConstraint('partial_days_pkey', ['date'])
    .modifyEnd(types.tableOptions)
    .execute();
  await sql`insert into partial_days (date) select distinct date from customer_daily_stats
    where date not in (select date from all_daily_stats)`.execute(db);
}
