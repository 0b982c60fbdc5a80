/**
 * The thread that reads and commits what clients hand in, with a connection to the database of its own, so that no answer of the
 * API waits for a scan or a commit. It receives {@link ToPushThread}, and sends {@link FromPushThread}.
 */

import { parentPort, workerData } from 'node:worker_threads';
import type { ReceivedPush } from '../../api/push/receiver.ts';
import type { Settings } from '../../config/settings.ts';
import { bug } from '../../errors.ts';
import type { Pushed } from '../../pipeline/push/types.ts';
import { type ThreadError, threadError } from '../../thread-error.ts';
import { PushJob } from './push-job.ts';

export type ToPushThread =
  | {
      readonly kind: 'push';
      readonly id: number;
      readonly push: ReceivedPush;
    }
  | { readonly kind: 'stop' };

export type FromPushThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'problem'; readonly error: ThreadError }
  | { readonly kind: 'waiting'; readonly error: ThreadError }
  | { readonly kind: 'pushed'; readonly id: number; readonly pushed: Pushed }
  | { readonly kind: 'refused'; readonly id: number; readonly error: ThreadError }
  | { readonly kind: 'failed'; readonly error: ThreadError };

if (!parentPort) throw bug('push-thread.ts was not started as a thread');
const port = parentPort;
const stop = new AbortController();
/** What was asked for is done in its order. */
let last: Promise<void> = Promise.resolve();

const opened = PushJob.open(workerData as Settings, stop.signal, {
  waiting: (error) => tell({ kind: 'waiting', error: threadError(error) }),
  problem: (error) => tell({ kind: 'problem', error: threadError(error) }),
});
opened.then(
  () => tell({ kind: 'ready' }),
  (error) => {
    tell({ kind: 'failed', error: threadError(error) });
    port.close();
  },
);

port.on('message', (message: ToPushThread) => {
  if (message.kind === 'stop') {
    stop.abort();
    void last
      .then(() => opened)
      .then(
        (job) => job?.close(),
        () => undefined,
      )
      .finally(() => port.close());
  } else last = last.then(() => take(message));
});

async function take({ id, push }: Extract<ToPushThread, { kind: 'push' }>): Promise<void> {
  try {
    const job = await opened;
    if (!job) throw bug('a push came while the thread ended');
    tell({ kind: 'pushed', id, pushed: await job.push(push) });
  } catch (error) {
    tell({ kind: 'refused', id, error: threadError(error) });
  }
}

function tell(message: FromPushThread): void {
  port.postMessage(message);
}
