/** Runs once around all tests: one PostgreSQL server, its address in `inject('postgresUrl')`. */

import type { TestProject } from 'vitest/node';
import { startCluster } from './postgres-cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of a superuser in the database `postgres`. Tests make databases of their own: `postgres-database.ts`. */
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const cluster = await startCluster();
  project.provide('postgresUrl', cluster.url);
  return cluster.stop;
}
