import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { KAFKA_CLOSE_WAIT_MS } from '../../limits.ts';
import { errorOf } from '../../thread-error.ts';
import type { FetchedBatches } from './batch-fetcher.ts';
import type { GroupOffset, KafkaCluster, RangeAnswer, TopicAnswer } from './cluster.ts';
import type { ClusterCall, ClusterMethod, ClusterReply } from './cluster-service.ts';
import type { LedPartition } from './led-partition.ts';

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A cluster that a thread asks ({@link ClusterService}). All methods throw what those of the cluster do, and an error that is none
 * of the program's where the thread has ended.
 */
export class RemoteCluster implements KafkaCluster {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #failure: Error | undefined;

  constructor(thread: Worker) {
    this.#thread = thread
      .on('message', (reply: ClusterReply) => this.#note(reply))
      .on('error', (error) => this.#fail(error))
      .on('exit', () => this.#fail(new Error('The thread that asks Kafka ended unexpectedly.')));
  }

  topics(topics: readonly string[]): Promise<readonly TopicAnswer[]> {
    return this.#call('topics', topics);
  }

  ranges(partitions: readonly LedPartition[]): Promise<readonly RangeAnswer[]> {
    return this.#call('ranges', partitions);
  }

  endOfEpoch(led: LedPartition, epoch: number): Promise<number | undefined> {
    return this.#call('endOfEpoch', led, epoch);
  }

  fetch(led: LedPartition, offset: number, end: number): Promise<FetchedBatches> {
    return this.#call('fetch', led, offset, end);
  }

  report(group: string, offsets: readonly GroupOffset[]): Promise<void> {
    return this.#call('report', group, offsets);
  }

  /** Closes the connections, and ends the thread, also where a broker does not answer. */
  async close(): Promise<void> {
    const wait = new AbortController();
    // A thread that has ended has none.
    const closed = this.#call('close').catch(() => undefined);
    await Promise.race([closed, delay(KAFKA_CLOSE_WAIT_MS, undefined, { signal: wait.signal })]);
    wait.abort();
    await this.#thread.terminate();
  }

  #call<M extends ClusterMethod>(
    method: M,
    ...parameters: Parameters<KafkaCluster[M]>
  ): ReturnType<KafkaCluster[M]> {
    const id = this.#calls++;
    const answered = new Promise<never>((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#waiting.set(id, { resolve, reject });
      this.#thread.postMessage({ id, method, parameters } satisfies ClusterCall);
    });
    return answered as ReturnType<KafkaCluster[M]>;
  }

  #note(reply: ClusterReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(errorOf(reply.error));
    else waiting?.resolve(reply.answer as never);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}
