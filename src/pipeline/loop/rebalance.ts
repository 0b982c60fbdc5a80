/** What one process knows of the work that it divides with others, and its partitions. */
export interface DividedWork {
  /** The id of this process, which is one of the members. */
  readonly self: string;
  /** The ids of the processes that are live. */
  readonly members: readonly string[];
  /** The ids of all partitions that are there. */
  readonly partitions: readonly string[];
  /** The live processes that hold partitions, by the ids of these. A holder may be a member of other work. */
  readonly holders: ReadonlyMap<string, string>;
}

/** The leases to change. The others that this process holds are renewed. */
export interface Rebalance {
  readonly take: readonly string[];
  readonly giveUp: readonly string[];
}

/**
 * Divides partitions evenly: the members with the most partitions may hold one more than the others where the numbers do not
 * divide. So nothing moves without need. It depends on nothing else, so members that see the same decide what fits together:
 * nobody takes what another one takes. Members that see different moments may; the store lets one of them have it.
 */
export function rebalance({ self, members, partitions, holders }: DividedWork): Rebalance {
  const there = new Set(partitions);
  const held = new Map(members.map((member): [string, string[]] => [member, []]));
  const gone: string[] = [];
  for (const [partition, holder] of holders)
    if (there.has(partition)) held.get(holder)?.push(partition);
    else if (holder === self) gone.push(partition);
  const shares = sharesOf(held, there.size);
  const own = (held.get(self) ?? []).toSorted();
  const free = [...there].filter((partition) => !holders.has(partition)).toSorted();
  let before = 0;
  for (const { member, share } of shares) {
    if (member === self) break;
    before += Math.max(0, share - (held.get(member)?.length ?? 0));
  }
  const share = shares.find(({ member }) => member === self)?.share ?? 0;
  const missing = Math.max(0, share - own.length);
  return { take: free.slice(before, before + missing), giveUp: [...own.slice(share), ...gone] };
}

/** How many partitions each member is to have. Those with the most come first. */
function sharesOf(held: ReadonlyMap<string, readonly string[]>, partitions: number) {
  const members = [...held]
    .map(([member, own]) => ({ member, count: own.length }))
    .sort((a, b) => b.count - a.count || (a.member < b.member ? -1 : 1));
  const least = Math.floor(partitions / members.length);
  const withOneMore = partitions % members.length;
  return members.map(({ member }, i) => ({ member, share: least + Number(i < withOneMore) }));
}
