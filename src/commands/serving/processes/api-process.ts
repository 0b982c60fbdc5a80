/** A process that answers requests for `serve --processes`. The first process starts it, and ends it. */

import cluster from 'node:cluster';
import { type LimitName, sharedClockMs } from '../../../api/limits/client-limit.ts';
import { LeasedLimit } from '../../../api/limits/leased-limit.ts';
import type { Settings } from '../../../config/settings.ts';
import { bug } from '../../../errors.ts';
import type { MetricsText } from '../../../metrics/metrics.ts';
import { threadError } from '../../../thread-error.ts';
import { chooseMessageFormat } from '../../cli/messages.ts';
import { reportErrorsOnly } from '../../cli/report.ts';
import { serveWhile } from '../../serve.ts';
import { openStoreToAnswer } from '../../stores/open.ts';
import { processMetrics } from '../metrics-server.ts';
import { openTracing } from '../tracing.ts';
import type { FromProcess, ToProcess } from './messages.ts';

const { worker } = cluster;
if (!worker) throw bug('api-process.ts was not started as a process of the API');
const own = worker;

const metrics = processMetrics();
const limits = new Map<LimitName, LeasedLimit>();
const scrapes = new Map<number, PromiseWithResolvers<string | undefined>>();
const stop = new AbortController();
const stopped = Promise.withResolvers<void>();

/** A terminal and systemd send their signals to all processes, so one that comes twice means nothing more. */
function end(): void {
  stop.abort();
  stopped.resolve();
}

process.on('SIGINT', end).on('SIGTERM', end);
process.on('message', (message: ToProcess) => void receive(message));
tell({ kind: 'ready' });

async function receive(message: ToProcess): Promise<void> {
  if (message.kind === 'start') await run(message.settings, message.saysAll);
  else if (message.kind === 'stop') end();
  else if (message.kind === 'limit') limits.get(message.name)?.receive(message.message);
  else if (message.kind === 'measure')
    tell({ kind: 'metrics', id: message.id, snapshot: await metrics.snapshot() });
  else {
    scrapes.get(message.id)?.resolve(message.text);
    scrapes.delete(message.id);
  }
}

/** Serves until it is told to stop. */
async function run(settings: Settings, saysAll: boolean): Promise<void> {
  chooseMessageFormat(settings.MESSAGE_FORMAT);
  if (!saysAll) reportErrorsOnly();
  const { tracing, close } = await openTracing(settings, metrics);
  try {
    await serveWhile(
      () => openStoreToAnswer(settings, stop.signal),
      settings,
      stop.signal,
      () => stopped.promise,
      { metrics, metricsText: METRICS_OF_ALL, newLimit: limitOf, tracing },
      {
        waiting: (url) => tell({ kind: 'listening', url }),
        serving: (store, url) => tell({ kind: 'serving', store, url }),
      },
    );
  } catch (error) {
    await told({ kind: 'failed', error: threadError(error) });
  } finally {
    await close();
  }
  // Node ends a process of a cluster with its channel. (`worker.disconnect` hangs after a port that was in use.)
  process.disconnect();
}

function limitOf(name: LimitName): LeasedLimit {
  const limit = new LeasedLimit((message) => tell({ kind: 'limit', name, message }), sharedClockMs);
  limits.set(name, limit);
  return limit;
}

let scraped = 0;

const METRICS_OF_ALL: MetricsText = {
  contentType: metrics.contentType,
  text: async () => {
    const scrape = Promise.withResolvers<string | undefined>();
    const id = scraped++;
    scrapes.set(id, scrape);
    tell({ kind: 'measure all', id });
    const text = await scrape.promise;
    if (text === undefined) throw new Error('the metrics of all processes cannot be had');
    return text;
  },
};

/** Where the first process is gone, this one is about to end. */
function tell(message: FromProcess): void {
  void told(message);
}

/** Resolves when the message is handed over. */
async function told(message: FromProcess): Promise<void> {
  if (own.isConnected()) await new Promise((resolve) => own.send(message, resolve));
}
