import { type KnownPartitions, type Partition, storedPosition } from '../../source/contract.ts';
import type { Checkpoint, CheckpointLookup } from '../../store/contract.ts';

/**
 * What the store knows of partitions, in the source's terms. A host with a SOURCE_NAME sees its own partitions, and those that were
 * read before they had a name.
 */
export class StoredPartitions implements KnownPartitions {
  readonly #lookup: Omit<CheckpointLookup, 'all'>;
  readonly #seen = new Map<string, Checkpoint>();

  readonly #sourceNames: readonly string[] | undefined;

  /** @param sourceName empty: partitions of all hosts are seen. */
  constructor(lookup: Omit<CheckpointLookup, 'all'>, sourceName = '') {
    this.#lookup = lookup;
    this.#sourceNames = sourceName === '' ? undefined : [sourceName, ''];
  }

  /** All that the source has asked for. */
  get checkpoints(): readonly Checkpoint[] {
    return [...this.#seen.values()];
  }

  byIds(ids: readonly string[]): Promise<readonly Partition[]> {
    return this.#seenIn(this.#lookup.byIds(ids));
  }

  byHeadKeys(keys: readonly string[]): Promise<readonly Partition[]> {
    return this.#seenIn(this.#lookup.byHeadKeys([...keys, ''], this.#sourceNames));
  }

  live(): Promise<readonly Pick<Partition, 'id' | 'name'>[]> {
    return this.#lookup.live(this.#sourceNames);
  }

  async #seenIn(found: Promise<readonly Checkpoint[]>): Promise<readonly Partition[]> {
    const isOwn = ({ sourceName }: Checkpoint) => this.#sourceNames?.includes(sourceName) ?? true;
    const checkpoints = (await found).filter((one) => one.state !== 'retired' && isOwn(one));
    for (const checkpoint of checkpoints) this.#seen.set(checkpoint.id, checkpoint);
    return checkpoints.map(asPartition);
  }
}

/** Where there is no store yet. */
export const KNOWS_NOTHING: KnownPartitions = {
  byIds: async () => [],
  byHeadKeys: async () => [],
  live: async () => [],
};

/** A partition in the source's terms. */
export function asPartition(checkpoint: Checkpoint): Partition {
  const { id, name, headFingerprint, headKey, prefixChecksums, inode, tailChecksum, addedMs } = checkpoint;
  return {
    ...{ id, name, headFingerprint, headKey, inode, tailChecksum, addedMs },
    checksums: prefixChecksums ?? new Uint8Array(),
    startOffset: storedPosition(checkpoint.startOffset),
    offset: storedPosition(checkpoint.offset),
    isLive: checkpoint.state === 'live',
  };
}
