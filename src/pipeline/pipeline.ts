import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import { DaymarkError } from '../errors.ts';
import { newKernel } from '../kernel/kernel.ts';
import { COMMIT_INTERVAL_MS, FOLLOW_POLL_MS, PROGRESS_INTERVAL_MS } from '../limits.ts';
import { Scanner } from '../log-format/scanner.ts';
import type { ScanSettings } from '../log-format/types.ts';
import type { Assignment, PartitionReader, Source, SourceProblem } from '../source/contract.ts';
import type { Store } from '../store/contract.ts';
import { admit } from './admission.ts';
import { Batch } from './batch.ts';
import { Tally } from './tally.ts';
import type { PipelineEvents, PipelineSettings, Progress, Summary } from './types.ts';

/** What a pipeline is made of. */
export interface PipelineParts {
  readonly source: Source;
  readonly store: Store;
  readonly settings: PipelineSettings;
  readonly scan: ScanSettings;
  readonly events: PipelineEvents;
  /** Ends the run: what was read is committed first. */
  readonly signal: AbortSignal;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
}

/**
 * The one loop: bytes of a source to lines, to records, to deltas, and in batches with their checkpoints into
 * the store.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #scanner: Scanner;
  readonly #batch: Batch;
  readonly #tally = new Tally();
  /** Problems that were told, so that following does not tell them every half second. */
  readonly #told = new Set<string>();
  #batchBeganMs = 0;
  #progressToldMs = 0;
  #hasCaughtUp = false;
  #bytesRead = 0;
  #bytesTotal: number | undefined = 0;
  #linesRead = 0;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    const { windowStateBytes, dayZone } = parts.settings;
    const kernel = newKernel(windowStateBytes);
    this.#scanner = new Scanner(parts.scan, kernel);
    this.#batch = new Batch(this.#scanner, dayZone, kernel);
  }

  /**
   * Reads everything that is there, and with `isFollowing` what comes, until the signal.
   * @returns what was committed.
   * @throws {DaymarkError} what the operator must mend before anything can be read; whatever the store throws.
   */
  async run(): Promise<Summary> {
    const { settings, signal } = this.#parts;
    let isCaughtUp = await this.#pass();
    while (!signal.aborted && (settings.isFollowing || !isCaughtUp)) {
      if (isCaughtUp) this.#tellCaughtUp();
      if (isCaughtUp) await delay(FOLLOW_POLL_MS, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) isCaughtUp = await this.#pass();
    }
    return { ...this.#tally.summary, isComplete: isCaughtUp };
  }

  /**
   * Reads what is there now. @returns false where it must be looked at again: another process was faster, a log was
   * rotated meanwhile, or the run is to stop.
   */
  async #pass(): Promise<boolean> {
    const { source, store, scan, settings } = this.#parts;
    const mayAdd = (found: readonly SourceProblem[]): boolean => !this.#stopsRun(found);
    const { assignments, problems } = await admit(source, store, scan, settings.isFollowing, mayAdd);
    for (const { error, mayPass } of problems) {
      if (!(settings.isFollowing && mayPass)) this.#tell(error);
    }
    const fatal = problems.find((problem) => this.#stopsRun([problem]));
    if (fatal) throw fatal.error;
    const sizes = assignments.map(({ availableBytes }) => availableBytes);
    this.#bytesTotal = sizes.includes(undefined)
      ? undefined
      : this.#bytesRead + sizes.reduce((sum: number, bytes) => sum + (bytes ?? 0), 0);
    try {
      let isCaughtUp = true;
      for (const assignment of assignments) isCaughtUp = (await this.#readSafely(assignment)) && isCaughtUp;
      await this.#commit();
      return isCaughtUp;
    } catch (error) {
      this.#batch.clear();
      if (error instanceof DaymarkError && error.code === 'CHECKPOINT_MOVED') return false;
      throw error;
    }
  }

  /** An input that the operator named must be right, unless the run waits for inputs to come. */
  #stopsRun(problems: readonly SourceProblem[]): boolean {
    return !this.#parts.settings.isFollowing && problems.some(({ isNamed }) => isNamed);
  }

  #tell(error: DaymarkError): void {
    const key = `${error.code} ${error.message}`;
    if (!this.#told.has(key)) this.#parts.events.problem(error);
    this.#told.add(key);
  }

  /** An error of one input ends the reading of that input: what came before it counts. */
  async #readSafely(assignment: Assignment): Promise<boolean> {
    if (this.#parts.signal.aborted) return false;
    try {
      return await this.#read(assignment);
    } catch (error) {
      const isOfInput = error instanceof DaymarkError && INPUT_ERRORS.has(error.code);
      if (!isOfInput) throw error;
      // While following, the next look tells it, when the archive is not being written any more.
      const isWaitedFor = this.#parts.settings.isFollowing && error.code === 'TRUNCATED_ARCHIVE';
      if (!isWaitedFor) this.#tell(error);
      return true;
    }
  }

  /** @returns false where there is more to read of it: it became another one, or the run is to stop. */
  async #read(assignment: Assignment): Promise<boolean> {
    const { partition } = assignment;
    const reader = await assignment.open();
    if (!reader) return false;
    try {
      this.#scanner.start(partition.offset, reader.startsInsideLine);
      this.#begin(assignment);
      const isAtEnd = await this.#readBlocks(assignment, reader);
      if (isAtEnd && !this.#parts.settings.isFollowing) await this.#takeLastLine(assignment);
      return isAtEnd;
    } finally {
      await reader.close();
    }
  }

  #begin({ partition }: Assignment): void {
    if (this.#batch.lines === 0) this.#batchBeganMs = this.#parts.now();
    this.#batch.begin(partition, this.#scanner.offset);
  }

  /** @returns true at the partition's end, false where the run is to stop. */
  async #readBlocks(assignment: Assignment, reader: PartitionReader): Promise<boolean> {
    while (!this.#parts.signal.aborted) {
      const bytes = await reader.read(this.#scanner.space());
      if (bytes === 0) return true;
      this.#scanner.filled(bytes);
      this.#bytesRead += bytes;
      await this.#takeLines(assignment);
      await this.#breathe();
    }
    return false;
  }

  async #takeLines(assignment: Assignment): Promise<void> {
    for (;;) {
      const wanted = this.#parts.settings.batchLines - this.#batch.lines;
      const step = this.#scanner.step(wanted, this.#batch.roomForRejections);
      this.#batch.add(step);
      this.#linesRead += step.lines;
      if (step.isCustomerTableFull) await this.#commitAndForget(assignment);
      else if (this.#isDue()) await this.#commitAndGoOn(assignment);
      else if (step.lines === 0) return;
    }
  }

  async #takeLastLine(assignment: Assignment): Promise<void> {
    let step = this.#scanner.finish(this.#batch.roomForRejections);
    if (step.isCustomerTableFull) {
      await this.#commitAndForget(assignment);
      step = this.#scanner.finish(this.#batch.roomForRejections);
    }
    this.#batch.add(step);
    this.#linesRead += step.lines;
    if (this.#isDue()) await this.#commit();
  }

  #isDue(): boolean {
    const { settings, now } = this.#parts;
    if (this.#batch.lines === 0) return false;
    return (
      this.#batch.lines >= settings.batchLines ||
      this.#batch.isFull ||
      now() - this.#batchBeganMs >= COMMIT_INTERVAL_MS
    );
  }

  async #commitAndGoOn(assignment: Assignment): Promise<void> {
    await this.#commit();
    this.#begin(assignment);
  }

  async #commitAndForget(assignment: Assignment): Promise<void> {
    await this.#commit();
    this.#scanner.forgetCustomers();
    this.#begin(assignment);
  }

  async #commit(): Promise<void> {
    const commit = this.#batch.commit();
    if (commit) {
      await this.#parts.store.commit(commit);
      this.#tally.add(commit, this.#batch.windows);
    }
    this.#batch.clear();
  }

  #tellCaughtUp(): void {
    if (!this.#hasCaughtUp) this.#parts.events.caughtUp({ ...this.#tally.summary, isComplete: true });
    this.#hasCaughtUp = true;
  }

  /** Now and then tells the progress, and lets the thread hear whether it is to stop. */
  async #breathe(): Promise<void> {
    const now = this.#parts.now();
    if (now - this.#progressToldMs < PROGRESS_INTERVAL_MS) return;
    this.#progressToldMs = now;
    await setImmediate();
    const progress: Progress = {
      bytesRead: this.#bytesRead,
      bytesTotal: this.#bytesTotal,
      linesRead: this.#linesRead,
    };
    this.#parts.events.progress(progress);
  }
}

/** What can go wrong with one input while the others are well. */
const INPUT_ERRORS: ReadonlySet<string> = new Set([
  'READ_FAILED',
  'PATH_NOT_FOUND',
  'PATH_UNREADABLE',
  'FILE_SHRANK',
  'TRUNCATED_ARCHIVE',
  'CORRUPT_ARCHIVE',
]);
