import { grouped } from '../../counted.ts';
import { bug, DaymarkError, type ErrorCode } from '../../errors.ts';
import { judgeSample } from '../../log-format/sample.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  Partition,
  Source,
  SourceProblem,
} from '../../source/contract.ts';
import type { Checkpoint, NewPartition, Store } from '../../store/contract.ts';
import type { InputOutages } from './input-outages.ts';
import { KNOWS_NOTHING, StoredPartitions } from './known-partitions.ts';

/** One poll of a source. */
export interface Poll {
  readonly discovery: Discovery;
  /** The system time before it, in ms since 1970. */
  readonly seenMs: number;
}

/** @param systemTimeMs the system time, in ms since 1970. */
export async function pollSource(source: Source, systemTimeMs: () => number): Promise<Poll> {
  const seenMs = systemTimeMs();
  return { seenMs, discovery: await source.discover() };
}

/** What may be read in this scan cycle, and what may not. */
export interface DiscoveredPartitions {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly SourceProblem[];
  /** As `Assigned.found`. */
  readonly found: Assigned['found'];
  /** Partitions of which nothing comes any more. */
  readonly finished: readonly Partition[];
  /** By these the partitions were recognised. */
  readonly checkpoints: readonly Checkpoint[];
  /** As of the poll. */
  readonly seenMs: number;
  /** True where nothing changed since all was read: then the store was not asked. */
  readonly isUnchanged: boolean;
}

const UNCHANGED = {
  ...{ assignments: [], problems: [], found: [], finished: [], checkpoints: [] },
  isUnchanged: true,
};

export interface DiscoveryParts {
  readonly source: Source;
  readonly store: Store;
  /** SOURCE_NAME; empty where it is not set, or the source is not of one host. */
  readonly sourceName?: string;
  /** How lines are to be understood. */
  readonly scan: ScanSettings;
  /** True where half a last line may still get its end. */
  readonly isGrowing: boolean;
  /** Hears of all problems before the store is written to. Where it says no, nothing is read. */
  readonly mayAdd: (problems: readonly SourceProblem[]) => boolean;
  /** The system time, in ms since 1970. */
  readonly systemTimeMs: () => number;
  /** True where all that the last poll found was read: then a poll that finds no change does not ask the store. */
  readonly hasReadAll?: boolean;
}

/** Finds out which partitions to read on. Judges new ones, and adds those that are logs to the store. */
export async function discoverPartitions(poll: Poll, parts: DiscoveryParts): Promise<DiscoveredPartitions> {
  const discovered = await discoverOnce(poll, parts);
  if (!(await nameUnnamed(parts, discovered))) return discovered;
  // Another host may have been faster to name one. Then it is not this host's.
  const again = await pollSource(parts.source, parts.systemTimeMs);
  return discoverPartitions(again, { ...parts, hasReadAll: false });
}

async function discoverOnce(
  { discovery, seenMs }: Poll,
  parts: DiscoveryParts,
): Promise<DiscoveredPartitions> {
  if (parts.hasReadAll && discovery.isUnchanged) return { ...UNCHANGED, seenMs };
  const catalog = new StoredPartitions(parts.store.checkpoints, parts.sourceName);
  const { assignments, found, finished, ...assigned } = await discovery.assign(catalog);
  const fresh = assignments.filter(({ isNew }) => isNew);
  const refusals = await judgeAll(fresh, parts);
  const refused = new Set(refusals.map(({ input }) => input));
  const problems = [...assigned.problems, ...refusals];
  const { checkpoints } = catalog;
  const seen = { problems, found, finished, checkpoints, seenMs, isUnchanged: false };
  if (!parts.mayAdd(problems)) return { ...seen, assignments: [], finished: [] };
  // A file that left its path may be read on, while the new one under the same name is refused.
  const isWanted = ({ isNew, partition }: Assignment): boolean => !isNew || !refused.has(partition.name);
  if (fresh.some(isWanted)) {
    const added = await add(parts, isWanted);
    return { ...seen, ...added, finished: [...finished, ...added.finished] };
  }
  return { ...seen, assignments: assignments.filter(isWanted) };
}

async function judgeAll(
  fresh: readonly Assignment[],
  { scan, isGrowing }: DiscoveryParts,
): Promise<readonly SourceProblem[]> {
  const problems: SourceProblem[] = [];
  for (const assignment of fresh) {
    const problem = await judge(assignment, scan, isGrowing);
    if (problem) problems.push(problem);
  }
  return problems;
}

/**
 * Adds what is new, by a second poll under the store's lock. The first one cannot be used: a file may have grown since,
 * and another process may have added it with more of its first bytes, so that what the first poll saw no longer tells that
 * they are the same. The lock cannot cover both polls either: samples of new files are read and judged between them.
 */
async function add(
  { source, store, sourceName = '', systemTimeMs }: DiscoveryParts,
  isWanted: (assignment: Assignment) => boolean,
): Promise<Pick<DiscoveredPartitions, 'assignments' | 'found' | 'finished' | 'checkpoints'>> {
  let known: readonly Checkpoint[] = [];
  let assigned: Assigned | undefined;
  await store.addPartitions(async (lookup) => {
    const catalog = new StoredPartitions(lookup, sourceName);
    assigned = await (await source.discover()).assign(catalog);
    known = catalog.checkpoints;
    return newOnes(assigned, isWanted).map(({ partition }) => ({
      ...newPartition(partition, systemTimeMs()),
      sourceName,
    }));
  });
  if (!assigned) throw bug('the store chose no partitions');
  const ids = newOnes(assigned, isWanted).map(({ partition }) => partition.id);
  const checkpoints = [...known, ...(await store.checkpoints.byIds(ids))];
  const assignments = assigned.assignments.filter(isWanted).map((one) => ({ ...one, isNew: false }));
  return { assignments, found: assigned.found, finished: assigned.finished, checkpoints };
}

