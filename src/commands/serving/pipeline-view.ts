import type { WaitsFor } from '../../api/routes/health.ts';
import type { Reading } from '../../api/status.ts';
import type { Progress } from '../../pipeline/types.ts';

/** What the API knows of the pipeline in the same process. */
export class PipelineView {
  #progress: Pick<Progress, 'bytesBehind' | 'messagesBehind' | 'storedThroughMs'> = {
    bytesBehind: undefined,
    messagesBehind: undefined,
    storedThroughMs: undefined,
  };
  #waitsFor: WaitsFor | undefined;
  readonly #waitMs: number;

  /** @param waitMs how far a watermark is behind its clock. */
  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  note(progress: Progress): void {
    this.#progress = progress;
  }

  /** @param what undefined: it waits for nothing any more. */
  wait(what: WaitsFor | undefined): void {
    this.#waitsFor = what;
  }

  readonly waitsFor = (): WaitsFor | undefined => this.#waitsFor;

  readonly reading = (): Reading => {
    const { bytesBehind, messagesBehind, storedThroughMs } = this.#progress;
    return { bytesBehind, messagesBehind, storedThroughMs, waitMs: this.#waitMs };
  };
}
