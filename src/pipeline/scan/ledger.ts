import { bug } from '../../errors.ts';
import { MAX_REJECTED_LINES_KEPT } from '../../limits.ts';
import type { Partition, Position } from '../../source/contract.ts';
import type { Advance, LineCounts, PartitionDay, RejectedLine } from '../../store/contract.ts';
import { joinedDays } from './part-days.ts';

/** What was scanned of a partition at one go, from one position to another. */
export interface ScannedPart extends LineCounts {
  readonly from: Position;
  readonly to: Position;
  /** Bytes of its lines. */
  readonly bytes: number;
  /** As in `Advance`, at `to`. */
  readonly tailChecksum: string;
  readonly clockMs: number | null;
  /** Of the accepted lines; null where there is none. */
  readonly firstEventMs: number | null;
  readonly lastEventMs: number | null;
  /** Of the accepted lines, by date; they add up to them. */
  readonly days: readonly PartitionDay[];
  readonly rejectedByReason: ReadonlyMap<string, number>;
  /** The first ones, in the order of their positions. */
  readonly rejectedLines: readonly RejectedLine[];
}

interface Entry {
  readonly partition: Partition;
  readonly parts: ScannedPart[];
  checksums: Uint8Array;
  /** Where these checksums are of. */
  checkedTo: Position;
  isFinished: boolean;
}

/** What was scanned of all partitions since the last commit. */
export class Ledger {
  readonly #partitions = new Map<string, Entry>();
  #bytes = 0;

  /**
   * Adds a part; those of a partition may come in any order.
   * @param checksums those of the partition, up to the end of the part.
   */
  add(partition: Partition, part: ScannedPart, checksums: Uint8Array): void {
    const { lines, accepted, rejected, dropped, excluded, days } = part;
    const ofDays = days.reduce((sum, day) => sum + day.lines, 0);
    if (lines !== accepted + rejected + dropped + excluded || ofDays !== accepted)
      throw bug('the ledger does not add up');
    if (part.to === part.from) return;
    this.#bytes += part.bytes;
    const entry = this.#partitions.get(partition.id) ?? {
      partition,
      parts: [],
      checksums,
      checkedTo: part.to,
      isFinished: false,
    };
    this.#partitions.set(partition.id, entry);
    entry.parts.push(part);
    // Those of a topic never grow: what they say is of one position.
    const isFurther = checksums.length === entry.checksums.length && part.to > entry.checkedTo;
    if (checksums.length <= entry.checksums.length && !isFurther) return;
    entry.checksums = checksums;
    entry.checkedTo = part.to;
  }

  /** Adds what stands in another ledger, whose parts come behind those of this one. */
  absorb(other: Ledger): void {
    for (const { partition, parts, checksums, isFinished } of other.#partitions.values()) {
      for (const part of parts) this.add(partition, part, checksums);
      if (isFinished) this.finish(partition);
    }
  }

  /** How much it holds. */
  get size(): Readonly<Record<'lines' | 'rejections' | 'partitions' | 'days', number>> {
    const size = { lines: 0, rejections: 0, partitions: this.#partitions.size, days: 0 };
    for (const { parts } of this.#partitions.values())
      for (const { lines, rejectedLines, days } of parts) {
        size.lines += lines;
        size.rejections += rejectedLines.length;
        size.days += days.length;
      }
    return size;
  }

  /** Bytes of all lines. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Notes that a partition was scanned to its end, and nothing comes any more. It has no effect where it did not move. */
  finish({ id }: Partition): void {
    const entry = this.#partitions.get(id);
    if (entry) entry.isFinished = true;
  }

  /** How far each partition that moved has come. */
  advances(): Advance[] {
    return Array.from(this.#partitions.values(), ({ partition, parts, checksums, isFinished }) => {
      const inOrder = parts.toSorted((a, b) => a.from - b.from);
      const advance = advanceOf(partition, inOrder);
      const isStored = beginsWith(partition.checksums, checksums);
      return { ...advance, prefixChecksums: isStored ? null : checksums, isFinished };
    });
  }
}

/**
 * Whether the checksums of what was read stand in the store. Those of a new partition go further: they tell it apart from other
 * logs as long as only lines were read that all begin with.
 */
function beginsWith(stored: Uint8Array, read: Uint8Array): boolean {
  return Buffer.compare(stored.subarray(0, read.length), read) === 0;
}

function advanceOf(
  { id, name, headFingerprint, headKey, inode, startOffset }: Partition,
  parts: readonly ScannedPart[],
): Omit<Advance, 'isFinished' | 'prefixChecksums'> {
  let toOffset = parts[0].from;
  const rejectedByReason = new Map<string, number>();
  for (const part of parts) {
    if (part.from !== toOffset)
      throw bug(`${name} was scanned from position ${part.from}, behind ${toOffset}`);
    toOffset = part.to;
    for (const [reason, lines] of part.rejectedByReason)
      rejectedByReason.set(reason, (rejectedByReason.get(reason) ?? 0) + lines);
  }
  const sum = (column: keyof LineCounts) => parts.reduce((total, part) => total + part[column], 0);
  const times = (column: 'clockMs' | 'firstEventMs' | 'lastEventMs') =>
    parts.map((part) => part[column]).filter((time) => time !== null);
  return {
    partitionId: id,
    name,
    headFingerprint,
    headKey,
    inode,
    isBeginning: parts[0].from === startOffset,
    fromOffset: parts[0].from,
    toOffset,
    tailChecksum: parts.at(-1)?.tailChecksum ?? '',
    lines: sum('lines'),
    accepted: sum('accepted'),
    rejected: sum('rejected'),
    late: sum('late'),
    dropped: sum('dropped'),
    excluded: sum('excluded'),
    clockMs: orNull(Math.max(...times('clockMs'))),
    firstEventMs: orNull(Math.min(...times('firstEventMs'))),
    lastEventMs: orNull(Math.max(...times('lastEventMs'))),
    days: joinedDays(parts.map(({ days }) => days)),
    rejectedByReason,
    rejectedLines: parts.flatMap(({ rejectedLines }) => rejectedLines).slice(0, MAX_REJECTED_LINES_KEPT),
  };
}

/** The least and the greatest of none are infinite. */
function orNull(timeMs: number): number | null {
  return Number.isFinite(timeMs) ? timeMs : null;
}
