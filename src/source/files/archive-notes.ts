import type { ArchiveEnd } from '../compression/archive-reader.ts';
import type { Partition } from '../contract.ts';
import type { PrefixChecksums } from '../prefix-checksums.ts';

/** What the first bytes of an archive show. */
export interface ArchiveBeginning {
  readonly checksums: PrefixChecksums;
  /** Undefined where there is more behind them. */
  readonly end: ArchiveEnd | undefined;
  /** How many NULs it begins with; also 0 where there is nothing else. */
  readonly leadingNuls: number;
}

/** What is known of an archive, as long as it does not change. */
export class ArchiveNotes {
  /** Of all that was decompressed. */
  checksums: PrefixChecksums;
  /** Undefined where it was not read to its end. */
  end: ArchiveEnd | undefined;
  /** The partition that it was read as, up to some offset. */
  readsAs: string | undefined;
  /** Fingerprints of the bytes before positions; empty where it ends before. */
  readonly #fingerprints = new Map<number, string>();
  readonly #wanted = new Set<number>();
  /** The partitions that it does not continue, by id and tail checksum. */
  readonly #differsFrom = new Set<string>();

  constructor({ checksums, end }: Omit<ArchiveBeginning, 'leadingNuls'>) {
    this.checksums = checksums;
    this.end = end;
  }

  /** Notes what reading it has shown. */
  note(checksums: PrefixChecksums, end: ArchiveEnd | undefined): void {
    if (checksums.count > this.checksums.count) this.checksums = checksums;
    this.end ??= end;
  }

  /** The fingerprint of the bytes before a position. Undefined where the archive must be decompressed again to know it. */
  tailChecksumAt(position: number): string | undefined {
    const tailChecksum = this.#fingerprints.get(position);
    if (tailChecksum === undefined) this.#wanted.add(position);
    return tailChecksum;
  }

  /** Positions whose fingerprints were asked for, and are not known. */
  get wanted(): ReadonlySet<number> {
    return this.#wanted;
  }

  noteTailChecksum(position: number, tailChecksum: string): void {
    this.#fingerprints.set(position, tailChecksum);
    this.#wanted.delete(position);
  }

  /** Notes that other bytes stand before the partition's offset than were read. */
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
