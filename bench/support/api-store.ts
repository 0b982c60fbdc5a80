/** The stores that `bench/api.ts` serves: customers with days, and a key for each. */

import { newKey } from '../../src/api/access/key-text.ts';
import type { ApiKeyRole, Store } from '../../src/store/contract.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { run } from './measure.ts';
import { sampleLogFile } from './sample-log-file.ts';
import { daymark } from './tools.ts';

const DAY_MS = 86_400_000;
/** The day behind the last one. */
const UNTIL_MS = Date.UTC(2024, 9, 3);
/** Each customer has some on each of its days. */
const LINES_A_CUSTOMER_DAY = 10;

export interface StoreSize {
  readonly customers: number;
  readonly days: number;
}

export const customerId = (i: number): string => `cust_${i + 1}`;

/** @param ago how many days before the last one. */
export function dateOf(ago: number): string {
  return new Date(UNTIL_MS - (ago + 1) * DAY_MS).toISOString().slice(0, 10);
}

/** Has the program read a log of so many customers and days. Hours and endpoints are left out: nobody asks for them. */
export async function fillStore(
  { customers, days }: StoreSize,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const lines = customers * days * LINES_A_CUSTOMER_DAY;
  const log = await sampleLogFile({ lines, customers, days, untilMs: UNTIL_MS });
  await run(daymark('ingest', log.path, '--json'), {
    ...env,
    HOURS: 'off',
    ENDPOINTS: 'off',
    ALL_CUSTOMERS: 'off',
  });
}

/** Makes a key for each customer, and one that reads everything. */
export async function makeKeys(
  customers: number,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly own: readonly string[]; readonly admin: string }> {
  const { DATABASE_URL: url, DATA_DIR: dataDir = '' } = env;
  const store = await (url === undefined ? openSqliteStore({ dataDir }) : openPostgresStore(url));
  try {
    const own: string[] = [];
    for (let i = 0; i < customers; i++) own.push(await addKey(store, 'customer', [customerId(i)]));
    return { own, admin: await addKey(store, 'admin', []) };
  } finally {
    await store.close();
  }
}

async function addKey(store: Store, role: ApiKeyRole, customers: readonly string[]): Promise<string> {
  const { id, text, hash } = newKey();
  await store.apiKeys.add({ id, hash, role, customers, name: '', createdMs: Date.now(), expiresMs: null });
  return text;
}
