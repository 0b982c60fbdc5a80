import { DaymarkError, type ErrorCode } from '../errors.ts';
import { judgeSample } from '../log-format/sample.ts';
import type { Assignment, Discovery, Source, SourceProblem } from '../source/contract.ts';
import type { Store } from '../store/contract.ts';

/** What may be read in this pass, and what may not. */
export interface Admission {
  readonly assignments: readonly Assignment[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Finds out which partitions to read on, looks at new ones before anything of them is stored, and makes those
 * that are logs known to the store.
 * @param mayAdd is asked with all problems before the store is written to; where it says no, nothing is read.
 */
export async function admit(
  discovery: Discovery,
  store: Store,
  mayAdd: (problems: readonly SourceProblem[]) => boolean,
): Promise<Admission> {
  const { assignments, problems } = discovery.assign(await store.checkpoints());
  const fresh = assignments.filter(({ isNew }) => isNew);
  const judged = await Promise.all(fresh.map(judge));
  const refused = new Set(fresh.filter((_, i) => judged[i]).map(({ partition }) => partition.name));
  const allProblems = [...problems, ...judged.filter((problem) => problem !== undefined)];
  if (!mayAdd(allProblems)) return { assignments: [], problems: allProblems };
  const isWanted = ({ partition }: Assignment): boolean => !refused.has(partition.name);
  if (fresh.length === refused.size)
    return { assignments: assignments.filter(isWanted), problems: allProblems };
  await store.addPartitions((known) =>
    discovery
      .assign(known)
      .assignments.filter((assignment) => assignment.isNew && isWanted(assignment))
      .map(({ partition: { id, name, identity } }) => ({ id, name, identity })),
  );
  const { assignments: all } = discovery.assign(await store.checkpoints());
  return { assignments: all.filter(({ isNew }) => !isNew), problems: allProblems };
}

/**
 * Looks at the inputs that the operator named, before there is a store.
 * @param waitsFor codes of what a run that follows waits to see change.
 * @throws {DaymarkError} the first of what is wrong with them.
 */
export async function refuseNamed(source: Source, waitsFor: readonly ErrorCode[] = []): Promise<void> {
  const { assignments, problems } = (await source.discover()).assign([]);
  const judged = await Promise.all(assignments.filter(({ isNamed }) => isNamed).map(judge));
  const named = [...problems, ...judged].filter((problem) => problem?.isNamed);
  const fatal = named.find((problem) => problem && !waitsFor.includes(problem.error.code));
  if (fatal) throw fatal.error;
}

/** Why a new partition is not taken for a log; undefined where it is. */
async function judge({
  sample,
  partition: { name },
  isNamed,
}: Assignment): Promise<SourceProblem | undefined> {
  try {
    const { bytes, isWhole } = await sample();
    const verdict = judgeSample(bytes, isWhole);
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
