import { bug } from '../errors.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { MAX_BATCH_REJECTIONS, MAX_REJECTED_LINES_KEPT } from '../limits.ts';
import type { Scanner, ScanStep } from '../log-format/scanner.ts';
import type { Partition } from '../source/contract.ts';
import { WindowAccumulator } from '../statistics/window-accumulator.ts';
import type { Advance, Commit, RejectedLine, WindowDelta } from '../store/contract.ts';
import { dateOfDay, daySpanAt } from '../window/day.ts';
import { compareUtf8 } from '../window/key.ts';
import type { ZoneTable } from '../window/types.ts';

/** An {@link Advance} that is still growing. */
interface GrowingAdvance extends Advance {
  toOffset: number;
  lines: number;
  accepted: number;
  rejected: number;
  readonly rejectedByReason: Map<string, number>;
  readonly rejectedLines: RejectedLine[];
}

/** What was read since the last commit: the deltas of all windows, and how far each partition came. */
export class Batch {
  readonly #scanner: Scanner;
  readonly #accumulator: WindowAccumulator;
  readonly #dayZone: ZoneTable;
  #advances: GrowingAdvance[] = [];
  #current: GrowingAdvance | undefined;
  #lines = 0;
  #rejections = 0;

  /**
   * @param scanner the one whose record batches are added; its customer numbers must last until the commit.
   * @param kernel the scanner's.
   */
  constructor(scanner: Scanner, dayZone: ZoneTable, kernel: Kernel) {
    this.#scanner = scanner;
    this.#dayZone = dayZone;
    this.#accumulator = new WindowAccumulator((timeMs) => daySpanAt(dayZone, timeMs), kernel);
  }

  get lines(): number {
    return this.#lines;
  }

  get windows(): number {
    return this.#accumulator.windows;
  }

  /** True when it must be committed before more is added. */
  get isFull(): boolean {
    return this.#accumulator.isFull || this.#rejections >= MAX_BATCH_REJECTIONS;
  }

  /** How many more rejected lines of the present partition to keep. */
  get roomForRejections(): number {
    return MAX_REJECTED_LINES_KEPT - (this.#current?.rejectedLines.length ?? 0);
  }

  /** What is added from now on is of this partition, from this offset on. */
  begin({ id, name, identity }: Partition, fromOffset: number): void {
    this.#current = {
      partitionId: id,
      name,
      identity,
      fromOffset,
      toOffset: fromOffset,
      lines: 0,
      accepted: 0,
      rejected: 0,
      rejectedByReason: new Map(),
      rejectedLines: [],
    };
    this.#advances.push(this.#current);
  }

  /** Adds what a step of the scanner took. */
  add(step: ScanStep): void {
    const advance = this.#current;
    if (!advance) throw bug('lines of no partition');
    const { batch, offset } = this.#scanner;
    this.#accumulator.add(batch);
    advance.toOffset = offset;
    advance.lines += step.lines;
    advance.accepted += batch.rows + step.fedRecords;
    advance.rejected += step.rejected;
    advance.rejectedLines.push(...step.rejections);
    this.#rejections += step.rejections.length;
    for (const [reason, lines] of step.rejectedByReason) {
      advance.rejectedByReason.set(reason, (advance.rejectedByReason.get(reason) ?? 0) + lines);
    }
    if (advance.lines !== advance.accepted + advance.rejected) throw bug('the ledger does not add up');
    this.#lines += step.lines;
  }

  /** What to commit; undefined where nothing moved. */
  commit(): Commit | undefined {
    const advances = this.#advances.filter(({ fromOffset, toOffset }) => toOffset > fromOffset);
    if (advances.length === 0) return undefined;
    const ordered = this.#windowsInKeyOrder();
    const timeZone = this.#dayZone.name;
    return { timeZone, advances, deltas: { [Symbol.iterator]: () => this.#deltas(ordered) } };
  }

  *#deltas(windows: Int32Array): Generator<WindowDelta> {
    const accumulator = this.#accumulator;
    for (const window of windows) {
      const customerId = this.#scanner.customerId(accumulator.customer(window));
      const date = dateOfDay(accumulator.day(window));
      yield {
        key: { customerId, date },
        get statistics() {
          return accumulator.statistics(window);
        },
      };
    }
  }

  /** The order of the keys (`window/key.ts`), found on numbers: customers are ranked once. */
  #windowsInKeyOrder(): Int32Array {
    const accumulator = this.#accumulator;
    const windows = Int32Array.from({ length: accumulator.windows }, (_, window) => window);
    const customers = [...new Set(Array.from(windows, (window) => accumulator.customer(window)))];
    const ids = new Map(customers.map((customer) => [customer, this.#scanner.customerId(customer)]));
    customers.sort((a, b) => compareUtf8(ids.get(a) ?? '', ids.get(b) ?? ''));
    const ranks = new Map(customers.map((customer, rank) => [customer, rank]));
    const rankOf = Float64Array.from(windows, (window) => ranks.get(accumulator.customer(window)) ?? 0);
    return windows.sort((a, b) => rankOf[a] - rankOf[b] || accumulator.day(a) - accumulator.day(b));
  }

  /** Forgets everything: after a commit, or to read it again. A partition begun before must be begun again. */
  clear(): void {
    this.#accumulator.clear();
    this.#advances = [];
    this.#current = undefined;
    this.#lines = 0;
    this.#rejections = 0;
  }
}
