import type { Settings } from '../config/settings.ts';
import { Outages } from '../pipeline/outage.ts';
import type { OutageEvents, Waiting } from '../pipeline/types.ts';
import { reportInfo, wordsOf } from './report.ts';

/**
 * Waits out outages as the settings say.
 * @param retryForS how long where they say nothing.
 */
export function outagesOf(
  { STORE_RETRY_SECONDS }: Settings,
  retryForS: number,
  events: OutageEvents,
  signal: AbortSignal,
): Outages {
  const retryForMs = (STORE_RETRY_SECONDS ?? retryForS) * 1000;
  const now = () => performance.now();
  return new Outages({ events, retryForMs, signal, now, random: Math.random });
}

/** Tells of outages on standard error. */
export const REPORT_OUTAGES: OutageEvents = {
  waiting: ({ error, sinceMs, retryInMs }: Waiting) => {
    const times = `for ${seconds(sinceMs)}; next try in ${seconds(retryInMs)}`;
    const [first, ...more] = wordsOf(error);
    reportInfo(`waiting ${times}: ${first}`, ...more);
  },
  recovered: (afterMs) => reportInfo(`the database is back after ${seconds(afterMs)}; going on`),
};

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
