import { dirname } from 'node:path';
import { MAX_FINISHED_PARTITIONS, ROTATED_QUIET_MS } from '../../limits.ts';
import type { Partition } from '../contract.ts';
import { readablePath } from '../file-path.ts';
import { type Found, isFound } from './find.ts';

type Named = Pick<Partition, 'id' | 'name'>;

/** Live partitions that should be under the paths of a run, and are not. */
export class MissingPartitions {
  readonly #paths: readonly string[];
  /** Since when, by id. */
  #sinceMs: ReadonlyMap<string, number> = new Map();
  /** The last ones that were finished because of this. Another process may make them live again. */
  readonly #finished = new Set<string>();

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** When partitions that are missing now count as gone. */
  get dueMs(): number[] {
    return Array.from(this.#sinceMs.values(), (sinceMs) => sinceMs + ROTATED_QUIET_MS);
  }

  /** A partition has a file. If that goes again, the partition is missing again. */
  noteThere(id: string): void {
    this.#finished.delete(id);
  }

  noteFinished(id: string): void {
    this.#finished.add(id);
    const [oldest] = this.#finished;
    if (this.#finished.size > MAX_FINISHED_PARTITIONS) this.#finished.delete(oldest);
  }

  /**
   * The ids of those that have been missing for a while, and not only between two names. Each is finished once, because a
   * process on another machine may read it under the same name.
   * @param unmatched the live partitions without a file.
   */
  gone(unmatched: readonly Named[], found: Found, nowMs: number): string[] {
    if (!found.problems.every(({ error }) => error.code === 'PATH_NOT_FOUND' || error.code === 'NO_LOGS'))
      return [];
    const unread = unreadNames(found);
    const places = new Set([...this.#paths, ...found.realPaths.all].map(readablePath));
    const missing = unmatched.filter(
      // A file that cannot be read may be the partition.
      ({ id, name }) => !this.#finished.has(id) && !unread.has(name) && shouldBeAt(places, name),
    );
    this.#sinceMs = new Map(missing.map(({ id }) => [id, this.#sinceMs.get(id) ?? nowMs]));
    return [...this.#sinceMs].filter(([, sinceMs]) => nowMs - sinceMs >= ROTATED_QUIET_MS).map(([id]) => id);
  }
}

/** @param places the paths of the run and where they lead: partitions have names without symbolic links. */
function shouldBeAt(places: ReadonlySet<string>, name: string): boolean {
  return places.has(name) || places.has(dirname(name));
}

/** The names of files that are there and cannot be read. */
function unreadNames({ files }: Found): ReadonlySet<string> {
  const unread = [...files].filter(([, file]) => !isFound(file) && file.error.code !== 'EMPTY_FILE');
  return new Set(unread.map(([path]) => readablePath(path)));
}
