import type { ArchiveEnd } from '../compression/archive-reader.ts';
import type { Partition } from '../contract.ts';
import type { PrefixChecksums } from '../prefix-checksums.ts';

/** What the first bytes of an archive told. */
export interface ArchiveBeginning {
  readonly checksums: PrefixChecksums;
  /** Where that was all of it. */
  readonly end: ArchiveEnd | undefined;
  /** How many NULs it begins with; 0, too, where there was nothing else. */
  readonly leadingNuls: number;
}

/** What was found out about an archive since it changed. */
export class ArchiveNotes {
  /** Of all of it that was seen. */
  checksums: PrefixChecksums;
  /** Where all of it was read. */
  end: ArchiveEnd | undefined;
  /** The partition that it was read as, up to some offset. */
  readsAs: string | undefined;
  /** Fingerprints of what stands before positions; empty where it ends before. */
  readonly #fingerprints = new Map<number, string>();
  readonly #wanted = new Set<number>();
  /** The partitions that it does not go on with, by id and tailChecksum. */
  readonly #differsFrom = new Set<string>();

  constructor({ checksums, end }: Omit<ArchiveBeginning, 'leadingNuls'>) {
    this.checksums = checksums;
    this.end = end;
  }

  /** Takes what reading it showed. */
  note(checksums: PrefixChecksums, end: ArchiveEnd | undefined): void {
    if (checksums.count > this.checksums.count) this.checksums = checksums;
    this.end ??= end;
  }

  /** The fingerprint of what stands before a position. Undefined where it must be decompressed again to know it. */
  tailChecksumAt(position: number): string | undefined {
    const tailChecksum = this.#fingerprints.get(position);
    if (tailChecksum === undefined) this.#wanted.add(position);
    return tailChecksum;
  }

  /** Positions for whose fingerprints somebody has asked. */
  get wanted(): ReadonlySet<number> {
    return this.#wanted;
  }

  noteTailChecksum(position: number, tailChecksum: string): void {
    this.#fingerprints.set(position, tailChecksum);
    this.#wanted.delete(position);
  }

  /** What stands before the partition's offset is not what was read of that. */
  noteDifference(partition: Partition): void {
    this.#differsFrom.add(keyOf(partition));
  }

  differsFrom(partition: Partition): boolean {
    return this.#differsFrom.has(keyOf(partition));
  }
}

function keyOf({ id, tailChecksum }: Partition): string {
  return `${id} ${tailChecksum}`;
}
