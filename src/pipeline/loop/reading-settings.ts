/** The settings that decide what lines mean: as text for the store, and which of them have changed. */

/**
 * `lines` are the settings that say what a line is. `bounds` are those that reject a line that was understood. The number of
 * workers, the size of batches and the like make no difference.
 */
export interface ReadingSettings {
  /** Equal for two formats in which each line means the same, however they are written. */
  readonly meaning: string;
  /** As the operator wrote them, without those that are unset. */
  readonly lines: Readonly<Record<string, string>>;
  readonly bounds: Readonly<Record<string, string>>;
}

/** A setting that has changed. Undefined: not set. */
export interface SettingChange {
  readonly name: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

const VERSION = 1;

/** As the store keeps them: equal settings give equal texts. */
export function encodeReadingSettings({ meaning, lines, bounds }: ReadingSettings): string {
  return JSON.stringify({ version: VERSION, meaning, lines: inOrder(lines), bounds: inOrder(bounds) });
}

/** @returns undefined where another version of daymark wrote the text in a form that this one does not know. */
export function decodeReadingSettings(text: string): ReadingSettings | undefined {
  try {
    const { version, ...settings } = JSON.parse(text);
    return version === VERSION ? settings : undefined;
  } catch {
    return undefined;
  }
}

function inOrder(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The reason for which a bound rejects lines. A changed bound is reported only where all lines of a log were rejected: bounds
 * are for odd lines, and a new bound is for new lines.
 */
const REFUSED_BY: Readonly<Record<string, string>> = {
  MAX_EVENT_AGE: 'event_too_old',
  RETENTION_DAYS: 'event_too_old',
  MAX_EVENT_AHEAD: 'event_too_far_ahead',
};

/**
 * The changed settings under which lines that were read would mean something else.
 * @param refusedFor the reasons for which all lines of the log were rejected; none where a line was accepted.
 */
export function changedSettings(
  before: ReadingSettings,
  now: ReadingSettings,
  refusedFor: readonly string[],
): SettingChange[] {
  const lines = before.meaning === now.meaning ? [] : changesBetween(before.lines, now.lines);
  const bounds = changesBetween(before.bounds, now.bounds);
  return [...lines, ...bounds.filter(({ name }) => refusedFor.includes(REFUSED_BY[name] ?? ''))];
}

function changesBetween(
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): SettingChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names]
    .map((name) => ({ name, before: before[name], now: now[name] }))
    .filter((change) => change.before !== change.now);
}
