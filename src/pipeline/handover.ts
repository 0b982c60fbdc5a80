/**
 * What a scan thread has found, as it crosses to the thread that commits: its windows in key order, one after the
 * other: customer id (length, UTF-8), day, statistics (length, encoded state). Numbers are varints.
 */

import { ByteReader, ByteWriter } from '../statistics/bytes.ts';
import { encodeStatistics, mergeStatistics } from '../statistics/daily-statistics.ts';
import { histogramRoom } from '../statistics/histogram-sum.ts';
import type { DailyStatistics } from '../statistics/types.ts';
import type { WindowDelta } from '../store/contract.ts';
import { dateOfDay } from '../window/day.ts';
import { compareUtf8 } from '../window/key.ts';

/** What was scanned of a window. */
export interface ScannedWindow {
  readonly customerId: string;
  readonly day: number;
  readonly statistics: DailyStatistics;
  /** How many of its events were late; undefined: none. Not handed over: threads scan only where none can be. */
  readonly lateEvents?: number | undefined;
}

/** @param windows in key order. @returns bytes with a buffer of their own, to be transferred. */
export function encodeHandover(windows: Iterable<ScannedWindow>): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  for (const { customerId, day, statistics } of windows) {
    const id = Buffer.from(customerId);
    writer.varint(id.length);
    writer.bytes(id);
    writer.signedVarint(day);
    const state = encodeStatistics(statistics);
    writer.varint(state.length);
    writer.bytes(state);
  }
  return writer.take();
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

/** Reads a handover, window by window. */
class HandoverReader {
  readonly #reader: ByteReader;
  customerId = '';
  day = 0;
  state: Uint8Array = new Uint8Array();

  constructor(handover: Uint8Array) {
    this.#reader = new ByteReader(handover);
  }

  /** @returns false at the end. */
  next(): boolean {
    if (this.#reader.remaining === 0) return false;
    const id = this.#reader.bytes(this.#reader.varint());
    this.customerId = Buffer.from(id.buffer, id.byteOffset, id.length).toString();
    this.day = this.#reader.signedVarint();
    this.state = this.#reader.bytes(this.#reader.varint());
    return true;
  }
}

const room = histogramRoom();

/**
 * The deltas of all windows in several handovers, in key order, each key once. A window that stands in one of them
 * keeps its encoded histogram; those that stand in several are added up, when their statistics are asked for.
 */
export function* mergeHandovers(handovers: readonly Uint8Array[]): Generator<WindowDelta> {
  let readers = handovers.map((handover) => new HandoverReader(handover)).filter((reader) => reader.next());
  while (readers.length > 0) {
    const { customerId, day } = readers.reduce((least, reader) =>
      compareWindows(reader, least) < 0 ? reader : least,
    );
    const states: Uint8Array[] = [];
    readers = readers.filter((reader) => {
      if (reader.day !== day || reader.customerId !== customerId) return true;
      states.push(reader.state);
      return reader.next();
    });
    yield {
      key: { customerId, date: dateOfDay(day) },
      get statistics() {
        return mergeStatistics(states, room);
      },
    };
  }
}

function compareWindows(a: HandoverReader, b: HandoverReader): number {
  return compareUtf8(a.customerId, b.customerId) || a.day - b.day;
}
