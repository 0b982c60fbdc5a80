import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * Finds the customers of an endpoint. The day comes before the customer: a commit then adds the entries of a new day beside each
 * other, and not one on each of as many pages as there are customers and endpoints.
 */
export function endpointIndex(): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createIndex('daily_endpoint_stats_by_endpoint')
        .on('daily_endpoint_stats')
        .columns(['endpoint', 'date', 'customer_id'])
        .execute();
    },
  };
}
