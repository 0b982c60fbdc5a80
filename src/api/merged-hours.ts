/** The hours of a customer, or of all together. */

import { DaymarkError } from '../errors.ts';
import { stateHeadOf } from '../statistics/daily-statistics.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import { dateOfDay, LAST_DATE } from '../window/day.ts';
import { dayOfHour, hourAfter } from '../window/hour.ts';
import { customerDays, customerHours, DAYS_OF_ALL, HOURS_OF_ALL, spanOf } from '../window/key.ts';
import { UTC } from '../window/zone.ts';
import { Finality, type MergedSpan, Windows } from './merged-spans.ts';

export interface HoursAsked {
  /** Undefined: all customers together. */
  readonly customerId: string | undefined;
  /** The first and the last day; undefined: the last with requests. */
  readonly from: string;
  readonly to: string | undefined;
  /** Whether to give hours without requests, too. */
  readonly isFilled: boolean;
}

/**
 * Yields the hours of some days in their order, as `mergedSpans` does with days. At the end it checks that they are all
 * hours of these days. So use none of them before.
 * @throws {DaymarkError} HOURS_UNKNOWN where a day was read without its hours, or they are deleted; RANGE_TOO_LARGE; STORE_*.
 */
export async function* mergedHours(
  snapshot: StoreSnapshot,
  asked: HoursAsked,
): AsyncGenerator<MergedSpan, undefined> {
  const { from, to = LAST_DATE, isFilled } = asked;
  const zone = (await snapshot.zone()) ?? UTC;
  const { kind, subject } = asked.customerId === undefined ? HOURS_OF_ALL : customerHours(asked.customerId);
  const range = kind.granularity.spansOf({ from, to }, zone);
  const finality = await Finality.read(snapshot, kind, range.from);
  const windows = new Windows(snapshot, { kind, subject, ...range });
  const requestsOfDays = new Map<string, number>();
  let hour = isFilled ? range.from : await windows.nextSpan();
  while (hour !== undefined && hour <= range.to) {
    if (asked.to === undefined && (await windows.nextSpan()) === undefined) break;
    const date = dateOfDay(dayOfHour(hour, zone));
    const merged = await windows.mergedThrough(hour);
    // Where clocks were put back over midnight, hours of another day lie among those of a day.
    if (date >= from && date <= to) {
      requestsOfDays.set(date, (requestsOfDays.get(date) ?? 0) + requestsOf(merged.statistics?.statuses));
      yield { span: hour, from: date, to: date, ...merged, ...finality.of({ from: hour, to: hour }) };
    }
    hour = isFilled ? hourAfter(hour, zone) : await windows.nextSpan();
  }
  await assertComplete(snapshot, { ...asked, to }, requestsOfDays);
}

/** All requests of a day are in its hours, or the hours are not known. */
async function assertComplete(
  snapshot: StoreSnapshot,
  { customerId, from, to }: { customerId: string | undefined; from: string; to: string },
  requestsOfDays: ReadonlyMap<string, number>,
): Promise<void> {
  const days = customerId === undefined ? DAYS_OF_ALL : customerDays(customerId);
  const missing = new Map<string, number>();
  for await (const page of snapshot.mergeableWindows({ ...days, from, to })) {
    // The shards of a day are several windows.
    for (const { key, state } of page) {
      const date = spanOf(key);
      const before = missing.get(date) ?? -(requestsOfDays.get(date) ?? 0);
      missing.set(date, before + requestsOf(stateHeadOf(state).statuses));
    }
  }
  for (const [date, requests] of missing) if (requests !== 0) throw hoursUnknown(date);
}

function requestsOf(statuses: readonly { readonly requests: number }[] = []): number {
  return statuses.reduce((sum, { requests }) => sum + requests, 0);
}

function hoursUnknown(date: string): DaymarkError {
  return new DaymarkError(
    'HOURS_UNKNOWN',
    `The hours of ${date} are not complete. Ask for later days, or by day.`,
  );
}
