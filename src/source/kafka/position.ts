/**
 * Positions in a topic partition. A position is the offset of a message and the number of a line in it, in one integer:
 * `(offset − base) · 2^16 + line`.
 *
 * A message has at most 65,536 lines: it would take a message of more than 64 KiB, most of whose lines are shorter than 16 bytes
 * in the largest message that a broker takes by default (1 MiB), to have more. That leaves 2^37 offsets, which 10,000 messages a
 * second reach in 159 days. So offsets count from a base, and behind the last one that fits, a new generation of the partition
 * begins with another base. The base stands in the partition's id.
 */

import { grouped } from '../../counted.ts';
import { MAX_MESSAGE_LINES } from '../../limits.ts';
import type { Position } from '../contract.ts';

/** Offsets of a generation: 2^53 positions of 2^16 lines each. */
export const GENERATION_OFFSETS = 2 ** 53 / MAX_MESSAGE_LINES;

/** The place before a line of a message. Lines count from 0. */
export interface MessagePlace {
  readonly offset: number;
  readonly line: number;
}

/** @param base the offset from which the generation counts. */
export function positionOf({ offset, line }: MessagePlace, base: number): Position {
  return ((offset - base) * MAX_MESSAGE_LINES + line) as Position;
}

export function placeOf(position: number, base: number): MessagePlace {
  const line = position % MAX_MESSAGE_LINES;
  return { offset: base + (position - line) / MAX_MESSAGE_LINES, line };
}

/** A partition of a topic, as daymark knows it. */
export interface TopicPartition {
  /** The topic's UUID: a topic that is deleted and made anew has another one. */
  readonly topicId: string;
  readonly partition: number;
  /** From 1. */
  readonly generation: number;
  /** The offset that positions count from. */
  readonly base: number;
}

/** For people: `orders/0`. */
export function nameOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`;
}

/** `kafka:TOPIC-ID:0`, and `kafka:TOPIC-ID:0:2@1000` for the second generation, from offset 1000 on. */
export function partitionIdOf({ topicId, partition, generation, base }: TopicPartition): string {
  const isFirst = generation === 1 && base === 0;
  return `kafka:${topicId}:${partition}${isFirst ? '' : `:${generation}@${base}`}`;
}

/** @returns undefined where it is the id of something else. */
export function topicPartitionOf(id: string): TopicPartition | undefined {
  const parts = /^kafka:([0-9a-f-]{36}):(\d+)(?::(\d+)@(\d+))?$/.exec(id);
  if (!parts) return undefined;
  const [, topicId = '', partition, generation = '1', base = '0'] = parts;
  return {
    topicId,
    partition: Number(partition),
    generation: Number(generation),
    base: Number(base),
  };
}

/** `offset 1,234, line 5`. Lines count from 1, as people do. */
export function placeText({ offset, line }: MessagePlace): string {
  return line === 0 ? `offset ${grouped(offset)}` : `offset ${grouped(offset)}, line ${line + 1}`;
}

/** @returns undefined where the partition is of another source. */
export function positionText(position: number, partitionId: string): string | undefined {
  const partition = topicPartitionOf(partitionId);
  return partition && placeText(placeOf(position, partition.base));
}
