import { DaymarkError } from '../../errors.ts';
import { FILE_SAMPLE_BYTES, KAFKA_REPORT_MS, MAX_KAFKA_RETRY_MS, MIN_RETRY_MS } from '../../limits.ts';
import { errorOf } from '../../thread-error.ts';
import type {
  Assigned,
  Assignment,
  Discovery,
  KnownPartitions,
  Partition,
  Position,
  Sample,
  Source,
  SourceProblem,
} from '../contract.ts';
import type { GroupOffset, KafkaCluster, OffsetRange, RangeAnswer } from './cluster.ts';
import { brokerError, KAFKA_CODES } from './kafka-error.ts';
import type { LedPartition } from './led-partition.ts';
import { epochBefore, gapText, KafkaPartitionReader, type ReadingPlan } from './partition-reader.ts';
import {
  GENERATION_OFFSETS,
  type MessagePlace,
  nameOf,
  partitionIdOf,
  placeOf,
  placeText,
  positionOf,
  positionText,
  type TopicPartition,
  topicPartitionOf,
} from './position.ts';

export interface KafkaSettings {
  readonly topics: readonly string[];
  /** To which progress is reported; undefined: to none. */
  readonly group: string | undefined;
}

/** A partition that can be read. */
interface FoundTopicPartition {
  readonly led: LedPartition;
  readonly range: OffsetRange;
  /** When its end was last seen to grow: system time, in ms since 1970. */
  readonly lastWriteMs: number;
}

interface Found {
  readonly partitions: readonly FoundTopicPartition[];
  readonly problems: readonly SourceProblem[];
}

/**
 * Topics of Kafka. Each of their partitions is a partition here.
 *
 * Delivery: at least once, see the contract. Messages of aborted transactions are left out, and those of open ones wait. A message
 * that was deleted before it was read, or that cannot be read, has a line in its place that says so and is rejected.
 */
export class KafkaSource implements Source {
  readonly hasMessages = true;
  readonly #settings: KafkaSettings;
  readonly #cluster: KafkaCluster;
  #found: Found = { partitions: [], problems: [] };
  /** The ids of the topics that were found last, by their names. */
  #topicIds: ReadonlyMap<string, string> = new Map();
  #seen = '';
  /** When the ends of partitions last grew, by their keys. */
  readonly #writes = new Map<string, { readonly end: number; readonly ms: number }>();
  /** How far no lines are left behind a position, in the log of a leader: only markers of transactions and aborted messages. By ids. */
  readonly #empty = new Map<
    string,
    { readonly leaderEpoch: number; readonly position: Position; readonly next: number }
  >();
  /** The leader's epoch and the stored position before which the log was last known to be what was read, by ids. */
  readonly #validated = new Map<string, { readonly leaderEpoch: number; readonly position: Position }>();
  /** First bytes of partitions that are not in the store, by their keys. */
  readonly #samples = new Map<string, { readonly earliest: number; readonly sample: Sample }>();
  readonly #progress: ProgressReport;
  #tries = 0;
  #retryAtMs = 0;

  /** @param cluster is closed with the source. */
  constructor(settings: KafkaSettings, cluster: KafkaCluster) {
    this.#settings = settings;
    this.#cluster = cluster;
    this.#progress = new ProgressReport(settings.group, cluster);
  }

  /** The same topics under one name may be others of another cluster, so their ids are in it. */
  sharedWork(): string {
    return `kafka ${[...this.#topicIds].map(([topic, id]) => `${topic} (${id})`).join(', ')}`;
  }

