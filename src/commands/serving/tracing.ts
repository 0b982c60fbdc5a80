/** Traces, where the environment names a collector. */

import type { Settings } from '../../config/settings.ts';
import { type TracingOptions, tracingOptionsOf, UnusableVariable } from '../../config/tracing-variables.ts';
import { counted } from '../../counted.ts';
import { DaymarkError, messageOf } from '../../errors.ts';
import { FLUSH_TRACES_MS, OUTAGE_REPORT_INTERVAL_MS } from '../../limits.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { PipelineEvents } from '../../pipeline/types.ts';
import type { SenderEvents } from '../../tracing/sender.ts';
import type { DatabaseSystem, Tracing } from '../../tracing/tracing.ts';
import { reportInfo, reportWarning } from '../cli/report.ts';
import { VERSION } from '../program-files.ts';

export interface OpenTracing {
  /** Undefined where nobody wants traces. */
  readonly tracing: Tracing | undefined;
  /** Sends what is left. Call it when all other work of the process is done. */
  readonly close: () => Promise<void>;
}

const OFF: OpenTracing = { tracing: undefined, close: async () => undefined };

/** @param metrics where lost spans are counted, if anywhere. */
export async function openTracing(settings: Settings, metrics: Metrics | undefined): Promise<OpenTracing> {
  const options = optionsOrNone();
  if (options === undefined) return OFF;
  const { Tracing } = await import('../../tracing/tracing.ts');
  const database: DatabaseSystem = settings.DATABASE_URL === undefined ? 'sqlite' : 'postgresql';
  try {
    const events = eventsOf(metrics);
    const parts = { options, database, version: VERSION, flushMs: FLUSH_TRACES_MS };
    const tracing = new Tracing({ ...parts, events, odd: reportOdd });
    return { tracing, close: () => endOf(tracing) };
  } catch (error) {
    reportOff(messageOf(error));
    return OFF;
  }
}

/** @returns events to give to a pipeline instead of `events`. */
export function traceCommits(tracing: Tracing | undefined, events: PipelineEvents): PipelineEvents {
  if (!tracing) return events;
  return {
    ...events,
    committed: (commit) => {
      tracing.commit(commit);
      events.committed(commit);
    },
  };
}

/** The variables may be meant for all programs of a machine, and wrong for daymark. That must not keep it from its work. */
function optionsOrNone(): TracingOptions | undefined {
  try {
    return tracingOptionsOf(process.env);
  } catch (error) {
    if (!(error instanceof UnusableVariable)) throw error;
    reportOff(error.message);
    return undefined;
  }
}

function reportOff(why: string): void {
  reportWarning(new DaymarkError('TRACING_OFF', `Traces are off: ${why}.`));
}

function reportOdd(text: string): void {
  reportInfo(`OpenTelemetry says: ${text}`);
}

/** Counts lost spans, and reports once that a collector is away. */
function eventsOf(metrics: Metrics | undefined): SenderEvents {
  const lost = metrics?.counter('daymark_trace_spans_lost_total');
  let isReported = false;
  let reportedMs = Number.NEGATIVE_INFINITY;
  return {
    lost: (spans) => lost?.inc(spans),
    sent: () => {
      isReported = false;
    },
    failed: (error) => {
      const nowMs = performance.now();
      if (isReported || nowMs - reportedMs < OUTAGE_REPORT_INTERVAL_MS) return;
      isReported = true;
      reportedMs = nowMs;
      const detail = `The collector does not take spans: ${whyNotSent(error)}.`;
      reportWarning(new DaymarkError('TRACES_NOT_SENT', detail));
    },
  };
}

/** An error about several addresses has no message, only a code. One of HTTP may have nothing but a status. */
function whyNotSent(error: Error & { readonly code?: string | number }): string {
  return [error.code, error.message].filter((part) => part !== undefined && part !== '').join(' ');
}

/** What the library still tries must not hold a program whose work is done. */
const LAST_MOMENT_MS = 100;

async function endOf(tracing: Tracing): Promise<void> {
  const unsent = await tracing.close();
  if (unsent === 0) return;
  reportInfo(`stopped before the collector took ${counted(unsent, 'span')}`);
  setTimeout(() => process.exit(), LAST_MOMENT_MS).unref();
}
