import type { Settings } from '../config/settings.ts';
import { openStore } from './open.ts';
import { reportInfo } from './report.ts';

/** `daymark migrate`. */
export async function migrate(settings: Settings): Promise<number> {
  const store = await openStore(settings, false);
  try {
    const applied = await store.migrate();
    const what = applied.length === 0 ? 'already up to date' : `applied ${applied.join(', ')}`;
    reportInfo(`${store.description}: ${what}`);
    return 0;
  } finally {
    await store.close();
  }
}
