import type { Worker } from 'node:worker_threads';
import type { PushReceiver, ReceivedPush } from '../../api/push/receiver.ts';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import { PUSH_STOP_MS } from '../../limits.ts';
import type { Pushed } from '../../pipeline/push/types.ts';
import type { StoredCommit } from '../../pipeline/types.ts';
import { PUSH_ENCODINGS } from '../../source/push/push-body.ts';
import { errorOf } from '../../thread-error.ts';
import { startThread } from '../ingesting/threads.ts';
import type { FromPushThread, ToPushThread } from './push-thread.ts';

/** Who hears of what is no answer to a push. */
export interface PushRunEvents {
  committed(commit: StoredCommit): void;
  problem(error: DaymarkError): void;
}

type Outcome = Pick<Pushed, 'answer' | 'isReplay'>;

/** The thread that takes pushes, seen from the thread of the API. */
export class PushRun implements PushReceiver {
  readonly encodings = PUSH_ENCODINGS;
  /** Rejects with the error that ended the thread. It never resolves. */
  readonly failed: Promise<never>;
  readonly #events: PushRunEvents;
  readonly #thread: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<Outcome>>();
  #sent = 0;
  /** Why it takes no push yet; undefined: it takes pushes. */
  #away: DaymarkError | undefined = new DaymarkError('STORE_UNREACHABLE', 'The store is being opened.');

  constructor(settings: Settings, events: PushRunEvents) {
    this.#events = events;
    const failed = Promise.withResolvers<never>();
    this.failed = failed.promise;
    // It is awaited later, if at all. Until then, Node must not report a rejection.
    this.failed.catch(() => undefined);
    this.#thread = startThread('push-thread', settings);
    const fail = (error: Error): void => {
      failed.reject(error);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    this.#thread.on('message', (message: FromPushThread) => this.#take(message, fail));
    this.#thread.on('error', fail);
    this.#thread.on('exit', () => fail(new Error('The push thread ended without a message.')));
  }

  #take(message: FromPushThread, fail: (error: Error) => void): void {
    if (message.kind === 'ready') this.#away = undefined;
    else if (message.kind === 'waiting') this.#away = errorOf(message.error) as DaymarkError;
    else if (message.kind === 'problem') this.#events.problem(errorOf(message.error) as DaymarkError);
    else if (message.kind === 'failed') fail(errorOf(message.error));
    else {
      const waiting = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.kind === 'refused') waiting?.reject(errorOf(message.error));
      else {
        const { commit, ...outcome } = message.pushed;
        if (commit) this.#events.committed(commit);
        waiting?.resolve(outcome);
      }
    }
  }

  /** Whether it has its database, and takes pushes. */
  get isReady(): boolean {
    return this.#away === undefined;
  }

  receive(push: ReceivedPush): Promise<Outcome> {
    if (this.#away !== undefined) return Promise.reject(this.#away);
    const id = this.#sent++;
    const waiting = Promise.withResolvers<Outcome>();
    this.#waiting.set(id, waiting);
    const message: ToPushThread = { kind: 'push', id, push };
    // The bytes move to the thread. A small body shares its memory with others, so it is copied.
    const { buffer, byteLength } = push.body;
    this.#thread.postMessage(message, buffer.byteLength === byteLength ? [buffer] : []);
    return waiting.promise;
  }

  /** Answers what it has taken, and ends. */
  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#thread.once('exit', resolve));
    if (this.#thread.threadId === -1) return;
    this.#thread.postMessage({ kind: 'stop' } satisfies ToPushThread);
    const late = setTimeout(() => void this.#thread.terminate(), PUSH_STOP_MS);
    await ended;
    clearTimeout(late);
  }
}
