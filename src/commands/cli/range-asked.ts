import type { Store } from '../../store/contract.ts';
import { dateOfDay, dayAt, dayOfDate, FIRST_DAY } from '../../window/day.ts';
import type { SpanRange } from '../../window/kind.ts';
import { UTC } from '../../window/zone.ts';
import { checkDays } from './days.ts';

/** How many days are shown unless the user says from which one on. */
const USUAL_DAYS = 30;

/** The days of `--from` and `--to`: up to today, and 30 of them. @throws {DaymarkError} INVALID_SETTING. */
export async function rangeAsked(
  store: Store,
  { from, to }: { readonly from?: string; readonly to?: string },
): Promise<SpanRange> {
  const last = to ?? (await today(store));
  const first = from ?? dateOfDay(Math.max(FIRST_DAY, dayOfDate(last) - USUAL_DAYS + 1));
  checkDays(first, last);
  return { from: first, to: last };
}

/** The day that it is in the time zone of the store. */
async function today(store: Store): Promise<string> {
  const zone = await store.readSnapshot((snapshot) => snapshot.zone());
  return dateOfDay(dayAt(zone ?? UTC, Date.now()));
}
