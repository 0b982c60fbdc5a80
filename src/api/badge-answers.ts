import { BADGE_DAYS, MAX_BADGES_CACHE_BYTES, MAX_MERGING_ANSWERS } from '../limits.ts';
import type { AvailabilityDefinition } from '../statistics/availability.ts';
import { summaryOf } from '../statistics/summary.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import { shiftedDate } from '../window/calendar.ts';
import { dateOfDay, dayAt, FIRST_DATE } from '../window/day.ts';
import { customerDays } from '../window/key.ts';
import type { SpanRange } from '../window/kind.ts';
import type { ZoneTable } from '../window/types.ts';
import { UTC } from '../window/zone.ts';
import type { Answer } from './answer-cache.ts';
import { type Badge, badgeOf } from './badge.ts';
import { mergedSpans, StatisticsSum } from './merged-spans.ts';
import { SnapshotAnswers, type SnapshotReader } from './snapshot-answers.ts';
import type { StoredStatus } from './status.ts';

/** What a badge is judged by. */
export interface BadgeRules {
  readonly definition: AvailabilityDefinition;
  readonly targetPercent: number;
}

const QUARTER_MS = 15 * 60_000;

/** Makes badges of the days that the page shows first, and keeps them while the data are unchanged. */
export class BadgeAnswers {
  readonly #status: StoredStatus;
  readonly #rules: BadgeRules;
  readonly #answers: SnapshotAnswers;

  /** @param processes how many processes share the memory of kept answers. */
  constructor(store: SnapshotReader, status: StoredStatus, rules: BadgeRules, processes = 1) {
    this.#status = status;
    this.#rules = rules;
    const bounds = { atOnce: MAX_MERGING_ANSWERS, maxCacheBytes: MAX_BADGES_CACHE_BYTES };
    this.#answers = new SnapshotAnswers(store, bounds, processes);
  }

  /**
   * @param form one that has a name of its own, for the kept answer. @param write makes the body.
   * @throws {DaymarkError} OVERLOADED; STORE_*.
   */
  async find(
    customerId: string,
    form: readonly string[],
    write: (badge: Badge, range: SpanRange) => string,
  ): Promise<Answer> {
    const [{ lastEventMs }, nowMs] = [await this.#status.read(), Date.now()];
    // At midnight, another range begins while the data stay as they are. In every zone of today, that is at a quarter of an hour.
    const key = JSON.stringify([customerId, form, Math.floor(nowMs / QUARTER_MS)]);
    return this.#answers.find(key, async (snapshot) => {
      const range = rangeOf((await snapshot.zone()) ?? UTC, lastEventMs, nowMs);
      const numbers = await numbersOf(snapshot, customerId, range, this.#rules.definition);
      return write(badgeOf(numbers, this.#rules.targetPercent), range);
    });
  }
}

/** As the page has it: up to today, or up to the last day that logs reach, if that is longer ago than yesterday. */
function rangeOf(zone: ZoneTable, lastEventMs: number | null, nowMs: number): SpanRange {
  const today = dayAt(zone, nowMs);
  const last = lastEventMs === null ? today : dayAt(zone, lastEventMs);
  const to = dateOfDay(last < today - 1 ? last : today);
  return { from: shiftedDate(to, 1 - BADGE_DAYS) ?? FIRST_DATE, to };
}

async function numbersOf(
  snapshot: StoreSnapshot,
  customerId: string,
  range: SpanRange,
  definition: AvailabilityDefinition,
) {
  const sum = new StatisticsSum();
  const asked = { ...customerDays(customerId), ...range, granularity: 'day', isFilled: false } as const;
  for await (const { statistics } of mergedSpans(snapshot, asked)) if (statistics) sum.add(statistics);
  return summaryOf(sum.take(), definition);
}
