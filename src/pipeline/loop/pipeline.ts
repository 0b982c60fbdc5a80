import { DaymarkError, isTransient } from '../../errors.ts';
import { BYTES_A_THREAD, FOLLOW_POLL_MS, MIN_BYTES_FOR_THREADS, MIN_SPLIT_BYTES } from '../../limits.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import {
  type Assignment,
  type Partition,
  type Source,
  type SourceProblem,
  storedPosition,
} from '../../source/contract.ts';
import type { Checkpoint, Store } from '../../store/contract.ts';
import { reopeningAdvances, statusAdvances } from '../finality/partition-status.ts';
import { ArchiveTurns } from '../scan/archive-turns.ts';
import { HeaderTracker } from '../scan/header-tracker.ts';
import { type CycleParts, LogChanged, type ScanCycle } from '../scan/scan-cycle.ts';
import { SingleThreadCycle } from '../scan/single-thread-cycle.ts';
import type { OpenLocation } from '../scan/split.ts';
import { budgetOf } from '../scan/split-scanner.ts';
import type { StartMergeThread } from '../spill/remote-merger.ts';
import { Spill, SpillDropped, SpillGivenUp } from '../spill/spill.ts';
import type { LeaseChange, PipelineEvents, PipelineSettings, Summary } from '../types.ts';
import { closingLinesFor, splitBytesFor } from '../worker-pool/split-size.ts';
import { type StartScanThread, WorkerPool } from '../worker-pool/worker-pool.ts';
import { SplitBroken, WorkerPoolCycle } from '../worker-pool/worker-pool-cycle.ts';
import { Committer, RejectedBatch } from './committer.ts';
import { HostNotice } from './host-notice.ts';
import { isInputError } from './input-errors.ts';
import type { InputOutages } from './input-outages.ts';
import { notStored, type Outages, StoppedInOutage, undefinedIfStopped } from './outages.ts';
import {
  type DiscoveredPartitions,
  discoverPartitions,
  type Poll,
  pollSource,
  presentCheckpoints,
} from './partition-discovery.ts';
import { type LeaseSettings, PartitionLeases } from './partition-leases.ts';
import { ProgressReporter, unstoredSizes } from './progress.ts';
import { encodeReadingSettings } from './reading-settings.ts';
import { RejectedShare } from './rejected-share.ts';
import { Retention } from './retention.ts';
import { RollUpTurns } from './roll-ups.ts';
import { SettingsNotice } from './settings-notice.ts';
import { Tally } from './tally.ts';
import { WarningDeduplicator } from './warning-deduplicator.ts';

/** What a pipeline is made of. */
export interface PipelineParts {
  readonly source: Source;
  readonly store: Store;
  /** How lines are to be understood. */
  readonly scan: ScanSettings;
  readonly settings: PipelineSettings;
  readonly events: PipelineEvents;
  /** Hears of the partitions that a poll recognised, where inputs have changed. */
  readonly recognised?: (checkpoints: readonly Checkpoint[]) => Promise<void>;
  /** A poll that was made before the store was opened, for the first scan cycle. */
  readonly firstPoll?: Poll | undefined;
  /** Counts what is stored; a new one by default. */
  readonly tally?: Tally;
  /** Waits out errors of the store that pass by themselves. */
  readonly outages: Outages;
  /** Inputs that cannot be read at the moment. */
  readonly inputs: InputOutages;
  /** How partitions are divided with other processes, where the source shares them. Undefined: this process reads all. */
  readonly leases?: LeaseSettings | undefined;
  /** Ends the run: what was read is committed first. */
  readonly signal: AbortSignal;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** The system time, in ms since 1970. */
  readonly systemTimeMs: () => number;
  /** Waits for so long, or until the signal. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Opens a location that a reader of the source named, in any thread. */
  readonly openLocation: OpenLocation;
  readonly startScanThread: StartScanThread;
  readonly startMergeThread: StartMergeThread;
}