  async discover(): Promise<Discovery> {
    if (performance.now() >= this.#retryAtMs) this.#found = await this.#look();
    this.#progress.reportIfDue();
    const found = this.#found;
    const seen = [
      ...found.partitions.map(
        ({ led, range }) => `${partitionKey(led)} ${led.leaderEpoch} ${range.earliest} ${range.end}`,
      ),
      ...found.problems.map(({ error }) => error.message),
    ].join('\n');
    const isUnchanged = seen === this.#seen;
    this.#seen = seen;
    return { isUnchanged, assign: (known) => this.#assign(found, known) };
  }

  noteStored(positions: ReadonlyMap<string, Position>): void {
    for (const [id, position] of positions) this.#noteProgress(id, position);
  }

  positionText(position: Position, partitionId: string): string {
    return positionText(position, partitionId) ?? String(position);
  }

  close(): void {
    void this.#progress.end().finally(() => this.#cluster.close());
  }

  /** Asks the cluster. Where it cannot be asked, it is left alone for a while. */
  async #look(): Promise<Found> {
    try {
      const found = await this.#lookNow();
      this.#tries = 0;
      return found;
    } catch (error) {
      if (!(error instanceof DaymarkError)) throw error;
      this.#retryAtMs = performance.now() + Math.min(MIN_RETRY_MS * 2 ** this.#tries++, MAX_KAFKA_RETRY_MS);
      return {
        ...this.#found,
        partitions: [],
        problems: [{ error, isNamed: true, input: 'Kafka' }],
      };
    }
  }

  async #lookNow(): Promise<Found> {
    const answers = await this.#cluster.topics(this.#settings.topics);
    const led = answers.flatMap(({ partitions }) => partitions);
    const ranges = await this.#cluster.ranges(led);
    const nowMs = Date.now();
    const partitions: FoundTopicPartition[] = [];
    const problems = answers.flatMap(({ topic, errorCode }) => problemOfTopic(topic, errorCode));
    for (const [i, one] of led.entries()) {
      const range = ranges[i] as RangeAnswer;
      if ('error' in range)
        problems.push({ error: errorOf(range.error) as DaymarkError, isNamed: true, input: nameOf(one) });
      else partitions.push({ led: one, range, lastWriteMs: this.#lastWrite(one, range, nowMs) });
    }
    this.#topicIds = new Map(led.map(({ topic, topicId }) => [topic, topicId]));
    return { partitions, problems };
  }

  #lastWrite(led: LedPartition, { end }: OffsetRange, nowMs: number): number {
    const key = partitionKey(led);
    const before = this.#writes.get(key);
    if (before?.end === end) return before.ms;
    this.#writes.set(key, { end, ms: nowMs });
    return nowMs;
  }

  async #assign(found: Found, known: KnownPartitions): Promise<Assigned> {
    const stored = await storedByKey(found.partitions, known);
    const assignments: Assignment[] = [];
    const problems: SourceProblem[] = [...found.problems, ...this.#progress.problems];
    const finished: Partition[] = [];
    const there: { partitionId: string; lastWriteMs: number; isOver: boolean }[] = [];
    for (const one of found.partitions) {
      const all = stored.get(partitionKey(one.led)) ?? [];
      const isOfTopic = ({ id }: Partition) => topicPartitionOf(id)?.topicId === one.led.topicId;
      const replacedOnes = all.filter((partition) => !isOfTopic(partition));
      const generations = all.filter(isOfTopic);
      const { current, error } = await this.#currentOf(one, generations);
      if (error) problems.push({ error, isNamed: error.isTransient, input: nameOf(one.led) });
      if (!current) continue;
      // What is over is found, too: so a run that ends also notes that nothing comes of it.
      const over = all.filter(({ id, isLive }) => isLive && id !== current.partition.id);
      finished.push(...over);
      there.push(...over.map(({ id }) => ({ partitionId: id, lastWriteMs: one.lastWriteMs, isOver: true })));
      for (const old of replacedOnes.filter(({ isLive }) => isLive || current.isNew))
        problems.push({ error: replaced(old), isNamed: false, input: old.name });
      if (!current.isNew) {
        this.#samples.delete(partitionKey(one.led));
        there.push({ partitionId: current.partition.id, lastWriteMs: one.lastWriteMs, isOver: false });
        this.#noteProgress(current.partition.id, current.partition.offset, one.led);
      }
      if (!this.#hasMore(current.partition, one)) continue;
      const { assignment, gap } = this.#assignmentOf(one, current);
      if (gap) problems.push({ error: gap, isNamed: false, input: nameOf(one.led) });
      assignments.push(assignment);
    }
    return { assignments, found: there, problems, finished };
  }

  /** The generation of a partition that is to be read; none where nothing was ever written, or nobody can tell at the moment. */
  async #currentOf(
    { led, range }: FoundTopicPartition,
    generations: readonly Partition[],
  ): Promise<{ readonly current?: CurrentPartition; readonly error?: DaymarkError }> {
    const last = generations.at(-1);
    if (!last) {
      if (range.end <= range.earliest) return {};
      const base = range.earliest >= GENERATION_OFFSETS ? range.earliest : 0;
      return { current: { partition: newPartition(led, 1, base, range.earliest), isNew: true } };
    }
    const { generation, base } = topicPartitionOf(last.id) as TopicPartition;
    const place = placeOf(last.offset, base);
    if (place.offset >= base + LAST_OFFSET && range.end > place.offset) {
      return {
        current: { partition: newPartition(led, generation + 1, place.offset, place.offset), isNew: true },
      };
    }
    try {
      const truncatedAt = await this.#truncation(led, last, place);
      if (truncatedAt === undefined)
        return { current: { partition: { ...last, name: nameOf(led) }, isNew: false } };
      return {
        error: truncated(led, place, truncatedAt),
        current: { partition: newPartition(led, generation + 1, truncatedAt, truncatedAt), isNew: true },
      };
    } catch (error) {
      if (!(error instanceof DaymarkError)) throw error;
      return { error };
    }
  }

  /**
   * Whether the log still is what was read of it, where another broker leads it since: a broker that did not have all messages may
   * have been made its leader.
   * @returns where other messages stand now than those that were read. Undefined: nowhere.
   */
  async #truncation(
    led: LedPartition,
    { id, offset: position, checksums }: Partition,
    place: MessagePlace,
  ): Promise<number | undefined> {
    const epoch = epochBefore(checksums, place);
    const { leaderEpoch } = led;
    if (epoch === undefined || epoch >= leaderEpoch) return undefined;
    const validated = this.#validated.get(id);
    // Another process may have moved it since, by what it has read of the leader before.
    if (validated?.leaderEpoch === leaderEpoch && validated.position === position) return undefined;
    const end = await this.#cluster.endOfEpoch(led, epoch);
    const needed = place.line > 0 ? place.offset + 1 : place.offset;
    if (end !== undefined && end < needed) return end;
    this.#validated.set(id, { leaderEpoch, position });
    return undefined;
  }

