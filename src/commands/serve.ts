import type { Settings } from '../config/settings.ts';
import { startApi } from './api-server.ts';
import { openStoreToRead } from './open.ts';
import { reportInfo } from './report.ts';
import { onStopSignal } from './signals.ts';

/** `daymark serve`. */
export async function serve(settings: Settings): Promise<number> {
  const store = await openStoreToRead(settings);
  try {
    const stopped = Promise.withResolvers<void>();
    onStopSignal(stopped.resolve);
    const api = await startApi(store, settings);
    reportInfo(`serving ${store.description} on ${api.url}`);
    await stopped.promise;
    await api.close();
    return 0;
  } finally {
    await store.close();
  }
}
