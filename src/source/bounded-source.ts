import type { Assigned, Assignment, Discovery, KnownPartitions, Position, Source } from './contract.ts';
import { storedPosition } from './contract.ts';

/**
 * Reads a source up to bounds. A partition without a bound is not read. At its bound a partition's last line counts
 * without a newline.
 *
 * Delivery: as of the source.
 */
export class BoundedSource implements Source {
  readonly #source: Source;
  readonly #bounds: ReadonlyMap<string, number>;

  /** @param bounds stored positions by the ids of partitions. They may change from poll to poll. */
  constructor(source: Source, bounds: ReadonlyMap<string, number>) {
    this.#source = source;
    this.#bounds = bounds;
  }

  async discover(): Promise<Discovery> {
    const discovery = await this.#source.discover();
    // The bounds may have changed though no file did.
    return { isUnchanged: false, assign: (known) => this.#assign(discovery, known) };
  }

  positionText(position: Position, partitionId: string): string {
    return this.#source.positionText(position, partitionId);
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
      // A log that is missing shows in the end, by how far its partition was read.
      problems: problems.map((problem) => ({ ...problem, isNamed: false })),
    };
  }

  #bounded(assignment: Assignment): Assignment[] {
    if (assignment.isInspection) return [{ ...assignment, isNamed: false }];
    const { id, offset } = assignment.partition;
    const bound = this.#bounds.get(id);
    if (assignment.isNew || bound === undefined || offset >= bound) return [];
    return [{ ...assignment.until(storedPosition(bound)), isNamed: false }];
  }
}