/**
 * The one loop: bytes of a source to lines, to records, to deltas, and in batches with their checkpoints into
 * the store.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #cycleParts: CycleParts;
  readonly #tally: Tally;
  readonly #warnings = new WarningDeduplicator();
  readonly #retention: Retention;
  readonly #rollUps: RollUpTurns;
  readonly #settingsNotice: SettingsNotice;
  readonly #hosts: HostNotice;
  /** Partitions that are not read on until the program is started again. */
  readonly #stopped = new Set<string>();
  /** Partitions of which a split broke off. */
  readonly #uncut = new Set<string>();
  /** Partitions that the present scan cycle has read to their ends. */
  readonly #ended = new Set<string>();
  /** The event-time clocks of all partitions when it began. */
  #clocks: ReadonlyMap<string, number | null> = new Map();
  #single: SingleThreadCycle | undefined;
  #workerPool: WorkerPool | undefined;
  readonly #archives: ArchiveTurns;
  /** Undefined where the source shares nothing. */
  readonly #leases: PartitionLeases | undefined;
  #cycles = 0;
  /** Of a run that ends: partitions that it has not read to their ends, and that others may read for it. */
  #open: ReadonlySet<string> | undefined;
  #hasCaughtUp = false;
  #firstPoll: Poll | undefined;
  /** True where the last scan cycle found nothing to do. Until something changes, the next one will find nothing either. */
  #isIdle = false;

  constructor(parts: PipelineParts) {
    const { source, store, scan, settings, events, outages, signal, now, systemTimeMs, startMergeThread } =
      parts;
    const { dayZone, eventTime } = settings;
    this.#parts = parts;
    this.#tally = parts.tally ?? new Tally();
    this.#firstPoll = parts.firstPoll;
    this.#retention = new Retention(parts);
    this.#rollUps = new RollUpTurns(parts);
    this.#settingsNotice = new SettingsNotice(store, settings.readingSettings);
    this.#hosts = new HostNotice(settings.host, settings.sourceName);
    const committer = new Committer(
      store,
      dayZone.name,
      this.#tally,
      new RejectedShare(settings.maxRejectedPercent, (...place) => source.positionText(...place)),
      () => ({ nowMs: systemTimeMs(), waitMs: eventTime.waitMs, zone: dayZone }),
      outages,
      encodeReadingSettings(settings.readingSettings),
      now,
      (commit) => events.committed(commit),
      settings.host,
    );
    const progress = new ProgressReporter(events.progress, now, () => this.#tally.bytes, source.hasMessages);
    const { openRunFile } = store;
    // Where following has caught up, nobody is to wait for new lines.
    const isAllowed = () => !settings.isFollowing || !this.#hasCaughtUp;
    this.#cycleParts = {
      scan,
      settings,
      hasTurns: settings.isFollowing || source.sharedWork !== undefined,
      headers: new HeaderTracker(),
      committer,
      spill: new Spill({ openRunFile, startMergeThread, committer, progress, signal, isAllowed }),
      progress,
      signal,
      now,
      systemTimeMs,
      clockOf: (partitionId) => this.#clocks.get(partitionId) ?? null,
      ended: (partitionId) => this.#ended.add(partitionId),
      note: (error, input) => this.#noteInput(error, input),
    };
    this.#archives = new ArchiveTurns(this.#cycleParts);
    const changed = (change: LeaseChange) => events.leases(change);
    this.#leases =
      source.sharedWork && parts.leases && new PartitionLeases({ ...parts.leases, store, now, changed });
  }

  /**
   * Reads everything that is there, and with `isFollowing` what comes, until the signal.
   * @returns what was committed.
   * @throws {DaymarkError} what the operator must mend before anything can be read; whatever the store throws.
   */
  async run(): Promise<Summary> {
    const { settings, inputs, signal } = this.#parts;
    try {
      await this.#retention.deleteIfDue();
      let isCaughtUp = await this.#readOnce();
      while (
        !signal.aborted &&
        (settings.isFollowing || !isCaughtUp || inputs.isWaiting || this.#isWaitingForOthers)
      ) {
        if (isCaughtUp) await this.#rest();
        await this.#retention.deleteIfDue();
        if (!signal.aborted) isCaughtUp = await this.#readOnce();
      }
      await this.#retention.delete();
      await this.#rollUps.buildAll();
      const isComplete = isCaughtUp && !inputs.isWaiting && !this.#isWaitingForOthers;
      return { ...this.#tally.summary, isComplete };
    } finally {
      // Where the database is away, the leases end by themselves.
      await this.#leases?.leave().catch(() => undefined);
      await this.#archives.stop();
      this.#endWorkerPool();
    }
  }

  /** All was read that could be: waits for more, or for inputs that are away. */
  async #rest(): Promise<void> {
    const { settings, inputs, events, signal, pause } = this.#parts;
    this.#endWorkerPool();
    if (!settings.isFollowing)
      return await pause(this.#isWaitingForOthers ? FOLLOW_POLL_MS : inputs.waitMs, signal);
    if (!this.#hasCaughtUp) events.caughtUp({ ...this.#tally.summary, isComplete: true });
    this.#hasCaughtUp = true;
    if (this.#isIdle) await this.#rollUps.buildOneIfDue();
    await pause(FOLLOW_POLL_MS, signal);
  }

  /**
   * Reads what is there now.
   * @returns false where the source must be polled again at once: another process was faster, a log was rotated meanwhile,
   * or the run is to stop.
   */
  async #readOnce(): Promise<boolean> {
    const polled = await this.#dividedPoll();
    if (!polled) return false;
    const discovered = this.#leases ? this.#heldOf(polled, this.#leases) : polled;
    if (!discovered) return false;
    this.#isIdle = discovered.isUnchanged;
    const { progress } = this.#cycleParts;
    if (discovered.isUnchanged) progress.noteUnchanged(discovered.seenMs);
    if (discovered.isUnchanged) return true;
    await this.#noticeSettings(discovered);
    if (!this.#leases) this.#noticeHosts(discovered);
    const assignments = discovered.assignments.filter(({ partition }) => this.#isToBeRead(partition));
    this.#clocks = new Map(discovered.checkpoints.map(({ id, clockMs }) => [id, clockMs]));
    this.#ended.clear();
    const unstored = () => unstoredSizes(discovered, this.#ended, this.#parts.inputs);
    progress.expect(assignments, unstored());
    try {
      await this.#reopen(discovered);
      const isCaughtUp = await this.#read({ ...discovered, assignments });
      // Not before it is committed: another process may have been faster, and not be at the end.
      this.#open = this.#open && new Set([...this.#open].filter((id) => !this.#ended.has(id)));
      this.#endInputOutages(discovered);
      if (isCaughtUp) await this.#settle(discovered);
      if (isCaughtUp) progress.settle(unstored(), discovered.seenMs);
      if (isCaughtUp) this.#warnings.forgetMended();
      const hasWork = assignments.length > 0 || discovered.finished.length > 0;
      this.#isIdle = isCaughtUp && !hasWork;
      return isCaughtUp;
    } catch (error) {
      // The next poll needs no pause: another process has moved a partition on meanwhile, or retired it, and offsets only
      // grow. So the run cannot lose for ever.
      if (error instanceof DaymarkError && error.code === 'CHECKPOINT_MOVED') return false;
      if (error instanceof LogChanged) {
        // Whatever the error is: reading the input again at once would only void the next cycle.
        if (error.cause) this.#noteInput(error.cause, error.input, true);
        return false;
      }
      if (error instanceof SpillDropped) return false;
      if (error instanceof SpillGivenUp) {
        this.#warn(error.cause);
        // Its threads would hand over runs.
        this.#endWorkerPool();
        return false;
      }
      if (error instanceof SplitBroken) this.#uncut.add(error.partitionId);
      else if (error instanceof RejectedBatch) this.#stop(error);
      else throw error instanceof StoppedInOutage ? notStored(error) : error;
      return false;
    }
  }

  /**
   * @returns undefined where the run is to stop before the store has answered: nothing is lost then.
   * @throws {DaymarkError} the problem of an input that stops the run.
   */
  async #poll(): Promise<DiscoveredPartitions | undefined> {
    const { outages, inputs } = this.#parts;
    const discovered = await outages
      .retry(
        () => this.#discoverPartitions(),
        ({ isUnchanged }) => !isUnchanged,
      )
      .catch(undefinedIfStopped);
    // Not within the retry: it would take an input that was given up for an outage of the store.
    const fatal = discovered?.problems.find(
      (problem) =>
        !(problem.error.isTransient && inputs.isWaitingFor(problem.input)) && this.#stopsRun([problem]),
    );
    if (fatal) throw fatal.error;
    return discovered;
  }

  /** Polls, and has read the positions of partitions after it took their leases. */
  async #dividedPoll(): Promise<DiscoveredPartitions | undefined> {
    const leases = this.#leases;
    if (leases) {
      const hasTaken = await this.#parts.outages.retry(() => leases.divide()).catch(undefinedIfStopped);
      if (hasTaken) this.#isIdle = false;
    }
    return await this.#poll();
  }

  /**
   * Leaves out what other processes read.
   * @returns undefined where partitions were found that nobody has divided yet.
   */
  #heldOf(polled: DiscoveredPartitions, leases: PartitionLeases): DiscoveredPartitions | undefined {
    if (polled.isUnchanged) return polled;
    const { assignments, found, finished } = polled;
    const names = new Map(presentCheckpoints(polled).map(({ id, name }) => [id, name]));
    if (leases.note(this.#parts.source.sharedWork?.() ?? '', names)) return undefined;
    const { held } = leases;
    this.#noteOpen(assignments);
    return {
      ...polled,
      assignments: this.#inTurns(assignments.filter(({ partition }) => held.has(partition.id))),
      found: found.filter(({ partitionId }) => held.has(partitionId)),
      finished: finished.filter(({ id }) => held.has(id)),
    };
  }

  /** Each scan cycle begins with another partition, so that one with much to read does not keep the others waiting. */
  #inTurns(assignments: readonly Assignment[]): readonly Assignment[] {
    const first = this.#cycles++ % Math.max(1, assignments.length);
    return [...assignments.slice(first), ...assignments.slice(0, first)];
  }

  /** A run that ends has read a partition where it once was at its end, whoever read it. */
  #noteOpen(assignments: readonly Assignment[]): void {
    if (this.#parts.settings.isFollowing) return;
    const ids = assignments.map(({ partition }) => partition.id);
    this.#open = new Set(ids.filter((id) => this.#open?.has(id) ?? true));
  }

  /** What this process holds, and has not read to its end, is stopped or given up: nobody else may read it. */
  get #isWaitingForOthers(): boolean {
    const held = this.#leases?.held;
    return [...(this.#open ?? [])].some((id) => !held?.has(id));
  }

  /** Reports once where lines were read with settings that have changed since. Reading goes on. */
  async #noticeSettings(discovered: DiscoveredPartitions): Promise<void> {
    const { outages, events, recognised } = this.#parts;
    const check = async () => {
      await recognised?.(discovered.checkpoints);
      return await this.#settingsNotice.check(discovered);
    };
    const notice = await outages.retry(check).catch(undefinedIfStopped);
    if (notice) events.problem(notice);
  }

  /** Reports once another host that moves the same partitions on. Whoever is slower drops its batches, so nothing counts twice. */
  #noticeHosts(discovered: DiscoveredPartitions): void {
    for (const error of this.#hosts.check(discovered)) this.#parts.events.problem(error);
  }

  /** Where days become final, they must wait for what is read from now on. */
  async #reopen(discovered: DiscoveredPartitions): Promise<void> {
    const { isFollowing, eventTime } = this.#parts.settings;
    if (eventTime.waitMs === Number.POSITIVE_INFINITY) return;
    await this.#cycleParts.committer.commit(reopeningAdvances(discovered, isFollowing), () => []);
  }

  /** Stores the status of the partitions that were read to their ends. */
  async #settle(discovered: DiscoveredPartitions): Promise<void> {
    const { source, store, settings, outages } = this.#parts;
    const { isFollowing, dayZone } = settings;
    const hasMoved = discovered.assignments.length > 0;
    const ids = discovered.checkpoints.map(({ id }) => id);
    const checkpoints = hasMoved
      ? await outages.retry(() => store.checkpoints.byIds(ids))
      : discovered.checkpoints;
    const { waitMs } = settings.eventTime;
    const reading = { discovered, ended: this.#ended, checkpoints, isFollowing, waitMs, dayZone };
    const advances = statusAdvances(reading);
    await this.#cycleParts.committer.commit(advances, () => []);
    source.noteStored?.(new Map(checkpoints.map(({ id, offset }) => [id, storedPosition(offset)])));
    source.noteFinished?.(advances.filter((one) => one.isFinished).map((one) => one.partitionId));
  }

  async #read(discovered: DiscoveredPartitions): Promise<boolean> {
    const { assignments } = discovered;
    if (!this.#parts.settings.isFollowing) return await this.#readLogs(assignments);
    // Logs go before archives, and those with the least to read go first. So a large log, or an archive, keeps the others
    // waiting for one turn at the most.
    const { archives = [], logs = [] } = Object.groupBy(assignments, ({ fixedContent }) =>
      fixedContent === undefined ? 'logs' : 'archives',
    );
    logs.sort((a, b) => (a.availableBytes ?? 0) - (b.availableBytes ?? 0));
    const isCaughtUp = await this.#readLogs(logs);
    const found = { assignments, checkpoints: await this.#withHeldArchive(discovered) };
    return (await this.#archives.read(archives, found)) && isCaughtUp;
  }

  /** An archive that is gone is not among those that were found, but its reader may still be held. */
  async #withHeldArchive({ checkpoints }: DiscoveredPartitions): Promise<readonly Checkpoint[]> {
    const { store, outages } = this.#parts;
    const id = this.#archives.heldPartitionId;
    if (id === undefined || checkpoints.some((one) => one.id === id)) return checkpoints;
    return [...checkpoints, ...(await outages.retry(() => store.checkpoints.byIds([id])))];
  }

  async #readLogs(assignments: readonly Assignment[]): Promise<boolean> {
    const inOrder = assignments.filter(({ isSequential }) => isSequential);
    const others = assignments.filter(({ isSequential }) => !isSequential);
    // A scan cycle of nothing would still make a scanner, with its memory.
    const isCaughtUp = inOrder.length === 0 || (await this.#singleThreadCycle().read(inOrder));
    return (others.length === 0 || (await this.#cycleFor(others).read(others))) && isCaughtUp;
  }

  #singleThreadCycle(): ScanCycle {
    this.#single ??= new SingleThreadCycle(this.#cycleParts);
    return this.#single;
  }

  async #discoverPartitions(): Promise<DiscoveredPartitions> {
    const { source, store, scan, settings, inputs, systemTimeMs } = this.#parts;
    const { isFollowing, eventTime } = settings;
    let problems: readonly SourceProblem[] = [];
    const mayAdd = (all: readonly SourceProblem[]): boolean => {
      problems = all.filter((problem) => !this.#isWaitedFor(problem));
      return !this.#stopsRun(problems);
    };
    // Where days become final, the pipeline must look for that of an idle partition. Where others read what this run waits for, only
    // the store says that they have.
    const isDueToLook = eventTime.waitMs !== Number.POSITIVE_INFINITY || this.#isWaitingForOthers;
    const hasReadAll = this.#isIdle && !isDueToLook && !inputs.isDue;
    // Where this poll fails, the next one must not take what this one has found for read.
    this.#isIdle = false;
    const poll = this.#firstPoll ?? (await pollSource(source, systemTimeMs));
    this.#firstPoll = undefined;
    const sourceName = source.sharedWork ? '' : settings.sourceName;
    const parts = {
      source,
      store,
      sourceName,
      scan,
      isGrowing: isFollowing,
      mayAdd,
      systemTimeMs,
      hasReadAll,
    };
    const discovered = await discoverPartitions(poll, parts);
    for (const { error, mayPass } of problems) {
      if (!(isFollowing && mayPass)) this.#warn(error);
    }
    return discovered;
  }

  #isToBeRead({ id, name }: Partition): boolean {
    return !this.#stopped.has(id) && !this.#parts.inputs.isAway(name);
  }

  #isWaitedFor({ error, input }: SourceProblem): boolean {
    return error.isTransient && this.#parts.inputs.failed(input, error, 'poll');
  }

  /**
   * An input that a poll reported is well again as soon as a poll does not report it, and nothing of it is left to read.
   * An input that could not be read must also be found again. Polls may not find it because of another input that is away,
   * such as its directory. Where no such input is waited for, it is gone.
   */
  #endInputOutages({ assignments, problems, found, checkpoints }: DiscoveredPartitions): void {
    const { inputs } = this.#parts;
    const unread = assignments.filter(({ partition }) => !this.#ended.has(partition.id));
    const failed = problems.filter(({ error }) => error.isTransient).map(({ input }) => input);
    const mayHide = failed.some((input) => inputs.isWaitingFor(input));
    const away = new Set([...failed, ...unread.map(({ partition }) => partition.name)]);
    const ids = new Set(found.map(({ partitionId }) => partitionId));
    const there = new Set(checkpoints.filter(({ id }) => ids.has(id)).map(({ name }) => name));
    for (const { partition } of assignments) there.add(partition.name);
    inputs.endWhere((input, failedIn) => {
      const isFound = failedIn === 'poll' || there.has(input) || !mayHide;
      return isFound && !away.has(input);
    });
  }

  /**
   * A run that ends stops where an input that the operator named is wrong. A run that follows waits for inputs to come,
   * and stops where it has waited long enough for one that is away.
   */
  #stopsRun(problems: readonly SourceProblem[]): boolean {
    const { isFollowing } = this.#parts.settings;
    return problems.some(({ error, isNamed }) => (isFollowing ? error.isTransient : isNamed));
  }

  /** Threads are worth their start where there is much to read, in batches that can be split. */
  #cycleFor(assignments: readonly Assignment[]): ScanCycle {
    const { settings, openLocation } = this.#parts;
    const bytes = assignments.reduce((sum, { availableBytes = 0 }) => sum + availableBytes, 0);
    // The worker pool of an earlier scan cycle keeps its size.
    const workers = this.#workerPool?.size ?? Math.min(settings.workers, Math.ceil(bytes / BYTES_A_THREAD));
    const splitBytes = splitBytesFor(settings.batchLines, workers, bytes);
    // Whether a line is late depends on all lines before it in the partition.
    const mayBeLate = settings.eventTime.waitMs !== Number.POSITIVE_INFINITY;
    const isForWorkerPool =
      !mayBeLate && workers > 1 && bytes > MIN_BYTES_FOR_THREADS && splitBytes >= MIN_SPLIT_BYTES;
    if (!isForWorkerPool) return this.#singleThreadCycle();
    this.#workerPool ??= this.#startWorkerPool(workers);
    return new WorkerPoolCycle(this.#cycleParts, this.#workerPool, openLocation, splitBytes, this.#uncut);
  }

  #startWorkerPool(workers: number): WorkerPool {
    const { scan, settings, startScanThread } = this.#parts;
    const { dayZone, kept, eventTime } = settings;
    const closingLines = closingLinesFor(settings.batchLines, workers);
    const task = {
      scan,
      dayZone,
      kept,
      eventTime,
      budget: budgetOf(settings.windowStateBytes, workers, settings.batchWindows),
    };
    return new WorkerPool(workers, startScanThread, closingLines, task, this.#cycleParts.spill.isPossible);
  }

  /** Where there is nothing to read, threads only hold memory. */
  #endWorkerPool(): void {
    this.#workerPool?.end();
    this.#workerPool = undefined;
  }

  #stop({ partitions }: RejectedBatch): void {
    for (const { partitionId, error } of partitions) {
      this.#stopped.add(partitionId);
      this.#warn(error);
    }
  }

  /** @param isWaitedFor true where the input may be read again later. */
  #noteInput(error: unknown, { name }: Pick<Partition, 'name'>, isWaitedFor = isTransient(error)): void {
    if (!isInputError(error)) throw error;
    if (isWaitedFor && this.#parts.inputs.failed(name, error, 'read')) return;
    // Without its input a run that follows would go on for ever as if all were well.
    if (isWaitedFor && this.#parts.settings.isFollowing) throw error;
    this.#warn(error);
  }

  #warn(error: DaymarkError): void {
    if (this.#warnings.isNew(error)) this.#parts.events.problem(error);
  }
}
