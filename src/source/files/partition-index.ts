import type { Partition } from '../contract.ts';
import { readChecksums } from '../prefix-checksums.ts';
import { BeginningIndex } from './beginning-index.ts';
import { checksumsOf, isArchive, type LogFile } from './log-file.ts';

/** Partitions with the same head key. */
class Bucket {
  readonly #partitions: readonly Partition[];
  readonly #index = new BeginningIndex<Partition>();
  readonly #mostChecksums: number = 0;

  constructor(partitions: readonly Partition[]) {
    this.#partitions = partitions;
    for (const partition of partitions) {
      const checksums = readChecksums(partition);
      this.#mostChecksums = Math.max(this.#mostChecksums, checksums.count);
      this.#index.add(partition, checksums);
    }
  }

  alike(file: LogFile): readonly Partition[] {
    // NULs at its end are not written yet.
    if (!isArchive(file) && file.content.endsInNuls) return this.#partitions;
    return this.#index.agreeingWith(checksumsOf(file, this.#mostChecksums));
  }
}

/** Finds the partitions that a file may be, or may have been. */
export class PartitionIndex {
  readonly #byId: ReadonlyMap<string, Partition>;
  readonly #byName: ReadonlyMap<string, Partition[]>;
  readonly #withoutKey: readonly Partition[];
  readonly #byHeadKey: ReadonlyMap<string, Bucket>;

  constructor(known: readonly Partition[]) {
    this.#byId = new Map(known.map((partition) => [partition.id, partition]));
    this.#byName = Map.groupBy(known, ({ name }) => name);
    const byHeadKey = Map.groupBy(this.#byId.values(), ({ headKey }) => headKey);
    this.#withoutKey = byHeadKey.get('') ?? [];
    this.#byHeadKey = new Map(Array.from(byHeadKey, ([key, partitions]) => [key, new Bucket(partitions)]));
  }

  byId(id: string | undefined): Partition | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /**
   * Those that begin as the file does, as far as checksums show; those without a head key; those with its name; and the one
   * that it was.
   */
  candidates(file: LogFile): Set<Partition> {
    const { headKey } = file.content;
    const found = new Set(this.#withoutKey);
    if (headKey === '') return found;
    const before = this.byId(file.remembered?.partitionId);
    if (before) found.add(before);
    for (const partition of this.#byName.get(file.name) ?? []) found.add(partition);
    for (const partition of this.#byHeadKey.get(headKey)?.alike(file) ?? []) found.add(partition);
    return found;
  }
}
