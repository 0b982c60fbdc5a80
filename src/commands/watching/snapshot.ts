/** What `daymark top` shows of one moment. */

import type { CustomerNames } from '../../api/customer-names.ts';
import { CustomerRankings, type RankedCustomer } from '../../api/ranking/customer-rankings.ts';
import { sourceOf } from '../../api/sources.ts';
import { type Status, statusOf } from '../../api/status.ts';
import { TOP_CUSTOMERS, TOP_LOGS, TOP_WORK_SHARE } from '../../limits.ts';
import { topicPartitionOf } from '../../source/kafka/position.ts';
import type { AvailabilityDefinition } from '../../statistics/availability.ts';
import type { SourceLedger, Store, StoreStatus } from '../../store/contract.ts';
import { dateOfDay, dayAt, FIRST_DAY } from '../../window/day.ts';
import { INPUT_WORDS } from '../cli/input-words.ts';
import { zoneTableOf } from '../ingesting/zones.ts';
import { VERSION } from '../program-files.ts';
import { bytesBehind, sumOf } from './bytes-behind.ts';
import { Rates } from './rates.ts';
import type { TopicLag } from './topic-lag.ts';

type SourceLine = ReturnType<typeof sourceOf> & {
  readonly bytes_behind: number | null;
  /** Of a partition of a topic. */
  readonly messages_behind: number | null;
};

export interface WorstCustomer
  extends Pick<
    RankedCustomer,
    'customer_id' | 'requests' | 'error_requests' | 'availability_percentage' | 'duration_p99'
  > {
  readonly customer_name?: string;
}

/** The customers with the most failures on two days. */
export interface Worst {
  readonly from: string;
  readonly to: string;
  readonly customers: readonly WorstCustomer[];
}

export interface Snapshot {
  readonly status: Status;
  readonly store: string;
  /** Null before the second snapshot. */
  readonly linesPerSecond: number | null;
  readonly rates: readonly number[];
  /** Live logs, or finished ones where none is live; the last to move first. */
  readonly sources: readonly SourceLine[];
  /** Null before the first request. */
  readonly worst: Worst | null;
}

type TopStore = Pick<
  Store,
  | 'product'
  | 'description'
  | 'status'
  | 'ledgerPage'
  | 'checkpoints'
  | 'readSnapshot'
  | 'dataVersion'
  | 'leases'
>;

export interface WatchParts {
  readonly store: TopStore;
  readonly availability: AvailabilityDefinition;
  readonly customers: CustomerNames;
  /** Undefined where no topics are read. */
  readonly topics: Pick<TopicLag, 'behind'> | undefined;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** In ms since 1970. */
  readonly systemTimeMs: () => number;
}

