import type { WaitsFor } from '../../api/routes/health.ts';
import type { Reading } from '../../api/status.ts';
import type { Progress } from '../../pipeline/types.ts';

/** What the API knows of the pipeline in the same process. */
export class PipelineView {
  #progress: Pick<Progress, 'bytesBehind' | 'storedThroughMs'> = {
    bytesBehind: undefined,
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
    const { bytesBehind, storedThroughMs } = this.#progress;
    return { bytesBehind, storedThroughMs, waitMs: this.#waitMs };
  };
}
