import type { Settings } from '../config/settings.ts';
import { counted } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { jsonOf, reportInfo } from './cli/report.ts';
import { openStoreToRead } from './stores/open.ts';

interface BackupOptions {
  readonly force: boolean;
  readonly json: boolean;
}

/** `daymark backup`. */
export async function backup(file: string, settings: Settings, options: BackupOptions): Promise<number> {
  if (settings.DATABASE_URL !== undefined) {
    const detail = 'DATABASE_URL is set, so the database is PostgreSQL.';
    throw new DaymarkError('NOT_EMBEDDED', detail);
  }
  await checkReadable(settings);
  const { backupSqliteStore } = await import('../store/sqlite/backup.ts');
  const bytes = backupSqliteStore(settings.DATA_DIR, file, options.force);
  if (options.json) console.log(jsonOf({ file, bytes }));
  else reportInfo(`wrote ${file}: ${counted(bytes, 'byte')}`);
  return 0;
}

/** Finds what is wrong with the store before it is copied. One of an older daymark is to be copied before it is upgraded. */
async function checkReadable(settings: Settings): Promise<void> {
  try {
    await (await openStoreToRead(settings)).close();
  } catch (error) {
    if (!(error instanceof DaymarkError && error.code === 'SCHEMA_OLDER')) throw error;
  }
}
