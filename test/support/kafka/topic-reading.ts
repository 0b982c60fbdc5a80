/** A store that topics are read into, run by run, and what it must hold then. */

import { setTimeout as delay } from 'node:timers/promises';
import { openClusterThread } from '../../../src/commands/ingesting/kafka-source.ts';
import type { DaymarkError } from '../../../src/errors.ts';
import type { EventTimeSettings, InputWaiting, Progress, Summary } from '../../../src/pipeline/types.ts';
import type { Source } from '../../../src/source/contract.ts';
import type { KafkaAccess } from '../../../src/source/kafka/access.ts';
import { KafkaSource } from '../../../src/source/kafka/kafka-source.ts';
import type { PartitionLedger, Store } from '../../../src/store/contract.ts';
import { pipelineOf } from '../pipeline.ts';
import { type Rows, statisticsRows } from '../rows.ts';
import { FILES } from '../sources.ts';
import { SQLITE } from '../sqlite-place.ts';
import type { StoreKind, StorePlace } from '../stores.ts';

export interface ReadingOptions {
  readonly access?: Partial<KafkaAccess>;
  readonly group?: string;
  readonly eventTime?: Partial<EventTimeSettings>;
  readonly batchLines?: number;
  /** Follows until this resolves, and ends then. */
  readonly following?: (reading: TopicReading) => Promise<unknown>;
  /** How long what is away is waited for. */
  readonly inputRetryMs?: number;
  /** Hears how far the run is, as often as it can be told. */
  readonly progress?: (progress: Progress) => void;
}

/** What a run said and did. */
export interface Run {
  readonly summary: Summary;
  readonly problems: readonly DaymarkError[];
  readonly waited: readonly InputWaiting[];
}

export class TopicReading {
  readonly store: Store;
  readonly #place: StorePlace;

  private constructor(place: StorePlace, store: Store) {
    this.#place = place;
    this.store = store;
  }

  static async create(kind: StoreKind = SQLITE): Promise<TopicReading> {
    const place = await kind.createPlace();
    const store = await place.open();
    await store.migrate();
    return new TopicReading(place, store);
  }

  /** Reads topics as a process of their own does. */
  async read(brokers: string, topics: readonly string[], options: ReadingOptions = {}): Promise<Run> {
    const access = { brokers: brokers.split(','), tls: undefined, sasl: undefined, ...options.access };
    const source = new KafkaSource({ topics, group: options.group }, openClusterThread(access));
    try {
      return await this.#run(source, options);
    } finally {
      source.close();
    }
  }

  async #run(
    source: Source,
    { eventTime, batchLines, following, inputRetryMs, progress }: ReadingOptions,
  ): Promise<Run> {
    const stop = new AbortController();
    const problems: DaymarkError[] = [];
    const waited: InputWaiting[] = [];
    let nowMs = 0;
    const pipeline = pipelineOf({
      ...{ source, store: this.store, signal: stop.signal, isFollowing: following !== undefined },
      ...(eventTime && { eventTime }),
      ...(batchLines !== undefined && { batchLines }),
      ...(inputRetryMs !== undefined && { inputRetryMs }),
      pause: (ms, signal) =>
        delay(Math.min(ms, 20), undefined, { signal }).then(
          () => undefined,
          () => undefined,
        ),
      systemTimeMs: () => Date.now(),
      now: progress ? () => (nowMs += 1_000) : () => performance.now(),
      events: {
        ...(progress && { progress }),
        problem: (error) => problems.push(error),
        inputWaiting: (waiting) => waited.push(waiting),
      },
    });
    const running = pipeline.run();
    if (following) {
      await Promise.race([following(this), running]);
      stop.abort();
    }
    return { summary: await running, problems, waited };
  }

  /** What the store knows of partitions, by name and by when they were found. */
  async ledgers(): Promise<readonly PartitionLedger[]> {
    return (await this.store.ledger()).toSorted((a, b) =>
      a.name === b.name
        ? (a.addedMs ?? 0) - (b.addedMs ?? 0) || (a.id < b.id ? -1 : 1)
        : a.name < b.name
          ? -1
          : 1,
    );
  }

  /** Lines of all partitions. */
  async lines(): Promise<number> {
    return (await this.store.ledger()).reduce((sum, { lines }) => sum + lines, 0);
  }

  /** Why lines were rejected, of all partitions. */
  async rejections(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { rejections } of await this.store.ledger())
      for (const { reason, lines } of rejections) counts[reason] = (counts[reason] ?? 0) + lines;
    return counts;
  }

  async excerpts(): Promise<string[]> {
    const range = { fromOffset: 0, toOffset: Number.MAX_SAFE_INTEGER, limit: 1_000 };
    const pages = [];
    for (const { id } of await this.ledgers())
      pages.push(await this.store.rejectedLines({ partitionId: id, ...range }));
    return pages.flat().map(({ excerpt }) => excerpt);
  }

  rows(): Promise<Rows> {
    return statisticsRows(this.#place);
  }

  dispose(): Promise<void> {
    return this.#place.dispose();
  }
}

/** The rows of the same lines in a file. */
export async function rowsOf(lines: readonly string[]): Promise<Rows> {
  const reading = await TopicReading.create();
  const log = await FILES.createLog();
  try {
    await log.append(lines.join('\n'));
    const source = log.open(false);
    const never = {
      signal: new AbortController().signal,
      pause: async () => undefined,
      systemTimeMs: () => Date.now(),
    };
    await pipelineOf({ source, store: reading.store, ...never, isFollowing: false }).run();
    source.close();
    return await reading.rows();
  } finally {
    await log.dispose();
    await reading.dispose();
  }
}

/** The lines of requests with these numbers: of 7 days and 40 customers. */
export function linesOf(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => lineOf(from + i));
}

export function lineOf(i: number): string {
  const day = 1 + (i % 7);
  return `2024-10-0${day} 05:${10 + (i % 50)}:46 cust_${i % 40} /api/v1/resource1 ${i % 9 === 0 ? 500 : 200} 0.${100 + (i % 800)}`;
}
