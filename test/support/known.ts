import type { KnownPartitions, Partition } from '../../src/source/contract.ts';

/** What a store would know where it holds these partitions. */
export function knowing(partitions: readonly Partition[]): KnownPartitions {
  return {
    byIds: async (ids) => partitions.filter(({ id }) => ids.includes(id)),
    byHeadKeys: async (keys) => partitions.filter(({ headKey }) => headKey === '' || keys.includes(headKey)),
    live: async () => partitions.filter(({ isLive }) => isLive),
  };
}
