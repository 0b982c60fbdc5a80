import type { Settings } from '../../config/settings.ts';
import { fingerprintOf } from '../../fingerprint.ts';
import { MAX_KEPT_SETTING_CHARACTERS } from '../../limits.ts';
import { aliasText } from '../../log-format/customer-table.ts';
import type { ScanSettings } from '../../log-format/types.ts';
import type { ReadingSettings } from '../../pipeline/loop/reading-settings.ts';
import { canonicalZone } from '../../window/zone.ts';
import { eventTimeSettings } from '../cli/event-time.ts';

/** The settings that decide what lines mean, as the store keeps them. */
export function readingSettingsOf(settings: Settings, scan: ScanSettings): ReadingSettings {
  const { LOG_FORMAT = 'default', CUSTOMER_ID, MISSING_CUSTOMER_ID, LOG_TIME_ZONE } = settings;
  const { EXCLUDE, INCLUDE } = settings;
  const ENDPOINTS = endpointsOf(settings, scan);
  const { wrapper: LOG_WRAPPER } = scan;
  const CUSTOMERS_FILE = customersOf(settings, scan);
  const { maxAgeMs, maxAheadMs, retentionDays } = eventTimeSettings(settings);
  return {
    meaning: meaningOf(settings, scan),
    lines: setOnes({
      ...{ LOG_FORMAT, LOG_WRAPPER, CUSTOMER_ID, CUSTOMERS_FILE, MISSING_CUSTOMER_ID, LOG_TIME_ZONE },
      ...{ EXCLUDE, INCLUDE, ENDPOINTS },
    }),
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
  { format, missingCustomerId, wrapper, aliases, rules, endpoints }: ScanSettings,
): string {
  // What is not set stays out: then the text is that of a daymark which did not know the setting.
  const table = aliases && aliases.size > 0 ? [aliasText({ aliases })] : [];
  const around = wrapper === undefined ? [] : [wrapper];
  const judged = rules === undefined ? [] : [rules];
  const kept = endpoints?.kind === 'auto' ? [] : [{ endpoints: endpoints?.templates ?? 'off' }];
  const parts = [
    format,
    canonicalZone(zone) ?? zone,
    missingCustomerId ?? null,
    ...around,
    ...table,
    ...judged,
    ...kept,
  ];
  const text = JSON.stringify(parts, (key, value) => (NAMES.has(key) ? undefined : value));
  return fingerprintOf(Buffer.from(text));
}

const VERSION_CHARACTERS = 12;

/** The file, and a short fingerprint of its aliases before it: only they decide whose a line is. */
function customersOf({ CUSTOMERS_FILE: file }: Settings, { aliases }: ScanSettings): string | undefined {
  if (file === undefined || !aliases) return undefined;
  return `version ${versionOf(aliasText({ aliases }))} of ${file}`;
}

/** Of a file, a short fingerprint of its templates before it. The default stays out. */
function endpointsOf({ ENDPOINTS: setting }: Settings, { endpoints }: ScanSettings): string | undefined {
  if (endpoints?.kind !== 'templates') return setting === 'auto' ? undefined : setting;
  return `version ${versionOf(JSON.stringify(endpoints.templates))} of ${setting}`;
}

function versionOf(text: string): string | undefined {
  return fingerprintOf(Buffer.from(text)).split(':').at(-1)?.slice(0, VERSION_CHARACTERS);
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
