import { buildMetricsApp } from '../../api/metrics-app.ts';
import type { Settings } from '../../config/settings.ts';
import { Metrics, type MetricsText } from '../../metrics/metrics.ts';
import type { PipelineEvents } from '../../pipeline/types.ts';
import { reportInfo } from '../cli/report.ts';
import { lineSourceOf } from '../ingesting/inputs.ts';
import { VERSION } from '../program-files.ts';
import { listen } from './listen.ts';
import { PipelineView } from './pipeline-view.ts';
import { measureReading } from './reading-metrics.ts';

/** The metrics of a command that goes on until it is stopped. */
export function processMetrics(): Metrics {
  const metrics = new Metrics(VERSION);
  metrics.addProcess();
  return metrics;
}

/**
 * Offers metrics on a port of their own, without a key, if the settings name one.
 * @returns a function that closes it.
 * @throws {DaymarkError} PORT_IN_USE, CANNOT_LISTEN.
 */
export async function openMetricsPort(
  { METRICS_PORT: port, METRICS_HOST: host }: Settings,
  metrics: MetricsText,
): Promise<() => Promise<void>> {
  if (port === undefined) return async () => undefined;
  const app = await buildMetricsApp(metrics);
  const close = () => app.close();
  try {
    reportInfo(`metrics are on ${await listen(app, host, port)}/metrics`);
    return close;
  } catch (error) {
    await close();
    throw error;
  }
}

/** A pipeline that is measured without an API. */
export interface MeasuredReading {
  readonly metrics: Metrics | undefined;
  /** As {@link measureReading}. */
  readonly events: (events: PipelineEvents) => PipelineEvents;
  readonly close: () => Promise<void>;
}

/** Offers the metrics of a pipeline. @param paths what it reads. @throws {DaymarkError} PORT_IN_USE, CANNOT_LISTEN. */
export async function measuredReading(
  settings: Settings,
  paths: readonly string[],
): Promise<MeasuredReading> {
  const metrics = processMetrics();
  const view = new PipelineView(settings.WAIT_FOR_SYSTEM_DURATION);
  const close = await openMetricsPort(settings, metrics);
  const source = lineSourceOf(paths, settings);
  return { metrics, events: (events) => measureReading(metrics, view, source, events), close };
}
