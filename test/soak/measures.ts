/** What is sampled, and how flat it must be. */

/** The median later is at most `factor` times the earlier one, and `more`. */
interface Bound {
  readonly factor: number;
  readonly more: number;
}

interface Measure {
  readonly unit: string;
  /** Absent: it is shown, and judged by nobody. */
  readonly bound?: Bound;
  /** True: what is sampled while the database is away, or coming back, does not count. */
  readonly isOnlyInPeace?: boolean;
  /**
   * True: only calm moments are judged. Other programs that have the processor make everything take longer, and what is judged
   * is this program.
   */
  readonly isOnlyInCalm?: boolean;
}

/** Of what takes longer where other programs have the processor. */
const CALM = { isOnlyInPeace: true, isOnlyInCalm: true };

const MEASURES = {
  /**
   * V8 gives memory back when it likes to, and malloc keeps what small pieces hold: 10 % and 16 MB are how far two medians of a
   * program that keeps nothing lie apart. Of an hour, half lies between the two: what keeps 400 bytes of each request, or 20 of
   * each line, is found.
   */
  'resident memory': { unit: 'MB', bound: { factor: 1.1, more: 16 } },
  /** Of the main thread. It goes up and down between collections, by more than the process does as a whole. */
  'used heap': { unit: 'MB', bound: { factor: 1.1, more: 16 } },
  /**
   * Without those of connections of clients, which come and go. Rotated logs stay open for a while, and which they are differs
   * from sample to sample. One that is lost with each rotation or key would be hundreds more.
   */
  descriptors: { unit: '', bound: { factor: 1, more: 4 }, isOnlyInPeace: true },
  connections: { unit: '' },
  /** All are there from the first minutes on. */
  threads: { unit: '', bound: { factor: 1, more: 0 } },
  /** A pool opens what it needs at once, up to its bound, and closes what it does not need. */
  'database connections': { unit: '', bound: { factor: 1, more: 2 }, isOnlyInPeace: true },
  requests: { unit: '/s' },
  /**
   * The last day of each answer has more different durations at the end than at the beginning; all else must be the same. What
   * reads a table as a whole, or keeps lists that grow, takes longer with each minute. 5 and 20 ms are what one collection of
   * garbage, or one answer that is before it, makes of it.
   */
  'latency p50': { unit: 'ms', bound: { factor: 2, more: 5 }, ...CALM },
  'latency p99': { unit: 'ms', bound: { factor: 2, more: 20 }, ...CALM },
  /** Of the serving process, whatever else it does. It does not depend on other programs, so it may grow less than latencies. */
  'processor time an answer': { unit: 'ms', bound: { factor: 1.5, more: 0.5 }, isOnlyInPeace: true },
  'processor time': { unit: '%' },
  /** How much of the time the main thread waited for a processor that others had. */
  'wait for a processor': { unit: '%' },
  'event loop lag p99': { unit: 'ms', isOnlyInPeace: true },
  /** Logs are looked at five times a second, and a commit takes a part of a second. What falls behind is minutes late at the end. */
  'lag of reading': { unit: 's', bound: { factor: 1, more: 2 }, ...CALM },
  'bytes behind': { unit: 'KB', isOnlyInPeace: true },
  /** Rotated logs stay live for as long as they may grow. */
  'live logs': { unit: '', bound: { factor: 1, more: 8 }, isOnlyInPeace: true },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof MEASURES;

/** In the order of the table. */
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];

/** A measure of one program, such as the resident memory of `serve`. */
export interface Sample {
  readonly subject: string;
  readonly measure: MeasureName;
  readonly value: number;
}

export function measureOf(name: MeasureName): Measure {
  return MEASURES[name];
}
