/**
 * Runs once around all tests: one PostgreSQL server, its address in `inject('postgresUrl')`, and one broker of Kafka, which starts
 * when a test asks for it (`kafka/shared.ts`).
 */

import type { TestProject } from 'vitest/node';
import { offerKafka } from './kafka/shared-server.ts';
import { startPgBouncer } from './pgbouncer.ts';
import { startCluster } from './postgres-cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a superuser in the database `postgres`. Tests make databases of their own: `postgres-database.ts`. */
    postgresUrl: string;
    /** Null: stores are opened without PgBouncer. */
    pgBouncerPort: string | null;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster();
  project.provide('postgresUrl', cluster.url);
  const pooler = process.env.TEST_POSTGRES === 'pgbouncer' ? await startPgBouncer(cluster.url) : undefined;
  project.provide('pgBouncerPort', pooler ? new URL(pooler.through(cluster.url)).port : null);
  const kafka = await offerKafka();
  project.provide('kafkaSocket', kafka.socket);
  return async () => {
    pooler?.stop();
    cluster.stop();
    await kafka.stop();
  };
}
