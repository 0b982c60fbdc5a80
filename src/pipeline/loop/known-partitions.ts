import type { KnownPartitions, Partition } from '../../source/contract.ts';
import type { Checkpoint, CheckpointLookup } from '../../store/contract.ts';

/** What the store knows of partitions, as a source asks for it. */
export class StoredPartitions implements KnownPartitions {
  readonly #lookup: Omit<CheckpointLookup, 'all'>;
  readonly #seen = new Map<string, Checkpoint>();

  constructor(lookup: Omit<CheckpointLookup, 'all'>) {
    this.#lookup = lookup;
  }

  /** All that the source was told of. */
  get checkpoints(): readonly Checkpoint[] {
    return [...this.#seen.values()];
  }

  byIds(ids: readonly string[]): Promise<readonly Partition[]> {
    return this.#told(this.#lookup.byIds(ids));
  }

  byHeadKeys(keys: readonly string[]): Promise<readonly Partition[]> {
    return this.#told(this.#lookup.byHeadKeys([...keys, '']));
  }

  live(): Promise<readonly Pick<Partition, 'id' | 'name'>[]> {
    return this.#lookup.live();
  }

  async #told(found: Promise<readonly Checkpoint[]>): Promise<readonly Partition[]> {
    const checkpoints = (await found).filter(({ state }) => state !== 'retired');
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

function asPartition(checkpoint: Checkpoint): Partition {
  const { id, name, headFingerprint, headKey, prefixChecksums, inode, startOffset, offset, tailChecksum } =
    checkpoint;
  const checksums = prefixChecksums ?? new Uint8Array();
  const { state, addedMs } = checkpoint;
  const isLive = state === 'live';
  return {
    id,
    name,
    headFingerprint,
    headKey,
    checksums,
    inode,
    startOffset,
    offset,
    tailChecksum,
    isLive,
    addedMs,
  };
}
