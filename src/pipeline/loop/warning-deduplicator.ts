import type { DaymarkError } from '../../errors.ts';

/**
 * Problems that were told, so that following does not tell them every half second. One that was not met any more when
 * everything was read is mended: it is told again when it comes back.
 */
export class WarningDeduplicator {
  #told: ReadonlySet<string> = new Set();
  #met = new Set<string>();

  /** True where it is to be told. */
  isNew({ code, message }: DaymarkError): boolean {
    const key = `${code} ${message}`;
    const isNew = !this.#told.has(key) && !this.#met.has(key);
    this.#met.add(key);
    return isNew;
  }

  /** Call it when everything was looked at and read. */
  forgetMended(): void {
    this.#told = this.#met;
    this.#met = new Set();
  }
}
