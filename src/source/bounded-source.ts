import type {
  Assigned,
  Assignment,
  Discovery,
  KnownPartitions,
  PartitionReader,
  Source,
  YieldPoint,
} from './contract.ts';

/**
 * Reads a source anew, and no further than bounds say: what is not bounded is not read. Where it ends at a bound, a
 * last line is taken without its newline.
 *
 * Delivery: as of the source.
 */
export class BoundedSource implements Source {
  readonly #source: Source;
  readonly #bounds: ReadonlyMap<string, number>;

  /** @param bounds offsets by the ids of partitions; looked at each time. */
  constructor(source: Source, bounds: ReadonlyMap<string, number>) {
    this.#source = source;
    this.#bounds = bounds;
  }

  async discover(): Promise<Discovery> {
    const discovery = await this.#source.discover();
    // The bounds may have changed though no file did.
    return { isUnchanged: false, assign: (known) => this.#assign(discovery, known) };
  }

  close(): void {
    this.#source.close();
  }

  async #assign(discovery: Discovery, known: KnownPartitions): Promise<Assigned> {
    const assigned = await discovery.assign(known);
    const { assignments, problems } = assigned;
    return {
      ...assigned,
      // Only the live store says what becomes of its partitions.
      finished: [],
      assignments: assignments.flatMap((assignment) => this.#bounded(assignment)),
      // What is missing shows in the end, by how far the partitions have come.
      problems: problems.map((problem) => ({ ...problem, isNamed: false })),
    };
  }

  #bounded(assignment: Assignment): Assignment[] {
    if (assignment.isInspection) return [{ ...assignment, isNamed: false }];
    const { id, offset } = assignment.partition;
    const bound = this.#bounds.get(id) ?? 0;
    if (assignment.isNew || offset >= bound) return [];
    const open = async (yieldPoint?: YieldPoint): Promise<PartitionReader | undefined> => {
      const reader = await assignment.open(yieldPoint);
      return reader && boundedReader(reader, bound - offset);
    };
    return [
      {
        ...assignment,
        isNamed: false,
        isSequential: true,
        takesLastLine: true,
        availableBytes: bound - offset,
        open,
      },
    ];
  }
}

/** Without a place: who reads by that knows of no bound. */
function boundedReader(reader: PartitionReader, bytes: number): PartitionReader {
  let left = bytes;
  return {
    before: reader.before,
    read: async (target) => {
      if (left === 0) return 0;
      const bytesRead = await reader.read(target.subarray(0, Math.min(target.length, left)));
      left -= bytesRead;
      return bytesRead;
    },
    isIntact: () => reader.isIntact(),
    checksumsUpTo: (offset) => reader.checksumsUpTo(offset),
    close: () => reader.close(),
  };
}
