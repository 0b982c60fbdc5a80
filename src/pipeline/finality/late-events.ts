import type { RecordBatch } from '../../log-format/types.ts';
import type { WindowAccumulator } from '../../statistics/window-accumulator.ts';
import type { ZoneTable } from '../../window/types.ts';
import { Watermark } from '../../window/watermark.ts';
import type { EventTimeSettings } from '../types.ts';

/** What was late in a batch, and what of that was dropped. */
export interface LateCounts {
  readonly late: number;
  readonly dropped: number;
}

/** Finds the late events of a partition. Drops them, or notes them at their windows. */
export class LateEvents {
  readonly #zone: ZoneTable;
  readonly #waitMs: number;
  readonly #isDropping: boolean;
  readonly #accumulator: Pick<WindowAccumulator, 'noteLate'>;
  #watermark: Watermark;

  constructor(
    zone: ZoneTable,
    { waitMs, isDroppingLate }: EventTimeSettings,
    accumulator: Pick<WindowAccumulator, 'noteLate'>,
  ) {
    this.#zone = zone;
    this.#waitMs = waitMs;
    this.#isDropping = isDroppingLate;
    this.#accumulator = accumulator;
    this.#watermark = new Watermark(zone, waitMs, null);
  }

  /** Goes on with a partition whose clock stands there. */
  begin(clockMs: number | null): void {
    this.#watermark = new Watermark(this.#zone, this.#waitMs, clockMs);
  }

  /** Judges the next records of the partition, in their order. It takes those that are dropped out of the batch. */
  judge(batch: RecordBatch): LateCounts {
    let [late, kept] = [0, 0];
    for (let row = 0; row < batch.rows; row++) {
      const day = this.#watermark.lateDayOf(batch.eventTimeMs[row]);
      if (day !== undefined) late++;
      if (day !== undefined && this.#isDropping) continue;
      if (day !== undefined)
        this.#accumulator.noteLate(batch.customer[row], batch.eventTimeMs[row], batch.endpoint?.[row]);
      if (kept !== row) moveRow(batch, row, kept);
      kept++;
    }
    const dropped = batch.rows - kept;
    batch.rows = kept;
    return { late, dropped };
  }
}

function moveRow(batch: RecordBatch, from: number, to: number): void {
  const { eventTimeMs, customer, status, durationUs, lineBegin, lineEnd, endpoint } = batch;
  eventTimeMs[to] = eventTimeMs[from];
  customer[to] = customer[from];
  status[to] = status[from];
  durationUs[to] = durationUs[from];
  lineBegin[to] = lineBegin[from];
  lineEnd[to] = lineEnd[from];
  if (endpoint) endpoint[to] = endpoint[from];
}
