import { randomUUID } from 'node:crypto';
import { DaymarkError } from '../../errors.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import { FORK_MIN_BYTES, HEAD_FINGERPRINT_BYTES, HEAD_KEY_BYTES } from '../../limits.ts';
import { bytePosition } from '../byte-positions.ts';
import type { Partition, SourceProblem } from '../contract.ts';
import { headLength } from '../head-fingerprint.ts';
import { PrefixChecksums } from '../prefix-checksums.ts';
import { BeginningIndex } from './beginning-index.ts';
import {
  checksumsUpTo,
  type FileIdentity,
  fingerprintsOf,
  hasMore,
  isArchive,
  isBeginningOf,
  type LogFile,
  type Relation,
  relationOf,
} from './log-file.ts';
import { PartitionIndex } from './partition-index.ts';

/** A file and the partition that it is. */
export interface AssignedFile {
  readonly file: LogFile;
  readonly partition: Partition;
  readonly isNew: boolean;
  /** True of a new partition that begins with most of what was read as another one. */
  readonly isRepeat: boolean;
  /** The partition that stood in the file before it was rewritten. */
  readonly rewritten: Partition | undefined;
}

/** A file of which nothing is read: what it holds is in a partition. */
export interface Copy {
  readonly file: LogFile;
  readonly partition: Partition;
}

