import type { Settings } from '../config/settings.ts';
import { chooseMessageFormat } from './cli/messages.ts';
import { reportInfo } from './cli/report.ts';
import { onStopSignal } from './cli/signals.ts';
import { withFormatFile } from './ingesting/format-file.ts';
import { startPush } from './pushing/start-push.ts';
import { accessOf } from './serving/access.ts';
import { type ApiServer, startApi } from './serving/api-server.ts';
import { openMetricsPort, processMetrics } from './serving/metrics-server.ts';
import { tlsOf } from './serving/tls-files.ts';
import { openTracing } from './serving/tracing.ts';
import { AwaitedStore } from './stores/awaited-store.ts';
import { openStoreToAnswer } from './stores/open.ts';

/** `daymark serve`. */
export async function serve(given: Settings): Promise<number> {
  chooseMessageFormat(given.MESSAGE_FORMAT);
  const settings = given.PUSH === 'on' ? await withFormatFile(given) : given;
  if (settings.PROCESSES > 1)
    return (await import('./serving/processes/primary.ts')).serveByProcesses(settings);
  const stop = new AbortController();
  const stopped = Promise.withResolvers<void>();
  onStopSignal(() => {
    stop.abort();
    stopped.resolve();
  });
  const metrics = processMetrics();
  const { tracing, close } = await openTracing(settings, metrics);
  try {
    await serveWhile(
      () => openStoreToAnswer(settings, stop.signal),
      settings,
      stop.signal,
      () => stopped.promise,
      { metrics, tracing },
    );
  } finally {
    await close();
  }
  return 0;
}

/** Says where the API is, and what it serves. */
export interface Announcements {
  /** It listens, and answers 503: the database is not there yet. */
  waiting(url: string): void;
  /** @param store what the store is. */
  serving(store: string, url: string): void;
}

export const REPORTED: Announcements = {
  waiting: (url) => reportInfo(`listening on ${url}; answering 503 until the database is there`),
  serving: (store, url) => reportInfo(`serving ${store} on ${url}`),
};

/**
 * Serves the API from a store until `work` is done. The API answers 503 until the store is there.
 * @param work starts when the store is there.
 */
export async function serveWhile(
  open: ConstructorParameters<typeof AwaitedStore>[0],
  settings: Settings,
  stop: AbortSignal,
  work: (url: string) => Promise<void>,
  parts: Parameters<typeof startApi>[3],
  say = REPORTED,
): Promise<void> {
  const access = accessOf(settings);
  const tls = tlsOf(settings);
  const store = new AwaitedStore(open, settings, stop);
  const push = startPush(settings, access, parts);
  // If nothing takes lines, nothing fails there.
  const failed = push?.failed ?? new Promise<never>(() => undefined);
  try {
    await Promise.race([store.tried, failed]);
    if (stop.aborted) return;
    const closeMetrics = await openMetricsPort(settings, parts.metrics);
    try {
      const api = await startApi(store, settings, access, { ...parts, tls, push });
      await serveFrom(store, api, (url) => Promise.race([work(url), failed]), say, failed);
    } finally {
      await closeMetrics();
    }
  } finally {
    await push?.stop();
    await store.close();
  }
}

async function serveFrom(
  store: AwaitedStore,
  api: ApiServer,
  work: (url: string) => Promise<void>,
  say: Announcements,
  failed: Promise<never>,
): Promise<void> {
  try {
    if (!store.description) say.waiting(api.url);
    const opened = await Promise.race([store.opened, failed]);
    if (!opened) return;
    say.serving(opened.description, api.url);
    await work(api.url);
  } finally {
    await api.close();
  }
}
