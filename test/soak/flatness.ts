/** Says whether what was sampled is flat, and prints it as a table. */

import { MEASURE_NAMES, type MeasureName, measureOf, type Sample } from './measures.ts';

const PARTS = 6;
/** The first part warms up: pools, caches and compiled code are filled. */
const EARLIER = [1];
const LATER = [4, 5];

/** All samples of one moment. */
export interface Moment {
  /** How much of the time had passed, from 0 to 1. */
  readonly progress: number;
  /** False where the database was away or coming back since the last one. */
  readonly isInPeace: boolean;
  readonly samples: readonly Sample[];
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
  const rows = seriesOf(moments).map(({ subject, measure, parts }) => {
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

/** @returns what is not flat, each in a sentence. */
export function unevenIn(moments: readonly Moment[]): string[] {
  return seriesOf(moments).flatMap(({ subject, measure, parts }) => {
    const { bound, unit, typicalRank = 50 } = measureOf(measure);
    if (!bound) return [];
    const of = (which: readonly number[]) => which.flatMap((i) => parts[i] ?? []);
    const [earlier, later] = [of(EARLIER), of(LATER)];
    if (earlier.length === 0 || later.length === 0) return [`${subject}: ${measure} was not sampled`];
    const [before, after] = [atRank(earlier, typicalRank), atRank(later, typicalRank)];
    if (after <= bound.factor * before + bound.more) return [];
    return [`${subject}: ${measure} went from ${shown(before)} to ${shown(after)} ${unit}`.trimEnd()];
  });
}

function seriesOf(moments: readonly Moment[]): Series[] {
  const series = new Map<string, Series & { parts: number[][] }>();
  for (const { progress, isInPeace, samples } of moments)
    for (const { subject, measure, value } of samples) {
      if (!isInPeace && measureOf(measure).isOnlyInPeace) continue;
      const key = `${subject}: ${measure}`;
      const parts = Array.from({ length: PARTS }, () => [] as number[]);
      const one = series.get(key) ?? { subject, measure, parts };
      series.set(key, one);
      one.parts[Math.min(PARTS - 1, Math.floor(progress * PARTS))]?.push(value);
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
