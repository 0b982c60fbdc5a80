/**
 * The thread of the pipeline and of its store connection: a commit never stalls the thread that answers
 * requests. What it is told: `stop`. What it tells: {@link ThreadMessage}.
 */

import { parentPort, workerData } from 'node:worker_threads';
import type { Settings } from '../config/settings.ts';
import { bug, DaymarkError, type ErrorCode, messageOf } from '../errors.ts';
import { refuseNamed } from '../pipeline/admission.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { Progress, Summary } from '../pipeline/types.ts';
import { openSource, openStore } from './open.ts';

export interface ThreadInput {
  readonly paths: readonly string[];
  readonly settings: Settings;
  readonly isFollowing: boolean;
}

/** An error as it crosses threads. */
export interface ThreadError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
}

export type ThreadMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'caught up'; readonly summary: Summary }
  | { readonly kind: 'problem'; readonly error: ThreadError }
  | { readonly kind: 'done'; readonly summary: Summary }
  | { readonly kind: 'failed'; readonly error: ThreadError };

if (!parentPort) throw bug('ingest-thread.ts was not started as a thread');
const port = parentPort;
const stop = new AbortController();
port.once('message', () => stop.abort());
try {
  tell({ kind: 'done', summary: await run(workerData as ThreadInput) });
} catch (error) {
  tell({ kind: 'failed', error: threadError(error) });
} finally {
  port.close();
}

async function run({ paths, settings, isFollowing }: ThreadInput): Promise<Summary> {
  const source = openSource(paths, settings);
  // Before the store is even opened: what cannot be read shall not leave an empty database behind.
  if (!isFollowing) await refuseNamed(source);
  const store = await openStore(settings, false);
  try {
    await store.migrate();
    const pipeline = new Pipeline({
      source,
      store,
      settings: {
        batchLines: settings.BATCH_LINES,
        windowStateBytes: settings.WINDOW_STATE_BYTES,
        isFollowing,
      },
      events: {
        progress: (progress) => tell({ kind: 'progress', progress }),
        caughtUp: (summary) => tell({ kind: 'caught up', summary }),
        problem: (error) => tell({ kind: 'problem', error: threadError(error) }),
      },
      signal: stop.signal,
      now: () => performance.now(),
    });
    return await pipeline.run();
  } finally {
    await store.close();
  }
}

function tell(message: ThreadMessage): void {
  port.postMessage(message);
}

function threadError(error: unknown): ThreadError {
  if (error instanceof DaymarkError) return { code: error.code, message: error.message };
  return {
    code: undefined,
    message: error instanceof Error ? (error.stack ?? error.message) : messageOf(error),
  };
}
