/** Chooses the concrete store. */

import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import type { Store } from '../../store/contract.ts';
import { reportInfo } from '../cli/report.ts';

/** What a store is opened for. It decides how long to wait for it, and whether anything is written or created. */
type StoreUse = 'answers' | 'brief answers' | 'commits' | 'migration';

/** Opens the store of the settings. @param stop a process that is to end waits less for the store. */
async function openStore(settings: Settings, use: StoreUse, stop?: AbortSignal): Promise<Store> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = settings;
  if (url === undefined) {
    const { openSqliteStore } = await import('../../store/sqlite/open.ts');
    const isBrief = use === 'brief answers';
    return openSqliteStore({ dataDir, readOnly: isBrief || use === 'answers', isBrief, note: reportInfo });
  }
  const { openPostgresStore, ANSWERING, MIGRATING } = await import('../../store/postgres/open.ts');
  const timeouts = { answers: ANSWERING, 'brief answers': ANSWERING, commits: {}, migration: MIGRATING }[use];
  return openPostgresStore(url, { ...timeouts, stop }, undefined, use === 'commits' ? dataDir : undefined);
}

/**
 * Opens the store of the settings for reading, and checks its schema.
 * @param use `answers`: it stays open, and must see what others write.
 */
export async function openStoreToRead(
  settings: Settings,
  use: 'answers' | 'brief answers' = 'brief answers',
): Promise<Store> {
  const store = await openStore(settings, use);
  try {
    await store.checkSchema();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Opens the store that the API answers from: `DATABASE_READ_URL` for statistics, if it is set. If the API takes lines, the store need
 * not be there yet.
 */
export async function openStoreToAnswer(settings: Settings, stop: AbortSignal): Promise<Store> {
  const { DATABASE_URL, DATABASE_READ_URL } = settings;
  if (settings.PUSH === 'on') await (await openStoreToWrite(settings, stop)).close();
  const primary = await openStoreToRead(settings, 'answers');
  if (DATABASE_READ_URL === undefined) return primary;
  let store = primary;
  try {
    if (DATABASE_URL === undefined)
      throw new DaymarkError('INVALID_SETTING', 'DATABASE_READ_URL is set, and DATABASE_URL is not.');
    const replica = await openStore({ ...settings, DATABASE_URL: DATABASE_READ_URL }, 'answers');
    const { readingFrom } = await import('../../store/read-replica.ts');
    store = readingFrom(replica, primary);
    await store.checkSchema();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the store of the settings for commits. It has this daymark's schema, and days of the settings' time zone. */
export async function openStoreToWrite(settings: Settings, stop: AbortSignal): Promise<Store> {
  const store = await openStoreToManage(settings, stop);
  try {
    await store.checkTimeZone(settings.TIME_ZONE);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Opens the store of the settings to change what is no statistics in it. It has this daymark's schema. */
export async function openStoreToManage(settings: Settings, stop?: AbortSignal): Promise<Store> {
  const store = await openStore(settings, 'commits', stop);
  try {
    const outdated = await schemaProblem(store);
    if (outdated) await migrateIfAllowed(settings, outdated);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** @returns what is missing; undefined if the schema is current. @throws {DaymarkError} SCHEMA_NEWER; STORE_*. */
async function schemaProblem(store: Store): Promise<DaymarkError | undefined> {
  try {
    await store.checkSchema();
    return undefined;
  } catch (error) {
    const isMissing =
      error instanceof DaymarkError && ['SCHEMA_MISSING', 'SCHEMA_OLDER'].includes(error.code);
    if (isMissing) return error;
    throw error;
  }
}

/** A database user that reads logs may not change tables. It needs somebody to run `migrate`, not more rights. */
async function migrateIfAllowed(settings: Settings, outdated: DaymarkError): Promise<void> {
  try {
    await migrateStore(settings);
  } catch (error) {
    if (!(error instanceof DaymarkError && error.code === 'STORE_REFUSED')) throw error;
    const detail = `${outdated.message} This user may not change that. ${error.message}`;
    throw new DaymarkError(outdated.code, detail, { cause: error });
  }
}

/** Creates or upgrades the schema. @returns which store, and the migrations that it applied. */
export async function migrateStore(
  settings: Settings,
): Promise<{ readonly description: string; readonly applied: readonly string[] }> {
  const store = await openStore(settings, 'migration');
  try {
    return { description: store.description, applied: await store.migrate() };
  } finally {
    await store.close();
  }
}
