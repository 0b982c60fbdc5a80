/** Where the concrete sources and stores are picked. */

import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import type { Source } from '../../source/contract.ts';
import { type FilesSettings, FilesSource } from '../../source/files/files-source.ts';
import type { FileIdentity } from '../../source/files/log-file.ts';
import { StandardInputSource } from '../../source/standard-input/standard-input-source.ts';
import type { Store } from '../../store/contract.ts';
import { reportInfo } from '../cli/report.ts';
import { maxHeldFiles } from '../ingesting/descriptors.ts';

/** What a store is opened for: it decides how long it is waited for, and whether anything is written or created. */
type StoreUse = 'answers' | 'brief answers' | 'commits' | 'migration';

/** The store of the settings. @param stop makes a process that is to end wait less for it. */
async function openStore(settings: Settings, use: StoreUse, stop?: AbortSignal): Promise<Store> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = settings;
  if (url === undefined) {
    const { openSqliteStore } = await import('../../store/sqlite/open.ts');
    const isBrief = use === 'brief answers';
    return openSqliteStore({ dataDir, readOnly: isBrief || use === 'answers', isBrief, note: reportInfo });
  }
  const { openPostgresStore, ANSWERING, MIGRATING } = await import('../../store/postgres/open.ts');
  const timeouts = { answers: ANSWERING, 'brief answers': ANSWERING, commits: {}, migration: MIGRATING }[use];
  return openPostgresStore(url, { ...timeouts, stop });
}

/**
 * The store of the settings, for reading; its schema is looked at.
 * @param use `answers` where it stays open, and has to see what others write.
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

/** The store of the settings, for commits, with the schema of this daymark and days of the settings' zone. */
export async function openStoreToWrite(settings: Settings, stop: AbortSignal): Promise<Store> {
  const store = await openStore(settings, 'commits', stop);
  try {
    if (!(await hasSchema(store))) await migrateStore(settings);
    await store.checkTimeZone(settings.TIME_ZONE);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** @throws {DaymarkError} SCHEMA_NEWER; STORE_*. */
async function hasSchema(store: Store): Promise<boolean> {
  try {
    await store.checkSchema();
    return true;
  } catch (error) {
    const isMissing =
      error instanceof DaymarkError && ['SCHEMA_MISSING', 'SCHEMA_OLDER'].includes(error.code);
    if (isMissing) return false;
    throw error;
  }
}

/** Creates or upgrades the schema. @returns where, and the migrations that it applied. */
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

/**
 * Does something with the source of the paths given, or of `LOGS_SOURCE_DIR`, and closes it.
 * @param isFollowing true where it is looked at again and again.
 */
export async function withSource<T>(
  paths: readonly string[],
  settings: Settings,
  isFollowing: boolean,
  work: (source: Source) => Promise<T>,
): Promise<T> {
  const source = openSource(paths, settings, isFollowing);
  try {
    return await work(source);
  } finally {
    source.close();
  }
}

function openSource(paths: readonly string[], settings: Settings, isFollowing: boolean): Source {
  if (!paths.includes('-')) {
    const lastLineWaitMs = settings.LAST_LINE_WAIT_SECONDS * 1000;
    const directories = paths.length > 0 ? paths : [settings.LOGS_SOURCE_DIR];
    return new FilesSource(directories, {
      isFollowing,
      lastLineWaitMs,
      ...filesSettings(settings),
      maxHeldFiles: maxHeldFiles(),
    });
  }
  if (paths.length > 1)
    throw new DaymarkError('WRONG_USAGE', '`-` cannot be given together with other paths.');
  return new StandardInputSource();
}

/** What the settings say of log files, whether they are followed or not. */
export function filesSettings(
  settings: Settings,
): Pick<FilesSettings, 'fileIdentity' | 'followsLinksOutside'> {
  return {
    fileIdentity: settings.FILE_IDENTITY as FileIdentity,
    followsLinksOutside: settings.FOLLOW_SYMLINKS === 'all',
  };
}
