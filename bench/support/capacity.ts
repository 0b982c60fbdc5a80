/**
 * What a load costs, by arithmetic and by a simulation of the readers' cycles. All of it is computed from a few measured costs
 * (`capacity-costs.json`); nothing here looks at a clock or at chance. `docs/scaling.md` explains it.
 */

/** What a commit costs, in the reader or in the database. */
interface CommitCosts {
  /** For each row that it makes. */
  readonly newRowUs: number;
  /** For each row that it changes: it is read, merged, and written. */
  readonly existingRowUs: number;
  /** For each different duration that comes to a row. */
  readonly durationUs: number;
  /** For each different duration that is there in a row that it changes. */
  readonly storedDurationUs: number;
  /** For a commit, whatever it holds. */
  readonly commitUs: number;
}

/** Measured: time of a processor. */
export interface Costs {
  /** To start a reader. */
  readonly startS: number;
  /** To read a line of a file and keep it for its windows. */
  readonly lineUs: number;
  /** To take a line out of a topic before that, and for each message beside. */
  readonly kafkaLineUs: number;
  readonly kafkaMessageUs: number;
  readonly reader: CommitCosts;
  readonly database: CommitCosts;
  /** For an answer that is kept, and for one that comes from the database. */
  readonly keptAnswerUs: number;
  readonly freshAnswerUs: number;
}

/** What comes in. */
export interface Load {
  readonly linesPerS: number;
  /** Customers that send as much as each other. */
  readonly customers: number;
  /** Endpoints of a customer that are asked as often as each other. */
  readonly endpoints: number;
  /** Undefined: from files. */
  readonly linesPerMessage?: number;
  /** `HOURS` and `ENDPOINTS`. */
  readonly hours?: boolean;
  readonly endpointWindows?: boolean;
  /** Whether all lines of a customer are in one partition, so that each reader has its own customers. */
  readonly keyedByCustomer?: boolean;
  /** How long lines have come already. Undefined: for days, so that the rows of each commit are half full. */
  readonly ageS?: number;
}

/** Who takes it. Each reader has a processor of its own, and so has the database as many as it can use. */
export interface Site {
  readonly readers: number;
  /** Of a topic, or files. A reader without one has nothing to do. */
  readonly partitions: number;
  /** How many readers' commits the database can work on at once: its processors. */
  readonly databaseCores: number;
}

/** Following polls this often (`FOLLOW_POLL_MS`), and commits what is there. */
const POLL_S = 0.2;
/** A reader has read at most this much before it commits (`LOG_TURN_MS`). */
const MOST_TURN_S = 2;
/** A reader commits at the latest when it holds as many windows (`limits.ts`). */
const MOST_ROWS = 131_072;
const US_PER_S = 1e6;
const HOUR_S = 3_600;
const DAY_S = 86_400;

/** How many of `windows` are touched by lines that fall into them by chance, all alike. */
export function touchedWindows(lines: number, windows: number): number {
  return windows * -Math.expm1(-lines / windows);
}

/** What a commit has to do. */
interface Work {
  readonly newRows: number;
  readonly existingRows: number;
  readonly durations: number;
  readonly storedDurations: number;
}

type Windows = Pick<Load, 'customers' | 'endpoints' | 'hours' | 'endpointWindows'>;

/** Durations that a log of milliseconds up to a second can hold. */
const DIFFERENT_DURATIONS = 1_000;

/** The kinds of windows of customers, as how many there are of each, and how long one lasts. */
function kindsOf({ customers, endpoints, hours = true, endpointWindows = true }: Windows) {
  return [
    { windows: customers, lastsS: DAY_S },
    ...(hours ? [{ windows: customers, lastsS: HOUR_S }] : []),
    ...(endpointWindows ? [{ windows: customers * endpoints, lastsS: DAY_S }] : []),
  ];
}

/** Rows that a commit of as many lines touches, if they are of one hour. Those of all customers together are few. */
function touchedRows(lines: number, load: Windows): number {
  return kindsOf(load).reduce((sum, { windows }) => sum + touchedWindows(lines, windows), 0);
}

