import { join, resolve } from 'node:path';

/** The path of the database in a data directory. */
export function databaseFile(dataDir: string): string {
  return join(resolve(dataDir), 'daymark.db');
}
