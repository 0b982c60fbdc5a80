import type { RecordBatch } from '../../log-format/types.ts';
import type { ZoneTable } from '../../window/types.ts';
import { Watermark } from '../../window/watermark.ts';
import type { EventTimeSettings } from '../types.ts';

/** What was late in a batch, and what of that was dropped. */
export interface LateCounts {
  readonly late: number;
  readonly dropped: number;
}

/** Customer and day in one number: there are fewer than 2^22 days of the years 1 to 9999 on either side of 1970. */
const DAYS = 2 ** 23;
const DAY_0 = 2 ** 22;

/** Finds the late events of a partition, and drops them or notes whose windows they change. */
export class LateEvents {
  readonly #zone: ZoneTable;
  readonly #waitMs: number;
  readonly #isDropping: boolean;
  #watermark: Watermark;
  /** By customer and day: as many at the most as there are windows. */
  readonly #merged = new Map<number, number>();

  constructor(zone: ZoneTable, { waitMs, isDroppingLate }: EventTimeSettings) {
    this.#zone = zone;
    this.#waitMs = waitMs;
    this.#isDropping = isDroppingLate;
    this.#watermark = new Watermark(zone, waitMs, null);
  }

  /** Goes on with a partition whose clock stands there. What was noted is kept. */
  begin(clockMs: number | null): void {
    this.#watermark = new Watermark(this.#zone, this.#waitMs, clockMs);
  }

  /** Judges the next records of the partition, in their order; those that are dropped are not in the batch any more. */
  judge(batch: RecordBatch): LateCounts {
    let [late, kept] = [0, 0];
    for (let row = 0; row < batch.rows; row++) {
      const day = this.#watermark.lateDayOf(batch.eventTimeMs[row]);
      if (day !== undefined) late++;
      if (day !== undefined && this.#isDropping) continue;
      if (day !== undefined) this.#note(batch.customer[row], day);
      if (kept !== row) moveRow(batch, row, kept);
      kept++;
    }
    const dropped = batch.rows - kept;
    batch.rows = kept;
    return { late, dropped };
  }

  #note(customer: number, day: number): void {
    const key = customer * DAYS + day + DAY_0;
    this.#merged.set(key, (this.#merged.get(key) ?? 0) + 1);
  }

  /** How many late events of a window were merged since {@link clear}; undefined: none. */
  mergedInto(customer: number, day: number): number | undefined {
    return this.#merged.get(customer * DAYS + day + DAY_0);
  }

  clear(): void {
    this.#merged.clear();
  }
}

function moveRow({ eventTimeMs, customer, status, durationUs }: RecordBatch, from: number, to: number): void {
  eventTimeMs[to] = eventTimeMs[from];
  customer[to] = customer[from];
  status[to] = status[from];
  durationUs[to] = durationUs[from];
}
