/** `daymark serve --processes`: the first process, which starts those that answer, and counts for all of them. */

import type { Settings } from '../../../config/settings.ts';
import { DaymarkError } from '../../../errors.ts';
import { onStopSignal } from '../../cli/signals.ts';
import { maxConnectionsOf } from '../../ingesting/descriptors.ts';
import { openMetricsPort } from '../metrics-server.ts';
import { ApiProcesses } from './api-processes.ts';

/** Serves by several processes until it is told to stop. */
export async function serveByProcesses(settings: Settings): Promise<number> {
  assertDivisible(settings);
  const processes = new ApiProcesses(settings);
  onStopSignal(() => processes.stop());
  const closeMetrics = await openMetricsPort(settings, processes.metrics);
  processes.start();
  try {
    await processes.ended;
  } finally {
    processes.stop();
    await processes.gone;
    await closeMetrics();
  }
  return 0;
}

/** Each process takes a part of the connections. */
function assertDivisible(settings: Settings): void {
  const { PROCESSES: processes, MAX_CONNECTIONS: connections, MAX_EVENT_STREAMS: streams } = settings;
  maxConnectionsOf(connections, undefined, processes);
  if (connections !== undefined && connections < processes) {
    const detail = `MAX_CONNECTIONS is ${connections}, and PROCESSES is ${processes}: each process needs one connection at least.`;
    throw new DaymarkError('INVALID_SETTING', detail);
  }
  if (streams === undefined || streams === 0 || streams >= processes) return;
  const detail = `MAX_EVENT_STREAMS is ${streams}, and PROCESSES is ${processes}: each process needs one stream at least, or 0.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}
