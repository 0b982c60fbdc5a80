import type { Partition } from '../contract.ts';
import type { LogFile } from './log-file.ts';

/** Finds the partitions that may begin as a file does. */
export class PartitionIndex {
  readonly #byId: ReadonlyMap<string, Partition>;
  readonly #byHeadKey: ReadonlyMap<string, Partition[]>;

  constructor(known: readonly Partition[]) {
    this.#byId = new Map(known.map((partition) => [partition.id, partition]));
    this.#byHeadKey = Map.groupBy(this.#byId.values(), ({ headKey }) => headKey);
  }

  byId(id: string | undefined): Partition | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Those of its head key, and those without one. */
  beginningAs({ content }: LogFile): readonly Partition[] {
    const withoutKey = this.#byHeadKey.get('') ?? [];
    if (content.headKey === '') return withoutKey;
    return [...(this.#byHeadKey.get(content.headKey) ?? []), ...withoutKey];
  }
}
