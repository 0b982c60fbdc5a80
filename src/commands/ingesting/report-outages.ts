import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../../config/settings.ts';
import { counted, grouped } from '../../counted.ts';
import { SOURCE_RETRY_FOR_S } from '../../limits.ts';
import { InputOutages } from '../../pipeline/loop/input-outages.ts';
import { Outages } from '../../pipeline/loop/outages.ts';
import type {
  InputEvents,
  LeaseChange,
  OutageEvents,
  PipelineEvents,
  Waiting,
} from '../../pipeline/types.ts';
import { reportInfo, reportOutage } from '../cli/report.ts';

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
    const begun = sinceMs === 0 ? 'waiting for the database' : `still away after ${seconds(sinceMs)}`;
    reportOutage(`${begun}; next try in ${seconds(retryInMs)}`, error);
  },
  recovered: (afterMs) => reportInfo(`the database is back after ${seconds(afterMs)}; going on`),
};

/** Reports on standard error that inputs are away, and back. */
export const REPORT_INPUTS: InputEvents = {
  inputWaiting: ({ error, retryInMs }) =>
    reportOutage(`next try in ${seconds(retryInMs)}, other logs are read meanwhile`, error),
  inputRecovered: ({ input, afterMs }) =>
    reportInfo(`${input} can be read again after ${seconds(afterMs)}; going on`),
};

/** Partitions that are named in one message. */
const NAMED_PARTITIONS = 12;

/** Reports on standard error which partitions this process reads, where several processes divide them. */
export const REPORT_LEASES: Pick<PipelineEvents, 'leases'> = {
  leases: ({ taken, lost, held }: LeaseChange) => {
    const changes = [
      ...(taken.length > 0 ? [`took ${namesIn(taken)}`] : []),
      ...(lost.length > 0 ? [`gave up or lost ${namesIn(lost)}`] : []),
    ];
    reportInfo(`${changes.join('; ')}; reads ${counted(held, 'partition')} now`);
  },
};

function namesIn(names: readonly string[]): string {
  const more = names.length - NAMED_PARTITIONS;
  return `${names.slice(0, NAMED_PARTITIONS).join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}

/** Waits for inputs that are away as the settings say. */
export function inputOutagesOf(
  { SOURCE_RETRY_SECONDS }: Settings,
  isFollowing: boolean,
  events: InputEvents,
): InputOutages {
  const retryForS = SOURCE_RETRY_SECONDS ?? (isFollowing ? Number.POSITIVE_INFINITY : SOURCE_RETRY_FOR_S);
  const retryForMs = retryForS * 1000;
  return new InputOutages({ events, retryForMs, now: () => performance.now(), random: Math.random });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
