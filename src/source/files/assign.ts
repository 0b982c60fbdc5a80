import { randomUUID } from 'node:crypto';
import { DaymarkError } from '../../errors.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import { FORK_MIN_BYTES, HEAD_FINGERPRINT_BYTES, HEAD_KEY_BYTES } from '../../limits.ts';
import { bytePosition } from '../byte-positions.ts';
import type { Partition, SourceProblem } from '../contract.ts';
import { headLength } from '../head-fingerprint.ts';
import { PrefixChecksums, readChecksums } from '../prefix-checksums.ts';
import { BeginningIndex } from './beginning-index.ts';
import {
  checksumsUpTo,
  differsBehindOffset,
  type FileIdentity,
  fingerprintsOf,
  hasMore,
  isArchive,
  isBeginningOf,
  knownBytes,
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
  /** True for a new partition that begins with most of what was read as another one. */
  readonly isRepeat: boolean;
  /** The partition that stood in the file before it was rewritten. */
  readonly rewritten: Partition | undefined;
}

/** A file that is not read, because a partition holds all of it. */
export interface Copy {
  readonly file: LogFile;
  readonly partition: Partition;
}

export interface AssignedFiles {
  readonly assigned: readonly AssignedFile[];
  readonly copies: readonly Copy[];
  /** Files that are not identified yet: more must be read of them, or of archives that begin as they do. */
  readonly unread: readonly LogFile[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Decides which partition each file is. A line that stands in two files must count once. The rules:
 *
 * 1. A file that begins with all that was read of a partition **continues** it, whatever its name. The longest such file is
 *    the partition's file. Those that are beginnings of it are its copies (SAME_CONTENT). Where two have gone on differently,
 *    the one that was the partition's file before stays it. Where a file continues several partitions, it is the one of which
 *    most is known to stand in it: many logs begin with the same lines, and what was read of one may be only those.
 * 2. A file that ends before that is a copy that has not come as far (SAME_CONTENT, or COPY_BEHIND where the partition has no
 *    file). Nothing of it counts until it differs somewhere, or has grown past what was read.
 * 3. Any other file is a new partition, even if it begins as another one. A file under the name of a partition that has no
 *    file any more was rewritten (FILE_REWRITTEN). Where one new file is the beginning of another one, only one is read.
 * 4. A copy that has grown by lines of its own is a new partition. It begins where the copy ended, if the copy was long enough
 *    to be no coincidence (FORK_MIN_BYTES).
 * 5. An archive that begins as another log is inspected first. That shows which rule it falls under.
 */
export function assignFiles(
  files: readonly LogFile[],
  known: readonly Partition[],
  fileIdentity: FileIdentity,
): AssignedFiles {
  return new Assigning(files, known, fileIdentity);
}

/** A file, and the partitions that begin as it does. */
interface Claim {
  readonly file: LogFile;
  /** Those that it continues, the best first. */
  continued: Partition[];
  /** Those of them whose file is another one that has gone on differently. */
  readonly parted: Partition[];
  readonly behind: readonly Partition[];
  readonly differing: readonly Partition[];
  /** Of an archive: those that it may turn out to be. */
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
    // It still is what it was before, so the other partitions need not be compared.
    if (known && relation === 'continues' && !differsBehindOffset(file, known))
      return { ...claim, continued: [known] };
    if (known && relation === 'behind') return { ...claim, behind: [known] };
    const candidates = this.#index.candidates(file);
    const related = Map.groupBy(candidates, (one): Relation => relationOf(file, one, this.#fileIdentity));
    const continued = (related.get('continues') ?? []).sort((a, b) => comparePartitions(a, b, file));
    const unread = continued.length === 0 ? (related.get('unread') ?? []) : [];
    const behind = related.get('behind') ?? [];
    // Only a first line without its end was read of the continued ones. Now the file shows which log it is a copy of.
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
            // It may be a continuation of the holder: more must be read to know.
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
    const all = group.map(({ file }) => file).sort((a, b) => compareFiles(a, b, partition));
    const same = all.filter((file) => !differsBehindOffset(file, partition));
    const files = same.length > 0 ? same : all;
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

  /** Rule 5. An archive that can only be one partition, and that no other file is, is opened as it: that shows whether it is. */
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
      // The holder's content also tells of the bytes behind the last checksum.
      if (holder && !this.#isCopy(file, holder)) continue;
      this.#setAside(file, partition, holder);
      return true;
    }
    return false;
  }

  #setAside(file: LogFile, partition: Partition, holder: LogFile | undefined): void {
    this.copies.push({ file, partition });
    if (!holder) this.problems.push(copyBehind(file, partition));
    // A log that is compressed while it is still open is no problem.
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

  /** The first of the other files that begins with this one. */
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

/** Whether a file that differs from a partition took its place. For a log that was over, a common header is no sign of it. */
function isRewrittenIn(file: LogFile, { name, isLive, headFingerprint }: Partition): boolean {
  return name === file.name && (isLive || headLength(headFingerprint) >= HEAD_FINGERPRINT_BYTES);
}

/** Finds files that may begin with another file. */
class Originals {
  readonly #byHeadKey = new Map<string, BeginningIndex<LogFile>>();
  readonly #all: LogFile[] = [];

  /** @param headKeys of the files that will be asked for. Checksums of other files need not be read. */
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

/** Whether only a first line without its end was read of a partition. */
function isCutOff({ headKey, headFingerprint }: Partition): boolean {
  return headKey === '' && headLength(headFingerprint) < HEAD_KEY_BYTES;
}

/** Where a new partition begins. */
function startOf(claim: Claim, holderOf: (partition: Partition) => LogFile | undefined): number {
  const { file, parted } = claim;
  if (isArchive(file)) return file.content.leadingNuls;
  // It holds all that was read of another file's partition, and has lines of its own behind that.
  const partedBytes = Math.max(0, ...parted.map((one) => partedAt(file, one, holderOf(one))));
  if (partedBytes >= FORK_MIN_BYTES) return partedBytes;
  const copied = file.remembered?.copyBytes ?? 0;
  const original = differingOf(claim).find(({ id }) => id === file.remembered?.partitionId);
  const isStillCopied =
    original &&
    copied >= FORK_MIN_BYTES &&
    readChecksums(original).upTo(copied).firstDifference(file.content.checksumsUpTo(copied)) === undefined;
  return isStillCopied ? file.content.lineStartBefore(copied) : file.content.leadingNuls;
}

/** The partitions that a file differs from, even if only in its last bytes. */
function differingOf({ differing, behind }: Claim): Partition[] {
  return [...differing, ...behind];
}

/** Where the first line begins that the file of a partition does not have. */
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

/** These distinguish new partitions that begin alike, until lines of them are read. */
function presentChecksums({ content, notes }: LogFile): PrefixChecksums {
  if (notes) return notes.checksums;
  // The NULs at its end are not written yet.
  return content.endsInNuls ? PrefixChecksums.NONE : content.checksumsUpTo(content.sizeBytes);
}

/**
 * The one of which most is known to stand in the file comes first; then the one that was read furthest, the one with most
 * checksums, the one with the file's name, the youngest.
 */
function comparePartitions(a: Partition, b: Partition, file: LogFile): number {
  const { name } = file;
  return (
    knownBytes(file, b) - knownBytes(file, a) ||
    b.offset - a.offset ||
    b.checksums.length - a.checksums.length ||
    Number(b.name === name) - Number(a.name === name) ||
    (b.addedMs ?? 0) - (a.addedMs ?? 0)
  );
}

/** The longest comes first; then one that is not compressed, one with a path, one with the partition's name. */
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

/** The warning that a file is read as a new log, though it was another one before. */
export function rewrittenProblem({ name, end }: LogFile, { offset }: Partition): SourceProblem {
  const size = end ? ` It has ${end.contentBytes} bytes now;` : '';
  const detail = `${name} no longer holds what was read of it.${size} ${offset} bytes were read before. It is read as a new log.`;
  return { error: new DaymarkError('FILE_REWRITTEN', detail), isNamed: false, input: name };
}
