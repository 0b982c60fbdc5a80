/**
 * Computes days anew from the logs that are still there. It reads them into a scratch store, each exactly as far as
 * the live store has read it. Then it takes the lock that keeps commits waiting, reads what came meanwhile, and
 * replaces the rows of the live store in one transaction. Before that, nothing in the live store changes. After it, a
 * process that follows the logs goes on from the same offsets.
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
    'checkpoints' | 'addPartitions' | 'storedWindows' | 'ledger' | 'rejectedLines' | 'partitionDays'
  >;
  /** The offset up to which each partition is to be read. */
  readonly bounds: Map<string, number>;
  /** Reads into the scratch store up to the bounds. @throws whatever makes a rebuild pointless. */
  readonly read: () => Promise<void>;
  /** The days whose rows are replaced. */
  readonly range: DayRange;
  /** True if the ledgers are replaced, too, by those of the lines as they are read now. */
  readonly isWhole: boolean;
  /** The settings with which lines are read now, as the store keeps them. */
  readonly readingSettings: string;
  readonly isWithoutMissing: boolean;
  readonly isDryRun: boolean;
  readonly dayZone: ZoneTable;
  /** In ms since 1970. */
  readonly systemTimeMs: () => number;
  readonly signal: AbortSignal;
}

/** A partition that cannot be read completely any more. */
export interface MissingLog {
  readonly name: string;
  readonly bytes: number;
  /** How many bytes can still be read. */
  readonly bytesRead: number;
  readonly accepted: number;
  /** The first and the last day of its lines; null where they are not known. */
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

/** @throws {DaymarkError} LOGS_MISSING; what the stores throw. The live store is unchanged then. */
export async function rebuild(parts: RebuildParts): Promise<Rebuilt> {
  const { live, scratch, range, readingSettings, isDryRun, signal } = parts;
  await readMost(parts);
  const changes = new DayChanges();
  let missing: readonly MissingLog[] = [];
  await live.replace({
    range,
    source: scratch,
    nowMs: parts.systemTimeMs(),
    readingSettings,
    isDryRun,
    prepare: async (known) => {
      await readUpTo(parts, known);
      const found = await completenessOf(parts, known);
      missing = found.missing.map(({ log }) => log);
      return parts.isWhole ? [...found.complete, ...found.missing.map(({ id }) => id)] : [];
    },
    note: (window) => {
      signal.throwIfAborted();
      changes.note(window);
    },
  });
  return { rows: changes.rows, days: changes.days, missing };
}

/** Reads until little is left to read of what others commit meanwhile. */
async function readMost(parts: RebuildParts): Promise<void> {
  for (let round = 0; round < MAX_REBUILD_ROUNDS; round++) {
    const known = await parts.live.checkpoints.all();
    await readUpTo(parts, known);
    // Fails, if it must, before commits have to wait.
    await completenessOf(parts, known);
    if (bytesBetween(known, await parts.live.checkpoints.all()) <= REBUILD_REST_BYTES) return;
  }
}

function bytesBetween(before: readonly Checkpoint[], now: readonly Checkpoint[]): number {
  const sum = (all: readonly Checkpoint[]) => all.reduce((bytes, { offset }) => bytes + offset, 0);
  return sum(now) - sum(before);
}

/** Reads into the scratch store up to the offsets of these partitions, as far as their logs are there. */
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

interface Completeness {
  /** Ids of partitions that were read as far as the live store has read them. */
  readonly complete: readonly string[];
  /** Partitions whose lines will be missing. */
  readonly missing: readonly { readonly id: string; readonly log: MissingLog }[];
}

/** @throws {DaymarkError} LOGS_MISSING. */
async function completenessOf(parts: RebuildParts, known: readonly Checkpoint[]): Promise<Completeness> {
  const rebuilt = new Map((await parts.scratch.checkpoints.all()).map((one) => [one.id, one]));
  const complete: string[] = [];
  const missing: { id: string; log: MissingLog }[] = [];
  for (const checkpoint of known) {
    const other = rebuilt.get(checkpoint.id);
    if (isAsFar(checkpoint, other)) complete.push(checkpoint.id);
    // If a log had no request, and cannot be read at all, nothing is lost.
    else if (checkpoint.accepted > 0 || other?.offset)
      missing.push({ id: checkpoint.id, log: missingLog(checkpoint, other?.offset ?? 0, parts.dayZone) });
  }
  const wanted = missing.filter(({ log }) => hasPart(log, parts.range));
  if (wanted.length > 0 && !parts.isWithoutMissing) throw logsMissing(wanted.map(({ log }) => log));
  refuseNotUnderstood(known, rebuilt);
  return { complete, missing: wanted };
}

/**
 * Refuses logs that held requests, and hold none as they are read now. The settings are not those of these logs, and
 * their days would silently vanish.
 */
function refuseNotUnderstood(known: readonly Checkpoint[], rebuilt: ReadonlyMap<string, Checkpoint>): void {
  const lost = known.flatMap(({ id, name, accepted }) => {
    const now = rebuilt.get(id);
    // A line that the rules leave out was understood.
    const understood = now === undefined ? 0 : now.accepted + now.excluded;
    const isLost = accepted > 0 && now !== undefined && now.lines > 0 && understood === 0;
    return isLost ? [`${name}: ${counted(accepted, 'line')} before, none of ${grouped(now.lines)} now`] : [];
  });
  if (lost.length === 0) return;
  const more = lost.length - MAX_NAMES_IN_ERROR;
  const lines = lost.slice(0, MAX_NAMES_IN_ERROR);
  if (more > 0) lines.push(`and ${more} more`);
  const detail = 'No line of these logs fits the log format that is set now. Nothing was changed:';
  throw new DaymarkError('NO_LINE_UNDERSTOOD', detail, { lines });
}

/** True if both have read up to the same offset, and right before it the same bytes, where these are known. */
function isAsFar(live: Checkpoint, rebuilt: Checkpoint | undefined): boolean {
  if (live.offset !== (rebuilt?.offset ?? live.startOffset)) return false;
  return !live.tailChecksum || !rebuilt?.tailChecksum || live.tailChecksum === rebuilt.tailChecksum;
}

function missingLog(checkpoint: Checkpoint, bytesRead: number, zone: ZoneTable): MissingLog {
  const { name, offset: bytes, accepted, firstEventMs, lastEventMs } = checkpoint;
  const dateOf = (timeMs: number | null) => (timeMs === null ? null : dateOfDay(dayAt(zone, timeMs)));
  return { name, bytes, bytesRead, accepted, from: dateOf(firstEventMs), to: dateOf(lastEventMs) };
}

/** True if a log may have lines of the days of a range. */
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
