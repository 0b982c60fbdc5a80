import { randomUUID } from 'node:crypto';
import { DaymarkError } from '../../errors.ts';
import type { Partition, SourceProblem } from '../contract.ts';
import { identityLength, identityOf, isIdentifiedBy } from '../identity.ts';
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
 *    beginning of the longer, as long as that lasts (the longer is read). The others are SAME_CONTENT.
 * 2. A file is the partition with the longest identity that its content begins with. Where several files could
 *    be the same partition, it is the one under the partition's name, else the first.
 * 3. A file that is no known partition is a new one.
 */
export function assignFiles(
  files: readonly FoundFile[],
  known: readonly Partition[],
): { assigned: AssignedFile[]; problems: SourceProblem[] } {
  const { originals, problems } = setCopiesAside(files, known);
  const taken = new Set<string>();
  const names = new Set(known.map(({ name }) => name));
  const inOrder = originals.toSorted((a, b) => Number(names.has(b.path)) - Number(names.has(a.path)));
  const assigned: AssignedFile[] = [];
  for (const file of inOrder) {
    const match = bestMatch(file, known, taken);
    if (match) taken.add(match.id);
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

function bestMatch(
  file: FoundFile,
  known: readonly Partition[],
  taken: ReadonlySet<string>,
): Partition | undefined {
  const lengths = new Set(known.map(({ identity }) => identityLength(identity)));
  const fitting = [...lengths].filter((length) => length <= file.head.length).sort((a, b) => b - a);
  for (const length of fitting) {
    const identity = identityOf(file.head, length);
    const matches = known.filter((partition) => partition.identity === identity && !taken.has(partition.id));
    const match = matches.find(({ name }) => name === file.path) ?? matches[0];
    if (match) return match;
  }
  return undefined;
}

/** Applies rule 1: of those that begin alike, the longest head stays, and of equals the one that is known by name. */
function setCopiesAside(
  files: readonly FoundFile[],
  known: readonly Partition[],
): { originals: FoundFile[]; problems: SourceProblem[] } {
  const names = new Set(known.map(({ name }) => name));
  const inOrder = files.toSorted(
    (a, b) => b.head.length - a.head.length || Number(names.has(b.path)) - Number(names.has(a.path)),
  );
  const originals: FoundFile[] = [];
  const problems: SourceProblem[] = [];
  const byIdentity = new Map<string, FoundFile>();
  for (const file of inOrder) {
    const identity = identityOf(file.head);
    const original = byIdentity.get(identity) ?? longerThan(file, originals, identity);
    if (original) {
      problems.push(sameContent(file, original));
    } else {
      byIdentity.set(identity, file);
      originals.push(file);
    }
  }
  return { originals, problems };
}

function longerThan(file: FoundFile, originals: FoundFile[], identity: string): FoundFile | undefined {
  return originals.find(
    (original) => original.head.length > file.head.length && isIdentifiedBy(original.head, identity),
  );
}

function sameContent(file: FoundFile, original: FoundFile): SourceProblem {
  const detail = `${file.path} begins with the same content as ${original.path} and is not read.`;
  return { error: new DaymarkError('SAME_CONTENT', detail), isNamed: false };
}
