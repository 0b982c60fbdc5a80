import { dirname } from 'node:path';
import { ROTATED_QUIET_MS } from '../../limits.ts';
import type { Partition } from '../contract.ts';
import { readablePath } from '../file-path.ts';
import { type Found, isFound } from './find.ts';

type Named = Pick<Partition, 'id' | 'name'>;

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
   * The ids of those that are missing for a while: not only between two names. Each is told once, for a process on another
   * machine may read it under the same name.
   * @param unmatched the live partitions that no file is.
   */
  gone(unmatched: readonly Named[], found: Found, nowMs: number): string[] {
    if (!found.problems.every(({ error }) => error.code === 'PATH_NOT_FOUND' || error.code === 'NO_LOGS'))
      return [];
    const unread = unreadNames(found);
    const missing = unmatched.filter((partition) => this.#shouldBeThere(partition, unread));
    const gone = missing.filter(({ id }) => nowMs - (this.#sinceMs.get(id) ?? nowMs) >= ROTATED_QUIET_MS);
    // Those that were told are not live any more, unless another process goes on with them.
    const told = [...this.#sinceMs].filter(([, sinceMs]) => sinceMs === Number.POSITIVE_INFINITY);
    const since = new Map([
      ...told,
      ...missing.map(({ id }) => [id, this.#sinceMs.get(id) ?? nowMs] as const),
    ]);
    for (const { id } of gone) since.set(id, Number.POSITIVE_INFINITY);
    this.#sinceMs = since;
    return gone.map(({ id }) => id);
  }

  #shouldBeThere({ name }: Named, unread: ReadonlySet<string>): boolean {
    // What cannot be read may be the partition.
    return !unread.has(name) && this.#paths.some((path) => name === path || dirname(name) === path);
  }
}

/** The names of files that are there and cannot be read. */
function unreadNames({ files }: Found): ReadonlySet<string> {
  const unread = [...files].filter(([, file]) => !isFound(file) && file.error.code !== 'EMPTY_FILE');
  return new Set(unread.map(([path]) => readablePath(path)));
}
