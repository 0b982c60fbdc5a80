import { DaymarkError, type ErrorCode } from '../errors.ts';
import { judgeSample } from '../log-format/sample.ts';
import type { ScanSettings } from '../log-format/types.ts';
import type { Assigned, Assignment, Discovery, Source, SourceProblem } from '../source/contract.ts';
import type { Checkpoint, Store } from '../store/contract.ts';

/** What may be read in this pass, and what may not. */
export interface Admission {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly SourceProblem[];
  /** As `Assigned.found`. */
  readonly found: Assigned['found'];
  /** By these the partitions were recognised. */
  readonly checkpoints: readonly Checkpoint[];
  /** The system time, before anything was looked at. */
  readonly seenMs: number;
}

/**
 * Finds out which partitions to read on, looks at new ones before anything of them is stored, and makes those
 * that are logs known to the store.
 * @param scan how their lines are to be understood.
 * @param isGrowing true where half a last line may still get its end.
 * @param mayAdd is asked with all problems before the store is written to; where it says no, nothing is read.
 * @param nowMs the system time, in ms since 1970.
 */
export async function admit(
  source: Source,
  store: Store,
  scan: ScanSettings,
  isGrowing: boolean,
  mayAdd: (problems: readonly SourceProblem[]) => boolean,
  nowMs: () => number,
): Promise<Admission> {
  const seenMs = nowMs();
  const discovery = await source.discover();
  const checkpoints = await store.checkpoints();
  const { assignments, problems, found } = discovery.assign(checkpoints);
  const fresh = assignments.filter(({ isNew }) => isNew);
  const refused = new Set<string>();
  const allProblems = [...problems];
  for (const assignment of fresh) {
    const problem = await judge(assignment, scan, isGrowing);
    if (!problem) continue;
    refused.add(assignment.partition.name);
    allProblems.push(problem);
  }
  const seen = { problems: allProblems, found, checkpoints, seenMs };
  if (!mayAdd(allProblems)) return { ...seen, assignments: [] };
  const isWanted = ({ partition }: Assignment): boolean => !refused.has(partition.name);
  if (fresh.length === refused.size) return { ...seen, assignments: assignments.filter(isWanted) };
  return { ...seen, ...(await add(source, store, isWanted, nowMs)) };
}

/**
 * Adds what is new, as it looks under the lock: what was seen of a short file before may no longer tell that another
 * process has added it, and read on in it, meanwhile.
 */
async function add(
  source: Source,
  store: Store,
  isWanted: (assignment: Assignment) => boolean,
  nowMs: () => number,
): Promise<Pick<Admission, 'assignments' | 'found' | 'checkpoints'>> {
  let discovery: Discovery | undefined;
  await store.changePartitions(async (known) => {
    discovery = await source.discover();
    const added = discovery
      .assign(known)
      .assignments.filter((assignment) => assignment.isNew && isWanted(assignment))
      .map(({ partition: { id, name, identity } }) => ({ id, name, identity, addedMs: nowMs() }));
    return { added, retired: [] };
  });
  const checkpoints = await store.checkpoints();
  const { assignments = [], found = [] } = discovery?.assign(checkpoints) ?? {};
  const known = assignments.filter((assignment) => !assignment.isNew && isWanted(assignment));
  return { assignments: known, found, checkpoints };
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
  const { assignments, problems } = (await source.discover()).assign([]);
  const found = [...problems];
  for (const assignment of assignments.filter(({ isNamed }) => isNamed)) {
    const problem = await judge(assignment, scan, false);
    if (problem) found.push(problem);
  }
  const fatal = found.find(({ isNamed, error }) => isNamed && !waitsFor.includes(error.code));
  if (fatal) throw fatal.error;
}

/** Why a new partition is not taken for a log; undefined where it is. */
async function judge(
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
        isNamed,
      };
    }
    const detail = `None of the first ${verdict.lines} lines of ${name} is in the log format (${verdict.firstReason}).`;
    return { error: new DaymarkError('NO_LINE_UNDERSTOOD', detail), isNamed };
  } catch (error) {
    if (error instanceof DaymarkError) return { error, isNamed };
    throw error;
  }
}
