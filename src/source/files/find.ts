import { type BigIntStats, closeSync, type Dirent, fstatSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { DaymarkError } from '../../errors.ts';
import { FILE_SAMPLE_BYTES, HEAD_FINGERPRINT_BYTES } from '../../limits.ts';
import { compressionAt } from '../byte-reader.ts';
import type { SourceProblem } from '../contract.ts';
import { pathOf, readablePath, systemPath } from '../file-path.ts';
import { pathError } from '../path-error.ts';
import type { ArchiveOpenings } from './archive-openings.ts';
import { beginningOf, openToRead } from './beginning.ts';
import { FileContent } from './file-content.ts';
import { inodeOf, stampOf, versionOf } from './file-version.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';
import { isLogName } from './log-name.ts';
import { RealPaths, realPathOf } from './real-paths.ts';

/** What is known of a file, whether it can be read or not. */
interface Seen {
  readonly inode: string;
  readonly isNamed: boolean;
  /** Changes where the file does. */
  readonly version: string;
  /** Changes where its content does. */
  readonly stamp: string;
  /** Its modification time, in ms since 1970. */
  readonly lastWriteMs: number;
  /** False where it changed otherwise than by growing: what was read of it may have changed, too. */
  readonly hasOnlyGrown: boolean;
  /** Since when it has not changed, by the clock that measures waits. */
  readonly quietSinceMs: number;
}

/** A file that is there. */
export interface FoundFile extends Seen {
  /** Its absolute path, without symbolic links; its last path where none leads to it any more. */
  readonly path: string;
  readonly content: FileContent;
  /** True where no path leads to it any more: only its descriptor is left. */
  readonly isDeparted: boolean;
}

/** A file of which nothing can be read, and why. */
interface UnreadFile extends Seen {
  readonly path: string;
  readonly error: DaymarkError;
}

export type SeenFile = FoundFile | UnreadFile;

export function isFound(file: SeenFile): file is FoundFile {
  return 'content' in file;
}

/** What a poll found. */
export interface Found {
  /** By path; by inode where no path leads to them any more. */
  readonly files: ReadonlyMap<string, SeenFile>;
  /** Problems of paths without a file: one that does not exist, a directory that may not be read. */
  readonly problems: readonly SourceProblem[];
  /** Where the paths and the links in directories lead. */
  readonly realPaths: RealPaths;
}

export interface DiscoveryOptions {
  /** Keeps files open; undefined where none is to be. */
  readonly held: HeldFiles | undefined;
  /** Bounds the archives that are opened. Those beyond the bound are not found yet. */
  readonly openings: ArchiveOpenings | undefined;
  /** True where symbolic links in a directory may lead out of it. */
  readonly followsLinksOutside: boolean;
  /** By the clock that measures waits. */
  readonly nowMs: number;
}

/**
 * Finds files: those at the paths, and those with names of logs in directories at the paths. Synchronous except for archives:
 * a call of the system takes 2 µs, and a trip through the thread pool for each of a thousand files would take longer than all
 * the rest.
 * @param before what the last poll found. Files that have not changed since are the same objects, and are not opened again.
 */
export async function findFiles(
  paths: readonly string[],
  before: Found,
  how: DiscoveryOptions,
): Promise<Found> {
  const search = new FileSearch(before, how);
  for (const path of paths) await search.visit(resolve(path));
  await search.visitDeparted();
  return search;
}

/** The search of one poll. */
class FileSearch implements Found {
  readonly files = new Map<string, SeenFile>();
  readonly problems: SourceProblem[] = [];
  readonly realPaths: RealPaths;
  readonly #before: ReadonlyMap<string, SeenFile>;
  readonly #inodesBefore: ReadonlyMap<string, SeenFile>;
  readonly #inodes = new Map<string, SeenFile>();
  readonly #held: HeldFiles | undefined;
  readonly #nowMs: number;
  readonly #followsLinksOutside: boolean;
  readonly #openings: ArchiveOpenings | undefined;
  /** Paths that cannot be read at the moment, and where they led. Which files are there shows when they can be read. */
  readonly #away = new Set<string>();

  constructor({ files, realPaths }: Found, { held, openings, followsLinksOutside, nowMs }: DiscoveryOptions) {
    this.#openings = openings;
    this.#before = files;
    this.realPaths = new RealPaths(realPaths);
    this.#inodesBefore = new Map(Array.from(files.values(), (file) => [file.inode, file]));
    this.#held = held;
    this.#nowMs = nowMs;
    this.#followsLinksOutside = followsLinksOutside;
  }

  async visit(path: string): Promise<void> {
    try {
      if (statSync(path).isDirectory()) await this.#visitDirectory(path);
      else await this.#visitFile(this.#follow(path), true);
    } catch (error) {
      this.#report(path, pathError(path, error), true, this.realPaths.keepPath(path));
    }
  }

  #follow(path: string): string {
    const realPath = realPathOf(path);
    this.realPaths.note(path, realPath);
    return realPath;
  }

  /** @param realPaths where the path may lead. */
  #report(path: string, error: DaymarkError, isNamed: boolean, realPaths: readonly string[] = []): void {
    if (error.isTransient) for (const one of [path, ...realPaths]) this.#away.add(one);
    this.problems.push({ error, isNamed, input: readablePath(path) });
  }

  async #visitDirectory(path: string): Promise<void> {
    const directory = this.#follow(path);
    const entries = this.#withDescriptors(directory, (path) =>
      readdirSync(systemPath(path), { withFileTypes: true, encoding: 'buffer' }),
    )
      .map((entry) => ({ entry, name: pathOf(entry.name) }))
      .filter(isLog);
    let isNothing = true;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = await this.#inDirectory(directory, entry);
      isNothing &&= file !== 'unreadable' && (!file || isEmpty(file));
    }
    if (!isNothing) return;
    const what = entries.length === 0 ? 'no file with the name of a log' : 'only empty logs';
    const error = new DaymarkError('NO_LOGS', `${path} holds ${what}.`);
    this.#report(path, error, true);
  }

  /** @returns undefined where it is gone by now. */
  async #inDirectory(
    directory: string,
    { entry, name }: NamedEntry,
  ): Promise<SeenFile | 'unreadable' | undefined> {
    const path = join(directory, name);
    try {
      return await this.#visitFile(entry.isSymbolicLink() ? this.#targetOf(path, directory) : path, false);
    } catch (error) {
      const problem = pathError(path, error);
      if (problem.code === 'PATH_NOT_FOUND' && !entry.isSymbolicLink()) return undefined;
      this.#report(path, problem, false, this.realPaths.keepLink(path));
      return 'unreadable';
    }
  }

  /** Otherwise anyone who may make a link in the directory could have any file read. */
  #targetOf(link: string, directory: string): string {
    const target = realPathOf(link);
    const inside = directory.endsWith(sep) ? directory : `${directory}${sep}`;
    if (!this.#followsLinksOutside && !target.startsWith(inside))
      throw new DaymarkError('LINK_OUTSIDE', `${link} leads to ${target}, and was not followed.`);
    this.realPaths.note(link, target);
    return target;
  }

  /** @returns undefined for an archive that a later poll opens. */
  async #visitFile(path: string, isNamed: boolean): Promise<SeenFile | undefined> {
    const stats = statSync(systemPath(path), { bigint: true });
    if (!stats.isFile())
      throw new DaymarkError(
        'NOT_A_FILE',
        `${readablePath(path)} is neither a regular file nor a directory.`,
      );
    // Where two paths lead to one file (also hard links), the first one counts.
    const found = this.#inodes.get(inodeOf(stats));
    if (found) return found;
    const before = this.#before.get(path);
    const file = before?.version === versionOf(stats) ? before : await this.#open(path, isNamed);
    return file && this.#note(path, file);
  }

  #note(key: string, file: SeenFile): SeenFile {
    this.files.set(key, file);
    this.#inodes.set(file.inode, file);
    return file;
  }

  async #open(path: string, isNamed: boolean): Promise<SeenFile | undefined> {
    const descriptor = this.#withDescriptors(path, openToRead);
    let isKept = false;
    const keep = (inode: string, quietSinceMs: number): HeldFile | undefined => {
      isKept = this.#held !== undefined;
      return this.#held?.hold(inode, descriptor, path, quietSinceMs, this.#nowMs);
    };
    try {
      if (this.#openings && compressionAt(descriptor, path) !== 'none' && !this.#openings.take())
        return undefined;
      const stats = fstatSync(descriptor, { bigint: true });
      return await this.#inspect({ path, isNamed, descriptor, isDeparted: false, stats }, keep);
    } finally {
      if (!isKept) closeSync(descriptor);
    }
  }

  /** Where the process has no descriptors left, it closes files that it only keeps open, and tries again. */
  #withDescriptors<T>(path: string, open: (path: string) => T): T {
    for (;;) {
      try {
        return open(path);
      } catch (error) {
        if (!isOutOfDescriptors(error) || !this.#held?.shrink()) throw error;
      }
    }
  }

  async #inspect(
    { path, isNamed, descriptor, isDeparted, stats }: OpenFile,
    keep: (inode: string, quietSinceMs: number) => HeldFile | undefined,
  ): Promise<SeenFile> {
    const seen = this.#seen(stats, isNamed);
    const { inode } = seen;
    const beginning = await beginningOf(descriptor, path, HEAD_FINGERPRINT_BYTES, FILE_SAMPLE_BYTES);
    const { bytes, compression, archive, error } = beginning;
    const head = bytes.slice(0, HEAD_FINGERPRINT_BYTES);
    const known = this.#held?.get(inode);
    if (known && compression !== 'none') this.#held?.release(known);
    const held = compression === 'none' ? (known ?? keep(inode, seen.quietSinceMs)) : undefined;
    if (held) noteFound(held, path, seen.quietSinceMs, this.#nowMs);
    if (head.length === 0) {
      const what = compression === 'none' ? 'is empty' : 'holds nothing';
      return {
        ...seen,
        path,
        error: error ?? new DaymarkError('EMPTY_FILE', `${readablePath(path)} ${what}.`),
      };
    }
    const file = { path, inode, held };
    const content = new FileContent(file, compression, Number(stats.size), head, archive);
    return { ...seen, path, content, isDeparted };
  }

  #seen(stats: BigIntStats, isNamed: boolean): Seen {
    const inode = inodeOf(stats);
    const stamp = stampOf(stats);
    const before = this.#inodesBefore.get(inode);
    const lastWriteMs = Number(stats.mtimeNs / 1_000_000n);
    // The file's own times are no measure: they can be set to anything, and the system's clock may have been set since.
    const quietSinceMs = before?.stamp === stamp ? before.quietSinceMs : this.#nowMs;
    const hasOnlyGrown =
      before?.stamp === stamp || (before !== undefined && Number(stats.size) > sizeOf(before));
    return { inode, isNamed, version: versionOf(stats), stamp, lastWriteMs, hasOnlyGrown, quietSinceMs };
  }

  /** Inspects files that are kept open and have no path any more. */
  async visitDeparted(): Promise<void> {
    for (const held of this.#held?.notAmong(this.#inodes) ?? []) {
      const before = this.#inodesBefore.get(held.inode);
      // Its path may still lead to it.
      if (this.#isAway(held.path)) {
        // Another file may have its path by now, found in another way.
        if (before) this.#note(this.files.has(held.path) ? held.inode : held.path, before);
        continue;
      }
      held.departedMs ??= this.#nowMs;
      try {
        this.#note(held.inode, await this.#departed(held));
      } catch (error) {
        this.#report(held.path, pathError(held.path, error), false);
        if (before) this.#note(held.inode, before);
      }
    }
  }

  #isAway(path: string): boolean {
    const parent = dirname(path);
    return this.#away.has(path) || (parent !== path && this.#isAway(parent));
  }

  async #departed({ inode, path, descriptor }: HeldFile): Promise<SeenFile> {
    const stats = fstatSync(descriptor, { bigint: true });
    const before = this.#before.get(inode);
    if (before?.version === versionOf(stats)) return before;
    const file = { path, isNamed: false, descriptor, isDeparted: true, stats };
    return await this.#inspect(file, () => undefined);
  }
}

interface OpenFile {
  readonly path: string;
  readonly isNamed: boolean;
  readonly descriptor: number;
  readonly isDeparted: boolean;
  readonly stats: BigIntStats;
}

function noteFound(held: HeldFile, path: string, quietSinceMs: number, nowMs: number): void {
  if (basename(held.path) !== basename(path)) {
    held.wasRenamed = true;
    held.namedSinceMs = nowMs;
  }
  held.path = path;
  held.quietSinceMs = quietSinceMs;
}

function sizeOf(file: SeenFile): number {
  return isFound(file) ? file.content.sizeBytes : 0;
}

interface NamedEntry {
  readonly entry: Dirent<Buffer>;
  readonly name: string;
}

function isLog({ entry, name }: NamedEntry): boolean {
  return isLogName(name) && (entry.isFile() || entry.isSymbolicLink());
}

function isOutOfDescriptors(error: unknown): boolean {
  const cause = error instanceof DaymarkError ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'EMFILE' || code === 'ENFILE';
}

function isEmpty(file: SeenFile): boolean {
  return !isFound(file) && file.error.code === 'EMPTY_FILE';
}
