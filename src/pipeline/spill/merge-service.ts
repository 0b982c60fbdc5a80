import type { MessagePort } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import { type Run, RunMerger } from '../../statistics/merged-runs.ts';
import type { RowBlock } from '../../statistics/row-block.ts';
import type { FileRun } from '../../store/contract.ts';
import { type ThreadError, threadError } from '../../thread-error.ts';

/** What the committing thread sends to the merge thread. */
export type MergeCommand =
  /** Begin with a merge. */
  | { readonly kind: 'merge'; readonly runs: readonly FileRun[]; readonly stored: FileRun | undefined }
  /** Send the next block. */
  | { readonly kind: 'next' }
  /** Nobody takes more blocks: say when nothing is read any more. */
  | { readonly kind: 'stop' };

/** What the merge thread sends back: one to each `next`, and to each `stop`. */
export type MergeMessage =
  /** Rows; undefined behind the last ones. */
  | { readonly kind: 'block'; readonly rows: ArrayBuffer | undefined }
  | { readonly kind: 'failed'; readonly error: ThreadError }
  | { readonly kind: 'stopped' };

/** The merge thread's side of a {@link RemoteMerger}. */
export class MergeService {
  readonly #port: MessagePort;
  readonly #readableRun: (run: FileRun) => Run;
  #blocks: Iterator<RowBlock> | undefined;

  constructor(port: MessagePort, readableRun: (run: FileRun) => Run) {
    this.#port = port;
    this.#readableRun = readableRun;
  }

  handle(command: MergeCommand): void {
    if (command.kind === 'merge') this.#blocks = this.#merge(command.runs, command.stored);
    else if (command.kind === 'next') this.#sendNext();
    else this.#stop();
  }

  #merge(runs: readonly FileRun[], stored: FileRun | undefined): Iterator<RowBlock> {
    const merger = new RunMerger(runs.length + (stored ? 1 : 0));
    return merger.blocks(runs.map(this.#readableRun), stored && this.#readableRun(stored));
  }

  #sendNext(): void {
    try {
      if (!this.#blocks) throw bug('a block was asked for without a merge');
      const { value } = this.#blocks.next();
      const rows = value?.bytes.buffer;
      this.#send({ kind: 'block', rows }, rows ? [rows] : []);
    } catch (error) {
      this.#send({ kind: 'failed', error: threadError(error) });
    }
  }

  #stop(): void {
    this.#blocks = undefined;
    this.#send({ kind: 'stopped' });
  }

  #send(message: MergeMessage, moved: ArrayBuffer[] = []): void {
    this.#port.postMessage(message, moved);
  }
}
