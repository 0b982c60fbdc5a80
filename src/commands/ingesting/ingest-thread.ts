/**
 * The thread of the pipeline and its store connection, so that a commit never stalls the thread that answers requests. It
 * receives `stop` and sends {@link ThreadMessage}.
 */

import { parentPort, workerData } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import type {
  InputRecovered,
  InputWaiting,
  LeaseChange,
  OldDays,
  PipelineEvents,
  Progress,
  StoredCommit,
  Summary,
} from '../../pipeline/types.ts';
import { type ThreadError, threadError } from '../../thread-error.ts';
import { type IngestJob, runIngest } from './ingest-job.ts';
import { lowerThreadPriority } from './lower-priority.ts';

export interface ThreadJob {
  readonly job: IngestJob;
  /** The process does nothing else, so all of it has a lower priority. */
  readonly isAlone: boolean;
}

export type ThreadMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'committed'; readonly commit: StoredCommit }
  | { readonly kind: 'caught up'; readonly summary: Summary }
  | { readonly kind: 'leases'; readonly change: LeaseChange }
  | { readonly kind: 'deletes'; readonly days: OldDays }
  | { readonly kind: 'problem'; readonly error: ThreadError }
  | {
      readonly kind: 'waiting';
      readonly error: ThreadError;
      readonly sinceMs: number;
      readonly retryInMs: number;
    }
  | { readonly kind: 'recovered'; readonly afterMs: number }
  | {
      readonly kind: 'input waiting';
      readonly waiting: Omit<InputWaiting, 'error'>;
      readonly error: ThreadError;
    }
  | { readonly kind: 'input recovered'; readonly recovered: InputRecovered }
  | { readonly kind: 'done'; readonly summary: Summary }
  | { readonly kind: 'failed'; readonly error: ThreadError };

if (!parentPort) throw bug('ingest-thread.ts was not started as a thread');
const { job, isAlone } = workerData as ThreadJob;
if (!isAlone) lowerThreadPriority();
const port = parentPort;
const stop = new AbortController();
port.once('message', () => stop.abort());

const events: PipelineEvents = {
  progress: (progress) => tell({ kind: 'progress', progress }),
  committed: (commit) => tell({ kind: 'committed', commit }),
  caughtUp: (summary) => tell({ kind: 'caught up', summary }),
  leases: (change) => tell({ kind: 'leases', change }),
  deletes: (days) => tell({ kind: 'deletes', days }),
  problem: (error) => tell({ kind: 'problem', error: threadError(error) }),
  waiting: ({ error, ...times }) => tell({ kind: 'waiting', error: threadError(error), ...times }),
  recovered: (afterMs) => tell({ kind: 'recovered', afterMs }),
  inputWaiting: ({ error, ...waiting }) =>
    tell({ kind: 'input waiting', error: threadError(error), waiting }),
  inputRecovered: (recovered) => tell({ kind: 'input recovered', recovered }),
};

void run();

async function run(): Promise<void> {
  try {
    tell({ kind: 'done', summary: await runIngest(job, events, stop.signal) });
  } catch (error) {
    tell({ kind: 'failed', error: threadError(error) });
  } finally {
    port.close();
  }
}

function tell(message: ThreadMessage): void {
  port.postMessage(message);
}
