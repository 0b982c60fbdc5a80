import type { Settings } from '../../config/settings.ts';
import type { EventTimeSettings } from '../../pipeline/types.ts';

const DAY_MS = 86_400_000;

/** The bounds that the settings put on event times. */
export function eventTimeSettings(settings: Settings): EventTimeSettings {
  const waitMs = settings.WAIT_FOR_SYSTEM_DURATION;
  const byDefault = waitMs === Number.POSITIVE_INFINITY ? waitMs : DAY_MS;
  return {
    waitMs,
    isDroppingLate: settings.LATE_EVENTS === 'drop',
    maxAgeMs: settings.MAX_EVENT_AGE,
    retentionDays: settings.RETENTION_DAYS,
    maxAheadMs: settings.MAX_EVENT_AHEAD ?? byDefault,
  };
}
