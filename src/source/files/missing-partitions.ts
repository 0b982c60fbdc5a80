import { dirname } from 'node:path';
import { ROTATED_QUIET_MS } from '../../limits.ts';
import type { Partition } from '../contract.ts';
import { type Found, isFound } from './find.ts';

/** Live partitions that should be under the paths of a run, and are not. */
export class MissingPartitions {
  readonly #paths: readonly string[];
  /** Since when, by id; Infinity where that was told. */
  #sinceMs: ReadonlyMap<string, number> = new Map();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** When a partition that is missing now is taken for gone. */
  get dueMs(): number[] {
    return Array.from(this.#sinceMs.values(), (sinceMs) => sinceMs + ROTATED_QUIET_MS);
  }

  /**
   * Those that are missing for a while: not only between two names. Each is told once, for a process on another machine may
   * read it under the same name.
   * @param unmatched the partitions that no file is.
   */
  gone(unmatched: readonly Partition[], found: Found, nowMs: number): Partition[] {
    if (!found.problems.every(({ error }) => error.code === 'PATH_NOT_FOUND' || error.code === 'NO_LOGS'))
      return [];
    const missing = unmatched.filter(
      (partition) => (partition.isLive || this.#isTold(partition)) && this.#shouldBeIn(found, partition),
    );
    const gone = missing.filter(({ id }) => nowMs - (this.#sinceMs.get(id) ?? nowMs) >= ROTATED_QUIET_MS);
    const since = new Map(missing.map(({ id }) => [id, this.#sinceMs.get(id) ?? nowMs]));
    for (const { id } of gone) since.set(id, Number.POSITIVE_INFINITY);
    this.#sinceMs = since;
    return gone;
  }

  #isTold({ id }: Partition): boolean {
    return this.#sinceMs.get(id) === Number.POSITIVE_INFINITY;
  }

  #shouldBeIn({ files }: Found, { name }: Partition): boolean {
    const file = files.get(name);
    // What cannot be read may be the partition.
    if (file && !isFound(file) && file.error.code !== 'EMPTY_FILE') return false;
    return this.#paths.some((path) => name === path || dirname(name) === path);
  }
}
