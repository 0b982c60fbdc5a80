import { DaymarkError } from '../../errors.ts';
import { MAX_REPORTED_TRIES } from '../../limits.ts';
import type { Advance, Commit, Deltas, Finality, LineCounts, Store } from '../../store/contract.ts';
import type { FailedTry, StoredCommit } from '../types.ts';
import { CountedDeltas } from './counted-deltas.ts';
import type { Outages } from './outages.ts';
import type { MostlyRejected, RejectedShare } from './rejected-share.ts';
import type { Tally } from './tally.ts';

/** Ends a scan cycle before a batch is committed: too many lines of some partitions are rejected. */
export class RejectedBatch extends Error {
  readonly partitions: readonly MostlyRejected[];

  constructor(partitions: readonly MostlyRejected[]) {
    super('a batch with mostly rejected partitions');
    this.partitions = partitions;
  }
}

type CommitTimes = Pick<StoredCommit, 'durationMs' | 'tries' | 'failures' | 'totalMs'>;

/** Commits batches, and counts what was stored. */
export class Committer {
  readonly #store: Store;
  readonly #timeZone: string;
  readonly #tally: Tally;
  readonly #share: RejectedShare;
  readonly #finality: () => Finality;
  readonly #outages: Outages;
  readonly #readingSettings: string;
  readonly #now: () => number;
  readonly #committed: (commit: StoredCommit) => void;
  readonly #host: string | undefined;

  /**
   * @param timeZone of the days of the deltas.
   * @param readingSettings with which the batches were read, as the store keeps them.
   * @param finality how days become final with a commit at that moment.
   * @param now a clock that never goes back, in milliseconds.
   * @param committed hears of each commit that was stored.
   * @param host the name of this host, as the store keeps it.
   */
  constructor(
    store: Store,
    timeZone: string,
    tally: Tally,
    share: RejectedShare,
    finality: () => Finality,
    outages: Outages,
    readingSettings: string,
    now: () => number,
    committed: (commit: StoredCommit) => void = () => undefined,
    host?: string,
  ) {
    this.#store = store;
    this.#timeZone = timeZone;
    this.#tally = tally;
    this.#share = share;
    this.#finality = finality;
    this.#outages = outages;
    this.#readingSettings = readingSettings;
    this.#now = now;
    this.#committed = committed;
    this.#host = host;
  }

  /**
   * Commits a batch. Where the store is away, the batch is kept and committed when the store is back. Reading it again may
   * be impossible: a pipe gives its bytes once, and a log may be gone by then.
   * @param deltas gives them from the start each time it is called.
   * @param bytes of the lines in it.
   * @param failed what an error of the store is for this batch: only a transient one is waited for.
   * @throws {RejectedBatch} nothing was stored; {StoppedInOutage}; {DaymarkError} as `Store.commit`; what `failed` returns.
   */
  async commit(
    advances: readonly Advance[],
    deltas: () => Deltas,
    bytes = 0,
    failed: (error: unknown) => unknown = (error) => error,
  ): Promise<void> {
    if (advances.length === 0) return;
    this.assertMostlyAccepted(advances);
    const counted = new CountedDeltas(deltas);
    const batch = {
      ...{ timeZone: this.#timeZone, advances, readingSettings: this.#readingSettings },
      host: this.#host,
    };
    const times = await this.#retry(async (isInDoubt) => {
      try {
        await this.#commitOnce({ ...batch, deltas: counted.read(), finality: this.#finality() }, isInDoubt);
      } catch (error) {
        throw failed(error);
      }
    });
    const { rows, windows } = counted;
    this.#tally.add(batch, windows, bytes);
    const partitions = advances.length;
    this.#committed({ ...countsOf(advances), windows, bytes, rows, partitions, ...times });
    this.#share.add(advances);
  }

  /** @throws {RejectedBatch} where too many lines of a partition are rejected. */
  assertMostlyAccepted(advances: readonly Advance[]): void {
    const mostlyRejected = this.#share.judge(advances);
    if (mostlyRejected.length > 0) throw new RejectedBatch(mostlyRejected);
  }

  /** Tries to commit while the store is away. @returns how that went. */
  async #retry(commit: (isInDoubt: boolean) => Promise<void>): Promise<CommitTimes> {
    const failures: FailedTry[] = [];
    const firstMs = this.#now();
    let tries = 0;
    let durationMs = 0;
    await this.#outages.retry(async () => {
      const beganMs = this.#now();
      try {
        await commit(tries++ > 0);
      } catch (error) {
        const code = error instanceof DaymarkError ? error.code : 'INTERNAL';
        if (failures.length < MAX_REPORTED_TRIES) failures.push({ afterMs: this.#now() - firstMs, code });
        throw error;
      }
      durationMs = this.#now() - beganMs;
    });
    return { durationMs, tries, failures, totalMs: this.#now() - firstMs };
  }

  /**
   * A commit without a reply has an unknown outcome, so it is tried again. Where the first try was stored, or is being
   * stored, the compare-and-set refuses the second one. Then the offsets show whose commit moved them.
   */
  async #commitOnce(commit: Commit, isInDoubt: boolean): Promise<void> {
    try {
      await this.#store.commit(commit);
    } catch (error) {
      const hasMoved = error instanceof DaymarkError && error.code === 'CHECKPOINT_MOVED';
      if (!(isInDoubt && hasMoved && (await this.#isStored(commit)))) throw error;
    }
  }

  /** True where all partitions stand where the commit would have moved them. It moves all or none. */
  async #isStored({ advances }: Commit): Promise<boolean> {
    const ids = advances.map(({ partitionId }) => partitionId);
    const checkpoints = await this.#store.checkpoints.byIds(ids);
    const offsets = new Map(checkpoints.map(({ id, offset }) => [id, offset]));
    return advances.every(({ partitionId, toOffset }) => offsets.get(partitionId) === toOffset);
  }
}

/** Adds up what became of the lines of a commit. */
function countsOf(advances: readonly Advance[]): LineCounts & Pick<StoredCommit, 'rejectedByReason'> {
  const counts = { lines: 0, accepted: 0, rejected: 0, late: 0, dropped: 0, excluded: 0 };
  const rejectedByReason: Record<string, number> = {};
  for (const advance of advances) {
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += advance[name];
    for (const [reason, lines] of advance.rejectedByReason)
      rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + lines;
  }
  return { ...counts, rejectedByReason };
}
