import { ARCHIVE_OPENINGS_MS, MAX_ARCHIVE_OPENINGS } from '../../limits.ts';

/**
 * Bounds how many archives a poll opens, so that live logs do not wait: up to 47 MB of an archive are decompressed to see how
 * it begins. Later polls open the others.
 */
export class ArchiveOpenings {
  #left = 0;
  #endMs = 0;
  #isClosed = false;
  #hasOpened = false;
  #hasRefused = false;

  /**
   * Begins a poll. A poll after one that left archives unopened opens none. It may be the poll under the store's lock, which
   * adds the archives that the last poll opened. Nobody would judge those that it opened itself.
   */
  begin(): void {
    this.#isClosed = this.#hasRefused && !this.#isClosed;
    this.#left = this.#isClosed ? 0 : MAX_ARCHIVE_OPENINGS;
    this.#endMs = performance.now() + ARCHIVE_OPENINGS_MS;
    this.#hasOpened = this.#hasRefused = false;
  }

  /** Counts an archive. @returns false where it must wait for a later poll. */
  take(): boolean {
    if (this.#left === 0 || (this.#hasOpened && performance.now() >= this.#endMs)) {
      this.#hasRefused = true;
      return false;
    }
    this.#left--;
    this.#hasOpened = true;
    return true;
  }
}
