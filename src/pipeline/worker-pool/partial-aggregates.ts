/**
 * What a scan thread has found, as it crosses to the thread that commits: its windows in the order of keys, one after
 * the other: key (length, UTF-8), first and last event time, total (length, bytes). Numbers are varints. It comes in
 * pieces, each with whole windows: one buffer that grows to megabytes would take three times as many.
 */

import { TotalSum } from '../../statistics/total-sum.ts';
import type { DailyStatistics } from '../../statistics/types.ts';
import { VarintReader, VarintWriter } from '../../statistics/varints.ts';
import type { EventTimes } from '../../statistics/window-accumulator.ts';
import type { WindowDelta } from '../../store/contract.ts';
import { compareKeys, decodeKey, encodeKey, type WindowKey } from '../../window/key.ts';

/** What one thread has found of a window, or a part of that. Without late events: threads scan only where there can be none. */
export interface PartialAggregate extends EventTimes {
  readonly key: WindowKey;
  /** As `WindowAccumulator.totals` gives it. It need not hold for longer than until the next window's. */
  readonly total: Uint8Array;
}

/** What one thread has handed over. */
export type PartialAggregates = readonly Uint8Array<ArrayBuffer>[];

/** A piece is closed when it has so many bytes. */
const PIECE_BYTES = 256 * 1024;

/** @param windows in the order of keys. @returns pieces with buffers of their own, to be transferred. */
export function encodePartialAggregates(windows: Iterable<PartialAggregate>): PartialAggregates {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const writer = new VarintWriter();
  for (const { key, firstEventMs, lastEventMs, total } of windows) {
    const text = Buffer.from(encodeKey(key));
    writer.varint(text.length);
    writer.bytes(text);
    writer.signedVarint(firstEventMs);
    writer.signedVarint(lastEventMs);
    writer.varint(total.length);
    writer.bytes(total);
    if (writer.length >= PIECE_BYTES) pieces.push(writer.take());
  }
  return writer.length > 0 ? [...pieces, writer.take()] : pieces;
}

/** @returns the next window at each call; undefined at the end. */
function* decodePartialAggregates(pieces: PartialAggregates): Generator<PartialAggregate, undefined> {
  for (const piece of pieces) {
    const reader = new VarintReader(piece);
    while (reader.remaining > 0) {
      const text = reader.bytes(reader.varint());
      const key = decodeKey(Buffer.from(text.buffer, text.byteOffset, text.length).toString());
      const firstEventMs = reader.signedVarint();
      const lastEventMs = reader.signedVarint();
      yield { key, firstEventMs, lastEventMs, total: reader.bytes(reader.varint()) };
    }
  }
  return undefined;
}

/** What one thread has handed over, and the window of it that comes next. */
interface Cursor {
  readonly rest: Generator<PartialAggregate, undefined>;
  next: PartialAggregate | undefined;
}

/** Puts together what several threads have found. */
export class PartialAggregatesMerger {
  readonly #sum = new TotalSum();

  /** The deltas of all windows, in the order of keys, each key once. The statistics of each hold until the next's. */
  *merge(partials: readonly PartialAggregates[]): Generator<WindowDelta> {
    const sum = (parts: readonly PartialAggregate[]) => this.#statisticsOf(parts);
    const cursors: Cursor[] = partials.map((pieces) => {
      const rest = decodePartialAggregates(pieces);
      return { rest, next: rest.next().value };
    });
    for (let key = leastKey(cursors); key; key = leastKey(cursors)) {
      const parts = takeWindow(cursors, key);
      yield {
        key,
        get statistics() {
          return sum(parts);
        },
      };
    }
  }

  #statisticsOf(parts: readonly PartialAggregate[]): DailyStatistics {
    for (const { total } of parts) this.#sum.add(total);
    return {
      ...this.#sum.take(),
      firstEventMs: Math.min(...parts.map(({ firstEventMs }) => firstEventMs)),
      lastEventMs: Math.max(...parts.map(({ lastEventMs }) => lastEventMs)),
    };
  }
}

/** The key that comes next; undefined where nothing is left. */
function leastKey(cursors: readonly Cursor[]): WindowKey | undefined {
  let least: WindowKey | undefined;
  for (const { next } of cursors) if (next && (!least || compareKeys(next.key, least) < 0)) least = next.key;
  return least;
}

/** Takes what all threads have of a window, and moves on behind it. */
function takeWindow(cursors: readonly Cursor[], key: WindowKey): PartialAggregate[] {
  const parts: PartialAggregate[] = [];
  for (const cursor of cursors) {
    for (; cursor.next && compareKeys(cursor.next.key, key) === 0; cursor.next = cursor.rest.next().value)
      parts.push(cursor.next);
  }
  return parts;
}
