import type { MessagePort } from 'node:worker_threads';
import { DaymarkError } from '../../errors.ts';
import { type ThreadError, threadError } from '../../thread-error.ts';
import type { KafkaAccess } from './access.ts';
import { buffersOf, type FetchedBatches } from './batch-fetcher.ts';
import { type Cluster, type KafkaCluster, openCluster } from './cluster.ts';

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
  readonly #access: KafkaAccess;
  #opening: Promise<Cluster> | undefined;

  constructor(port: MessagePort, access: KafkaAccess) {
    this.#port = port;
    this.#access = access;
  }

  start(): void {
    // Nobody has asked yet. The first call meets the error, if there is one.
    this.#open().catch(() => undefined);
    this.#port.on('message', (call: ClusterCall) => void this.#handle(call));
  }

  /** Where the client cannot be loaded, as with too many open files, the next call tries again. */
  #open(): Promise<Cluster> {
    this.#opening ??= openCluster(this.#access).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  async #handle({ id, method, parameters }: ClusterCall): Promise<void> {
    try {
      const cluster = await this.#open();
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
