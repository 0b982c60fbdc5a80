import type { Settings } from '../config/settings.ts';
import { counted, grouped } from '../counted.ts';
import { DaymarkError, type ErrorCode } from '../errors.ts';
import { IDLE_INPUT_GRACE_MS } from '../limits.ts';
import type { PipelineEvents, Summary } from '../pipeline/types.ts';
import { chooseMessageFormat } from './cli/messages.ts';
import { ProgressBar } from './cli/progress-bar.ts';
import { jsonOf, reportInfo, reportProblem, reportWarning, table } from './cli/report.ts';
import { onStopSignal } from './cli/signals.ts';
import { fewAccepted } from './ingesting/few-accepted.ts';
import { withFormatFile } from './ingesting/format-file.ts';
import { startIngest } from './ingesting/ingest-run.ts';
import { readsTopics } from './ingesting/inputs.ts';
import { NOT_AGAIN, type ReadAgain } from './ingesting/not-again.ts';
import { REPORT_INPUTS, REPORT_LEASES, REPORT_OUTAGES } from './ingesting/report-outages.ts';
import type { MeasuredReading } from './serving/metrics-server.ts';
import { openTracing, traceCommits } from './serving/tracing.ts';
import { reportDeletion } from './stores/retention-consent.ts';
import { askForRetention } from './stores/retention-question.ts';

/**
 * `daymark ingest`.
 * @returns 1 if one of the inputs could not be read, if no line was accepted, or if it was stopped.
 */
export async function ingest(
  paths: string[],
  given: Settings,
  { follow, again, json }: { readonly follow: boolean; readonly again: boolean; readonly json: boolean },
): Promise<number> {
  if (follow) chooseMessageFormat(given.MESSAGE_FORMAT);
  if (again && paths.includes('-'))
    throw new DaymarkError('WRONG_USAGE', '--again reads files. Standard input cannot be read again.');
  if (again && readsTopics(paths, given))
    throw new DaymarkError('WRONG_USAGE', '--again reads files. Topics of Kafka cannot be read again.');
  if (follow && paths.includes('-')) {
    throw new DaymarkError(
      'WRONG_USAGE',
      '--follow reads files. Standard input is read to its end without it.',
    );
  }
  const settings = await askForRetention(await withFormatFile(given));
  const rebuilt = again
    ? await (await import('./ingesting/read-again.ts')).readAgain(paths, settings)
    : NOT_AGAIN;
  if (!rebuilt) return 1;
  const bar = new ProgressBar();
  let { exitCode } = rebuilt;
  const measured =
    follow && settings.METRICS_PORT !== undefined
      ? await (await import('./serving/metrics-server.ts')).measuredReading(settings, paths)
      : UNMEASURED;
  const { tracing, close: closeTracing } = await openTracing(settings, measured.metrics);
  const watched = (events: PipelineEvents) => measured.events(traceCommits(tracing, events));
  const run = startIngest(
    { paths, settings, isFollowing: follow },
    watched({
      committed: () => undefined,
      progress: (progress) => !follow && bar.update(progress),
      caughtUp: (summary) => {
        reportInfo(`following; read so far: ${inShort(summary)}`);
        tellFewAccepted(summary, settings, paths);
      },
      deletes: reportDeletion,
      problem: (error) => {
        reportProblem(error);
        if (isFailure(error)) exitCode = 1;
      },
      ...REPORT_OUTAGES,
      ...REPORT_INPUTS,
      ...REPORT_LEASES,
    }),
    true,
  );
  const beganMs = performance.now();
  const release = onStopSignal(() => {
    run.stop();
    if (paths.includes('-')) leaveIdleInput();
  });
  try {
    const summary = await run.summary;
    bar.stop();
    const seconds = (performance.now() - beganMs) / 1000;
    const inputs = readsTopics(paths, settings) ? 'partitions' : 'files';
    const report = { ...asJson(summary, seconds), ...rebuilt.json };
    console.log(
      json ? jsonOf(report) : [...rebuilt.text, asText(summary, seconds, inputs, rebuilt)].join('\n'),
    );
    // A run that follows reported it when it had caught up.
    if (follow) return fewAccepted(summary, settings, paths) ? 1 : 0;
    if (tellFewAccepted(summary, settings, paths)) exitCode = 1;
    if (!summary.isComplete) reportInfo('stopped before the end; the next run goes on from there');
    return summary.isComplete ? exitCode : 1;
  } finally {
    bar.stop();
    release();
    await measured.close();
    await closeTracing();
  }
}

