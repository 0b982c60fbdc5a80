import type { Advance, Checkpoint } from '../../store/contract.ts';
import { isSpanOverBetween } from '../../window/kind.ts';
import type { ZoneTable } from '../../window/types.ts';
import { idleClock } from '../../window/watermark.ts';
import type { DiscoveredPartitions } from '../loop/partition-discovery.ts';

/** An advance that does not move its partition. It only changes its status. */
function statusAdvance(
  { id, name, headFingerprint, headKey, inode, offset, tailChecksum }: Checkpoint,
  state: Pick<Advance, 'isFinished' | 'clockMs'>,
): Advance {
  return {
    ...{ partitionId: id, name, headFingerprint, headKey, inode, prefixChecksums: null, isBeginning: false },
    ...{ fromOffset: offset, toOffset: offset, tailChecksum },
    ...{ lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 },
    ...{ firstEventMs: null, lastEventMs: null, days: [], rejectedByReason: new Map(), rejectedLines: [] },
    ...state,
  };
}

/**
 * Makes partitions live again that an earlier run has finished: those that have something to read and, when
 * following, all that may grow. It comes before anything is read. Otherwise windows would become final without them.
 */
export function reopeningAdvances(
  { assignments, found, checkpoints }: DiscoveredPartitions,
  isFollowing: boolean,
): Advance[] {
  const growing = isFollowing ? found.filter(({ isOver }) => !isOver) : [];
  const ids = new Set(growing.map(({ partitionId }) => partitionId));
  // An archive has something to read until its end is known. That is no reason to wait for it again.
  for (const { partition, availableBytes, hasMore } of assignments)
    if (availableBytes !== undefined || hasMore) ids.add(partition.id);
  return checkpoints
    .filter(({ id, state }) => state === 'finished' && ids.has(id))
    .map((checkpoint) => statusAdvance(checkpoint, { isFinished: false, clockMs: null }));
}

/** What was read in a scan cycle. */
export interface Reading {
  /** From before the scan cycle. */
  readonly discovered: DiscoveredPartitions;
  /** Ids of the partitions that the scan cycle read to their ends. */
  readonly ended: ReadonlySet<string>;
  /** As they are now. */
  readonly checkpoints: readonly Checkpoint[];
  readonly isFollowing: boolean;
  readonly waitMs: number;
  readonly dayZone: ZoneTable;
}

/**
 * The status of partitions that were read completely: that nothing more comes, or that system time has moved their
 * watermark past the end of a window.
 */
export function statusAdvances(reading: Reading): Advance[] {
  const { discovered, ended, isFollowing } = reading;
  const unread = new Set(
    discovered.assignments.map(({ partition }) => partition.id).filter((id) => !ended.has(id)),
  );
  const live = new Map(
    reading.checkpoints
      .filter(({ id, state }) => state === 'live' && !unread.has(id))
      .map((checkpoint) => [checkpoint.id, checkpoint]),
  );
  const offsets = new Map(discovered.checkpoints.map(({ id, offset }) => [id, offset]));
  const { found } = discovered;
  const finished = new Set(
    isFollowing ? discovered.finished.map(({ id }) => id) : found.map(({ partitionId }) => partitionId),
  );
  const over = [...finished].flatMap((id) => live.get(id) ?? []);
  return [
    ...over.map((checkpoint) => statusAdvance(checkpoint, { isFinished: true, clockMs: null })),
    ...found.flatMap(({ partitionId, lastWriteMs }) => {
      const checkpoint = finished.has(partitionId) ? undefined : live.get(partitionId);
      // If lines were read since then, they may be newer than the last write that was seen.
      if (checkpoint?.offset !== offsets.get(partitionId) || !checkpoint) return [];
      const clockMs = clockOf(checkpoint, lastWriteMs, reading);
      return clockMs === undefined ? [] : [statusAdvance(checkpoint, { isFinished: false, clockMs })];
    }),
  ];
}

/** Where the clock of an idle partition stands now; undefined if no window has ended since. */
function clockOf(
  { clockMs, lastEventMs }: Checkpoint,
  lastWriteMs: number,
  { discovered, waitMs, dayZone }: Reading,
): number | undefined {
  if (clockMs === null || waitMs === Number.POSITIVE_INFINITY) return undefined;
  const idleMs = idleClock({ clockMs, lastEventMs, lastWriteMs, seenMs: discovered.seenMs }) ?? clockMs;
  return isSpanOverBetween(clockMs - waitMs, idleMs - waitMs, dayZone) ? idleMs : undefined;
}
