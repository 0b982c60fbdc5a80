/**
 * Windows as bytes, sorted by their keys: the form in which runs of them are kept beside the store.
 *
 * An entry is three varints (the bytes of its key, its late events, the bytes of its state), the key, and the state as
 * `daily-statistics.ts` encodes it. The key is the place of its kind in WINDOW_KINDS, as a digit, and its values with a NUL
 * between two. Kinds stand there in their order, and no value has a NUL. So the bytes of keys are in the order of keys.
 */

import { bug } from '../errors.ts';
import { MAX_WINDOW_KEY_BYTES } from '../limits.ts';
import { WINDOW_KINDS, type WindowKind } from '../window/kind.ts';
import type { KeyedWindows } from './keyed-windows.ts';
import { VarintWriter } from './varints.ts';
import type { WindowAccumulator } from './window-accumulator.ts';

/** A piece is closed when it has so many bytes. One buffer that grows to megabytes would take three times as many. */
const PIECE_BYTES = 256 * 1024;

const DIGITS = new Map(WINDOW_KINDS.map((kind, place) => [kind, String(place)]));
const FIRST_DIGIT = 0x30;

/** @returns the entries, in pieces with buffers of their own. No entry is in two of them. */
export function* encodeWindows(
  accumulator: WindowAccumulator,
  keyed: Iterable<KeyedWindows>,
): Generator<Uint8Array<ArrayBuffer>> {
  const writer = new VarintWriter();
  for (const { key, windows } of keyed) {
    const text = Buffer.from(`${digitOf(key.kind)}${key.values.join('\0')}`);
    if (text.length > MAX_WINDOW_KEY_BYTES) throw bug(`a key of ${text.length} bytes`);
    const state = accumulator.encodedState(windows);
    writer.varint(text.length);
    writer.varint(accumulator.lateEvents(windows) ?? 0);
    writer.varint(state.length);
    writer.bytes(text);
    writer.bytes(state);
    if (writer.length >= PIECE_BYTES) yield writer.take();
  }
  if (writer.length > 0) yield writer.take();
}

export function digitOf(kind: WindowKind): string {
  const digit = DIGITS.get(kind);
  if (digit === undefined) throw bug(`windows of the kind ${kind.name} are not encoded`);
  return digit;
}

/** The kind that the first byte of a key names. */
export function kindOfDigit(byte: number): WindowKind {
  const kind = WINDOW_KINDS[byte - FIRST_DIGIT];
  if (!kind) throw bug(`no kind of windows has the digit ${byte}`);
  return kind;
}
