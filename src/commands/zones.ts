import type { Settings } from '../config/settings.ts';
import type { ZoneTable } from '../window/types.ts';
import { canonicalZone, UTC, zoneTable } from '../window/zone.ts';

/** The time zones of a run. */
export interface Zones {
  /** `LOG_TIME_ZONE`: that of timestamps without an offset. */
  readonly logZone: ZoneTable;
  /** `TIME_ZONE`: where a day begins. */
  readonly dayZone: ZoneTable;
}

/** The tables of the zones of the settings. They can be sent to another thread. */
export async function zonesOf(settings: Pick<Settings, 'LOG_TIME_ZONE' | 'TIME_ZONE'>): Promise<Zones> {
  const { LOG_TIME_ZONE: logName, TIME_ZONE: dayName } = settings;
  const dayZone = await tableOf(dayName);
  return { dayZone, logZone: logName === dayName ? dayZone : await tableOf(logName) };
}

/** The calendar is loaded only where a zone needs it: loading takes 12 ms, and a table of Berlin 90 (2026-11-24). */
async function tableOf(name: string): Promise<ZoneTable> {
  if (canonicalZone(name) === UTC.name) return UTC;
  const { Temporal } = await import('temporal-polyfill');
  return zoneTable(name, Temporal);
}
