import { randomUUID } from 'node:crypto';
import { DaymarkError } from '../../errors.ts';
import type { ArchiveEnd } from '../compression/archive-reader.ts';
import type { Partition, SourceProblem } from '../contract.ts';
import { identityLength, identityOf } from '../identity.ts';
import type { FoundFile } from './find.ts';

/** A file, and what it holds. */
export interface LogFile extends FoundFile {
  /** Undefined of an archive that was not read to its end since it changed. */
  readonly end: ArchiveEnd | undefined;
}

/** A file and the partition that it is. */
export interface AssignedFile {
  readonly file: LogFile;
  readonly partition: Partition;
  readonly isNew: boolean;
}

/**
 * Says which partition each file is. The rules, for a line that stands in two files counts once:
 *
 * 1. Of files that begin with the same bytes one is read; so, too, of two of which the shorter is wholly the
 *    beginning of the longer, as long as that lasts. The longest is read, the others are SAME_CONTENT. How long an
 *    archive is shows only when it is read to its end; until then it gives way to a file that is known to hold
 *    something new, and goes before those that do not: so it is read when they are, and nothing in it is lost.
 * 2. A file is the partition with the longest identity that its content begins with. Where several files could
 *    be the same partition, it is the one under the partition's name, else the first.
 * 3. A file that is no known partition is a new one.
 */
export function assignFiles(
  files: readonly LogFile[],
  known: readonly Partition[],
): { assigned: AssignedFile[]; problems: SourceProblem[] } {
  const names = new Set(known.map(({ name }) => name));
  const index = new KnownPartitions(known);
  const { originals, problems } = setCopiesAside(files.map((file) => candidateOf(file, names, index)));
  const inOrder = originals.toSorted((a, b) => Number(names.has(b.path)) - Number(names.has(a.path)));
  const assigned: AssignedFile[] = [];
  for (const file of inOrder) {
    const match = index.take(file);
    assigned.push({ file, partition: partitionOf(file, match), isNew: !match });
  }
  return { assigned, problems };
}

function partitionOf(file: LogFile, match: Partition | undefined): Partition {
  return {
    id: match?.id ?? randomUUID(),
    name: file.path,
    identity: identityOf(file.head),
    offset: match?.offset ?? 0,
  };
}

/** The partitions that no file is yet, by identity. */
class KnownPartitions {
  readonly #byIdentity: ReadonlyMap<string, Partition[]>;
  /** The lengths of identities, longest first: nearly always one. */
  readonly #lengths: readonly number[];

  constructor(known: readonly Partition[]) {
    this.#byIdentity = Map.groupBy(known, ({ identity }) => identity);
    this.#lengths = [...new Set(known.map(({ identity }) => identityLength(identity)))].sort((a, b) => b - a);
  }

  /** The partition that a file is; no other file can be it. */
  take(file: FoundFile): Partition | undefined {
    const { match, matches } = this.#find(file);
    if (match) matches.splice(matches.indexOf(match), 1);
    return match;
  }

  /** Up to where a file was read, if it was. */
  offsetOf(file: FoundFile): number {
    return this.#find(file).match?.offset ?? 0;
  }

  #find({ head, path }: FoundFile): { match: Partition | undefined; matches: Partition[] } {
    for (const length of this.#lengths) {
      if (length > head.length) continue;
      const matches = this.#byIdentity.get(identityOf(head, length)) ?? [];
      const match = matches.find(({ name }) => name === path) ?? matches[0];
      if (match) return { match, matches };
    }
    return { match: undefined, matches: [] };
  }
}

/** True where a file may hold something behind the offset up to which it was read. */
export function hasMore({ end, isSettled }: LogFile, offset: number): boolean {
  return end ? end.lineBytes > offset : isSettled;
}

/** A file, and what rule 1 goes by. */
interface Candidate {
  readonly file: LogFile;
  readonly isKnownByName: boolean;
  /** 2: it holds something new, 1: it may, 0: it does not. */
  readonly newness: 0 | 1 | 2;
}

function candidateOf(file: LogFile, names: ReadonlySet<string>, index: KnownPartitions): Candidate {
  const mayHoldMore = hasMore(file, index.offsetOf(file));
  const newness = mayHoldMore ? (file.end ? 2 : 1) : 0;
  return { file, isKnownByName: names.has(file.path), newness };
}

/**
 * Applies rule 1. In the order of their heads, a file that is the beginning of others stands right before one of
 * them, so each is compared with one other only.
 */
function setCopiesAside(candidates: readonly Candidate[]): {
  originals: LogFile[];
  problems: SourceProblem[];
} {
  const originals: LogFile[] = [];
  const problems: SourceProblem[] = [];
  for (const { file } of candidates.toSorted(comparePreference).reverse()) {
    const original = originals.at(-1);
    if (original && isBeginningOf(file.head, original.head)) problems.push(sameContent(file, original));
    else originals.push(file);
  }
  return { originals, problems };
}

/**
 * By head; among equal ones the one to read last: what has something new, the longest, what is not compressed, what
 * is known by its name.
 */
function comparePreference(a: Candidate, b: Candidate): number {
  return (
    Buffer.compare(a.file.head, b.file.head) ||
    a.newness - b.newness ||
    (a.file.end?.contentBytes ?? 0) - (b.file.end?.contentBytes ?? 0) ||
    Number(b.file.compression !== 'none') - Number(a.file.compression !== 'none') ||
    Number(a.isKnownByName) - Number(b.isKnownByName) ||
    (a.file.path < b.file.path ? 1 : -1)
  );
}

function isBeginningOf(head: Uint8Array, other: Uint8Array): boolean {
  return head.length <= other.length && Buffer.compare(head, other.subarray(0, head.length)) === 0;
}

function sameContent(file: FoundFile, original: FoundFile): SourceProblem {
  const detail = `${file.path} begins with the same content as ${original.path} and is not read.`;
  return { error: new DaymarkError('SAME_CONTENT', detail), isNamed: false };
}