export interface AssignedFiles {
  readonly assigned: readonly AssignedFile[];
  readonly copies: readonly Copy[];
  /** Files of which more must be read, or of archives that begin as they do, to know what they are. */
  readonly unread: readonly LogFile[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Says which partition each file is. The rules, for a line that stands in two files counts once:
 *
 * 1. A file that begins with all that was read of a partition **continues** it, whatever its name. Of several the longest is
 *    the partition's file, and those of which it is the continuation are its copies (SAME_CONTENT). Where two have gone on
 *    differently, the one that was the partition's file stays it.
 * 2. A file that ends before that is a copy that has not come as far (SAME_CONTENT, or COPY_BEHIND where the partition has no
 *    file): nothing of it counts, until something in it differs, or it has grown past what was read.
 * 3. Any other file is a new partition, also where it begins as another one. One under the name of a partition that has no
 *    file any more was rewritten (FILE_REWRITTEN). Of new files of which one is the beginning of the other, one is read.
 * 4. What goes on from a copy by itself is a new partition that begins where the copy ended, if that was long enough to be no
 *    coincidence (FORK_MIN_BYTES).
 * 5. An archive that begins as another log is looked into first, to see which of these it is.
 */
export function assignFiles(
  files: readonly LogFile[],
  known: readonly Partition[],
  fileIdentity: FileIdentity,
): AssignedFiles {
  return new Assigning(files, known, fileIdentity);
}

/** What a file is to the partitions that begin as it does. */
interface Claim {
  readonly file: LogFile;
  /** Those that it continues, the best first. */
  continued: Partition[];
  /** Those of them that another file is, which has gone on differently. */
  readonly parted: Partition[];
  readonly behind: readonly Partition[];
  readonly differing: readonly Partition[];
  /** Of an archive: those that it may be. */
  readonly unread: readonly Partition[];
}

class Assigning implements AssignedFiles {
  readonly assigned: AssignedFile[] = [];
  readonly copies: Copy[] = [];
  readonly unread: LogFile[] = [];
  readonly problems: SourceProblem[] = [];
  readonly #fileIdentity: FileIdentity;
  readonly #index: PartitionIndex;
  /** The files of partitions, by id. */
  readonly #holders = new Map<string, LogFile>();

  constructor(files: readonly LogFile[], known: readonly Partition[], fileIdentity: FileIdentity) {
    this.#fileIdentity = fileIdentity;
    this.#index = new PartitionIndex(known);
    const claims = files.map((file) => this.#claimOf(file));
    const others = this.#assignContinued(claims.filter(({ unread }) => unread.length === 0));
    this.#assignUnread(claims.filter(({ unread }) => unread.length > 0));
    this.#addNew(others.filter((claim) => !this.#isBehind(claim)));
  }

  #claimOf(file: LogFile): Claim {
    const { remembered } = file;
    const known = remembered?.isDoubtful ? undefined : this.#index.byId(remembered?.partitionId);
    const relation = known && relationOf(file, known, this.#fileIdentity);
    const claim = { file, continued: [], parted: [], behind: [], differing: [], unread: [] };
    // What it was before, it still is: the others need not be asked.
    if (known && relation === 'continues') return { ...claim, continued: [known] };
    if (known && relation === 'behind') return { ...claim, behind: [known] };
    const candidates = this.#index.candidates(file);
    const related = Map.groupBy(candidates, (one): Relation => relationOf(file, one, this.#fileIdentity));
    const continued = (related.get('continues') ?? []).sort((a, b) => comparePartitions(a, b, file));
    const unread = continued.length === 0 ? (related.get('unread') ?? []) : [];
    const behind = related.get('behind') ?? [];
    // A first line that had no end was read by itself. Now it shows of which log it is a copy.
    if (behind.length > 0 && continued.every(isCutOff)) return { ...claim, behind };
    return { ...claim, continued, behind, differing: related.get('differs') ?? [], unread };
  }

  /** Rule 1. @returns the claims of files that are neither a partition nor a copy of one that they continue. */
  #assignContinued(claims: readonly Claim[]): Claim[] {
    let open = claims.filter(({ continued }) => continued.length > 0);
    const done = new Set<Claim>();
    while (open.length > 0) {
      const groups = Map.groupBy(open, ({ continued }) => continued[0]);
      for (const [partition, group] of groups) {
        const holder = this.#holders.get(partition.id) ?? this.#hold(partition, group);
        for (const claim of group) {
          if (claim.file === holder) done.add(claim);
          else if (this.#isCopy(claim.file, holder)) {
            done.add(claim);
            this.#setAside(claim.file, partition, holder);
          } else if (isBeginningOf(holder, claim.file, this.#fileIdentity) !== false) {
            // It may be what the holder goes on to be: more must be read of it to know.
            done.add(claim);
            this.unread.push(claim.file);
          } else {
            claim.continued = claim.continued.filter((one) => one !== partition);
            claim.parted.push(partition);
          }
        }
      }
      open = open.filter((claim) => !done.has(claim) && claim.continued.length > 0);
    }
    return claims.filter((claim) => !done.has(claim));
  }

  /** Chooses the file of a partition. */
  #hold(partition: Partition, group: readonly Claim[]): LogFile {
    const files = group.map(({ file }) => file).sort((a, b) => compareFiles(a, b, partition));
    const own =
      files.find(({ remembered }) => remembered?.partitionId === partition.id && !remembered.copyBytes) ??
      files.find(({ name, isDeparted }) => name === partition.name && !isDeparted);
    const [longest] = files;
    const hasGrown = own && own !== longest && isBeginningOf(own, longest, this.#fileIdentity);
    const holder = own && !hasGrown ? own : longest;
    this.#holders.set(partition.id, holder);
    this.assigned.push({ file: holder, partition: { ...partition, ...fingerprintsOf(holder) }, ...NOT_NEW });
    return holder;
  }

  /** Rule 5. One that can only be one partition, which nothing else is, is opened as it: that shows whether it is. */
  #assignUnread(claims: readonly Claim[]): void {
    for (const claim of claims) {
      const [partition, ...others] = claim.unread;
      if (others.length > 0 || this.#holders.has(partition.id)) this.unread.push(claim.file);
      else this.#hold(partition, [claim]);
    }
  }

  #isCopy(file: LogFile, other: LogFile): boolean {
    return file === other || isBeginningOf(file, other, this.#fileIdentity) !== false;
  }

  /** Rule 2. */
  #isBehind({ file, behind }: Claim): boolean {
    for (const partition of behind) {
      const holder = this.#holders.get(partition.id);
      // The bytes behind the last checksum are compared where there is something to compare them with.
      if (holder && !this.#isCopy(file, holder)) continue;
      this.#setAside(file, partition, holder);
      return true;
    }
    return false;
  }

  #setAside(file: LogFile, partition: Partition, holder: LogFile | undefined): void {
    this.copies.push({ file, partition });
    if (!holder) this.problems.push(copyBehind(file, partition));
    // That a log is still open, and compressed already, is as it should be.
    else if (!file.isDeparted && !holder.isDeparted) this.problems.push(sameContent(file, holder.name));
  }

  /** Rules 3 to 5. */
  #addNew(claims: readonly Claim[]): void {
    if (claims.length === 0) return;
    const keys = new Set(claims.map(({ file }) => file.content.headKey));
    const originals = new Originals([...this.#holders.values()], keys);
    for (const claim of claims.toSorted((a, b) => compareNew(a.file, b.file))) {
      const { file } = claim;
      const alike = this.#firstAlike(file, originals.alike(file));
      if (alike === 'unread') this.unread.push(file);
      else if (alike) this.problems.push(sameContent(file, alike.name));
      else {
        originals.add(file);
        this.#add(claim);
      }
    }
  }

  /** Of other files the one of which a file is the beginning. */
  #firstAlike(file: LogFile, others: readonly LogFile[]): LogFile | 'unread' | undefined {
    let isUnknown = false;
    for (const other of others) {
      const isBeginning = isBeginningOf(file, other, this.#fileIdentity);
      if (isBeginning) return other;
      isUnknown ||= isBeginning === undefined;
    }
    return isUnknown ? 'unread' : undefined;
  }

  #add(claim: Claim): void {
    const { file, differing } = claim;
    const own = differing.find((one) => isRewrittenIn(file, one) && !this.#holders.has(one.id));
    // An archive that was not read yet may be what was read.
    const startOffset = startOf(claim, ({ id }) => this.#holders.get(id));
    // An archive that was not read yet may be what was read.
    const isSure = !file.isDeparted && this.unread.length === 0 && hasMore(file, startOffset);
    const rewritten = isSure ? own : undefined;
    const isRepeat = startOffset === 0 && differing.some((one) => hasMostOf(file, one));
    this.assigned.push({
      file,
      partition: newPartition(file, startOffset),
      isNew: true,
      isRepeat,
      rewritten,
    });
  }
}

/** Whether a file that differs from a partition stands in its place. Of a log that was over, a header in common is no sign. */
function isRewrittenIn(file: LogFile, { name, isLive, headFingerprint }: Partition): boolean {
  return name === file.name && (isLive || headLength(headFingerprint) >= HEAD_FINGERPRINT_BYTES);
}

/** Files that are read, to find those of which another file may be the beginning. */
class Originals {
  readonly #byHeadKey = new Map<string, BeginningIndex<LogFile>>();
  readonly #all: LogFile[] = [];

  /** @param headKeys those of the files that are asked for: checksums of others would be read for nothing. */
  constructor(files: readonly LogFile[], headKeys: ReadonlySet<string>) {
    for (const file of files)
      if (headKeys.has(file.content.headKey)) this.add(file);
      else this.#all.push(file);
  }

  add(file: LogFile): void {
    const { headKey } = file.content;
    const index = this.#byHeadKey.get(headKey) ?? new BeginningIndex<LogFile>();
    this.#byHeadKey.set(headKey, index);
    index.add(file, checksumsUpTo(file, Number.POSITIVE_INFINITY));
    this.#all.push(file);
  }

  alike(file: LogFile): readonly LogFile[] {
    const { headKey } = file.content;
    if (headKey === '') return this.#all;
    return this.#byHeadKey.get(headKey)?.agreeingWith(checksumsUpTo(file, Number.POSITIVE_INFINITY)) ?? [];
  }
}

const NOT_NEW = { isNew: false, isRepeat: false, rewritten: undefined };

/** Whether a file begins with more than half of what was read of a partition, and with more than logs have in common. */
function hasMostOf(file: LogFile, { offset, checksums }: Partition): boolean {
  const bytes = Math.max(FORK_MIN_BYTES, Math.ceil(offset / 2));
  if (isArchive(file) || bytes > offset || bytes > file.content.sizeBytes) return false;
  const half = new PrefixChecksums(checksums).upTo(bytes);
  return half.count > 0 && half.firstDifference(file.content.checksumsUpTo(bytes)) === undefined;
}

/** Whether all that was read of a partition is less than a first line, which had no end yet. */
function isCutOff({ headKey, headFingerprint }: Partition): boolean {
  return headKey === '' && headLength(headFingerprint) < HEAD_KEY_BYTES;
}

/** Where a new partition begins. */
function startOf(claim: Claim, holderOf: (partition: Partition) => LogFile | undefined): number {
  const { file, parted } = claim;
  if (isArchive(file)) return file.content.leadingNuls;
  // It holds all that was read of another file's partition, and goes on by itself.
  const partedBytes = Math.max(0, ...parted.map((one) => partedAt(file, one, holderOf(one))));
  if (partedBytes >= FORK_MIN_BYTES) return partedBytes;
  const copied = file.remembered?.copyBytes ?? 0;
  const original = differingOf(claim).find(({ id }) => id === file.remembered?.partitionId);
  const isStillCopied =
    original &&
    copied >= FORK_MIN_BYTES &&
    new PrefixChecksums(original.checksums)
      .upTo(copied)
      .firstDifference(file.content.checksumsUpTo(copied)) === undefined;
  return isStillCopied ? file.content.lineStartBefore(copied) : file.content.leadingNuls;
}

/** The partitions that a file differs from, also where only its last bytes show it. */
function differingOf({ differing, behind }: Claim): Partition[] {
  return [...differing, ...behind];
}

/** Where the first line begins that a file does not share with the file of a partition, all of which it holds. */
function partedAt({ content }: LogFile, { offset }: Partition, holder: LogFile | undefined): number {
  if (!holder || isArchive(holder)) return offset;
  return Math.max(offset, content.lineStartBefore(content.sharedBytes(holder.content)));
}

function newPartition(file: LogFile, startBytes: number): Partition {
  const startOffset = bytePosition(startBytes);
  return {
    ...{ id: randomUUID(), ...fingerprintsOf(file), isLive: true, addedMs: null },
    ...{ startOffset, offset: startOffset },
    tailChecksum: startBytes === 0 ? '' : fingerprintOf(file.content.tailBytesBefore(startBytes)),
    checksums: presentChecksums(file).bytes,
  };
}

/** They tell new partitions that begin alike from each other, until something of them is read. */
function presentChecksums({ content, notes }: LogFile): PrefixChecksums {
  if (notes) return notes.checksums;
  // What is not written yet will differ.
  return content.endsInNuls ? PrefixChecksums.NONE : content.checksumsUpTo(content.sizeBytes);
}

/** What was read furthest comes first; then what is known best, what has the file's name, the youngest. */
function comparePartitions(a: Partition, b: Partition, { name }: LogFile): number {
  return (
    b.offset - a.offset ||
    b.checksums.length - a.checksums.length ||
    Number(b.name === name) - Number(a.name === name) ||
    (b.addedMs ?? 0) - (a.addedMs ?? 0)
  );
}

/** The longest comes first; then what is not compressed, what has a path, what has the partition's name. */
function compareFiles(a: LogFile, b: LogFile, { name }: Partition): number {
  return compareNew(a, b, (file) => file.name === name);
}

function compareNew(a: LogFile, b: LogFile, isPreferred: (file: LogFile) => boolean = () => false): number {
  return (
    (b.end?.contentBytes ?? 0) - (a.end?.contentBytes ?? 0) ||
    Number(isArchive(a)) - Number(isArchive(b)) ||
    Number(a.isDeparted) - Number(b.isDeparted) ||
    Number(isPreferred(b)) - Number(isPreferred(a)) ||
    (a.path < b.path ? -1 : 1)
  );
}

function sameContent(file: LogFile, original: string): SourceProblem {
  const detail = `${file.name} holds what ${original} holds, and nothing more: it is not read.`;
  return {
    error: new DaymarkError('SAME_CONTENT', detail),
    isNamed: false,
    input: file.name,
    mayPass: file.isFresh,
  };
}

function copyBehind({ name, end, isFresh }: LogFile, partition: Partition): SourceProblem {
  const detail = `${name} has ${end?.contentBytes} bytes, all of them as in ${partition.name}, of which ${partition.offset} were read. Nothing of it is counted.`;
  return { error: new DaymarkError('COPY_BEHIND', detail), isNamed: false, input: name, mayPass: isFresh };
}

/** Tells that a file is read as a new log, though it was another one before. */
export function rewrittenProblem({ name, end }: LogFile, { offset }: Partition): SourceProblem {
  const size = end ? ` It has ${end.contentBytes} bytes now;` : '';
  const detail = `${name} no longer holds what was read of it.${size} ${offset} bytes were read before. It is read as a new log.`;
  return { error: new DaymarkError('FILE_REWRITTEN', detail), isNamed: false, input: name };
}
