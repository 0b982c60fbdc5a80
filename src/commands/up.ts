import type { Settings } from '../config/settings.ts';
import { refuseNamed } from '../pipeline/admission.ts';
import { startApi } from './api-server.ts';
import { inShort } from './ingest.ts';
import { startIngest } from './ingest-run.ts';
import { openSource, openStore } from './open.ts';
import { reportInfo, reportProblem } from './report.ts';
import { scanSettingsOf } from './scan-settings.ts';
import { onStopSignal } from './signals.ts';

/** `daymark up`: the API has this thread, the pipeline its own. */
export async function up(settings: Settings): Promise<number> {
  const stopped = Promise.withResolvers<void>();
  onStopSignal(stopped.resolve);
  await refuseNamed(openSource([], settings), await scanSettingsOf(settings), ['NO_LOGS', 'EMPTY_FILE']);
  const store = await openStore(settings, false);
  try {
    await store.migrate();
    await store.checkTimeZone(settings.TIME_ZONE);
    const api = await startApi(store, settings);
    reportInfo(`serving ${store.description} on ${api.url}`);
    try {
      await follow(settings, api.url, stopped.promise);
    } finally {
      await api.close();
    }
    return 0;
  } finally {
    await store.close();
  }
}

/** Follows the logs until told to stop; an error of the pipeline ends it, and with it the program. */
async function follow(settings: Settings, url: string, stopped: Promise<void>): Promise<void> {
  const run = startIngest(
    { paths: [], settings, isFollowing: true },
    {
      progress: () => undefined,
      caughtUp: (summary) => {
        reportInfo(`read ${settings.LOGS_SOURCE_DIR}: ${inShort(summary)} since the last start; following`);
        reportInfo(`look at ${url}/`);
      },
      problem: reportProblem,
    },
    false,
  );
  void stopped.then(run.stop);
  const summary = await run.summary;
  reportInfo(`stopped; read since the start: ${inShort(summary)}`);
}
