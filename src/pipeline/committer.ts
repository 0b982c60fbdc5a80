import type { Partition } from '../source/contract.ts';
import type { Advance, Store, WindowDelta } from '../store/contract.ts';
import { advanceOf } from './ledger.ts';
import type { MostlyRejected, RejectedShare } from './rejected-share.ts';
import { emptyPart } from './section-scanner.ts';
import type { Tally } from './tally.ts';

/** Stops a pass before a batch is committed: partitions of it are not to be read on. */
export class RejectedBatch extends Error {
  readonly partitions: readonly MostlyRejected[];

  constructor(partitions: readonly MostlyRejected[]) {
    super('a batch with mostly rejected partitions');
    this.partitions = partitions;
  }
}

/** Commits batches, and keeps count of what the store took. */
export class Committer {
  readonly #store: Store;
  readonly #timeZone: string;
  readonly #tally: Tally;
  readonly #share: RejectedShare;

  /** @param timeZone the one whose days the deltas are of. */
  constructor(store: Store, timeZone: string, tally: Tally, share: RejectedShare) {
    this.#store = store;
    this.#timeZone = timeZone;
    this.#tally = tally;
    this.#share = share;
  }

  /**
   * @param deltas gives them from the start each time it is called.
   * @throws {RejectedBatch} nothing was stored; {DaymarkError} as `Store.commit`.
   */
  async commit(advances: readonly Advance[], deltas: () => Iterable<WindowDelta>): Promise<void> {
    if (advances.length === 0) return;
    const mostlyRejected = this.#share.judge(advances);
    if (mostlyRejected.length > 0) throw new RejectedBatch(mostlyRejected);
    let windows = 0;
    function* counted(): Generator<WindowDelta> {
      windows = 0;
      for (const delta of deltas()) {
        windows++;
        yield delta;
      }
    }
    const commit = { timeZone: this.#timeZone, advances, deltas: { [Symbol.iterator]: counted } };
    await this.#store.commit(commit);
    this.#tally.add(commit, windows);
    this.#share.add(advances);
  }

  /** Notes that nothing comes of these partitions any more. @throws {DaymarkError} as `Store.commit`. */
  async finish(partitions: readonly Partition[]): Promise<void> {
    if (partitions.length === 0) return;
    const advances = partitions.map((partition) => {
      const { offset, mark } = partition;
      return advanceOf(partition, [{ ...emptyPart(offset), mark }], true);
    });
    await this.#store.commit({ timeZone: this.#timeZone, advances, deltas: [] });
  }
}
