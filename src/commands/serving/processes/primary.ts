/** `daymark serve --processes`: the first process, which starts those that answer, and counts for all of them. */

import type { Settings } from '../../../config/settings.ts';
import { DaymarkError } from '../../../errors.ts';
import { onStopSignal } from '../../cli/signals.ts';
import { accessOf } from '../access.ts';
import { openMetricsPort } from '../metrics-server.ts';
import { ApiProcesses } from './api-processes.ts';

/** Serves by several processes until it is told to stop. */
export async function serveByProcesses(settings: Settings): Promise<number> {
  // What is wrong with the settings is said before anything is started.
  accessOf(settings);
  assertDivisible(settings);
  const processes = new ApiProcesses(settings);
  onStopSignal(() => processes.stop());
  try {
    await processes.listening;
    const closeMetrics = await openMetricsPort(settings, processes.metrics);
    try {
      await processes.ended;
    } finally {
      await closeMetrics();
    }
  } finally {
    processes.stop();
    await processes.gone;
  }
  return 0;
}

/** Each process takes a part of the connections. */
function assertDivisible({ PROCESSES: processes, MAX_CONNECTIONS: connections }: Settings): void {
  if (connections === undefined || connections >= processes) return;
  const detail = `MAX_CONNECTIONS is ${connections}, and PROCESSES is ${processes}: each process needs one connection at least.`;
  throw new DaymarkError('INVALID_SETTING', detail);
}
