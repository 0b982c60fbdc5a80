/** Where the concrete sources and stores are picked. */

import type { Settings } from '../config/settings.ts';
import { DaymarkError } from '../errors.ts';
import type { Source } from '../source/contract.ts';
import { FilesSource } from '../source/files/files-source.ts';
import { StandardInputSource } from '../source/standard-input/standard-input-source.ts';
import type { Store } from '../store/contract.ts';

/** The store of the settings. @param isReadOnly true where nothing will be written: nothing is created then. */
export async function openStore(settings: Settings, isReadOnly: boolean): Promise<Store> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = settings;
  if (url !== undefined) return (await import('../store/postgres/open.ts')).openPostgresStore(url);
  return (await import('../store/sqlite/open.ts')).openSqliteStore({ dataDir, readOnly: isReadOnly });
}

/** The store of the settings, for reading; its schema is looked at. */
export async function openStoreToRead(settings: Settings): Promise<Store> {
  const store = await openStore(settings, true);
  try {
    await store.checkSchema();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The source of the paths given, or of `LOGS_SOURCE_DIR`. @param isFollowing true where it is looked at again and again. */
export function openSource(paths: readonly string[], settings: Settings, isFollowing = false): Source {
  if (!paths.includes('-')) {
    const lastLineWaitMs = settings.LAST_LINE_WAIT_SECONDS * 1000;
    const directories = paths.length > 0 ? paths : [settings.LOGS_SOURCE_DIR];
    return new FilesSource(directories, { isFollowing, lastLineWaitMs, nowMs: () => Date.now() });
  }
  if (paths.length > 1)
    throw new DaymarkError('WRONG_USAGE', '`-` cannot be given together with other paths.');
  return new StandardInputSource();
}