  #hasMore(partition: Partition, { led, range }: FoundTopicPartition): boolean {
    const { base } = topicPartitionOf(partition.id) as TopicPartition;
    const empty = this.#empty.get(partition.id);
    // Another leader may have other messages there.
    const isEmpty = empty?.leaderEpoch === led.leaderEpoch && empty.position <= partition.offset;
    const next = isEmpty ? empty.next : 0;
    return Math.max(next, placeOf(partition.offset, base).offset) < range.end;
  }

  #assignmentOf({ led, range }: FoundTopicPartition, { partition, isNew }: CurrentPartition) {
    const { base } = topicPartitionOf(partition.id) as TopicPartition;
    const from = placeOf(partition.offset, base);
    const last = base + LAST_OFFSET;
    // What is missing behind the last position is noted in the next generation.
    const gapTo = from.offset < range.earliest ? Math.min(range.earliest, last) : undefined;
    const plan: ReadingPlan = {
      ...{ led, base, from, gapTo },
      to: { offset: Math.min(range.end, last), line: 0 },
      isBeginning: partition.offset === partition.startOffset,
      lastEpoch: partition.checksums,
    };
    const assignment: Assignment = {
      ...{ partition, isNew, isNamed: false, isInspection: false, isSequential: true },
      ...{ availableBytes: undefined, hasMore: true, takesLastLine: false, lastWriteMs: undefined },
      availableMessages: range.end - Math.max(from.offset, range.earliest),
      sample: () => this.#sample(plan, range.earliest),
      open: async () =>
        new KafkaPartitionReader(plan, this.#cluster, (position, next) =>
          this.#empty.set(partition.id, { leaderEpoch: led.leaderEpoch, position, next }),
        ),
      until: (end) => this.#until(assignment, plan, end),
    };
    return { assignment, gap: gapTo === undefined ? undefined : gapError(led, from, gapTo) };
  }

  #until(assignment: Assignment, plan: ReadingPlan, end: Position): Assignment {
    const to = placeOf(end, plan.base);
    const isEarlier = to.offset < plan.to.offset || (to.offset === plan.to.offset && to.line < plan.to.line);
    const bounded = isEarlier ? { ...plan, to } : plan;
    return {
      ...assignment,
      takesLastLine: true,
      open: async () => new KafkaPartitionReader(bounded, this.#cluster),
      until: (earlier) => this.#until(assignment, bounded, earlier),
    };
  }

  /** Its first lines. While a partition is not taken for a log, each poll looks at them. */
  async #sample(plan: ReadingPlan, earliest: number): Promise<Sample> {
    const { led } = plan;
    const key = partitionKey(led);
    const kept = this.#samples.get(key);
    if (kept?.earliest === earliest) return kept.sample;
    const start = { ...plan, from: { offset: earliest, line: 0 }, gapTo: undefined, isBeginning: true };
    const reader = new KafkaPartitionReader(start, this.#cluster);
    const bytes = new Uint8Array(FILE_SAMPLE_BYTES);
    let length = 0;
    try {
      for (let read = -1; read !== 0 && length < bytes.length; length += read)
        read = await reader.read(bytes.subarray(length));
    } catch (error) {
      // What stands before the error shows what it is.
      if (length === 0) throw error;
    } finally {
      await reader.close();
    }
    const sample = { bytes: bytes.subarray(0, length), isWhole: length < bytes.length };
    if (!sample.isWhole) this.#samples.set(key, { earliest, sample });
    return sample;
  }

  #noteProgress(id: string, position: Position, led?: LedPartition): void {
    const partition = topicPartitionOf(id);
    const isOwner = (one: LedPartition): boolean =>
      one.topicId === partition?.topicId && one.partition === partition.partition;
    const owner = led ?? this.#found.partitions.map((one) => one.led).find(isOwner);
    if (!partition || !owner) return;
    const empty = this.#empty.get(id);
    const { offset } = placeOf(position, partition.base);
    const next = empty && empty.position <= position ? Math.max(offset, empty.next) : offset;
    this.#progress.note({ topic: owner.topic, partition: owner.partition, offset: next });
  }
}