/** Takes one snapshot after the other, and reads only what has changed. */
export class Watch {
  readonly #parts: WatchParts;
  readonly #rankings: CustomerRankings;
  readonly #rates = new Rates();
  #version: string | undefined;
  #status: StoreStatus | undefined;
  #ledgers: readonly SourceLedger[] = [];
  #worst: Worst | null = null;
  #worstVersion: string | undefined;
  #worstDueMs = Number.NEGATIVE_INFINITY;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#rankings = new CustomerRankings(parts.store, parts.availability);
  }

  /** @throws {DaymarkError} STORE_*. */
  async take(): Promise<Snapshot> {
    const { store, now, systemTimeMs } = this.#parts;
    const version = await store.dataVersion();
    const status = await this.#readStatus(version);
    const sources = await this.#sources();
    this.#rates.add(now(), status.lines);
    // Without a live log, or with more than are looked at, nobody knows.
    const isKnown = status.partitions.live > 0 && status.partitions.live === sources.length;
    return {
      status: {
        ...statusOf(status, await store.leases.readers(), {
          ...{ version: VERSION, database: store.product, nowMs: systemTimeMs() },
          ...{ reading: undefined, waitsFor: undefined },
        }),
        bytes_behind: (isKnown ? sumOf(sources.map(({ bytes_behind }) => bytes_behind)) : undefined) ?? null,
        messages_behind: (isKnown ? messagesOf(sources) : undefined) ?? null,
      },
      store: store.description,
      linesPerSecond: this.#rates.linesPerSecond,
      rates: this.#rates.steps,
      sources,
      worst: await this.#worstOf(version, status),
    };
  }

  async #readStatus(version: string): Promise<StoreStatus> {
    const { store } = this.#parts;
    if (this.#status && version === this.#version) return this.#status;
    const status = await store.status();
    const state = status.partitions.live > 0 ? 'live' : undefined;
    this.#ledgers = await store.ledgerPage({ fromId: '', limit: TOP_LOGS, state });
    this.#version = version;
    this.#status = status;
    return status;
  }

  async #sources(): Promise<readonly SourceLine[]> {
    const ids = this.#ledgers.filter(({ state }) => state === 'live').map(({ id }) => id);
    const live = await this.#parts.store.checkpoints.byIds(ids);
    const bytes = new Map(live.map((one) => [one.id, bytesBehind(one)]));
    const messages = await this.#parts.topics?.behind(live);
    return this.#ledgers
      .toSorted((a, b) => b.movedMs - a.movedMs || (b.lastEventMs ?? 0) - (a.lastEventMs ?? 0))
      .map((ledger) => ({
        ...sourceOf(ledger, INPUT_WORDS),
        bytes_behind: bytes.get(ledger.id) ?? null,
        messages_behind: messages?.get(ledger.id) ?? null,
      }));
  }

  /** To rank a million customers takes seconds, so it is done as often as it takes TOP_WORK_SHARE of the time. */
  async #worstOf(version: string, { lastEventMs, timeZone }: StoreStatus): Promise<Worst | null> {
    const { now } = this.#parts;
    if (lastEventMs === null || timeZone === null) return null;
    if (this.#worstVersion === version || now() < this.#worstDueMs) return this.#worst;
    const beganMs = now();
    this.#worst = await this.#rank(await this.#twoDays(lastEventMs, timeZone));
    this.#worstVersion = version;
    this.#worstDueMs = now() + (now() - beganMs) / TOP_WORK_SHARE;
    return this.#worst;
  }

  /** Today and yesterday; the last two days of the logs where they are older. */
  async #twoDays(lastEventMs: number, timeZone: string): Promise<{ from: string; to: string }> {
    const zone = await zoneTableOf(timeZone);
    const day = dayAt(zone, Math.min(lastEventMs, this.#parts.systemTimeMs()));
    return { from: dateOfDay(Math.max(FIRST_DAY, day - 1)), to: dateOfDay(day) };
  }

  async #rank(days: { readonly from: string; readonly to: string }): Promise<Worst> {
    const { customers } = await this.#rankings.page({
      ...{ ...days, sort: 'error_requests', order: 'desc', limit: TOP_CUSTOMERS },
    });
    const worst = customers.filter(({ error_requests }) => error_requests > 0);
    return { ...days, customers: worst.map((customer) => this.#worstCustomer(customer)) };
  }

  #worstCustomer(ranked: RankedCustomer): WorstCustomer {
    const { customer_id, requests, error_requests, availability_percentage, duration_p99 } = ranked;
    const name = this.#parts.customers.nameOf(customer_id);
    return {
      ...{ customer_id, requests, error_requests, availability_percentage, duration_p99 },
      ...(name === undefined ? {} : { customer_name: name }),
    };
  }
}

/** Of all partitions of topics; undefined where there are none, or nobody knows. */
function messagesOf(sources: readonly SourceLine[]): number | undefined {
  const ofTopics = sources.filter(({ id }) => topicPartitionOf(id));
  return ofTopics.length > 0 ? sumOf(ofTopics.map(({ messages_behind }) => messages_behind)) : undefined;
}

/** A snapshot as JSON. */
export function asJson({ status, linesPerSecond, sources, worst }: Snapshot): Record<string, unknown> {
  return { ...status, lines_per_second: linesPerSecond, logs: sources, worst };
}
