import { Worker } from 'node:worker_threads';
import { DaymarkError } from '../errors.ts';
import type { Progress, Summary } from '../pipeline/types.ts';
import type { ThreadError, ThreadInput, ThreadMessage } from './ingest-thread.ts';

/** What a run in the ingest thread tells. */
export interface IngestEvents {
  progress(progress: Progress): void;
  caughtUp(summary: Summary): void;
  problem(error: DaymarkError): void;
}

/** A pipeline that runs in a thread of its own. */
export interface IngestRun {
  /** What was committed; rejects with what stopped it. */
  readonly summary: Promise<Summary>;
  /** Lets it finish its batch, commit and leave. */
  stop(): void;
}

/** Starts the ingest thread. */
export function startIngest(input: ThreadInput, events: IngestEvents): IngestRun {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const thread = new Worker(new URL(`./ingest-thread.${extension}`, import.meta.url), {
    workerData: input,
    // A batch makes much garbage that dies young. With V8's own bound of 48 MB for it, memory grew with the input.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  const summary = new Promise<Summary>((resolve, reject) => {
    thread.on('message', (message: ThreadMessage) => {
      if (message.kind === 'progress') events.progress(message.progress);
      else if (message.kind === 'caught up') events.caughtUp(message.summary);
      else if (message.kind === 'problem') events.problem(asDaymarkError(message.error));
      else if (message.kind === 'done') resolve(message.summary);
      else reject(asError(message.error));
    });
    thread.on('error', reject);
    thread.on('exit', () => reject(new Error('The ingest thread ended without a word.')));
  });
  return { summary, stop: () => thread.postMessage('stop') };
}

function asDaymarkError({ code, message }: ThreadError): DaymarkError {
  return new DaymarkError(code ?? 'INTERNAL', message);
}

function asError({ code, message }: ThreadError): Error {
  return code ? new DaymarkError(code, message) : Object.assign(new Error(message), { stack: message });
}
