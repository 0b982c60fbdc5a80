/** How a value of JSON writes a time. */

import { UTC } from '../../window/zone.ts';
import { TIMESTAMP_KINDS, type TimestampKind } from '../format.ts';
import { readTimestamp } from '../reference/timestamp.ts';

/** Times of these years are told apart by their size: seconds have 10 digits, nanoseconds 19. */
const FIRST_S = Date.parse('2000-01-01') / 1000;
const LAST_S = Date.parse('2100-01-01') / 1000;

const EPOCHS = [
  ['epoch_s', 1],
  ['epoch_ms', 1e3],
  ['epoch_us', 1e6],
  ['epoch_ns', 1e9],
] as const;

/** The kind in which all texts are written. Undefined where there is none. */
export function timeKindOf(texts: readonly string[]): TimestampKind | undefined {
  if (texts.length === 0) return undefined;
  if (texts.every((text) => /^\d+(?:\.\d+)?(?:[eE]\+?\d+)?$/.test(text))) return epochOf(texts.map(Number));
  return CALENDAR_KINDS.find((kind) => texts.every((text) => isOfKind(text, kind)));
}

/** `datetime` is a form of `iso8601`. */
const CALENDAR_KINDS = TIMESTAMP_KINDS.filter((kind) => !kind.startsWith('epoch_') && kind !== 'datetime');

function isOfKind(text: string, kind: TimestampKind): boolean {
  return readTimestamp(text, 0, kind, UTC, false)?.end === text.length;
}

function epochOf(values: readonly number[]): TimestampKind | undefined {
  return EPOCHS.find(([, unit]) =>
    values.every((value) => value >= FIRST_S * unit && value < LAST_S * unit),
  )?.[0];
}