/** Different durations in the rows that as many lines touch, of these lines alone. */
function durationsOf(lines: number, load: Windows): number {
  return kindsOf(load).reduce((sum, { windows }) => {
    const rows = touchedWindows(lines, windows);
    return sum + rows * touchedWindows(lines / rows, DIFFERENT_DURATIONS);
  }, 0);
}

/** The work of a commit while lines come for ever: all rows are there, and stand in the middle of their hour or day. */
function steadyWork(lines: number, load: Load): Work {
  const stored = kindsOf(load).reduce((sum, { windows, lastsS }) => {
    const soFar = (load.linesPerS / windows) * Math.min(lastsS / 2, load.ageS ?? Number.POSITIVE_INFINITY);
    return sum + touchedWindows(lines, windows) * touchedWindows(soFar, DIFFERENT_DURATIONS);
  }, 0);
  return {
    newRows: 0,
    existingRows: touchedRows(lines, load),
    durations: durationsOf(lines, load),
    storedDurations: stored,
  };
}

function commitS(work: Work, costs: CommitCosts): number {
  const us =
    work.newRows * costs.newRowUs +
    work.existingRows * costs.existingRowUs +
    work.durations * costs.durationUs +
    work.storedDurations * costs.storedDurationUs +
    costs.commitUs;
  return us / US_PER_S;
}

/** µs of a reader for a line, before it is committed. */
function readLineUs(load: Load, costs: Costs): number {
  if (load.linesPerMessage === undefined) return costs.lineUs;
  return costs.lineUs + costs.kafkaLineUs + costs.kafkaMessageUs / load.linesPerMessage;
}

export interface Outcome {
  /** False: the readers or the database fall behind further and further. */
  readonly keepsUp: boolean;
  /** Processors that are busy. */
  readonly readerCores: number;
  readonly databaseCores: number;
  readonly commitsPerS: number;
  readonly rowsPerS: number;
  /** From when a line is written to when its commit is done, on average. */
  readonly lagS: number;
}

/**
 * Lets readers take turns for as long as their lag still changes: each reads what came since its last turn, at most what fits in a
 * turn, and commits it, while the next lines come. The slower a commit, the more lines the next one has, and the fewer rows it has for
 * each line. So a site that has too little time for small commits settles on larger ones.
 */
export function simulate(all: Load, site: Site, costs: Costs): Outcome {
  const readers = Math.min(site.readers, site.partitions);
  // Of one reader: all customers send to it a part of their lines, or a part of the customers all of them.
  const linesPerS = all.linesPerS / readers;
  const load = all.keyedByCustomer
    ? { ...all, linesPerS, customers: Math.max(1, all.customers / readers) }
    : all;
  const lineS = readLineUs(load, costs) / US_PER_S;
  // Readers that commit at once share the processors of the database.
  const share = Math.max(1, readers / site.databaseCores);
  const most = Math.min(MOST_TURN_S / lineS, linesWithin(MOST_ROWS, load));
  let backlog = linesPerS * POLL_S;
  let turn = { lines: 0, rows: 0, readerS: 0, databaseS: 0, cycleS: POLL_S };
  for (let round = 0; round < ROUNDS; round++) {
    const lines = Math.min(backlog, most);
    const work = steadyWork(lines, load);
    const readerS = lines * lineS + commitS(work, costs.reader);
    const databaseS = commitS(work, costs.database);
    // The next lines are read while a batch is committed: the slower of both sets the pace.
    const cycleS = Math.max(POLL_S, readerS, databaseS * share);
    const next = backlog - lines + linesPerS * cycleS;
    turn = { lines, rows: work.existingRows, readerS, databaseS, cycleS };
    if (Math.abs(next - backlog) < backlog * SETTLED) break;
    backlog = next;
  }
  const keepsUp = turn.lines >= linesPerS * turn.cycleS * (1 - 10 * SETTLED);
  return {
    keepsUp,
    readerCores: (readers * turn.readerS) / turn.cycleS,
    databaseCores: (readers * turn.databaseS) / turn.cycleS,
    commitsPerS: readers / turn.cycleS,
    rowsPerS: (readers * turn.rows) / turn.cycleS,
    // Lines wait half a cycle on average until they are read, and then for their commit.
    lagS: keepsUp ? turn.cycleS / 2 + turn.readerS + turn.databaseS * share : Number.POSITIVE_INFINITY,
  };
}