/** By this the store finds all partitions that a partition of a topic of this name ever was, in this cluster. */
function partitionKey({ clusterId, topic, partition }: LedPartition): string {
  return `kafka:${clusterId}:${topic}:${partition}`;
}

/** The offset behind the last one of a generation, from its base. Its position is still a safe integer. */
const LAST_OFFSET = GENERATION_OFFSETS - 1;

interface CurrentPartition {
  readonly partition: Partition;
  readonly isNew: boolean;
}

/** All generations of partitions that the store knows, in their order, by keys. */
async function storedByKey(
  partitions: readonly FoundTopicPartition[],
  known: KnownPartitions,
): Promise<ReadonlyMap<string, readonly Partition[]>> {
  if (partitions.length === 0) return new Map();
  const keys = partitions.map(({ led }) => partitionKey(led));
  const stored = (await known.byHeadKeys(keys)).filter(({ id }) => topicPartitionOf(id));
  const generationOf = ({ id }: Partition) => topicPartitionOf(id)?.generation ?? 0;
  stored.sort((a, b) => generationOf(a) - generationOf(b));
  return Map.groupBy(stored, ({ headKey }) => headKey);
}

function newPartition(led: LedPartition, generation: number, base: number, start: number): Partition {
  const position = positionOf({ offset: start, line: 0 }, base);
  const key = partitionKey(led);
  return {
    ...{
      id: partitionIdOf({ ...led, generation, base }),
      name: nameOf(led),
      headKey: key,
      headFingerprint: key,
    },
    ...{ checksums: new Uint8Array(), inode: '', tailChecksum: '', isLive: true, addedMs: null },
    ...{ startOffset: position, offset: position },
  };
}

