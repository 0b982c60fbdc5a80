/** Merges the windows of a subject over days, weeks, months and whole ranges. Nothing is made of averages. */

import { setImmediate } from 'node:timers/promises';
import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import {
  MAX_DAYS_PER_ANSWER,
  MERGED_BYTES_A_TURN,
  MERGED_STATE_BASE_BYTES,
  MERGED_STATES_AT_ONCE,
} from '../limits.ts';
import { decodeStatistics, mergeStatistics } from '../statistics/daily-statistics.ts';
import type { DailyStatistics } from '../statistics/types.ts';
import type { FinalSpan, MergeableQuery, MergeableWindow, StoreSnapshot } from '../store/contract.ts';
import {
  type CalendarGranularity,
  type CalendarSpan,
  calendarSpanOf,
  shiftedDate,
} from '../window/calendar.ts';
import { LAST_DATE } from '../window/day.ts';
import { spanOf } from '../window/key.ts';
import type { SpanRange, WindowKind } from '../window/kind.ts';
import { UTC } from '../window/zone.ts';

/** Which spans to make of the days of a subject. */
export interface SpansAsked extends Omit<MergeableQuery, 'to'> {
  /** Undefined: the last day with requests. */
  readonly to: string | undefined;
  readonly granularity: CalendarGranularity;
  /** Whether to give spans without requests, too. */
  readonly isFilled: boolean;
}

/** What is known of some days together. */
export interface MergedSpan extends CalendarSpan {
  /** Undefined: there was no request. */
  readonly statistics: DailyStatistics | undefined;
  /** When the first day began, in ms since 1970. */
  readonly startMs: number;
  /** Late events that were merged, and when the last of them were; null where there is none. */
  readonly lateEvents: number;
  readonly revisedMs: number | null;
  /** Since when all of these days are final; null while one is open. */
  readonly finalSinceMs: number | null;
}

/**
 * Yields the spans in their order, with those that hold no request if `isFilled`.
 * @throws {DaymarkError} RANGE_TOO_LARGE where more than MAX_DAYS_PER_ANSWER days would have to be merged; STORE_*.
 */
export async function* mergedSpans(
  snapshot: StoreSnapshot,
  asked: SpansAsked,
): AsyncGenerator<MergedSpan, undefined> {
  const { kind, granularity, isFilled, from, to = LAST_DATE } = asked;
  const finality = await Finality.read(snapshot, kind, from);
  const windows = new Windows(snapshot, { ...asked, to });
  const isWanted = async (date: string | undefined): Promise<boolean> =>
    date !== undefined && date <= to && (asked.to !== undefined || (await windows.nextSpan()) !== undefined);
  let date = isFilled ? from : await windows.nextSpan();
  while (date !== undefined && (await isWanted(date))) {
    const span = calendarSpanOf(granularity, date, { from, to });
    yield { ...span, ...(await windows.mergedThrough(span.to)), ...finality.of(span) };
    date = isFilled ? shiftedDate(span.to, 1) : await windows.nextSpan();
  }
}

/** When days began, and since when they are final. */
export class Finality {
  readonly #startMs: (date: string) => number;
  readonly #finals: readonly FinalSpan[];

  private constructor(startMs: (date: string) => number, finals: readonly FinalSpan[]) {
    this.#startMs = startMs;
    this.#finals = finals;
  }

  /** @param from the first day that will be asked for. */
  static async read(snapshot: StoreSnapshot, { granularity }: WindowKind, from: string): Promise<Finality> {
    const zone = (await snapshot.zone()) ?? UTC;
    const finals = earliest(await snapshot.finalSpans(granularity, from));
    return new Finality((date) => granularity.startMs(date, zone), finals);
  }