/** How many lines touch as many rows. */
function linesWithin(rows: number, load: Load): number {
  if (touchedRows(Number.MAX_SAFE_INTEGER, load) <= rows) return Number.POSITIVE_INFINITY;
  let [least, most] = [0, rows];
  while (touchedRows(most, load) < rows) most *= 2;
  while (most - least > 1) {
    const middle = (least + most) / 2;
    if (touchedRows(middle, load) < rows) least = middle;
    else most = middle;
  }
  return least;
}

/** More than any load that settles needs. */
const ROUNDS = 1_000;
/** A change of the backlog that is none. */
const SETTLED = 1e-4;

/** What a load needs. */
export interface Plan {
  readonly readers: number;
  /** Databases, each for its part of the customers. */
  readonly databases: number;
  readonly outcome: Outcome;
}

/** The least readers, a power of two, whose numbers are never older than the bound, and databases of so many processors for them. */
export function plan(
  load: Load,
  bounds: { readonly databaseCores: number; readonly mostLagS: number },
  costs: Costs,
): Plan | undefined {
  for (let readers = 1; readers <= MOST_READERS; readers *= 2) {
    const site = { readers, partitions: readers, databaseCores: readers };
    const outcome = simulate(load, site, costs);
    if (outcome.keepsUp && outcome.lagS <= bounds.mostLagS)
      return { readers, databases: Math.ceil(outcome.databaseCores / bounds.databaseCores), outcome };
  }
  return undefined;
}

const MOST_READERS = 65_536;

/** One measured run of `ingest` over a log, into PostgreSQL. */
export interface Point {
  readonly customers: number;
  readonly endpoints: number;
  readonly lines: number;
  /** Of windows of customers in the store. */
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  readonly commits: number;
  /** User and system time. */
  readonly readerCpuS: number;
  readonly databaseCpuS: number;
}

/** A load that one reader followed for some seconds, into PostgreSQL. */
export interface Followed extends Load {
  readonly lines: number;
  readonly commits: number;
  readonly readerCpuS: number;
  readonly databaseCpuS: number;
}

/** What the costs say that following takes, for as many commits as it made. */
export function predictedFollowing(
  { lines, commits, ...load }: Followed,
  costs: Costs,
): Pick<Followed, 'readerCpuS' | 'databaseCpuS'> {
  const work = steadyWork(lines / commits, load);
  return {
    readerCpuS: (lines * readLineUs(load, costs)) / US_PER_S + commits * commitS(work, costs.reader),
    databaseCpuS: commits * commitS(work, costs.database),
  };
}

/** What the costs say that a measured run takes. */
export function predicted(
  point: Point,
  costs: Costs,
): Pick<Point, 'rowsAfter' | 'readerCpuS' | 'databaseCpuS'> {
  const { lines, rowsBefore, commits } = point;
  const logs = rowsBefore === 0 ? 1 : 2;
  const rowsAfter = touchedRows(logs * lines, point);
  const newRows = rowsAfter - rowsBefore;
  const touched = commits * touchedRows(lines / commits, point);
  const durations = commits * durationsOf(lines / commits, point);
  const existingRows = Math.max(0, touched - newRows);
  // What is there came from a log like this one.
  const stored = (durations * existingRows) / touched;
  const work = {
    newRows: newRows / commits,
    existingRows: existingRows / commits,
    durations: durations / commits,
    storedDurations: stored / commits,
  };
  return {
    rowsAfter,
    readerCpuS: costs.startS + (lines * costs.lineUs) / US_PER_S + commits * commitS(work, costs.reader),
    databaseCpuS: commits * commitS(work, costs.database),
  };
}

/** Bytes that a year of this load keeps in PostgreSQL, with rows of middle size (docs/operating.md), if hours are kept 62 days. */
export function storedBytes(load: Load): number {
  const { customers, endpoints, hours = true, endpointWindows = true } = load;
  const day = 423;
  const hour = 235;
  const endpoint = 241;
  return (
    customers *
    (365 * day + (hours ? 62 * 24 * hour : 0) + (endpointWindows ? 365 * endpoints * endpoint : 0))
  );
}
