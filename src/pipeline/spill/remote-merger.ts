import type { Worker } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { MERGED_BLOCKS_AHEAD } from '../../limits.ts';
import { RowBlock } from '../../statistics/row-block.ts';
import type { FileRun } from '../../store/contract.ts';
import { errorOf } from '../../thread-error.ts';
import type { MergeCommand, MergeMessage } from './merge-service.ts';

/** There is no thread to merge: it did not start, or it ended. */
export class MergeThreadLost extends Error {
  constructor(cause: unknown) {
    super(`there is no thread to merge them: ${messageOf(cause)}`, { cause });
  }
}

/** Starts a thread that runs a `MergeService`. */
export type StartMergeThread = () => Worker;

/**
 * Merges runs in a thread of its own, some blocks ahead of whoever takes them. The merge of 2.6 million windows took 1.8 s, and their pages and
 * roll-ups 2.4 s (2026-11-30).
 */
export class RemoteMerger {
  readonly #thread: Worker;
  readonly #messages: MergeMessage[] = [];
  #failure: MergeThreadLost | undefined;
  #wake: (() => void) | undefined;

  /** @throws {MergeThreadLost} */
  constructor(startThread: StartMergeThread) {
    try {
      this.#thread = startThread()
        .on('message', (message: MergeMessage) => this.#take(message))
        .on('error', (error) => this.#fail(error))
        .on('exit', () => this.#fail(new Error('it ended')));
    } catch (error) {
      throw new MergeThreadLost(error);
    }
  }

  #take(message: MergeMessage): void {
    this.#messages.push(message);
    this.#wake?.();
  }

  #fail(error: unknown): void {
    this.#failure ??= new MergeThreadLost(error);
    this.#wake?.();
  }

  /**
   * As `RunMerger.blocks`. One merge comes after the other. When it ends, nothing is read any more.
   * @throws what reading the runs throws; {MergeThreadLost}.
   */
  async *blocks(runs: readonly FileRun[], stored?: FileRun): AsyncGenerator<RowBlock> {
    this.#send({ kind: 'merge', runs, stored });
    for (let ahead = 0; ahead < MERGED_BLOCKS_AHEAD; ahead++) this.#send({ kind: 'next' });
    try {
      for (;;) {
        const message = await this.#next();
        if (message.kind === 'failed') throw errorOf(message.error);
        if (message.kind !== 'block' || !message.rows) return;
        this.#send({ kind: 'next' });
        yield new RowBlock(message.rows);
      }
    } finally {
      await this.#stop();
    }
  }

  async #stop(): Promise<void> {
    if (this.#failure) return;
    this.#send({ kind: 'stop' });
    while ((await this.#next()).kind !== 'stopped');
  }

  async #next(): Promise<MergeMessage> {
    for (;;) {
      // Before the messages: without their thread, they may be of an earlier merge.
      if (this.#failure) throw this.#failure;
      const message = this.#messages.shift();
      if (message) return message;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #send(command: MergeCommand): void {
    this.#thread.postMessage(command);
  }

  /** Ends the thread. Its errors are still heard: without a listener, they would end this one. */
  end(): void {
    this.#fail(new Error('it was told to end'));
    void this.#thread.terminate();
  }
}
