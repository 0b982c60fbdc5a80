/** Merges histograms, and gives them the level that their durations need. `duration-levels.ts` says what levels are. */

import { CountsBuffer, mergeCounts } from './counts.ts';
import { EXACT, FOUR_DIGITS_ONLY, fits, isWholeMs, type Level, valueAt } from './duration-levels.ts';
import type { Counts, Histogram } from './types.ts';

/** Adds histograms up. */
export class HistogramSum {
  readonly #milliseconds = new ListSum();
  readonly #others = new ListSum();

  /**
   * @param a may be the last sum. @param b never.
   * @returns the sum, at the level that it needs. It is valid as long as both parts are, and until the next call.
   */
  add(a: Histogram, b: Histogram): Histogram {
    const level = Math.max(a.level, b.level) as Level;
    const [left, right] = [atLevel(a, level), atLevel(b, level)];
    return fitted({
      level,
      milliseconds: this.#milliseconds.add(left.milliseconds, right.milliseconds),
      others: this.#others.add(left.others, right.others),
    });
  }
}

/** Adds lists up. One buffer holds the last sum, while the next is written to the other. */
class ListSum {
  #last = new CountsBuffer();
  #next = new CountsBuffer();

  add(a: Counts, b: Counts): Counts {
    if (a.values.length === 0) return b;
    if (b.values.length === 0) return a;
    [this.#last, this.#next] = [this.#next, this.#last];
    return mergeCounts(a, b, this.#last);
  }
}

/** The histogram at the first level, from its own on, at which it fits. */
function fitted(histogram: Histogram): Histogram {
  let found = histogram;
  while (!fits(found.level, found.milliseconds.values.length, found.others.values.length))
    found = atLevel(found, (found.level + 1) as Level);
  return found;
}

/** @param level not before the histogram's own. */
function atLevel(histogram: Histogram, level: Level): Histogram {
  if (histogram.level === level) return histogram;
  const others = new CountsBuffer();
  const whole = new CountsBuffer();
  const { values, counts } = histogram.others;
  for (let i = 0; i < values.length; i++) {
    const us = valueAt(level, values[i]);
    if (isWholeMs(us)) whole.put(us / 1000, counts[i]);
    else others.put(us, counts[i]);
  }
  const milliseconds =
    level === FOUR_DIGITS_ONLY ? roundedMilliseconds(histogram.milliseconds) : histogram.milliseconds;
  return {
    level,
    milliseconds:
      whole.length === 0 ? milliseconds : mergeCounts(milliseconds, whole.view(), new CountsBuffer()),
    others: others.view(),
  };
}

function roundedMilliseconds({ values, counts }: Counts): Counts {
  const rounded = new CountsBuffer();
  for (let i = 0; i < values.length; i++)
    rounded.put(valueAt(FOUR_DIGITS_ONLY, values[i] * 1000) / 1000, counts[i]);
  return rounded.view();
}

/** A copy that stays valid. */
export function copyOf({ level, milliseconds, others }: Histogram): Histogram {
  return { level, milliseconds: copyOfCounts(milliseconds), others: copyOfCounts(others) };
}

function copyOfCounts({ values, counts, encoded }: Counts): Counts {
  const copy = { values: values.slice(), counts: counts.slice() };
  return encoded ? { ...copy, encoded: encoded.slice() } : copy;
}

/** A histogram of exact durations. @param others no whole milliseconds. */
export function exactHistogram(milliseconds: Counts, others: Counts): Histogram {
  return fitted({ level: EXACT, milliseconds, others });
}

/** The number of durations in a histogram. */
export function histogramTotal({ milliseconds, others }: Histogram): number {
  return totalOf(milliseconds) + totalOf(others);
}

function totalOf({ counts }: Counts): number {
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  return total;
}
