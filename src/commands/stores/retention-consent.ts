/** Deletes no days until somebody has confirmed it for this store. */

import type { Settings } from '../../config/settings.ts';
import { counted } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import type { OldDays } from '../../pipeline/types.ts';
import type { Store } from '../../store/contract.ts';
import { oldestKeptDate } from '../../window/retention.ts';
import { reportInfo } from '../cli/report.ts';
import { zoneTableOf } from '../ingesting/zones.ts';

type ConsentStore = Pick<Store, 'description' | 'daysBefore' | 'retentionConsentDays' | 'consentToRetention'>;

/**
 * Returns the settings with the retention that is in force. Without consent, all days are kept, and `tell` hears why. The
 * store remembers a consent, so the next run needs none for the same number of days, or more.
 * @param mayRemember false: write nothing.
 */
export async function withConfirmedRetention(
  store: ConsentStore,
  settings: Settings,
  tell: (error: DaymarkError) => void,
  mayRemember = true,
): Promise<Settings> {
  const { RETENTION_DAYS: days } = settings;
  if (days === 0) return settings;
  const consentDays = await store.retentionConsentDays();
  if (!isConfirmed(settings, consentDays)) {
    tell(await unconfirmed(store, settings));
    return { ...settings, RETENTION_DAYS: 0 };
  }
  if (mayRemember && days !== consentDays) await store.consentToRetention(days);
  return settings;
}

/** A consent to keep few days also covers keeping more. @param consentDays what the store remembers. */
export function isConfirmed(settings: Settings, consentDays: number | undefined): boolean {
  const { RETENTION_DAYS: days, CONFIRM_RETENTION_DAYS: confirmedDays } = settings;
  return [confirmedDays, consentDays].some((most) => most !== undefined && days >= most);
}

async function unconfirmed(store: ConsentStore, settings: Settings): Promise<DaymarkError> {
  const { RETENTION_DAYS: days, CONFIRM_RETENTION_DAYS: confirmedDays } = settings;
  const old = await oldDays(store, settings);
  const what =
    old.days === 0 ? 'No day is that old yet.' : `Without this safeguard it would delete ${inWords(old)}.`;
  const other =
    confirmedDays === undefined
      ? ''
      : ` CONFIRM_RETENTION_DAYS is ${confirmedDays}, which does not cover fewer days.`;
  const detail = `RETENTION_DAYS=${days} is not confirmed for the ${store.description}, so all days are kept. ${what}${other} To confirm it, set CONFIRM_RETENTION_DAYS=${days}.`;
  return new DaymarkError('RETENTION_UNCONFIRMED', detail);
}

/** What `RETENTION_DAYS` would delete now. */
export async function oldDays(store: Pick<Store, 'daysBefore'>, settings: Settings): Promise<OldDays> {
  const { RETENTION_DAYS: retentionDays, TIME_ZONE } = settings;
  const oldest = oldestKeptDate(Date.now(), retentionDays, await zoneTableOf(TIME_ZONE));
  return { ...(await store.daysBefore(oldest)), retentionDays };
}

/** `2 days (5 rows), 2024-09-01 to 2024-09-02`. */
export function inWords({ days, rows, first = '', last = '' }: OldDays): string {
  const range = first === last ? first : `${first} to ${last}`;
  return `${counted(days, 'day')} (${counted(rows, 'row')}), ${range}`;
}

/** Reports what is about to be deleted. */
export function reportDeletion(old: OldDays): void {
  reportInfo(`RETENTION_DAYS=${old.retentionDays}: deleting ${inWords(old)}`);
}
