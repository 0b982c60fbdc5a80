/** Durations with units behind their numbers. */

import { matchAt, utf8Text } from './byte-text.ts';
import { type Decimal, type Read, readDecimal, shifted, sum, times, ZERO } from './decimal.ts';

interface Unit {
  readonly symbols: readonly string[];
  /** Each can have an `s` behind it. */
  readonly words: readonly string[];
  /** The unit is `factor` · 10^`places` microseconds. */
  readonly factor: bigint;
  readonly places: number;
}

const UNITS: readonly Unit[] = [
  { symbols: ['ns'], words: ['nsec', 'nano', 'nanosecond'], factor: 1n, places: -3 },
  // The micro sign and the Greek letter, as in Go.
  {
    symbols: ['us', '\u00b5s', '\u03bcs'],
    words: ['usec', 'micro', 'microsecond'],
    factor: 1n,
    places: 0,
  },
  { symbols: ['ms'], words: ['msec', 'milli', 'millisecond'], factor: 1n, places: 3 },
  { symbols: ['s'], words: ['sec', 'second'], factor: 1n, places: 6 },
  { symbols: ['m'], words: ['min', 'minute'], factor: 60n, places: 6 },
  { symbols: ['h'], words: ['hr', 'hour'], factor: 3_600n, places: 6 },
];

/** The units, by all their names in byte text. */
const unitOfName = new Map(
  UNITS.flatMap((unit) =>
    [...unit.symbols, ...unit.words, ...unit.words.map((word) => `${word}s`)].map(
      (name) => [utf8Text(name), unit] as const,
    ),
  ),
);

const SPACES = / */y;
const BARE_ZERO = /0(?![\d.])/y;
const NAME = / ?([A-Za-z\x80-\xff]+)/y;

/**
 * Reads `812.5µs`, `1m2.5s`, `5 msecs` or `0.5 seconds` at `from`: numbers, each with a unit behind it, perhaps behind
 * a space. Their sum is exact, in microseconds. `0` needs no unit. Spaces before it align columns.
 * https://pkg.go.dev/time#Duration.String
 */
export function readDurationText(text: string, from: number): Read<Decimal> | undefined {
  const start = from + (matchAt(SPACES, text, from)?.[0].length ?? 0);
  let [total, end] = [ZERO, start];
  // No duration has more parts than there are units. A long line of parts would take seconds to add up.
  for (let parts = 0; parts < UNITS.length; parts++) {
    const part = readPart(text, end);
    if (!part) break;
    total = sum(total, part.value);
    end = part.end;
  }
  if (end > start) return { value: total, end };
  return matchAt(BARE_ZERO, text, start) && { value: ZERO, end: start + 1 };
}

function readPart(text: string, from: number): Read<Decimal> | undefined {
  const number = readDecimal(text, from, false);
  const name = number && matchAt(NAME, text, number.end);
  const unit = name && unitOfName.get(name[1] ?? '');
  if (!unit) return undefined;
  return { value: shifted(times(number.value, unit.factor), unit.places), end: number.end + name[0].length };
}