/** What the store knows of the partitions that are there. It may have been asked for others, too. */
export function presentCheckpoints({
  found,
  assignments,
  checkpoints,
}: Pick<DiscoveredPartitions, 'found' | 'assignments' | 'checkpoints'>): readonly Checkpoint[] {
  const ids = new Set([
    ...found.map((one) => one.partitionId),
    ...assignments.map((one) => one.partition.id),
  ]);
  return checkpoints.filter(({ id }) => ids.has(id));
}

/**
 * Names the partitions that were read before this host had a name. From then on, equal logs of other hosts are other ones.
 * @returns true where there were such partitions.
 */
async function nameUnnamed(
  { store, sourceName = '' }: DiscoveryParts,
  discovered: DiscoveredPartitions,
): Promise<boolean> {
  if (sourceName === '') return false;
  const unnamed = presentCheckpoints(discovered).filter((one) => one.sourceName === '');
  if (unnamed.length === 0) return false;
  await store.nameSource(
    unnamed.map(({ id }) => id),
    sourceName,
  );
  return true;
}

function newOnes({ assignments }: Assigned, isWanted: (one: Assignment) => boolean): readonly Assignment[] {
  return assignments.filter((one) => one.isNew && isWanted(one));
}

function newPartition(partition: Partition, addedMs: number): NewPartition {
  const { id, name, headFingerprint, headKey, inode, checksums, startOffset, tailChecksum } = partition;
  const prefixChecksums = checksums.length > 0 ? checksums : null;
  return { id, name, headFingerprint, headKey, inode, prefixChecksums, startOffset, tailChecksum, addedMs };
}

export interface FirstPollParts {
  readonly source: Source;
  readonly scan: ScanSettings;
  readonly inputs: InputOutages;
  readonly systemTimeMs: () => number;
  /** As of the pipeline. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Polls a source before there is a store, and waits for named inputs that are away.
 * @returns the poll, for the first scan cycle; undefined where the run is to stop.
 * @throws {DaymarkError} the first of what is wrong with the inputs that the operator named.
 */
export async function firstPoll(parts: FirstPollParts): Promise<Poll | undefined> {
  const { source, scan, inputs, systemTimeMs, pause, signal } = parts;
  while (!signal.aborted) {
    const poll = await pollSource(source, systemTimeMs);
    const problems = await problemsOfNamed(poll.discovery, scan);
    if (problems.length === 0) return poll;
    for (const { input, error } of problems) {
      if (!(error.isTransient && inputs.failed(input, error, 'poll'))) throw error;
    }
    const away = new Set(problems.map(({ input }) => input));
    inputs.endWhere((input) => !away.has(input));
    await pause(inputs.waitMs, signal);
  }
  return undefined;
}

/**
 * Judges the inputs that the operator named, before there is a store.
 * @param waitsFor codes of problems that a run that follows waits out.
 * @throws {DaymarkError} the first of what is wrong with them.
 */
export async function refuseNamed(
  source: Source,
  scan: ScanSettings,
  waitsFor: readonly ErrorCode[] = [],
): Promise<void> {
  const [problem] = await problemsOfNamed(await source.discover(), scan, waitsFor);
  if (problem) throw problem.error;
}

/** The problems of named inputs; those that pass by themselves come last. */
async function problemsOfNamed(
  discovery: Discovery,
  scan: ScanSettings,
  waitsFor: readonly ErrorCode[] = [],
): Promise<readonly SourceProblem[]> {
  const { assignments, problems } = await discovery.assign(KNOWS_NOTHING);
  const all = [...problems];
  for (const assignment of assignments.filter(({ isNamed }) => isNamed)) {
    const problem = await judge(assignment, scan, false);
    if (problem) all.push(problem);
  }
  const ofNamed = all.filter(({ isNamed, error }) => isNamed && !waitsFor.includes(error.code));
  return ofNamed.sort((a, b) => Number(a.error.isTransient) - Number(b.error.isTransient));
}

/** Why a new partition is not taken for a log; undefined where it is. */
export async function judge(
  { sample, partition: { name }, isNamed }: Assignment,
  scan: ScanSettings,
  isGrowing: boolean,
): Promise<SourceProblem | undefined> {
  try {
    const found = await sample();
    // Opening it shows that it is something else by now.
    if (!found) return undefined;
    const verdict = judgeSample(found.bytes, found.isWhole && !isGrowing, scan);
    if (verdict.kind === 'log') return undefined;
    if (verdict.kind === 'binary') {
      return {
        error: new DaymarkError('BINARY_FILE', `${name} is not a text log: ${verdict.because}.`),
        ...{ isNamed, input: name },
      };
    }
    const none = verdict.lines === 1 ? 'The only line' : `None of the first ${grouped(verdict.lines)} lines`;
    const detail = `${none} of ${name} ${verdict.lines === 1 ? 'does not fit' : 'fits'} the log format (${verdict.firstReason}).`;
    return { error: new DaymarkError('NO_LINE_UNDERSTOOD', detail), isNamed, input: name };
  } catch (error) {
    if (error instanceof DaymarkError) return { error: withName(error, name), isNamed, input: name };
    throw error;
  }
}

/** The parser that misses the header does not know whose it is. */
function withName(error: DaymarkError, name: string): DaymarkError {
  if (error.code !== 'HEADER_MISSING') return error;
  return new DaymarkError(error.code, `${name}: ${error.message}`, { cause: error });
}
