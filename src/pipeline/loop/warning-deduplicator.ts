import type { DaymarkError } from '../../errors.ts';

/**
 * Remembers which problems were reported, so that a run that follows does not report them every half second. A problem that
 * was gone when everything was read is mended. When it comes back, it is reported again.
 */
export class WarningDeduplicator {
  #reported: ReadonlySet<string> = new Set();
  #seen = new Set<string>();

  /** True where it is to be reported. */
  isNew({ code, message }: DaymarkError): boolean {
    const key = `${code} ${message}`;
    const isNew = !this.#reported.has(key) && !this.#seen.has(key);
    this.#seen.add(key);
    return isNew;
  }

  /** Call it when all inputs were polled and read. */
  forgetMended(): void {
    this.#reported = this.#seen;
    this.#seen = new Set();
  }
}
