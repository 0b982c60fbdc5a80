import type { Metrics } from '../../metrics/metrics.ts';
import type { PipelineEvents, StoredCommit } from '../../pipeline/types.ts';
import type { PipelineView } from './pipeline-view.ts';

/**
 * Where lines come from: a run that follows reads files or topics, and clients push. No label says which: their names may hold
 * names of customers, and there may be many.
 */
type LineSource = 'files' | 'kafka' | 'push';

const OUTCOMES = ['accepted', 'rejected', 'dropped', 'excluded'] as const;

/**
 * Measures a pipeline by what it reports.
 * @param source what it reads.
 * @returns events to give to the pipeline instead of `events`, which hears of all as before.
 */
export function measureReading(
  metrics: Metrics,
  view: PipelineView,
  source: LineSource,
  events: PipelineEvents,
): PipelineEvents {
  const away = new Set<string>();
  let leasesHeld: number | undefined;
  showFromTheBeginning(metrics, source);
  metrics.onScrape(() => {
    showNow(metrics, view, source, away.size);
    if (leasesHeld !== undefined) metrics.gauge('daymark_leases_held').set({ source }, leasesHeld);
  });
  return {
    ...events,
    progress: (progress) => {
      view.note(progress);
      events.progress(progress);
    },
    committed: (commit) => {
      countCommit(metrics, commit, source);
      events.committed(commit);
    },
    leases: (change) => {
      leasesHeld = change.held;
      events.leases(change);
    },
    problem: (error) => {
      metrics.counter('daymark_problems_total').inc({ code: error.code });
      events.problem(error);
    },
    waiting: (waiting) => {
      view.wait({ code: waiting.error.code, sinceMs: Date.now() - waiting.sinceMs });
      events.waiting(waiting);
    },
    recovered: (afterMs) => {
      view.wait(undefined);
      events.recovered(afterMs);
    },
    inputWaiting: (waiting) => {
      away.add(waiting.input);
      events.inputWaiting(waiting);
    },
    inputRecovered: (recovered) => {
      away.delete(recovered.input);
      events.inputRecovered(recovered);
    },
  };
}

/** A counter that begins with its first event has no increase for it. */
export function showFromTheBeginning(metrics: Metrics, source: LineSource): void {
  for (const outcome of OUTCOMES) metrics.counter('daymark_lines_total').inc({ source, outcome }, 0);
  for (const name of [
    ...(['daymark_late_lines_total', 'daymark_read_bytes_total', 'daymark_committed_windows_total'] as const),
  ])
    metrics.counter(name).inc({ source }, 0);
  metrics.histogram('daymark_commit_duration_seconds').zero({ source });
}

export function countCommit(metrics: Metrics, commit: StoredCommit, source: LineSource): void {
  for (const outcome of OUTCOMES)
    metrics.counter('daymark_lines_total').inc({ source, outcome }, commit[outcome]);
  for (const [reason, lines] of Object.entries(commit.rejectedByReason))
    metrics.counter('daymark_rejected_lines_total').inc({ source, reason }, lines);
  metrics.counter('daymark_late_lines_total').inc({ source }, commit.late);
  metrics.counter('daymark_read_bytes_total').inc({ source }, commit.bytes);
  metrics.counter('daymark_committed_windows_total').inc({ source }, commit.windows);
  metrics.histogram('daymark_commit_duration_seconds').observe({ source }, commit.durationMs / 1000);
}

function showNow(metrics: Metrics, view: PipelineView, source: LineSource, inputsAway: number): void {
  const { bytesBehind, messagesBehind, storedThroughMs } = view.reading();
  const [lagBytes, lagSeconds] = [metrics.gauge('daymark_lag_bytes'), metrics.gauge('daymark_lag_seconds')];
  const lagMessages = metrics.gauge('daymark_lag_messages');
  for (const gauge of [lagBytes, lagMessages, lagSeconds]) gauge.reset();
  if (messagesBehind !== undefined) lagMessages.set({ source }, messagesBehind);
  if (bytesBehind !== undefined) lagBytes.set({ source }, bytesBehind);
  if (storedThroughMs !== undefined)
    lagSeconds.set({ source }, Math.max(0, Date.now() - storedThroughMs) / 1000);
  metrics.gauge('daymark_reading_waits').set({ source }, view.waitsFor() ? 1 : 0);
  metrics.gauge('daymark_inputs_away').set({ source }, inputsAway);
}
