import type { Advance, Finality, Store, WindowDelta } from '../store/contract.ts';
import type { MostlyRejected, RejectedShare } from './rejected-share.ts';
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
  readonly #finality: () => Finality;

  /**
   * @param timeZone the one whose days the deltas are of.
   * @param finality how days become final with a commit that is made now.
   */
  constructor(store: Store, timeZone: string, tally: Tally, share: RejectedShare, finality: () => Finality) {
    this.#store = store;
    this.#timeZone = timeZone;
    this.#tally = tally;
    this.#share = share;
    this.#finality = finality;
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
    const finality = this.#finality();
    const commit = { timeZone: this.#timeZone, advances, finality, deltas: { [Symbol.iterator]: counted } };
    await this.#store.commit(commit);
    this.#tally.add(commit, windows);
    this.#share.add(advances);
  }
}
