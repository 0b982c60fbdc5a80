import { existsSync } from 'node:fs';
import type { Settings } from '../config/settings.ts';
import { DaymarkError, type ErrorCode } from '../errors.ts';
import { refuseNamed } from '../pipeline/loop/partition-discovery.ts';
import type { PipelineEvents } from '../pipeline/types.ts';
import type { Store } from '../store/contract.ts';
import { databaseFile } from '../store/sqlite/file.ts';
import { chooseMessageFormat } from './cli/messages.ts';
import { reportInfo, reportProblem } from './cli/report.ts';
import { onStopSignal } from './cli/signals.ts';
import { inShort, tellFewAccepted } from './ingest.ts';
import { withFormatFile } from './ingesting/format-file.ts';
import { startIngest } from './ingesting/ingest-run.ts';
import { inputsOf, lineSourceOf } from './ingesting/inputs.ts';
import { withSource } from './ingesting/open-source.ts';
import { REPORT_INPUTS, REPORT_LEASES, REPORT_OUTAGES } from './ingesting/report-outages.ts';
import { scanSettingsOf } from './ingesting/scan-settings.ts';
import { serveWhile } from './serve.ts';
import { processMetrics } from './serving/metrics-server.ts';
import { PipelineView } from './serving/pipeline-view.ts';
import { measureReading } from './serving/reading-metrics.ts';
import { openTracing, traceCommits } from './serving/tracing.ts';
import { openStoreToAnswer, openStoreToWrite } from './stores/open.ts';
import { reportDeletion } from './stores/retention-consent.ts';
import { askForRetention } from './stores/retention-question.ts';

/** What is wrong with the logs, and may pass while they are followed. */
const WAITED_FOR: readonly ErrorCode[] = [
  ...(['NO_LOGS', 'EMPTY_FILE', 'SOURCE_UNAVAILABLE'] as const),
  ...(['KAFKA_UNAVAILABLE', 'KAFKA_TOPIC_NOT_FOUND', 'KAFKA_CORRUPT'] as const),
];

/** `daymark up`: the API has this thread, the pipeline its own. */
export async function up(given: Settings): Promise<number> {
  chooseMessageFormat(given.MESSAGE_FORMAT);
  refuseProcesses(given);
  const settings = await askForRetention(await withFormatFile(given));
  const stop = new AbortController();
  onStopSignal(() => stop.abort());
  const scan = await scanSettingsOf(settings);
  await withSource([], settings, false, (source) => refuseNamed(source, scan, WAITED_FOR));
  const view = new PipelineView(settings.WAIT_FOR_SYSTEM_DURATION);
  const metrics = processMetrics();
  const { tracing, close } = await openTracing(settings, metrics);
  const watched = (events: PipelineEvents) =>
    measureReading(metrics, view, lineSourceOf([], settings), traceCommits(tracing, events));
  try {
    await serveWhile(
      () => openUpgraded(settings, stop.signal),
      settings,
      stop.signal,
      (url) => follow(settings, url, stop.signal, watched),
      { waitsFor: view.waitsFor, reading: view.reading, metrics, tracing },
    );
    await emptyWriteAheadLog(settings, stop.signal);
  } finally {
    await close();
  }
  return 0;
}

/** The logs are read in the process that answers, and others would not know how far it is. */
function refuseProcesses({ PROCESSES: processes }: Settings): void {
  if (processes === 1) return;
  const detail = `PROCESSES is ${processes}, but \`up\` answers with one process. Run \`ingest --follow\` and \`serve --processes ${processes}\` beside each other.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}

/** Moves the write-ahead log into the database. The API's connection was the last one, and may not write. */
async function emptyWriteAheadLog(settings: Settings, stop: AbortSignal): Promise<void> {
  if (settings.DATABASE_URL !== undefined || !existsSync(databaseFile(settings.DATA_DIR))) return;
  // If that fails, nothing is lost: the next process reads both.
  await openStoreToWrite(settings, stop).then(
    (store) => store.close(),
    () => undefined,
  );
}

async function openUpgraded(settings: Settings, stop: AbortSignal): Promise<Store> {
  await (await openStoreToWrite(settings, stop)).close();
  return openStoreToAnswer(settings, stop);
}

/** Follows the logs until told to stop. An error of the pipeline ends the program. */
async function follow(
  settings: Settings,
  url: string,
  stop: AbortSignal,
  watched: (events: PipelineEvents) => PipelineEvents,
): Promise<void> {
  const run = startIngest(
    { paths: [], settings, isFollowing: true },
    watched({
      progress: () => undefined,
      committed: () => undefined,
      caughtUp: (summary) => {
        reportInfo(
          `read ${inputsOf([], settings).join(', ')}: ${inShort(summary)} since the last start; following`,
        );
        tellFewAccepted(summary, settings, []);
        reportInfo(`look at ${url}/`);
      },
      deletes: reportDeletion,
      problem: reportProblem,
      ...REPORT_INPUTS,
      ...REPORT_LEASES,
      ...REPORT_OUTAGES,
    }),
    false,
  );
  if (stop.aborted) run.stop();
  stop.addEventListener('abort', run.stop);
  const summary = await run.summary;
  reportInfo(`stopped; read since the start: ${inShort(summary)}`);
}