/** Nobody asks how it is. */
const UNMEASURED: MeasuredReading = {
  metrics: undefined,
  events: (events) => events,
  close: async () => undefined,
};

/** Ends the process if a read of standard input still waits: nothing can cancel that read. */
function leaveIdleInput(): void {
  setTimeout(() => {
    reportInfo('stopped while standard input was idle; what came since the last commit was not stored');
    process.exit(1);
  }, IDLE_INPUT_GRACE_MS).unref();
}

/** These lose no lines: a copy is set aside, and a rewritten log is read again. */
const NO_FAILURES: ReadonlySet<ErrorCode> = new Set([
  'SAME_CONTENT',
  'COPY_BEHIND',
  'FILE_REWRITTEN',
  'SETTINGS_CHANGED',
  'CUSTOMERS_CHANGED',
  'CUSTOMERS_REFUSED',
  'SAMPLE_IN_STORE',
  'READ_BY_TWO_HOSTS',
  'RETENTION_UNCONFIRMED',
]);

function isFailure({ code }: DaymarkError): boolean {
  return !NO_FAILURES.has(code);
}

/** @returns true if no line was accepted, or too few. */
export function tellFewAccepted(summary: Summary, settings: Settings, paths: readonly string[]): boolean {
  const warning = fewAccepted(summary, settings, paths);
  if (warning) reportWarning(warning);
  return warning !== undefined;
}

/** `10,000 lines, 3 rejected`. */
export function inShort({ lines, rejected }: Summary): string {
  return `${counted(lines, 'line')}, ${grouped(rejected)} rejected`;
}

function asJson(summary: Summary, seconds: number): Record<string, unknown> {
  return {
    lines_read: summary.lines,
    accepted: summary.accepted,
    rejected: summary.rejected,
    rejected_by_reason: summary.rejectedByReason,
    late: summary.late,
    dropped: summary.dropped,
    excluded: summary.excluded,
    windows_touched: summary.windowsTouched,
    partitions: summary.partitions,
    commits: summary.commits,
    bytes: summary.bytes,
    is_complete: summary.isComplete,
    seconds,
    lines_per_second: summary.lines / seconds,
  };
}

function asText(
  summary: Summary,
  seconds: number,
  inputs: 'files' | 'partitions',
  { text: again }: ReadAgain,
): string {
  if (summary.lines === 0 && again.length > 0) return 'no new lines';
  const reasons = Object.entries(summary.rejectedByReason).sort(([, a], [, b]) => b - a);
  return table([
    ['lines read', grouped(summary.lines)],
    ['accepted', grouped(summary.accepted)],
    ['rejected', grouped(summary.rejected)],
    ...reasons.map(([reason, lines]) => [`  ${reason}`, grouped(lines)]),
    ...(summary.late > 0 ? [['late', grouped(summary.late)]] : []),
    ...(summary.dropped > 0 ? [['  dropped', grouped(summary.dropped)]] : []),
    ...(summary.excluded > 0 ? [['excluded', grouped(summary.excluded)]] : []),
    [inputs, grouped(summary.partitions)],
    ['windows touched', grouped(summary.windowsTouched)],
    ['commits', grouped(summary.commits)],
    ['seconds', seconds.toFixed(2)],
    ['lines a second', grouped(summary.lines / seconds)],
  ]);
}
