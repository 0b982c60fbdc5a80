import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { DaymarkError } from '../../errors.ts';
import type { InputWaiting, PipelineEvents, Summary, Waiting } from '../../pipeline/types.ts';
import { errorOf } from '../../thread-error.ts';
import type { IngestJob } from './ingest-job.ts';
import type { ThreadJob, ThreadMessage } from './ingest-thread.ts';

/** A running pipeline. */
export interface IngestRun {
  /** Resolves with what was committed. Rejects with the error that stopped it. */
  readonly summary: Promise<Summary>;
  /** Tells it to finish its batch, commit and end. */
  stop(): void;
}

/**
 * Starts a job in a thread of its own. On one processor, if the caller has nothing else to do, it runs in this thread: a
 * second one could only take turns with it, and costs over 40 ms to start.
 */
export function startIngest(job: IngestJob, events: PipelineEvents, isAlone: boolean): IngestRun {
  return isAlone && availableParallelism() === 1
    ? startHere(job, events)
    : startApart({ job, isAlone }, events);
}

function startHere(job: IngestJob, events: PipelineEvents): IngestRun {
  const stop = new AbortController();
  const summary = import('./ingest-job.ts').then(({ runIngest }) => runIngest(job, events, stop.signal));
  return { summary, stop: () => stop.abort() };
}

function startApart(job: ThreadJob, events: PipelineEvents): IngestRun {
  const thread = openThread(job);
  const summary = thread.then(
    (worker) =>
      new Promise<Summary>((resolve, reject) => {
        worker.on('message', (message: ThreadMessage) => {
          if (message.kind === 'progress') events.progress(message.progress);
          else if (message.kind === 'committed') events.committed(message.commit);
          else if (message.kind === 'caught up') events.caughtUp(message.summary);
          else if (message.kind === 'leases') events.leases(message.change);
          else if (message.kind === 'deletes') events.deletes(message.days);
          else if (message.kind === 'problem') events.problem(errorOf(message.error) as DaymarkError);
          else if (message.kind === 'waiting') events.waiting(waitingOf(message));
          else if (message.kind === 'recovered') events.recovered(message.afterMs);
          else if (message.kind === 'input waiting') events.inputWaiting(inputWaitingOf(message));
          else if (message.kind === 'input recovered') events.inputRecovered(message.recovered);
          else if (message.kind === 'done') resolve(message.summary);
          else reject(errorOf(message.error));
        });
        worker.on('error', reject);
        worker.on('exit', () => reject(new Error('The ingest thread ended without a message.')));
      }),
  );
  return { summary, stop: () => void thread.then((worker) => worker.postMessage('stop')) };
}

function waitingOf({ error, sinceMs, retryInMs }: Extract<ThreadMessage, { kind: 'waiting' }>): Waiting {
  return { error: errorOf(error) as DaymarkError, sinceMs, retryInMs };
}

function inputWaitingOf({ error, waiting }: Extract<ThreadMessage, { kind: 'input waiting' }>): InputWaiting {
  return { ...waiting, error: errorOf(error) as DaymarkError };
}

async function openThread(job: ThreadJob): Promise<Worker> {
  return (await import('./threads.ts')).startThread('ingest-thread', job);
}