  /** Days become final in their order, so the last one decides. */
  of({ from, to }: SpanRange): Pick<MergedSpan, 'startMs' | 'finalSinceMs'> {
    const final = this.#finals.find(({ through }) => through >= to);
    return { startMs: this.#startMs(from), finalSinceMs: final?.sinceMs ?? null };
  }
}

/** A day is final since the earliest time at which it or a later one was. */
function earliest(finals: readonly FinalSpan[]): readonly FinalSpan[] {
  let sinceMs = Infinity;
  const fromLast = finals.toReversed().map((final) => {
    sinceMs = Math.min(sinceMs, final.sinceMs);
    return { ...final, sinceMs };
  });
  return fromLast.toReversed();
}

/** The windows of a subject, read page by page and merged. */
export class Windows {
  readonly #windows: AsyncIterator<MergeableWindow>;
  readonly #turns = new Turns();
  #next: MergeableWindow | undefined;
  #isStarted = false;
  #count = 0;

  constructor(snapshot: StoreSnapshot, query: MergeableQuery) {
    this.#windows = windowsOf(snapshot, query);
  }

  /** The span of the next window; undefined where there is none. */
  async nextSpan(): Promise<string | undefined> {
    if (!this.#isStarted) await this.#advance();
    return this.#next && spanOf(this.#next.key);
  }

  /** Merges all windows up to a span. */
  async mergedThrough(last: string) {
    const sum = new StatisticsSum();
    let lateEvents = 0;
    let revisedMs: number | null = null;
    for (let span = await this.nextSpan(); span !== undefined && span <= last; span = await this.nextSpan()) {
      const window = this.#next as MergeableWindow;
      sum.add(decodeStatistics(window.state));
      lateEvents += window.lateEvents;
      if (window.revisedMs !== null) revisedMs = Math.max(revisedMs ?? 0, window.revisedMs);
      await this.#turns.did(window.state.length);
      await this.#advance();
    }
    return { statistics: sum.take(), lateEvents, revisedMs };
  }

  async #advance(): Promise<void> {
    this.#isStarted = true;
    const { value, done } = await this.#windows.next();
    this.#next = done ? undefined : value;
    if (!done && this.#count++ === MAX_DAYS_PER_ANSWER) throw rangeTooLarge(MAX_DAYS_PER_ANSWER, 'days');
  }
}

async function* windowsOf(snapshot: StoreSnapshot, query: MergeableQuery): AsyncGenerator<MergeableWindow> {
  for await (const page of snapshot.mergeableWindows(query)) yield* page;
}

/** @param most as many are answered. */
export function rangeTooLarge(most: number, what: 'days' | 'spans'): DaymarkError {
  const detail = `One answer has at most ${grouped(most)} ${what}. Ask for fewer with \`to\`.`;
  return new DaymarkError('RANGE_TOO_LARGE', detail);
}

/** Adds statistics up. */
export class StatisticsSum {
  #sum: DailyStatistics | undefined;
  #pending: DailyStatistics[] = [];

  add(statistics: DailyStatistics): void {
    this.#pending.push(statistics);
    if (this.#pending.length === MERGED_STATES_AT_ONCE) this.#merge();
  }

  /** The sum of everything that was added; undefined where nothing was. */
  take(): DailyStatistics | undefined {
    this.#merge();
    return this.#sum;
  }

  /** The sum may be large, so the others are merged with each other first. */
  #merge(): void {
    const [first, ...others] = this.#pending;
    this.#pending = [];
    if (first === undefined) return;
    const merged = others.length === 0 ? first : mergeStatistics([first, ...others]);
    this.#sum = this.#sum ? mergeStatistics([this.#sum, merged]) : merged;
  }
}

/** Lets other requests have their turn while an answer is made. */
export class Turns {
  #bytes = 0;

  /** Say it after each state, with its bytes. */
  async did(bytes: number): Promise<void> {
    this.#bytes += bytes + MERGED_STATE_BASE_BYTES;
    if (this.#bytes < MERGED_BYTES_A_TURN) return;
    this.#bytes = 0;
    await setImmediate();
  }
}
