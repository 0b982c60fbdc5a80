import { randomUUID } from 'node:crypto';
import { DaymarkError } from '../../errors.ts';
import type { Partition, SourceProblem } from '../contract.ts';
import { identityLength, identityOf } from '../identity.ts';
import type { FoundFile } from './find.ts';

/** A file and the partition that it is. */
export interface AssignedFile {
  readonly file: FoundFile;
  readonly partition: Partition;
  readonly isNew: boolean;
}

/**
 * Says which partition each file is. The rules, for a line that stands in two files counts once:
 *
 * 1. Of files that begin with the same bytes one is read; so, too, of two of which the shorter is wholly the
 *    beginning of the longer, as long as that lasts. The longest is read, the others are SAME_CONTENT.
 * 2. A file is the partition with the longest identity that its content begins with. Where several files could
 *    be the same partition, it is the one under the partition's name, else the first.
 * 3. A file that is no known partition is a new one.
 */
export function assignFiles(
  files: readonly FoundFile[],
  known: readonly Partition[],
): { assigned: AssignedFile[]; problems: SourceProblem[] } {
  const names = new Set(known.map(({ name }) => name));
  const { originals, problems } = setCopiesAside(files, names);
  const index = new KnownPartitions(known);
  const inOrder = originals.toSorted((a, b) => Number(names.has(b.path)) - Number(names.has(a.path)));
  const assigned: AssignedFile[] = [];
  for (const file of inOrder) {
    const match = index.take(file);
    assigned.push({ file, partition: partitionOf(file, match), isNew: !match });
  }
  return { assigned, problems };
}

function partitionOf(file: FoundFile, match: Partition | undefined): Partition {
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
    for (const length of this.#lengths) {
      if (length > file.head.length) continue;
      const matches = this.#byIdentity.get(identityOf(file.head, length)) ?? [];
      const match = matches.find(({ name }) => name === file.path) ?? matches[0];
      if (!match) continue;
      matches.splice(matches.indexOf(match), 1);
      return match;
    }
    return undefined;
  }
}

/**
 * Applies rule 1. In the order of their heads, a file that is the beginning of others stands right before one of
 * them, so each is compared with one other only.
 */
function setCopiesAside(
  files: readonly FoundFile[],
  names: ReadonlySet<string>,
): { originals: FoundFile[]; problems: SourceProblem[] } {
  const originals: FoundFile[] = [];
  const problems: SourceProblem[] = [];
  for (const file of files.toSorted((a, b) => comparePreference(a, b, names)).reverse()) {
    const original = originals.at(-1);
    if (original && isBeginningOf(file.head, original.head)) problems.push(sameContent(file, original));
    else originals.push(file);
  }
  return { originals, problems };
}

/** By head; among equal ones the one to read last: the longest, then the one that is known by its name. */
function comparePreference(a: FoundFile, b: FoundFile, names: ReadonlySet<string>): number {
  return (
    Buffer.compare(a.head, b.head) ||
    a.sizeBytes - b.sizeBytes ||
    Number(names.has(a.path)) - Number(names.has(b.path)) ||
    (a.path < b.path ? 1 : -1)
  );
}

function isBeginningOf(head: Uint8Array, other: Uint8Array): boolean {
  return head.length <= other.length && Buffer.compare(head, other.subarray(0, head.length)) === 0;
}

function sameContent(file: FoundFile, original: FoundFile): SourceProblem {
  const detail = `${file.path} begins with the same content as ${original.path} and is not read.`;
  return { error: new DaymarkError('SAME_CONTENT', detail), isNamed: false };
}
