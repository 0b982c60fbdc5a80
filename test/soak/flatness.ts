/** Says whether what was sampled is flat, and prints it as a table. */

import { MEASURE_NAMES, type MeasureName, measureOf, type Sample } from './measures.ts';

const PARTS = 6;
/** The first part warms up: pools, caches and compiled code are filled. */
const EARLIER = [1];
const LATER = [4, 5];
/** Fewer calm moments say nothing. */
const MIN_CALM = 3;

/** All samples of one moment. */
export interface Moment {
  /** How much of the time had passed, from 0 to 1. */
  readonly progress: number;
  /** False where the database was away or coming back since the last one. */
  readonly isInPeace: boolean;
  /** False where other programs had the processors. */
  readonly isCalm: boolean;
  readonly samples: readonly Sample[];
}

export interface Verdict {
  /** What is not flat, each in a sentence. */
  readonly uneven: readonly string[];
  /** What could not be judged, because the machine was too busy. */
  readonly unjudged: readonly string[];
}

interface Series {
  readonly subject: string;
  readonly measure: MeasureName;
  /** By part of the time. */
  readonly parts: readonly (readonly number[])[];
}

/** @returns a table in Markdown: the median of each sixth of the time, and the greatest value in brackets. */
export function tableOf(moments: readonly Moment[]): string {
  const head = Array.from({ length: PARTS }, (_, i) => `sixth ${i + 1}`);
  const rows = seriesOf(moments, () => true).map(({ subject, measure, parts }) => {
    const { unit } = measureOf(measure);
    const cells = parts.map((values) =>
      values.length === 0 ? '' : `${shown(median(values))} (${shown(Math.max(...values))})`,
    );
    return [subject, unit === '' ? measure : `${measure}, ${unit}`, ...cells];
  });
  return [['program', 'measure', ...head], Array<string>(PARTS + 2).fill('---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

export function verdictOf(moments: readonly Moment[]): Verdict {
  const [uneven, unjudged]: [string[], string[]] = [[], []];
  const judged = seriesOf(moments, ({ isCalm }, measure) => isCalm || !measureOf(measure).isOnlyInCalm);
  for (const { subject, measure, parts } of judged) {
    const { bound, unit, isOnlyInCalm } = measureOf(measure);
    if (!bound) continue;
    const of = (which: readonly number[]) => which.flatMap((i) => parts[i] ?? []);
    const [earlier, later] = [of(EARLIER), of(LATER)];
    const [before, after] = [median(earlier), median(later)];
    const samples = Math.min(earlier.length, later.length);
    if (isOnlyInCalm && samples < MIN_CALM) unjudged.push(`${subject}: ${measure}`);
    else if (samples === 0) uneven.push(`${subject}: ${measure} was not sampled`);
    else if (after > bound.factor * before + bound.more)
      uneven.push(`${subject}: ${measure} went from ${shown(before)} to ${shown(after)} ${unit}`.trimEnd());
  }
  return { uneven, unjudged };
}

/** All that was sampled, that of which nothing counts included. */
function seriesOf(
  moments: readonly Moment[],
  counts: (moment: Moment, measure: MeasureName) => boolean,
): Series[] {
  const series = new Map<string, Series & { parts: number[][] }>();
  for (const moment of moments)
    for (const { subject, measure, value } of moment.samples) {
      const key = `${subject}: ${measure}`;
      const parts = Array.from({ length: PARTS }, () => [] as number[]);
      const one = series.get(key) ?? { subject, measure, parts };
      series.set(key, one);
      if (!moment.isInPeace && measureOf(measure).isOnlyInPeace) continue;
      if (!counts(moment, measure)) continue;
      one.parts[Math.min(PARTS - 1, Math.floor(moment.progress * PARTS))]?.push(value);
    }
  const subjects = [...new Set([...series.values()].map(({ subject }) => subject))];
  const place = ({ subject, measure }: Series) =>
    subjects.indexOf(subject) * MEASURE_NAMES.length + MEASURE_NAMES.indexOf(measure);
  return [...series.values()].sort((a, b) => place(a) - place(b));
}

function median(values: readonly number[]): number {
  return atRank(values, 50);
}

/** The value at nearest rank. 0: there is none. */
export function atRank(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 1 : 0 });
}
