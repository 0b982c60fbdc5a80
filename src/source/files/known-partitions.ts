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

  constructor(known: readonly Partition[]) {
    this.#all = known;
    this.names = new Set(known.map(({ name }) => name));
    this.#byIdentity = Map.groupBy(known, ({ identity }) => identity);
    this.#lengths = [...new Set(known.map(({ identity }) => identityLength(identity)))].sort((a, b) => b - a);
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
    const match = this.#beginningOf(file).find(
      (partition) => !this.#taken.has(partition) && verdictOf(file, partition) === 'same',
    );
    if (match) this.#taken.set(match, file);
    return match;
  }

  /** Of a file that is no partition, the one that it was, or of which it is a copy. */
  nearest(file: LogFile): Nearest | undefined {
    const all = this.#beginningOf(file);
    const own = all.find((partition) => partition.name === file.path && !this.#taken.has(partition));
    if (own) return { partition: own, is: 'rewritten' };
    // Where the original is there, and can be compared with, it was seen that this is no copy of it.
    const isThere = (partition: Partition): boolean =>
      this.#taken.get(partition)?.content.compression === 'none';
    const longer = all.find((partition) => verdictOf(file, partition) === 'short' && !isThere(partition));
    return longer && { partition: longer, is: 'behind' };
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
