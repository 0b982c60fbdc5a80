import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { DaymarkError } from '../errors.ts';
import type { PipelineEvents, Summary } from '../pipeline/types.ts';
import type { IngestJob } from './ingest-job.ts';
import type { ThreadError, ThreadMessage } from './ingest-thread.ts';

/** A pipeline that runs. */
export interface IngestRun {
  /** What was committed; rejects with what stopped it. */
  readonly summary: Promise<Summary>;
  /** Lets it finish its batch, commit and leave. */
  stop(): void;
}

/**
 * Starts a job in a thread of its own; where there is one processor, and the caller has nothing else to do
 * meanwhile, in this thread: there a second one could only take turns with it, and costs over 40 ms to start.
 */
export function startIngest(job: IngestJob, events: PipelineEvents, isAlone: boolean): IngestRun {
  return isAlone && availableParallelism() === 1 ? startHere(job, events) : startThread(job, events);
}

function startHere(job: IngestJob, events: PipelineEvents): IngestRun {
  const stop = new AbortController();
  const summary = import('./ingest-job.ts').then(({ runIngest }) => runIngest(job, events, stop.signal));
  return { summary, stop: () => stop.abort() };
}

function startThread(job: IngestJob, events: PipelineEvents): IngestRun {
  const thread = openThread(job);
  const summary = thread.then(
    (worker) =>
      new Promise<Summary>((resolve, reject) => {
        worker.on('message', (message: ThreadMessage) => {
          if (message.kind === 'progress') events.progress(message.progress);
          else if (message.kind === 'caught up') events.caughtUp(message.summary);
          else if (message.kind === 'problem') events.problem(asDaymarkError(message.error));
          else if (message.kind === 'done') resolve(message.summary);
          else reject(asError(message.error));
        });
        worker.on('error', reject);
        worker.on('exit', () => reject(new Error('The ingest thread ended without a word.')));
      }),
  );
  return { summary, stop: () => void thread.then((worker) => worker.postMessage('stop')) };
}

async function openThread(job: IngestJob): Promise<Worker> {
  const { Worker } = await import('node:worker_threads');
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new Worker(new URL(`./ingest-thread.${extension}`, import.meta.url), {
    workerData: job,
    // A batch makes much garbage that dies young. With V8's own bound of 48 MB for it, memory grew with the input.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
}

function asDaymarkError({ code, message }: ThreadError): DaymarkError {
  return new DaymarkError(code ?? 'INTERNAL', message);
}

function asError({ code, message }: ThreadError): Error {
  return code ? new DaymarkError(code, message) : Object.assign(new Error(message), { stack: message });
}