function problemOfTopic(topic: string, errorCode: number): SourceProblem[] {
  if (errorCode === 0) return [];
  const isMissing =
    errorCode === KAFKA_CODES.UNKNOWN_TOPIC_OR_PARTITION || errorCode === KAFKA_CODES.UNKNOWN_TOPIC_ID;
  const error = isMissing
    ? new DaymarkError('KAFKA_TOPIC_NOT_FOUND', `There is no topic ${topic}.`)
    : brokerError(errorCode, `The topic ${topic} cannot be read`);
  return [{ error, isNamed: true, input: topic }];
}

function gapError(led: LedPartition, from: MessagePlace, to: number): DaymarkError {
  return new DaymarkError('KAFKA_MESSAGES_MISSING', `${nameOf(led)}: ${gapText(from, to)}.`);
}

function truncated(led: LedPartition, place: MessagePlace, at: number): DaymarkError {
  const detail = `${nameOf(led)} was read up to ${placeText(place)}, but its log was cut at offset ${at}. What follows there is new and is read; the ${place.offset - at} messages that stood there before were counted.`;
  return new DaymarkError('KAFKA_LOG_TRUNCATED', detail);
}

function replaced({ id, name, offset }: Partition): DaymarkError {
  const { topicId, base } = topicPartitionOf(id) as TopicPartition;
  const detail = `${name} is of a new topic. The one before (${topicId}) was read up to ${placeText(placeOf(offset, base))}; what came behind that is gone.`;
  return new DaymarkError('KAFKA_TOPIC_REPLACED', detail);
}

/** Reports the progress of a group now and then. It does not wait for the answer: what counts is in the store. */
class ProgressReport {
  readonly #group: string | undefined;
  readonly #cluster: KafkaCluster;
  readonly #offsets = new Map<string, GroupOffset>();
  readonly #unreported = new Set<string>();
  #reporting: Promise<void> | undefined;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #error: DaymarkError | undefined;

  constructor(group: string | undefined, cluster: KafkaCluster) {
    this.#group = group;
    this.#cluster = cluster;
  }

  /** Why it cannot be reported, if that does not pass by itself. */
  get problems(): readonly SourceProblem[] {
    return this.#error ? [{ error: this.#error, isNamed: false, input: `group ${this.#group}` }] : [];
  }

  note(offset: GroupOffset): void {
    if (this.#group === undefined) return;
    const key = nameOf(offset);
    if (this.#offsets.get(key)?.offset === offset.offset) return;
    this.#offsets.set(key, offset);
    this.#unreported.add(key);
    this.reportIfDue();
  }

  reportIfDue(): void {
    const isDue = performance.now() - this.#reportedMs >= KAFKA_REPORT_MS;
    if (isDue && this.#unreported.size > 0) this.#reporting ??= this.#report();
  }

  /** Reports what is left. */
  async end(): Promise<void> {
    await this.#reporting;
    await this.#report();
  }

  async #report(): Promise<void> {
    // What is stored at the same time by other partitions goes with it.
    await Promise.resolve();
    const offsets = [...this.#unreported].flatMap((key) => this.#offsets.get(key) ?? []);
    this.#unreported.clear();
    this.#reportedMs = performance.now();
    try {
      if (this.#group !== undefined && offsets.length > 0) await this.#cluster.report(this.#group, offsets);
      this.#error = undefined;
    } catch (error) {
      for (const offset of offsets) this.#unreported.add(nameOf(offset));
      // The thread that asks Kafka has ended. Whoever asks it next ends the run.
      if (error instanceof DaymarkError) this.#error = error.isTransient ? undefined : error;
    } finally {
      this.#reporting = undefined;
    }
  }
}
