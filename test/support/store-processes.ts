import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SpanRange } from '../../src/window/kind.ts';
import type { CustomerDay } from './batches.ts';
import type { StoreLocation } from './store-location.ts';

/**
 * What one process does. `batches`: the windows that each batch touches; `key`: the one window of a batch; `before`: the
 * day before which all are deleted, again and again.
 */
export type Job = { readonly location: StoreLocation } & (
  | { readonly kind: 'migrate' }
  | { readonly kind: 'addPartitions'; readonly times: number }
  | {
      readonly kind: 'commit';
      readonly batches: readonly (readonly CustomerDay[])[];
      readonly readingSettings?: string;
    }
  | { readonly kind: 'deleteDays'; readonly before: string; readonly times: number }
  | { readonly kind: 'rollUp'; readonly range: SpanRange; readonly times: number }
  | { readonly kind: 'claim'; readonly timeZone: string; readonly key: CustomerDay }
);

export type JobResult = readonly string[];

/**
 * Runs each job in a process of its own, all at the same time: none begins before all have opened the store.
 * @throws the first error of any of them.
 */
export async function runInProcesses(jobs: readonly Job[]): Promise<JobResult[]> {
  const script = new URL('./store-process.ts', import.meta.url);
  const processes = jobs.map((job) => fork(script, [JSON.stringify(job)], { execArgv: [] }));
  try {
    await Promise.all(processes.map(nextMessage));
    const results = Promise.all(processes.map(nextMessage));
    for (const process of processes) process.send('go');
    return (await results).map(resultOf);
  } finally {
    for (const process of processes) process.kill();
  }
}

/** @throws where the process ends without one. */
async function nextMessage(process: ChildProcess): Promise<unknown> {
  const ended = once(process, 'exit').then(([code]) => {
    throw new Error(`a store process ended with ${code}`);
  });
  const [message] = await Promise.race([once(process, 'message'), ended]);
  return message;
}

function resultOf(message: unknown): JobResult {
  const { value, error } = message as { value?: JobResult; error?: string };
  if (value === undefined) throw new Error(`in a store process: ${error}`);
  return value;
}
