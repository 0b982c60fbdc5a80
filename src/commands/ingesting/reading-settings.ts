import type { Settings } from '../../config/settings.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import { MAX_KEPT_SETTING_CHARACTERS } from '../../limits.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import type { ReadingSettings } from '../../pipeline/loop/reading-settings.ts';
import { canonicalZone } from '../../window/zone.ts';
import { eventTimeSettings } from '../cli/event-time.ts';

/** The settings that decide what lines mean, as the store keeps them. */
export function readingSettingsOf(settings: Settings, scan: ScanSettings): ReadingSettings {
  const {
    LOG_FORMAT = 'default',
    CUSTOMER_ID,
    MISSING_CUSTOMER_ID,
    LOG_TIME_ZONE,
    EXCLUDE,
    INCLUDE,
  } = settings;
  const { maxAgeMs, maxAheadMs, retentionDays } = eventTimeSettings(settings);
  return {
    meaning: meaningOf(settings, scan),
    lines: setOnes({ LOG_FORMAT, CUSTOMER_ID, MISSING_CUSTOMER_ID, LOG_TIME_ZONE, EXCLUDE, INCLUDE }),
    bounds: setOnes({
      MAX_EVENT_AGE: inSeconds(maxAgeMs),
      MAX_EVENT_AHEAD: inSeconds(maxAheadMs),
      RETENTION_DAYS: `${retentionDays}`,
    }),
  };
}

/** What does not matter: names, so nginx's `combined` equals Apache's; keys that no rule looks at; how rules are written. */
const NAMES: ReadonlySet<string> = new Set(['name', 'sign', 'parts', 'written']);

function meaningOf(
  { LOG_TIME_ZONE: zone }: Settings,
  { format, missingCustomerId, rules }: ScanSettings,
): string {
  const parts = [format, canonicalZone(zone) ?? zone, missingCustomerId ?? null, ...(rules ? [rules] : [])];
  const text = JSON.stringify(parts, (key, value) => (NAMES.has(key) ? undefined : value));
  return fingerprintOf(Buffer.from(text));
}

function inSeconds(ms: number): string {
  return ms === Number.POSITIVE_INFINITY ? 'max' : `${ms / 1000}`;
}

function setOnes(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, bounded(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** A long value is cut. Its fingerprint tells it from others. */
function bounded(value: string): string {
  if (value.length <= MAX_KEPT_SETTING_CHARACTERS) return value;
  return `${value.slice(0, MAX_KEPT_SETTING_CHARACTERS)}… (${fingerprintOf(Buffer.from(value))})`;
}
