/**
 * Computes the days anew out of the logs that are still there. They are read into a store of their own, each exactly as
 * far as the live one has come; then, while no commit can be made, what came meanwhile is read on, and the rows of
 * the live store are replaced in one transaction. Until then nothing of it changes, and after it whoever follows the
 * logs goes on from the same offsets.
 */

import { counted, grouped } from '../../counted.ts';
import { DaymarkError } from '../../errors.ts';
import { MAX_NAMES_IN_ERROR, MAX_REBUILD_ROUNDS, REBUILD_REST_BYTES } from '../../limits.ts';
import type { Checkpoint, Store } from '../../store/contract.ts';
import { dateOfDay, dayAt, FIRST_DATE, LAST_DATE } from '../../window/day.ts';
import type { DayRange } from '../../window/kind.ts';
import type { ZoneTable } from '../../window/types.ts';
import { type DayChange, DayChanges, type RowCounts } from './day-changes.ts';

export interface RebuildParts {
  readonly live: Pick<Store, 'checkpoints' | 'replace'>;
  /** An empty store. */
  readonly scratch: Pick<
    Store,
    'checkpoints' | 'addPartitions' | 'storedWindows' | 'ledger' | 'rejectedLines'
  >;
  /** Up to where the partitions are to be read. */
  readonly bounds: Map<string, number>;
  /** Reads into the scratch store up to the bounds. @throws what makes a rebuild pointless. */
  readonly read: () => Promise<void>;
  /** The days whose rows are replaced. */
  readonly range: DayRange;
  /** True where ledgers are replaced, too: by those of the lines as they are understood now. */
  readonly isWhole: boolean;
  /** With which lines are read now, as the store keeps them. */
  readonly readingSettings: string;
  readonly isWithoutMissing: boolean;
  readonly isDryRun: boolean;
  readonly dayZone: ZoneTable;
  readonly signal: AbortSignal;
}

/** A partition of which not everything can be read any more. */
export interface MissingLog {
  readonly name: string;
  readonly bytes: number;
  /** What can still be read of it. */
  readonly bytesRead: number;
  readonly accepted: number;
  /** The days that its lines are of; null where they are not known. */
  readonly from: string | null;
  readonly to: string | null;
}

/** What a rebuild did, or would do. */
export interface Rebuilt {
  readonly rows: RowCounts;
  /** All days with rows before or after, by date. */
  readonly days: readonly DayChange[];
  /** Logs whose lines are lost from the days that were rebuilt. */
  readonly missing: readonly MissingLog[];
}

/** @throws {DaymarkError} LOGS_MISSING; what the stores throw. The live store is as it was then. */
export async function rebuild(parts: RebuildParts): Promise<Rebuilt> {
  const { live, scratch, range, readingSettings, isDryRun, signal } = parts;
  await readMost(parts);
  const changes = new DayChanges();
  let missing: readonly MissingLog[] = [];
  await live.replace({
    range,
    source: scratch,
    readingSettings,
    isDryRun,
    prepare: async (known) => {
      await readUpTo(parts, known);
      const standing = await standingOf(parts, known);
      missing = standing.missing.map((one) => one.log);
      return parts.isWhole ? [...standing.complete, ...standing.missing.map(({ id }) => id)] : [];
    },
    note: (window) => {
      signal.throwIfAborted();
      changes.note(window);
    },
  });
  return { rows: changes.rows, days: changes.days, missing };
}

/** Reads until little is left of what others commit meanwhile. */
async function readMost(parts: RebuildParts): Promise<void> {
  for (let round = 0; round < MAX_REBUILD_ROUNDS; round++) {
    const known = await parts.live.checkpoints.all();
    await readUpTo(parts, known);
    // Says before anybody is kept waiting what is wrong.
    await standingOf(parts, known);
    if (bytesBetween(known, await parts.live.checkpoints.all()) <= REBUILD_REST_BYTES) return;
  }
}

function bytesBetween(before: readonly Checkpoint[], now: readonly Checkpoint[]): number {
  const sum = (all: readonly Checkpoint[]) => all.reduce((bytes, { offset }) => bytes + offset, 0);
  return sum(now) - sum(before);
}

/** Brings the scratch store to where these partitions stand, as far as their logs are there. */
async function readUpTo(
  { scratch, bounds, read, signal }: RebuildParts,
  known: readonly Checkpoint[],
): Promise<void> {
  for (const { id, offset, state } of known) if (state !== 'retired') bounds.set(id, offset);
  await scratch.addPartitions(async (there) => {
    const ids = new Set((await there.all()).map(({ id }) => id));
    return known
      .filter(({ id, state }) => state !== 'retired' && !ids.has(id))
      .map((checkpoint) => ({ ...checkpoint, tailChecksum: '', addedMs: 0 }));
  });
  await read();
  signal.throwIfAborted();
}

