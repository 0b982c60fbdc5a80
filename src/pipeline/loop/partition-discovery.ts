import { grouped } from '../../counted.ts';
import { DaymarkError, type ErrorCode } from '../../errors.ts';
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
import { KNOWS_NOTHING, StoredPartitions } from './known-partitions.ts';

/** What may be read in this pass, and what may not. */
export interface DiscoveredPartitions {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly SourceProblem[];
  /** As `Assigned.found`. */
  readonly found: Assigned['found'];
  /** Partitions of which nothing comes any more. */
  readonly finished: readonly Partition[];
  /** By these the partitions were recognised. */
  readonly checkpoints: readonly Checkpoint[];
  /** The system time, before anything was looked at. */
  readonly seenMs: number;
  /** True where nothing changed since all was read, and so nobody looked closer. */
  readonly isUnchanged: boolean;
}

const UNCHANGED = {
  ...{ assignments: [], problems: [], found: [], finished: [], checkpoints: [] },
  isUnchanged: true,
};

/**
 * Finds out which partitions to read on, looks at new ones before anything of them is stored, and makes those
 * that are logs known to the store.
 * @param scan how their lines are to be understood.
 * @param isGrowing true where half a last line may still get its end.
 * @param mayAdd is asked with all problems before the store is written to; where it says no, nothing is read.
 * @param nowMs the system time, in ms since 1970.
 * @param hasReadAll true where nothing is left of what was found before: then the store is not asked for it, as long as
 * nothing changes.
 */
export async function discoverPartitions(
  source: Source,
  store: Store,
  scan: ScanSettings,
  isGrowing: boolean,
  mayAdd: (problems: readonly SourceProblem[]) => boolean,
  nowMs: () => number,
  hasReadAll = false,
): Promise<DiscoveredPartitions> {
  const seenMs = nowMs();
  const discovery = await source.discover();
  if (hasReadAll && discovery.isUnchanged) return { ...UNCHANGED, seenMs };
  const catalog = new StoredPartitions(store.checkpoints);
  const { assignments, problems, found, finished } = await discovery.assign(catalog);
  const fresh = assignments.filter(({ isNew }) => isNew);
  const refused = new Set<string>();
  const allProblems = [...problems];
  for (const assignment of fresh) {
    const problem = await judge(assignment, scan, isGrowing);
    if (!problem) continue;
    refused.add(assignment.partition.name);
    allProblems.push(problem);
  }
  const { checkpoints } = catalog;
  const seen = { problems: allProblems, found, finished, checkpoints, seenMs, isUnchanged: false };
  if (!mayAdd(allProblems)) return { ...seen, assignments: [], finished: [] };
  const newIds = new Set(fresh.map(({ partition }) => partition.id));
  // A file that left its path may be read on, while the new one under the same name is refused.
  const isWanted = ({ id, name }: Partition): boolean => !newIds.has(id) || !refused.has(name);
  const isToChange = fresh.some(({ partition }) => isWanted(partition));
  if (isToChange) return { ...seen, ...(await add(source, store, refused, nowMs)) };
  return { ...seen, assignments: assignments.filter(({ partition }) => isWanted(partition)) };
}

/**
 * Adds what is new, as it looks under the lock: what was seen of a file before may no longer tell that another process has
 * added it, and read on in it, meanwhile.
 * @param refused names of new partitions that are not taken for logs.
 */
async function add(
  source: Source,
  store: Store,
  refused: ReadonlySet<string>,
  nowMs: () => number,
): Promise<Pick<DiscoveredPartitions, 'assignments' | 'found' | 'finished' | 'checkpoints'>> {
  let discovery: Discovery | undefined;
  await store.addPartitions(async (known) => {
    discovery = await source.discover();
    const { assignments } = await discovery.assign(new StoredPartitions(known));
    return assignments
      .filter(({ isNew, partition }) => isNew && !refused.has(partition.name))
      .map(({ partition }) => newPartition(partition, nowMs()));
  });
  const catalog = new StoredPartitions(store.checkpoints);
  const { assignments = [], found = [], finished = [] } = (await discovery?.assign(catalog)) ?? {};
  const { checkpoints } = catalog;
  return { assignments: assignments.filter(({ isNew }) => !isNew), found, finished, checkpoints };
}

function newPartition(partition: Partition, addedMs: number): NewPartition {
  const { id, name, headFingerprint, headKey, inode, checksums, startOffset, tailChecksum } = partition;
  const prefixChecksums = checksums.length > 0 ? checksums : null;
  return { id, name, headFingerprint, headKey, inode, prefixChecksums, startOffset, tailChecksum, addedMs };
}

/**
 * Looks at the inputs that the operator named, before there is a store.
 * @param waitsFor codes of what a run that follows waits to see change.
 * @throws {DaymarkError} the first of what is wrong with them.
 */
export async function refuseNamed(
  source: Source,
  scan: ScanSettings,
  waitsFor: readonly ErrorCode[] = [],
): Promise<void> {
  const { assignments, problems } = await (await source.discover()).assign(KNOWS_NOTHING);
  const found = [...problems];
  for (const assignment of assignments.filter(({ isNamed }) => isNamed)) {
    const problem = await judge(assignment, scan, false);
    if (problem) found.push(problem);
  }
  const fatal = found.find(({ isNamed, error }) => isNamed && !waitsFor.includes(error.code));
  if (fatal) throw fatal.error;
}

/** Why a new partition is not taken for a log; undefined where it is. */
export async function judge(
  { sample, partition: { name }, isNamed }: Assignment,
  scan: ScanSettings,
  isGrowing: boolean,
): Promise<SourceProblem | undefined> {
  try {
    const { bytes, isWhole } = await sample();
    const verdict = judgeSample(bytes, isWhole && !isGrowing, scan);
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
