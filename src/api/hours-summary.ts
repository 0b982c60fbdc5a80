/** The numbers of some whole hours of a customer or of all together, beside as many hours before. */

import { grouped } from '../counted.ts';
import { DaymarkError } from '../errors.ts';
import { MAX_SUMMARY_HOURS } from '../limits.ts';
import type { AvailabilityDefinition } from '../statistics/availability.ts';
import { statusClasses, summaryOf } from '../statistics/summary.ts';
import type { StoreSnapshot } from '../store/contract.ts';
import { dateOfDay } from '../window/day.ts';
import { dayOfHour, hourText, startOfHour } from '../window/hour.ts';
import { HOURS, type SpanRange } from '../window/kind.ts';
import { UTC } from '../window/zone.ts';
import { stateOf } from './answers.ts';
import type { CustomerShown } from './known-customer.ts';
import { mergedHours } from './merged-hours.ts';
import { StatisticsSum } from './merged-spans.ts';
import { assertAllKnown, changeOf } from './range-statistics.ts';

const HOUR_MS = 3_600_000;

/** Hours that begin from one instant on to another, both written as `hour.ts` does. */
export interface HoursSummaryAsked extends CustomerShown, SpanRange {
  readonly definition: AvailabilityDefinition;
}

/** The order of the fields is part of the API. @throws {DaymarkError} HOURS_UNKNOWN; ALL_CUSTOMERS_UNKNOWN; RANGE_TOO_LARGE; STORE_*. */
export async function hoursSummary(snapshot: StoreSnapshot, asked: HoursSummaryAsked) {
  const { customerId, name, definition, from, to } = asked;
  const before = hoursBefore(asked);
  const range = await mergedHoursOf(snapshot, asked);
  const past = before && (await knownHoursOf(snapshot, { ...asked, ...before }));
  const numbers = summaryOf(range.statistics, definition);
  const pastNumbers = past && summaryOf(past.statistics, definition);
  const statuses = range.statistics?.statuses ?? [];
  return {
    customer_id: customerId ?? null,
    ...(name === undefined ? {} : { customer_name: name }),
    from_hour: from,
    to_hour: to,
    hours_with_requests: range.hours,
    ...numbers,
    statuses: statuses.map(({ status, requests }) => ({ status, requests })),
    status_classes: statusClasses(statuses),
    ...stateOf(range),
    revision: range.lateEvents,
    preceding: pastNumbers ? { from_hour: before.from, to_hour: before.to, ...pastNumbers } : null,
    change: pastNumbers ? changeOf(numbers, pastNumbers) : null,
  };
}

/** Hours are as long as the clock's: one that was changed may make a range an hour longer or shorter than the one before. */
function hoursBefore({ from, to }: SpanRange): SpanRange | undefined {
  const [firstMs, lastMs] = [startOfHour(from), startOfHour(to)];
  const hours = Math.floor((lastMs - firstMs) / HOUR_MS) + 1;
  if (hours > MAX_SUMMARY_HOURS) {
    const detail = `One answer is made of at most ${grouped(MAX_SUMMARY_HOURS)} hours. Ask for fewer, or for days.`;
    throw new DaymarkError('RANGE_TOO_LARGE', detail);
  }
  const beforeMs = firstMs - hours * HOUR_MS;
  return beforeMs < startOfHour('0001-01-02T00:00:00Z')
    ? undefined
    : { from: hourText(beforeMs), to: hourText(firstMs - 1000) };
}

async function knownHoursOf(snapshot: StoreSnapshot, asked: HoursSummaryAsked) {
  try {
    return await mergedHoursOf(snapshot, asked);
  } catch (error) {
    const isUnknown =
      error instanceof DaymarkError && ['HOURS_UNKNOWN', 'ALL_CUSTOMERS_UNKNOWN'].includes(error.code);
    if (isUnknown) return undefined;
    throw error;
  }
}

/** Reads all hours of the days that the range touches: only whole days tell whether all of their hours are known. */
async function mergedHoursOf(snapshot: StoreSnapshot, { customerId, from, to }: HoursSummaryAsked) {
  const zone = (await snapshot.zone()) ?? UTC;
  const days = {
    from: dateOfDay(dayOfHour(from, zone)),
    to: dateOfDay(dayOfHour(to, zone)),
  };
  await assertAllKnown(snapshot, { customerId, ...days });
  const sum = new StatisticsSum();
  let [hours, lateEvents] = [0, 0];
  let revisedMs: number | null = null;
  for await (const hour of mergedHours(snapshot, { customerId, ...days, isFilled: false })) {
    if (!hour.statistics || hour.span < from || hour.span > to) continue;
    sum.add(hour.statistics);
    hours++;
    lateEvents += hour.lateEvents;
    if (hour.revisedMs !== null) revisedMs = Math.max(revisedMs ?? 0, hour.revisedMs);
  }
  const finals = await snapshot.finalSpans(HOURS, to);
  // Hours become final in their order, so the last one decides.
  const finalSinceMs = finals.length === 0 ? null : Math.min(...finals.map(({ sinceMs }) => sinceMs));
  return { statistics: sum.take(), hours, lateEvents, revisedMs, finalSinceMs, startMs: startOfHour(from) };
}
