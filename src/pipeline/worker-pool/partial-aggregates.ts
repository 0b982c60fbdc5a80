/**
 * What a scan thread has found, as it crosses to the thread that commits: its windows in key order, one after the
 * other: customer id (length, UTF-8), day, first and last event time, total (length, bytes). Numbers are varints. It comes
 * in pieces, each with whole windows: one buffer that grows to megabytes would take three times as many.
 */

import { TotalSum } from '../../statistics/total-sum.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import { VarintReader, VarintWriter } from '../../statistics/varints.ts';
import type { EventTimes } from '../../statistics/window-accumulator.ts';
import type { WindowDelta } from '../../store/contract.ts';
import { dateOfDay } from '../../window/day.ts';
import { compareUtf8 } from '../../window/key.ts';

/** What was scanned of a window. */
export interface ScannedWindow {
  readonly customerId: string;
  readonly day: number;
  readonly statistics: DailyStatistics;
  /** How many of its events were late; undefined: none. */
  readonly lateEvents?: number | undefined;
}

/** The same to be handed over. Without late events: threads scan only where none can be. */
export interface PartialAggregate extends EventTimes {
  readonly customerId: string;
  readonly day: number;
  /** As `WindowAccumulator.total` gives it; it need not hold for longer than until the next window's. */
  readonly total: Uint8Array;
}

/** What one thread has handed over. */
export type PartialAggregates = readonly Uint8Array<ArrayBuffer>[];

/** A piece is closed when it has so many bytes. */
const PIECE_BYTES = 256 * 1024;

/** @param windows in key order. @returns pieces with buffers of their own, to be transferred. */
export function encodePartialAggregates(windows: Iterable<PartialAggregate>): PartialAggregates {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const writer = new VarintWriter();
  for (const { customerId, day, firstEventMs, lastEventMs, total } of windows) {
    const id = Buffer.from(customerId);
    writer.varint(id.length);
    writer.bytes(id);
    writer.signedVarint(day);
    writer.signedVarint(firstEventMs);
    writer.signedVarint(lastEventMs);
    writer.varint(total.length);
    writer.bytes(total);
    if (writer.length >= PIECE_BYTES) pieces.push(writer.take());
  }
  return writer.length > 0 ? [...pieces, writer.take()] : pieces;
}

/** The deltas of windows that were not handed over. */
export function* deltasOf(windows: Iterable<ScannedWindow>): Generator<WindowDelta> {
  for (const window of windows) {
    yield {
      key: { customerId: window.customerId, date: dateOfDay(window.day) },
      lateEvents: window.lateEvents,
      get statistics() {
        return window.statistics;
      },
    };
  }
}

/** Reads a partialAggregates, window by window. */
class PartialAggregatesReader {
  readonly #pieces: Iterator<Uint8Array>;
  #reader = new VarintReader(new Uint8Array());
  customerId = '';
  day = 0;
  times: EventTimes = { firstEventMs: 0, lastEventMs: 0 };
  total: Uint8Array = new Uint8Array();

  constructor(partialAggregates: PartialAggregates) {
    this.#pieces = partialAggregates.values();
  }

  /** @returns false at the end. */
  next(): boolean {
    if (this.#reader.remaining === 0) {
      const piece = this.#pieces.next();
      if (piece.done) return false;
      this.#reader = new VarintReader(piece.value);
    }
    const id = this.#reader.bytes(this.#reader.varint());
    this.customerId = Buffer.from(id.buffer, id.byteOffset, id.length).toString();
    this.day = this.#reader.signedVarint();
    this.times = { firstEventMs: this.#reader.signedVarint(), lastEventMs: this.#reader.signedVarint() };
    this.total = this.#reader.bytes(this.#reader.varint());
    return true;
  }
}

/** What one partialAggregates holds of a window. */
type Part = Pick<PartialAggregatesReader, 'times' | 'total'>;

/** Puts together what several threads have found. */
export class PartialAggregatesMerger {
  readonly #sum = new TotalSum();

  /** The deltas of all windows in several partials, in key order, each key once. The statistics of each hold until the next's. */
  *merge(partials: readonly PartialAggregates[]): Generator<WindowDelta> {
    const sum = (parts: readonly Part[]) => this.#statisticsOf(parts);
    let readers = partials
      .map((partialAggregates) => new PartialAggregatesReader(partialAggregates))
      .filter((reader) => reader.next());
    while (readers.length > 0) {
      const { customerId, day } = readers.reduce((least, reader) =>
        compareWindows(reader, least) < 0 ? reader : least,
      );
      const parts: Part[] = [];
      readers = readers.filter((reader) => {
        if (reader.day !== day || reader.customerId !== customerId) return true;
        parts.push({ times: reader.times, total: reader.total });
        return reader.next();
      });
      yield {
        key: { customerId, date: dateOfDay(day) },
        get statistics() {
          return sum(parts);
        },
      };
    }
  }

  #statisticsOf(parts: readonly Part[]): DailyStatistics {
    for (const { total } of parts) this.#sum.add(total);
    return {
      ...this.#sum.take(),
      firstEventMs: Math.min(...parts.map(({ times }) => times.firstEventMs)),
      lastEventMs: Math.max(...parts.map(({ times }) => times.lastEventMs)),
    };
  }
}

function compareWindows(a: PartialAggregatesReader, b: PartialAggregatesReader): number {
  return compareUtf8(a.customerId, b.customerId) || a.day - b.day;
}
