import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../../config/settings.ts';
import { Outages } from '../../pipeline/loop/outages.ts';
import type { OutageEvents, Waiting } from '../../pipeline/types.ts';
import { reportInfo, wordsOf } from '../cli/report.ts';

/**
 * Retries through outages, as the settings say.
 * @param retryForS how long, if the settings say nothing.
 * @param trying is called before each wait for the next try.
 */
export function outagesOf(
  { STORE_RETRY_SECONDS }: Settings,
  retryForS: number,
  events: OutageEvents,
  signal: AbortSignal,
  trying: () => void = () => undefined,
): Outages {
  const retryForMs = (STORE_RETRY_SECONDS ?? retryForS) * 1000;
  const now = () => performance.now();
  const wait = (waitMs: number, stop: AbortSignal): Promise<unknown> => {
    trying();
    return delay(waitMs, undefined, { signal: stop });
  };
  return new Outages({ events, retryForMs, signal, now, random: Math.random, delay: wait });
}

/** Reports outages on standard error. */
export const REPORT_OUTAGES: OutageEvents = {
  waiting: ({ error, sinceMs, retryInMs }: Waiting) => {
    const [first, ...more] = wordsOf(error);
    const begun = sinceMs === 0 ? 'waiting for the database' : `still away after ${seconds(sinceMs)}`;
    reportInfo(`${begun}; next try in ${seconds(retryInMs)}: ${first}`, ...more);
  },
  recovered: (afterMs) => reportInfo(`the database is back after ${seconds(afterMs)}; going on`),
};

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
