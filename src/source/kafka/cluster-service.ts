import type { MessagePort } from 'node:worker_threads';
import { DaymarkError } from '../../errors.ts';
import { type ThreadError, threadError } from '../../thread-error.ts';
import { buffersOf, type FetchedBatches } from './batch-fetcher.ts';
import { type Cluster, type KafkaAccess, type KafkaCluster, openCluster } from './cluster.ts';

/** A method of the cluster that another thread calls. */
export type ClusterMethod = keyof KafkaCluster;

export interface ClusterCall {
  readonly id: number;
  readonly method: ClusterMethod;
  readonly parameters: readonly unknown[];
}

/** What a call came to. */
export type ClusterReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: ThreadError };

/** The thread's side of a {@link RemoteCluster}: asks the cluster, and hands over what it answers. */
export class ClusterService {
  readonly #port: MessagePort;
  readonly #opening: Promise<Cluster>;

  constructor(port: MessagePort, access: KafkaAccess) {
    this.#port = port;
    this.#opening = openCluster(access);
    // Each call meets the error.
    this.#opening.catch(() => undefined);
  }

  start(): void {
    this.#port.on('message', (call: ClusterCall) => void this.#handle(call));
  }

  async #handle({ id, method, parameters }: ClusterCall): Promise<void> {
    try {
      const cluster = await this.#opening;
      const answer = await (cluster[method] as (...all: readonly unknown[]) => Promise<unknown>)(
        ...parameters,
      );
      // The lines go over as they are, without a copy.
      this.#reply({ id, answer }, method === 'fetch' ? buffersOf(answer as FetchedBatches) : []);
    } catch (error) {
      if (!(error instanceof DaymarkError)) throw error;
      this.#reply({ id, error: threadError(error) });
    }
  }

  #reply(reply: ClusterReply, buffers: readonly ArrayBuffer[] = []): void {
    this.#port.postMessage(reply, buffers);
  }
}
