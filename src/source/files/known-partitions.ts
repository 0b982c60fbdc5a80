import type { Partition } from '../contract.ts';
import { identityLength } from '../identity.ts';
import type { LogFile } from './assign.ts';

/** Whether a file that begins as a partition goes on with it, holds less than was read, or something else. */
type Verdict = 'same' | 'short' | 'other';

/** What a file is that goes on with no partition, and to which. */
export interface Nearest {
  readonly partition: Partition;
  readonly is: 'behind' | 'rewritten';
}

/** The partitions that the store knows, by identity, and which of them were found. */
export class KnownPartitions {
  readonly names: ReadonlySet<string>;
  readonly #all: readonly Partition[];
  readonly #byIdentity: ReadonlyMap<string, Partition[]>;
  /** The lengths of identities, longest first: nearly always one. */
  readonly #lengths: readonly number[];
  readonly #taken = new Map<Partition, LogFile>();
  readonly #contested: ReadonlySet<Partition>;

  constructor(known: readonly Partition[], files: readonly LogFile[]) {
    this.#all = known;
    this.names = new Set(known.map(({ name }) => name));
    this.#byIdentity = Map.groupBy(known, ({ identity }) => identity);
    this.#lengths = [...new Set(known.map(({ identity }) => identityLength(identity)))].sort((a, b) => b - a);
    this.#contested = this.#findContested(files.filter(({ content }) => content.compression === 'none'));
  }

  /**
   * Partitions whose files seem to be rewritten, and whose content is in no other plain file: an archive that was not read
   * yet may be it.
   */
  #findContested(files: readonly LogFile[]): Set<Partition> {
    const lost = files
      .filter((file) => !this.match(file))
      .flatMap((file) => this.#beginningUnderName(file) ?? []);
    if (lost.length === 0) return new Set();
    const found = new Set(files.map((file) => this.match(file)));
    return new Set(lost.filter((partition) => !found.has(partition)));
  }

  /** True of an archive that may be what was read of a file that seems to be rewritten. */
  mayBeContested(file: LogFile): boolean {
    return this.#contested.size > 0 && this.#contestedBy(file) !== undefined;
  }

  #contestedBy(file: LogFile): Partition | undefined {
    return this.#beginningOf(file).find(
      (partition) =>
        this.#contested.has(partition) &&
        !this.#taken.has(partition) &&
        verdictOf(file, partition) === 'same',
    );
  }

  get unmatched(): Partition[] {
    return this.#all.filter((partition) => !this.#taken.has(partition));
  }

  /** The partition that a file is, if no other one is. */
  match(file: LogFile): Partition | undefined {
    return this.#beginningOf(file).find((partition) => verdictOf(file, partition) === 'same');
  }

  /** The partition that a file is from now on; no other file can be it. */
  take(file: LogFile): Partition | undefined {
    const match =
      this.#contestedBy(file) ??
      this.#beginningOf(file).find(
        (partition) => !this.#taken.has(partition) && verdictOf(file, partition) === 'same',
      );
    if (match) this.#taken.set(match, file);
    return match;
  }

  /** Of a file that is no partition, the one that it was, or of which it is a copy. */
  nearest(file: LogFile): Nearest | undefined {
    const own = this.#beginningUnderName(file);
    if (own && !this.#taken.has(own)) return { partition: own, is: 'rewritten' };
    // Where the original is there, and can be compared with, it was seen that this is no copy of it.
    const isThere = (partition: Partition): boolean => this.#taken.get(partition)?.end !== undefined;
    const longer = this.#beginningOf(file).find(
      (partition) => verdictOf(file, partition) === 'short' && !isThere(partition),
    );
    return longer && { partition: longer, is: 'behind' };
  }

  /** The youngest of the file's own name: older ones were rewritten before, or have moved on. */
  #beginningUnderName(file: LogFile): Partition | undefined {
    return this.#beginningOf(file).find(({ name }) => name === file.path);
  }

  /** The partitions that a file begins as: those of long identities first, then that of its name, then the youngest. */
  #beginningOf({ content, path }: LogFile): Partition[] {
    const found: Partition[] = [];
    for (const length of this.#lengths) {
      if (length > content.head.length) continue;
      const partitions = this.#byIdentity.get(content.identity(length)) ?? [];
      if (partitions.length > 1) partitions.sort((a, b) => compare(a, b, path));
      found.push(...partitions);
    }
    return found;
  }
}

function compare(a: Partition, b: Partition, path: string): number {
  return Number(b.name === path) - Number(a.name === path) || (b.addedMs ?? 0) - (a.addedMs ?? 0);
}

function verdictOf(file: LogFile, partition: Partition): Verdict {
  const { end, content } = file;
  if (end && !end.error && end.contentBytes < partition.offset) return 'short';
  const differs =
    content.compression === 'none' ? !content.isMarkedBy(partition) : file.isKnownToDiffer(partition);
  return differs ? 'other' : 'same';
}
