import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { linkTarget, MAX_LINKS, pathOf, systemPath } from '../file-path.ts';

/**
 * Where the paths of a run lead, and the links in its directories. A poll knows it from the last one, because a path that
 * cannot be followed now does not say where it leads. Links that are not in their directory any more are forgotten.
 */
export class RealPaths {
  readonly #before: ReadonlyMap<string, string>;
  readonly #paths = new Map<string, string>();

  /** @param before those of the last poll. */
  constructor(before?: RealPaths) {
    this.#before = before ? before.#paths : new Map();
  }

  get all(): string[] {
    return [...this.#paths.values()];
  }

  note(path: string, realPath: string): void {
    this.#paths.set(path, realPath);
  }

  /** Keeps where a link led before. @returns where it may still lead; nothing where that was never seen. */
  keepLink(link: string): string[] {
    const realPath = this.#paths.get(link) ?? this.#before.get(link);
    if (realPath === undefined) return [];
    this.note(link, realPath);
    return [realPath];
  }

  /** Keeps where a path of the run led before, and the links in it. @returns where they may still lead. */
  keepPath(path: string): string[] {
    const realPath = this.#paths.get(path) ?? this.#before.get(path) ?? endOf(path);
    this.note(path, realPath);
    const links = [...this.#before.keys()].filter((link) => dirname(link) === realPath);
    return [realPath, ...links.flatMap((link) => this.keepLink(link))];
  }
}

/** The path without symbolic links. */
export function realPathOf(path: string): string {
  return pathOf(realpathSync(systemPath(path), { encoding: 'buffer' }));
}

/** The same for a path that leads to nothing: where a file would be. */
function endOf(path: string, maxLinks = MAX_LINKS): string {
  try {
    return realPathOf(path);
  } catch {
    const parent = dirname(path);
    if (parent === path) return path;
    const directory = endOf(parent, maxLinks);
    const target = maxLinks > 0 ? linkTarget(path) : undefined;
    if (target === undefined) return join(directory, basename(path));
    return endOf(resolve(directory, target), maxLinks - 1);
  }
}
