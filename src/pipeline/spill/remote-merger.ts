import type { Worker } from 'node:worker_threads';
import { MERGED_BLOCKS_AHEAD } from '../../limits.ts';
import { RowBlock } from '../../statistics/row-block.ts';
import type { FileRun } from '../../store/contract.ts';
import { errorOf } from '../../thread-error.ts';
import type { MergeCommand, MergeMessage } from './merge-service.ts';

/** Starts a thread that runs a `MergeService`. */
export type StartMergeThread = () => Worker;

/**
 * Merges runs in a thread of its own, some blocks ahead of whoever takes them. The merge of 2.6 million windows takes as long as their way
 * into the store.
 */
export class RemoteMerger {
  readonly #thread: Worker;
  #messages: MergeMessage[] = [];
  #failure: unknown;
  #wake: (() => void) | undefined;

  /** @throws what `startThread` throws. */
  constructor(startThread: StartMergeThread) {
    this.#thread = startThread()
      .on('message', (message: MergeMessage) => this.#messages.push(message) && this.#wake?.())
      .on('error', (error) => this.#fail(error))
      .on('exit', () => this.#fail(new Error('The merge thread ended unexpectedly.')));
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /**
   * As `RunMerger.blocks`. One merge comes after the other. When it ends, nothing is read any more.
   * @throws what reading the runs throws, or what ended the thread.
   */
  async *blocks(runs: readonly FileRun[], stored?: FileRun): AsyncGenerator<RowBlock> {
    this.#send({ kind: 'merge', runs, stored });
    for (let ahead = 0; ahead < MERGED_BLOCKS_AHEAD; ahead++) this.#send({ kind: 'next' });
    try {
      for (;;) {
        const message = await this.#next();
        if (message.kind === 'failed') throw errorOf(message.error);
        if (message.kind === 'stopped' || !message.rows) return;
        this.#send({ kind: 'next' });
        yield new RowBlock(message.rows);
      }
    } finally {
      await this.#stop();
    }
  }

  async #stop(): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#send({ kind: 'stop' });
    while ((await this.#next()).kind !== 'stopped');
  }

  async #next(): Promise<MergeMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message) return message;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #send(command: MergeCommand): void {
    this.#thread.postMessage(command);
  }

  /** Ends the thread. */
  end(): void {
    this.#thread.removeAllListeners();
    void this.#thread.terminate();
  }
}
