/** How far daymark is behind the logs, as the API and `daymark top` say it. */

import type { Reader, Store, StoreStatus } from '../store/contract.ts';
import type { WaitsFor } from './routes/health.ts';
import { instantOrNull } from './sources.ts';
import type { StatsReader } from './stats-reader.ts';
import { VersionGate } from './version-gate.ts';

/** How far the pipeline of the same process is. */
export interface Reading {
  /** Bytes that are in the logs and not in the store; undefined where nobody can know. */
  readonly bytesBehind: number | undefined;
  /** Messages of topics that are not in the store; undefined where nobody can know, or no topics are read. */
  readonly messagesBehind: number | undefined;
  /** All that stood in the logs at this time is stored. In ms since 1970; undefined where nobody can know. */
  readonly storedThroughMs: number | undefined;
  /** How far a watermark is behind its clock. Infinity: days never become final, and there is no watermark. */
  readonly waitMs: number;
}

/** What is known beside the store. */
export interface StatusParts {
  readonly version: string;
  readonly database: Store['product'];
  readonly nowMs: number;
  /** Undefined where no pipeline runs in this process: nothing is known of it. */
  readonly reading: Reading | undefined;
  readonly waitsFor: WaitsFor | undefined;
}

/** The status. The order of the fields is part of the API. */
export function statusOf(
  stored: StoreStatus,
  readers: readonly Reader[],
  { version, database, nowMs, reading, waitsFor }: StatusParts,
) {
  const { lines, accepted, rejected, late, dropped, excluded } = stored;
  return {
    ...{ version, database, time_zone: stored.timeZone, time: new Date(nowMs).toISOString() },
    is_reading: reading !== undefined,
    bytes_behind: reading?.bytesBehind ?? null,
    messages_behind: reading?.messagesBehind ?? null,
    seconds_behind: secondsSince(reading?.storedThroughMs, nowMs),
    waits_for: waitsFor ? { code: waitsFor.code, since: new Date(waitsFor.sinceMs).toISOString() } : null,
    last_commit: instantOrNull(stored.movedMs),
    last_event: instantOrNull(stored.lastEventMs),
    watermark: instantOrNull(watermarkOf(stored, reading)),
    final_through: stored.finalThrough,
    sources: stored.partitions,
    ...{ lines, accepted, rejected, late, dropped, excluded },
    readers: readers.map(({ name, work, partitions }) => ({ name, work, partitions })),
  };
}

export type Status = ReturnType<typeof statusOf>;

function secondsSince(timeMs: number | undefined, nowMs: number): number | null {
  return timeMs === undefined ? null : Math.max(0, nowMs - timeMs) / 1000;
}

function watermarkOf({ clockMs }: StoreStatus, reading: Reading | undefined): number | null {
  if (clockMs === null || reading === undefined || reading.waitMs === Number.POSITIVE_INFINITY) return null;
  return clockMs - reading.waitMs;
}

/** Reads the part of the status that the store knows. It reads it anew only when the data have changed. */
export class StoredStatus {
  readonly #store: Pick<StatsReader, 'status' | 'leases' | 'dataVersion'>;
  readonly #gate: VersionGate;
  #last: { readonly version: string; readonly status: Promise<StoreStatus> } | undefined;

  constructor(store: Pick<StatsReader, 'status' | 'leases' | 'dataVersion'>) {
    this.#store = store;
    this.#gate = new VersionGate(store);
  }

  /** @returns it as of a moment after this call. Requests that come together share one read. */
  async read(): Promise<StoreStatus> {
    const version = await this.#gate.nextVersion();
    if (this.#last?.version !== version) this.#last = { version, status: this.#readAnew() };
    return this.#last.status;
  }

  /** The processes that divide partitions now. They come and go without a change of the data. */
  readers(): Promise<readonly Reader[]> {
    return this.#store.leases.readers();
  }

  #readAnew(): Promise<StoreStatus> {
    const status = this.#store.status();
    const forget = () => {
      this.#last = undefined;
    };
    status.catch(forget);
    return status;
  }
}
