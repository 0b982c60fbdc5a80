/** What a setting is declared by. */

/** The headings under which `--help` and the manual list settings. */
export const SETTING_GROUPS = {
  logs: 'Logs and their lines',
  kafka: 'Topics of Kafka',
  days: 'Days, late lines, and how long they are kept',
  store: 'The database',
  api: 'The API',
  push: 'Lines that are handed in over HTTP',
  operating: 'Watching daymark',
  work: 'Memory and speed',
} as const;

export interface SettingDefinition {
  readonly group: keyof typeof SETTING_GROUPS;
  readonly kind:
    | 'text'
    | 'integer'
    | 'percentage'
    | 'time-zone'
    | 'duration'
    | 'choice'
    | 'statuses'
    | 'origins'
    | 'networks';
  /** Undefined: unset unless the operator sets it. */
  readonly default: string | number | undefined;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** The values of a choice. */
  readonly choices?: readonly string[];
  /** The name of the value in `--help`. */
  readonly placeholder: string;
  /** A few words for `--help`. */
  readonly summary: string;
  readonly meaning: string;
  readonly example: string;
}

/** `DATA_DIR` as a flag: `data-dir`. */
export function flagOf(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}

/** Keeps the exact types of a table of settings. */
export const define = <const T extends Record<string, SettingDefinition>>(table: T): T => table;
