/** How many messages of topics are not in the store, by the brokers. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Settings } from '../../config/settings.ts';
import { DaymarkError } from '../../errors.ts';
import type { KafkaCluster, OffsetRange } from '../../source/kafka/cluster.ts';
import { placeOf, topicPartitionOf } from '../../source/kafka/position.ts';
import type { Checkpoint } from '../../store/contract.ts';
import { openClusterThread, topicsOf } from '../ingesting/kafka-source.ts';

type Ends = ReadonlyMap<string, OffsetRange>;
const NOTHING_KNOWN: Ends = new Map();

/** @param waitMs as of {@link TopicLag}. @throws {DaymarkError} INVALID_SETTING. */
export function openTopicLag(settings: Settings, waitMs: number | undefined): TopicLag {
  const { access, topics } = topicsOf(settings);
  return new TopicLag(openClusterThread(access), topics, waitMs);
}

export class TopicLag {
  readonly #cluster: KafkaCluster;
  readonly #topics: readonly string[];
  readonly #waitMs: number | undefined;
  #asking: Promise<Ends> | undefined;

  /**
   * @param cluster is closed with it.
   * @param waitMs how long somebody waits for brokers at the most. Undefined: until their client gives up.
   */
  constructor(cluster: KafkaCluster, topics: readonly string[], waitMs: number | undefined) {
    this.#cluster = cluster;
    this.#topics = topics;
    this.#waitMs = waitMs;
  }

  /** @returns messages behind the offsets of partitions, by ids. What brokers do not say is left out. */
  async behind(
    partitions: readonly Pick<Checkpoint, 'id' | 'offset'>[],
  ): Promise<ReadonlyMap<string, number>> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    const waiting = this.#waitMs === undefined ? [] : [delay(this.#waitMs, NOTHING_KNOWN, { ref: false })];
    const ends = await Promise.race([this.#asking, ...waiting]);
    return new Map(
      partitions.flatMap(({ id, offset }): [string, number][] => {
        const partition = topicPartitionOf(id);
        const range = partition && ends.get(keyOf(partition));
        if (!range) return [];
        const next = Math.max(placeOf(offset, partition.base).offset, range.earliest);
        return [[id, Math.max(0, range.end - next)]];
      }),
    );
  }

  async #ask(): Promise<Ends> {
    try {
      const led = (await this.#cluster.topics(this.#topics)).flatMap(({ partitions }) => partitions);
      const ranges = await this.#cluster.ranges(led);
      return new Map(
        led.flatMap((one, i): [string, OffsetRange][] => {
          const range = ranges[i];
          return range && 'end' in range ? [[keyOf(one), range]] : [];
        }),
      );
    } catch (error) {
      if (error instanceof DaymarkError) return NOTHING_KNOWN;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#cluster.close();
  }
}

/** A topic that was made anew has another id. */
function keyOf({ topicId, partition }: { readonly topicId: string; readonly partition: number }): string {
  return `${topicId}/${partition}`;
}
