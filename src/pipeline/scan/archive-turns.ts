import { setImmediate } from 'node:timers/promises';
import { ARCHIVE_TURN_MS } from '../../limits.ts';
import type { Assignment } from '../../source/contract.ts';
import type { DiscoveredPartitions } from '../loop/partition-discovery.ts';
import { CooperativeTask } from './cooperative-task.ts';
import type { CycleParts } from './scan-cycle.ts';
import { SingleThreadCycle } from './single-thread-cycle.ts';

/**
 * Reads archives in turns, so that live logs are read in between. An archive can only be read from its start. So the reader
 * and the scanner of one are held where the turn ended, in the middle of whatever they do. Only one archive is held, which
 * bounds the memory.
 *
 * Each turn ends with a commit, so between two turns the store stands where the reader does. Where it does not any more
 * (another process was faster), or the file has changed, the archive is opened anew. One that is gone is read to its end.
 */
export class ArchiveTurns {
  readonly #parts: CycleParts;
  #reading: ArchiveReading | undefined;

  constructor(parts: CycleParts) {
    this.#parts = parts;
  }

  /**
   * Takes a turn.
   * @param archives that are to be read.
   * @param found what the last poll found.
   * @returns false where there is more to read.
   * @throws as `ScanCycle.read`.
   */
  async read(archives: readonly Assignment[], found: FoundNow): Promise<boolean> {
    if (this.#reading && !this.#reading.canGoOn(found)) await this.stop();
    if (archives.length === 0 && !this.#reading) return true;
    this.#reading ??= new ArchiveReading(this.#parts);
    try {
      const result = await this.#reading.turn(archives);
      if (!result) return false;
      // Frees its memory until there is another archive.
      this.#reading = undefined;
      return result.value;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** The partition of which a reader is held; undefined where there is none, or the store does not know it yet. */
  get heldPartitionId(): string | undefined {
    return this.#reading?.heldPartitionId;
  }

  /** Closes what is held. */
  async stop(): Promise<void> {
    const reading = this.#reading;
    this.#reading = undefined;
    await reading?.giveUp();
  }
}

/** What a poll found. */
type FoundNow = Pick<DiscoveredPartitions, 'assignments' | 'checkpoints'>;

/** Reads archives, one after the other. */
class ArchiveReading {
  readonly #parts: CycleParts;
  readonly #cycle: SingleThreadCycle;
  readonly #task: CooperativeTask<boolean>;
  #queue: Assignment[] = [];
  #beganMs = 0;

  constructor(parts: CycleParts) {
    this.#parts = parts;
    this.#cycle = new SingleThreadCycle(parts, () => this.#yieldPoint());
    this.#task = new CooperativeTask(
      () => this.#cycle.read(this.#queued()),
      () => parts.signal.aborted || parts.now() - this.#beganMs >= ARCHIVE_TURN_MS,
    );
  }

  *#queued(): Generator<Assignment> {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) yield next;
  }

  async #yieldPoint(): Promise<void> {
    // Lets the thread take messages, such as that it is to stop.
    if (this.#parts.progress.isDue) {
      await setImmediate();
      this.#parts.progress.report();
    }
    await this.#task.yieldPoint();
  }

  get heldPartitionId(): string | undefined {
    const assignment = this.#cycle.reading?.assignment;
    return assignment?.isInspection ? undefined : assignment?.partition.id;
  }

  /** Whether what is held is as it was, and the store stands where it was left. */
  canGoOn({ assignments, checkpoints }: FoundNow): boolean {
    const { reading } = this.#cycle;
    if (!reading) return true;
    const { assignment, reader, offset, clockMs } = reading;
    const { id } = assignment.partition;
    const present = assignments.find(({ partition }) => partition.id === id);
    // There is no partition yet.
    if (assignment.isInspection) return present?.fixedContent === assignment.fixedContent;
    const checkpoint = checkpoints.find((one) => one.id === id);
    if (checkpoint?.offset !== offset || checkpoint.clockMs !== clockMs) return false;
    if (checkpoint.state === 'retired') return false;
    // What is open is read to its end, whatever the path leads to by now.
    if (reader?.isUnchanged) return reader.isUnchanged();
    return present?.fixedContent === assignment.fixedContent;
  }

  /** @returns as `CooperativeTask.turn`. What was scanned is committed in any case. */
  async turn(archives: readonly Assignment[]): Promise<{ readonly value: boolean } | undefined> {
    const heldId = this.#cycle.reading?.assignment.partition.id;
    this.#queue = archives.filter(({ partition }) => partition.id !== heldId);
    this.#beganMs = this.#parts.now();
    const result = await this.#task.turn();
    if (!result) await this.#cycle.commitScanned();
    return result;
  }

  async giveUp(): Promise<void> {
    this.#queue = [];
    this.#cycle.forgetScanned();
    await this.#task.interrupt();
  }
}
