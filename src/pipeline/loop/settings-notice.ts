import { DaymarkError } from '../../errors.ts';
import { MAX_NAMES_IN_ERROR } from '../../limits.ts';
import type { Checkpoint, PartitionReading, Store } from '../../store/contract.ts';
import type { DiscoveredPartitions } from './partition-discovery.ts';
import {
  changedSettings,
  decodeReadingSettings,
  encodeReadingSettings,
  type ReadingSettings,
  type SettingChange,
} from './reading-settings.ts';

/** Characters of a setting that the notice quotes. */
const QUOTED_CHARACTERS = 120;

/** Finds logs of which lines were read with other settings, under which they meant something else. */
export class SettingsNotice {
  readonly #store: Pick<Store, 'readOtherwise'>;
  readonly #settings: ReadingSettings;
  /** Partitions that were checked. What this run reads first is read with its own settings. */
  readonly #seen = new Set<string>();
  #isReported = false;

  constructor(store: Pick<Store, 'readOtherwise'>, settings: ReadingSettings) {
    this.#store = store;
    this.#settings = settings;
  }

  /** @returns what to report of these partitions; once a run. @throws {DaymarkError} STORE_*. */
  async check({ found, checkpoints }: DiscoveredPartitions): Promise<DaymarkError | undefined> {
    if (this.#isReported) return undefined;
    const ids = new Set(found.map(({ partitionId }) => partitionId).filter((id) => !this.#seen.has(id)));
    const begun = new Map(
      checkpoints.filter(({ id, offset }) => offset > 0 && ids.has(id)).map((one) => [one.id, one]),
    );
    const settings = encodeReadingSettings(this.#settings);
    const readings = begun.size > 0 ? await this.#store.readOtherwise(settings, [...begun.keys()]) : [];
    for (const id of ids) this.#seen.add(id);
    const groups = this.#changesOf(readings, begun);
    this.#isReported = groups.size > 0;
    return this.#isReported ? noticeOf(groups) : undefined;
  }

  /** The names of the logs, by what has changed since they were read. */
  #changesOf(
    readings: readonly PartitionReading[],
    begun: ReadonlyMap<string, Checkpoint>,
  ): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const { partitionId, settings, rejectedFor } of readings) {
      const checkpoint = begun.get(partitionId);
      const before = decodeReadingSettings(settings);
      if (!checkpoint || !before) continue;
      const refusedFor = checkpoint.accepted === 0 ? rejectedFor : [];
      const changes = changedSettings(before, this.#settings, refusedFor);
      if (changes.length === 0) continue;
      const words = changes.map(inWords).join('; ');
      groups.set(words, [...(groups.get(words) ?? []), checkpoint.name]);
    }
    return groups;
  }
}

function inWords({ name, before, now }: SettingChange): string {
  return `${name} was ${quoted(before)} and is ${quoted(now)}`;
}

function quoted(value: string | undefined): string {
  if (value === undefined) return 'not set';
  const text = value.replace(/\s+/g, ' ');
  return text.length > QUOTED_CHARACTERS ? `\`${text.slice(0, QUOTED_CHARACTERS)}…\`` : `\`${text}\``;
}

function noticeOf(groups: ReadonlyMap<string, readonly string[]>): DaymarkError {
  const all = [...groups].map(([changes, names]) => `${someOf(names)}: ${changes}`);
  const more = all.length - MAX_NAMES_IN_ERROR;
  const lines = all.slice(0, MAX_NAMES_IN_ERROR);
  if (more > 0) lines.push(`and ${more} more such differences`);
  const detail = 'Lines of these logs were read with other settings, and count as they were read:';
  return new DaymarkError('SETTINGS_CHANGED', detail, { lines });
}

function someOf(names: readonly string[]): string {
  const more = names.length - MAX_NAMES_IN_ERROR;
  return `${names.slice(0, MAX_NAMES_IN_ERROR).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