interface Standing {
  /** Ids of partitions that were read as far as the live store has come. */
  readonly complete: readonly string[];
  /** Those of which lines will be missing. */
  readonly missing: readonly { readonly id: string; readonly log: MissingLog }[];
}

/** @throws {DaymarkError} LOGS_MISSING. */
async function standingOf(parts: RebuildParts, known: readonly Checkpoint[]): Promise<Standing> {
  const rebuilt = new Map((await parts.scratch.checkpoints.all()).map((one) => [one.id, one]));
  const complete: string[] = [];
  const missing: { id: string; log: MissingLog }[] = [];
  for (const checkpoint of known) {
    const other = rebuilt.get(checkpoint.id);
    if (isAsFar(checkpoint, other)) complete.push(checkpoint.id);
    // Of a log that had no request, and cannot be read at all, nothing is lost.
    else if (checkpoint.accepted > 0 || other?.offset)
      missing.push({ id: checkpoint.id, log: missingLog(checkpoint, other?.offset ?? 0, parts.dayZone) });
  }
  const wanted = missing.filter(({ log }) => hasPart(log, parts.range));
  if (wanted.length > 0 && !parts.isWithoutMissing) throw logsMissing(wanted.map(({ log }) => log));
  refuseNotUnderstood(known, rebuilt);
  return { complete, missing: wanted };
}

/**
 * A log that held requests and holds none now is not understood: the settings are not those of that log. Its days would
 * vanish without a word.
 */
function refuseNotUnderstood(known: readonly Checkpoint[], rebuilt: ReadonlyMap<string, Checkpoint>): void {
  const lost = known.flatMap(({ id, name, accepted }) => {
    const now = rebuilt.get(id);
    const isLost = accepted > 0 && now !== undefined && now.lines > 0 && now.accepted === 0;
    return isLost ? [`${name}: ${counted(accepted, 'line')} before, none of ${grouped(now.lines)} now`] : [];
  });
  if (lost.length === 0) return;
  const more = lost.length - MAX_NAMES_IN_ERROR;
  const lines = lost.slice(0, MAX_NAMES_IN_ERROR);
  if (more > 0) lines.push(`and ${more} more`);
  const detail = 'No line of these logs fits the log format that is set now. Nothing was changed:';
  throw new DaymarkError('NO_LINE_UNDERSTOOD', detail, { lines });
}

/** True where both have read the same: up to the same offset, and right before it the same bytes, where that is known. */
function isAsFar(live: Checkpoint, rebuilt: Checkpoint | undefined): boolean {
  if (live.offset !== (rebuilt?.offset ?? live.startOffset)) return false;
  return !live.tailChecksum || !rebuilt?.tailChecksum || live.tailChecksum === rebuilt.tailChecksum;
}

function missingLog(checkpoint: Checkpoint, bytesRead: number, zone: ZoneTable): MissingLog {
  const { name, offset: bytes, accepted, firstEventMs, lastEventMs } = checkpoint;
  const dateOf = (timeMs: number | null) => (timeMs === null ? null : dateOfDay(dayAt(zone, timeMs)));
  return { name, bytes, bytesRead, accepted, from: dateOf(firstEventMs), to: dateOf(lastEventMs) };
}

/** True where lines of a log may be of days of a range. */
function hasPart(log: MissingLog, { from = FIRST_DATE, to = LAST_DATE }: DayRange): boolean {
  return (log.from ?? from) <= to && (log.to ?? to) >= from;
}

function logsMissing(missing: readonly MissingLog[]): DaymarkError {
  const named = missing.slice(0, MAX_NAMES_IN_ERROR).map(({ name, bytes, bytesRead, accepted, from, to }) => {
    const days = from === null || to === null ? 'of unknown days' : `of ${from} to ${to}`;
    return `${name}: ${bytesRead} of ${counted(bytes, 'byte')} are there; it had ${counted(accepted, 'accepted line')}, ${days}`;
  });
  const more = missing.length - named.length;
  const lines = more > 0 ? [...named, `and ${more} more`] : named;
  const detail = 'These logs were read before, and are gone or incomplete now:';
  return new DaymarkError('LOGS_MISSING', detail, { lines });
}
