import { ARCHIVE_OPENINGS_MS, MAX_ARCHIVE_OPENINGS } from '../../limits.ts';

/**
 * Says how many archives a look may open, where it must not keep live logs waiting: to know what one begins with, up to
 * 47 MB of it are decompressed. What a look does not come to is for a later one.
 */
export class ArchiveOpenings {
  #left = 0;
  #endMs = 0;
  #isClosed = false;
  #hasOpened = false;
  #hasRefused = false;

  /**
   * Begins a look. One that comes after a look that left some unopened opens none: it may be the look under the store's lock
   * that adds those that were opened, and what it found itself nobody would have judged.
   */
  begin(): void {
    this.#isClosed = this.#hasRefused && !this.#isClosed;
    this.#left = this.#isClosed ? 0 : MAX_ARCHIVE_OPENINGS;
    this.#endMs = performance.now() + ARCHIVE_OPENINGS_MS;
    this.#hasOpened = this.#hasRefused = false;
  }

  /** Counts one. @returns false where it must wait. */
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
